/**
 * Places the states and arrows of each lifecycle, with the ELK layout engine.
 *
 * It runs in Node when a page is written: the engine is larger than the rest of the page, and its
 * licence (EPL-2.0) is another one than ours, so the page carries coordinates and not the engine.
 * When it fails, a plain column takes its place and the page says so.
 */
import ElkModule, { type ElkNode } from 'elkjs'
import {
  fallbackLayout,
  type LifecycleGraph,
  type LifecycleLayout,
  type LifecycleLayouts,
  layoutKey,
  lifecycleGraph,
  mergedCoverage,
} from './lifecycleGraph.ts'
import type { RunRecord } from './record.ts'

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=12,left=12,bottom=12,right=12]',
  'elk.spacing.nodeNode': '36',
  'elk.spacing.edgeLabel': '5',
  'elk.spacing.nodeSelfLoop': '16',
  'elk.spacing.edgeNode': '20',
  'elk.spacing.edgeEdge': '14',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '14',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.edgeLabels.sideSelection': 'ALWAYS_DOWN',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
} as const

/** A layout for each protocol and policy of the record that has coverage. */
export async function lifecycleLayouts({ coverage }: RunRecord): Promise<LifecycleLayouts> {
  const keys = [...new Set(coverage.map(layoutKey))]
  const layouts = keys.map(async (key) => {
    const merged = mergedCoverage(coverage.filter((entry) => layoutKey(entry) === key))
    const graph = merged === null ? { nodes: [], edges: [] } : lifecycleGraph(merged)
    return [key, await layoutOf(graph)] as const
  })
  return Object.fromEntries(await Promise.all(layouts))
}

/** Coordinates of one graph. Never fails: see `fallback`. */
export async function layoutOf(graph: LifecycleGraph): Promise<LifecycleLayout> {
  try {
    return await elkLayout(graph)
  } catch {
    return fallbackLayout(graph)
  }
}

// A CommonJS module whose types promise a default export: at run time it is the class itself.
const Elk = ElkModule as unknown as typeof ElkModule.default

/** Loops side by side, or the label of an inner one lies under the line of an outer one. */
const NODE_OPTIONS = {
  'elk.layered.edgeRouting.selfLoopOrdering': 'SEQUENCED',
  'elk.layered.edgeRouting.selfLoopDistribution': 'EQUALLY',
} as const

async function elkLayout({ nodes, edges }: LifecycleGraph): Promise<LifecycleLayout> {
  const laidOut: ElkNode = await new Elk().layout<ElkNode>({
    id: 'root',
    layoutOptions: OPTIONS,
    children: nodes.map(({ id, width, height }) => {
      return { id, width, height, layoutOptions: NODE_OPTIONS }
    }),
    edges: edges.map(({ id, from, to, action, labelWidth, labelHeight }) => ({
      ...{ id, sources: [from], targets: [to] },
      labels: [{ text: action, width: labelWidth, height: labelHeight }],
    })),
  })
  const round = (value: number | undefined) => Math.round((value ?? 0) * 10) / 10
  return {
    fallback: false,
    width: round(laidOut.width),
    height: round(laidOut.height),
    nodes: (laidOut.children ?? []).map(({ id, x, y, width, height }) => {
      return { id, x: round(x), y: round(y), width: round(width), height: round(height) }
    }),
    edges: (laidOut.edges ?? []).map(({ id, sections, labels }) => {
      const points = (sections ?? []).flatMap(({ startPoint, bendPoints, endPoint }) =>
        [startPoint, ...(bendPoints ?? []), endPoint].map(
          ({ x, y }) => [round(x), round(y)] as const,
        ),
      )
      const { x, y, width, height } = labels?.[0] ?? {}
      const label = { id, x: round(x), y: round(y), width: round(width), height: round(height) }
      return { id, points, label }
    }),
  }
}
