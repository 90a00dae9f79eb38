/**
 * Adds up the optional parts of several coverages of one machine, whose edges may stand in another
 * order in each.
 */
import { edgeName } from './coverageFacts.ts'
import type { Coverage } from './record.ts'

type Parts = Pick<Coverage, 'pairs' | 'faults' | 'reverts'>
type Edges = Coverage['edges']

/** Parts that any of the coverages has, with the places of `merged`. */
export function mergedParts(coverages: readonly Coverage[], merged: Edges): Parts {
  const places = new Map(merged.map((edge, place) => [edgeName(edge), place]))
  const placeIn = ({ edges }: Coverage, place: number) => {
    const edge = edges[place]
    return edge === undefined ? -1 : (places.get(edgeName(edge)) ?? -1)
  }
  const has = (part: keyof Parts) => coverages.some((coverage) => coverage[part] !== undefined)
  return {
    ...(has('pairs') ? { pairs: mergedPairs(coverages, placeIn) } : {}),
    ...(has('faults') ? { faults: mergedFaults(coverages, placeIn) } : {}),
    ...(has('reverts') ? { reverts: mergedReverts(coverages) } : {}),
  }
}

type PlaceIn = (coverage: Coverage, place: number) => number

function mergedPairs(coverages: readonly Coverage[], placeIn: PlaceIn) {
  const sums = new Map<string, { first: number; next: number; hits: number }>()
  for (const coverage of coverages) {
    for (const pair of coverage.pairs ?? []) {
      const [first, next] = [placeIn(coverage, pair.first), placeIn(coverage, pair.next)]
      const key = `${first} ${next}`
      sums.set(key, { first, next, hits: pair.hits + (sums.get(key)?.hits ?? 0) })
    }
  }
  return [...sums.values()]
}

function mergedFaults(coverages: readonly Coverage[], placeIn: PlaceIn) {
  const kinds = new Map<string, { runs: number; edges: Map<number, FaultEdge> }>()
  for (const coverage of coverages) {
    for (const { kind, runs, edges } of coverage.faults ?? []) {
      const known = kinds.get(kind) ?? { runs: 0, edges: new Map<number, FaultEdge>() }
      known.runs += runs
      for (const each of edges) {
        const edge = placeIn(coverage, each.edge)
        const { during = 0, after = 0 } = known.edges.get(edge) ?? {}
        known.edges.set(edge, { edge, during: during + each.during, after: after + each.after })
      }
      kinds.set(kind, known)
    }
  }
  return [...kinds].map(([kind, { runs, edges }]) => ({ kind, runs, edges: [...edges.values()] }))
}

type FaultEdge = NonNullable<Parts['faults']>[number]['edges'][number]

function mergedReverts(coverages: readonly Coverage[]) {
  const sums = new Map<string, { error: string; declared: boolean; hits: number }>()
  for (const { error, declared, hits } of coverages.flatMap(({ reverts = [] }) => reverts)) {
    const key = `${declared} ${error}`
    sums.set(key, { error, declared, hits: hits + (sums.get(key)?.hits ?? 0) })
  }
  return [...sums.values()]
}
