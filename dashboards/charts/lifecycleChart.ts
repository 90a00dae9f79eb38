/**
 * The lifecycle of a machine with the heat of a campaign on it.
 *
 * It paints coordinates and computes none. Width and colour of an arrow grow with the logarithm of
 * its hits (cividis, which keeps its order for colour-blind readers); an arrow that nothing took is
 * dashed. Where model and contract disagreed, the label says so.
 */
import { interpolateCividis, path, scaleLog } from 'd3'
import type { LifecycleGraph, LifecycleLayout } from '../../reports/lifecycleGraph.ts'
import {
  type ChartOptions,
  chartRoot,
  type Group,
  mark,
  type Root,
  readable,
} from '../lib/chartBase.ts'
import { grouped } from '../lib/format.ts'

export interface LifecycleData {
  readonly graph: LifecycleGraph
  readonly layout: LifecycleLayout
  /** Ids of edges on which model and contract disagreed. */
  readonly disagreed: ReadonlySet<string>
  /** The edge and the state that a counterexample has just reached. */
  readonly played?: { readonly edge: string | null; readonly state: string | null }
}

export interface LifecycleOptions extends ChartOptions {
  onEdge?(id: string): void
}

type Point = readonly [number, number]
const CORNER = 7
const ARROW = 7

export function lifecycleChart(data: LifecycleData, options: LifecycleOptions): SVGSVGElement {
  const { layout, graph, disagreed, played } = data
  const size = {
    ...{ width: layout.width, height: layout.height },
    margin: { top: 0, right: 0, bottom: 0, left: 0 },
  }
  const root = chartRoot(size, options.ariaLabel).classed('lifecycle', true)
  const most = Math.max(2, ...graph.edges.map(({ hits }) => hits))
  const heat = scaleLog([1, most], [0, 1]).clamp(true)
  const edges = root.append('g')
  for (const { id, points, label } of layout.edges) {
    const edge = graph.edges.find((candidate) => candidate.id === id)
    if (edge === undefined) continue
    const group = mark(edges, 'g', { class: classOf(edge.hits, played?.edge === id) })
    const strength = edge.hits === 0 ? 0 : heat(edge.hits)
    drawArrow(group, points, strength, edge.hits)
    drawLabel(group, { label, lines: edge.lines, isDisagreed: disagreed.has(id) })
    const counts = `${grouped(edge.hits)} times, refused ${grouped(edge.refused)} times`
    const more = disagreed.has(id) ? ', model and contract disagreed' : ''
    readable(group, `${edge.from}, ${edge.action}, to ${edge.to}: ${counts}${more}`)
    group.on('click', () => options.onEdge?.(id))
  }
  drawNodes(root, data)
  return root.node() as SVGSVGElement
}

function classOf(hits: number, isPlayed: boolean): string {
  return ['edge', ...(hits === 0 ? ['never'] : []), ...(isPlayed ? ['played'] : [])].join(' ')
}

function drawArrow(group: Group, points: readonly Point[], strength: number, hits: number): void {
  const isHit = hits > 0
  // The dark end of cividis is invisible on dark paper and the light end on white.
  const colour = isHit ? interpolateCividis(0.25 + 0.5 * strength) : null
  mark(group, 'path', {
    ...{ class: 'edge-line', d: roundedPath(points), fill: 'none', stroke: colour },
    'stroke-width': isHit ? 1.5 + 3.5 * strength : 1.5,
    'stroke-dasharray': isHit ? null : '5 4',
  })
  const [tip, before] = [points.at(-1), points.at(-2)]
  if (tip === undefined || before === undefined) return
  const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0])
  const wing = (turn: number) => {
    const x = tip[0] - ARROW * 1.4 * Math.cos(angle + turn)
    const y = tip[1] - ARROW * 1.4 * Math.sin(angle + turn)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  }
  const d = `M${tip[0]},${tip[1]}L${wing(0.45)}L${wing(-0.45)}Z`
  mark(group, 'path', { class: 'edge-head', d, fill: colour })
}

/** A line through the points with its corners rounded off. */
function roundedPath(points: readonly Point[]): string {
  const pen = path()
  points.forEach(([x, y], index) => {
    const next = points[index + 1]
    if (index === 0) pen.moveTo(x, y)
    else if (next === undefined) pen.lineTo(x, y)
    else pen.arcTo(x, y, next[0], next[1], CORNER)
  })
  return pen.toString().replace(/-?\d+\.\d{2,}/g, (number) => Number(number).toFixed(1))
}

interface LabelOptions {
  readonly label: LifecycleLayout['edges'][number]['label']
  readonly lines: readonly [string, string]
  readonly isDisagreed: boolean
}

function drawLabel(group: Group, { label, lines, isDisagreed }: LabelOptions): void {
  const box = mark(group, 'g', {
    class: 'edge-label',
    transform: `translate(${label.x},${label.y})`,
  })
  mark(box, 'rect', { class: 'edge-label-box', width: label.width, height: label.height, rx: 4 })
  const x = label.width / 2
  const name = `${isDisagreed ? '≠ ' : ''}${lines[0]}`
  mark(box, 'text', { class: 'edge-name', x, y: 12, 'text-anchor': 'middle' }, name)
  mark(box, 'text', { class: 'edge-counts', x, y: 25, 'text-anchor': 'middle' }, lines[1])
}

function drawNodes(root: Root, { graph, layout, played }: LifecycleData): void {
  for (const { id, x, y, width, height } of layout.nodes) {
    const node = graph.nodes.find((candidate) => candidate.id === id)
    if (node === undefined) continue
    const classes = ['node', ...(node.hits === 0 ? ['never'] : [])]
    if (played?.state === id) classes.push('played')
    const group = mark(root, 'g', { class: classes.join(' '), transform: `translate(${x},${y})` })
    mark(group, 'rect', { width, height, rx: 8 })
    mark(group, 'text', { class: 'node-name', x: width / 2, y: 20, 'text-anchor': 'middle' }, id)
    const visits = node.hits === 0 ? 'never reached' : `${grouped(node.hits)} visits`
    mark(
      group,
      'text',
      { class: 'node-hits', x: width / 2, y: 36, 'text-anchor': 'middle' },
      visits,
    )
    const refused = `${grouped(node.refused)} attempts refused there`
    readable(group, `state ${id}: ${visits}, ${refused}`)
  }
}
