/**
 * A lifecycle as a drawing: the boxes and arrows of a machine with the room that their words need.
 *
 * Shared by the layout, which runs in Node when a page is written, and by the page, which only
 * paints coordinates. Refusals leave the state as it is and would hide the arrows that matter, so
 * they are counted on the arrow of their action and listed beside the chart.
 */
import { mergedParts } from './coverageMerge.ts'
import type { Coverage } from './record.ts'
import { groupDigits } from './stepRows.ts'

export interface LifecycleNode {
  readonly id: string
  readonly hits: number
  /** Refusals of any action in this state. */
  readonly refused: number
  readonly width: number
  readonly height: number
}

export interface LifecycleEdge {
  /** `from|action|to` */
  readonly id: string
  readonly from: string
  readonly to: string
  readonly action: string
  readonly hits: number
  /** Refusals of the same action in the same state. */
  readonly refused: number
  /** Two lines: the action, and its counts. */
  readonly lines: readonly [string, string]
  readonly labelWidth: number
  readonly labelHeight: number
}

export interface LifecycleGraph {
  readonly nodes: readonly LifecycleNode[]
  readonly edges: readonly LifecycleEdge[]
}

export interface Box {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Coordinates in pixels, from the top left corner. */
export interface LifecycleLayout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Box[]
  readonly edges: readonly {
    readonly id: string
    readonly points: readonly (readonly [number, number])[]
    readonly label: Box
  }[]
  /** Whether the layout engine failed and a plain column stands in for it. */
  readonly fallback: boolean
}

/** Layouts by `layoutKey`. */
export type LifecycleLayouts = Readonly<Record<string, LifecycleLayout>>

export const layoutKey = ({ protocol, policy }: Pick<Coverage, 'protocol' | 'policy'>) =>
  `${protocol}/${policy}`

/** Widest character of the chart's font at its size; words are never wider than this says. */
const CHARACTER_WIDTH = 6.9
const NODE_HEIGHT = 46
const LABEL_HEIGHT = 30
const PADDING = 24

/** The coverages of one machine added up, edge by edge. */
export function mergedCoverage(coverages: readonly Coverage[]): Coverage | null {
  const first = coverages[0]
  if (first === undefined) return null
  const keyOf = (edge: Coverage['edges'][number]) =>
    [edge.from, edge.action, edge.to, edge.rejection ?? ''].join('|')
  const states = new Map<string, number>()
  const edges = new Map<string, Coverage['edges'][number]>()
  for (const coverage of coverages) {
    for (const { name, hits } of coverage.states) states.set(name, (states.get(name) ?? 0) + hits)
    for (const edge of coverage.edges) {
      const known = edges.get(keyOf(edge))
      edges.set(keyOf(edge), { ...edge, hits: edge.hits + (known?.hits ?? 0) })
    }
  }
  const merged = [...edges.values()]
  return {
    ...first,
    states: [...states].map(([name, hits]) => ({ name, hits })),
    edges: merged,
    ...mergedParts(coverages, merged),
  }
}

/** Boxes and arrows of a machine; room is kept for the counts of `coverage`. */
export function lifecycleGraph(coverage: Coverage): LifecycleGraph {
  const refusals = coverage.edges.filter(({ rejection }) => rejection !== null)
  const sum = (edges: Coverage['edges']) => edges.reduce((total, { hits }) => total + hits, 0)
  const nodes = coverage.states.map(({ name, hits }) => {
    const width = Math.max(96, name.length * (CHARACTER_WIDTH + 1) + PADDING)
    const refused = sum(refusals.filter(({ from }) => from === name))
    return { id: name, hits, refused, width: Math.ceil(width), height: NODE_HEIGHT }
  })
  const accepting = coverage.edges.filter(({ rejection }) => rejection === null)
  const edges = accepting.map(({ from, to, action, hits }) => {
    const own = (edge: Coverage['edges'][number]) => edge.from === from && edge.action === action
    const refused = sum(refusals.filter(own))
    const counts = hits === 0 ? 'never hit' : groupDigits(hits)
    const lines = [action, refused > 0 ? `${counts} · ${groupDigits(refused)} ⊘` : counts] as const
    const longest = Math.max(...lines.map(({ length }) => length))
    return {
      ...{ id: `${from}|${action}|${to}`, from, to, action, hits, refused, lines },
      labelWidth: Math.ceil(longest * CHARACTER_WIDTH + 8),
      labelHeight: LABEL_HEIGHT,
    }
  })
  return { nodes, edges }
}

/** States in one column and a row for every arrow: plain, but nothing overlaps. */
export function fallbackLayout({ nodes, edges }: LifecycleGraph): LifecycleLayout {
  const rowHeight = LABEL_HEIGHT + 8
  const nodeWidth = Math.max(0, ...nodes.map(({ width }) => width))
  const height = Math.max(nodes.length * (NODE_HEIGHT + 40), edges.length * rowHeight) + PADDING
  const pitch = height / Math.max(1, nodes.length)
  const labelX = nodeWidth + 140
  const boxes = nodes.map(({ id, width }, index) => {
    return { id, x: 12, y: index * pitch + 12, width, height: NODE_HEIGHT }
  })
  const middle = (id: string) => {
    const box = boxes.find((candidate) => candidate.id === id)
    return [12 + (box?.width ?? 0), (box?.y ?? 0) + NODE_HEIGHT / 2] as const
  }
  return {
    ...{ nodes: boxes, height, fallback: true },
    width: labelX + Math.max(0, ...edges.map(({ labelWidth }) => labelWidth)) + PADDING,
    edges: edges.map(({ id, from, to, labelWidth, labelHeight }, index) => {
      const y = index * rowHeight + 12
      const [fromX, fromY] = middle(from)
      const [toX, toY] = middle(to)
      const turn = [labelX - 8, y + labelHeight / 2] as const
      const points = [[fromX, fromY - 6] as const, turn, [toX, toY + 6] as const]
      return { id, points, label: { id, x: labelX, y, width: labelWidth, height: labelHeight } }
    }),
  }
}
