/**
 * From sums over campaigns to the optional parts of a coverage in the record.
 */
import type { DeclaredEdge } from '../../models/kit/edges.ts'
import type { Coverage } from '../../reports/record.ts'
import type { CampaignTally, Counts } from '../kit/tally.ts'
import { faultKey, pairKey } from './reached.ts'

type Parts = Pick<Coverage, 'pairs' | 'faults' | 'reverts'>

/** Pairs, edges under faults and errors of one policy, from all of its campaigns. */
export function coverageParts(
  edges: readonly DeclaredEdge[],
  campaigns: readonly CampaignTally[],
): Parts {
  const sumOf = (pick: (tally: CampaignTally) => Counts) => (key: string) =>
    campaigns.reduce((sum, tally) => sum + (pick(tally)[key] ?? 0), 0)
  const faults = faultsOf(edges, campaigns, sumOf)
  return {
    pairs: pairsOf(
      edges,
      sumOf(({ pairs }) => pairs),
    ),
    reverts: revertsOf(
      edges,
      campaigns,
      sumOf(({ reverts }) => reverts),
    ),
    ...(faults.length === 0 ? {} : { faults }),
  }
}

type Hits = (key: string) => number

/** Every two edges that meet in a state. */
function pairsOf(edges: readonly DeclaredEdge[], hits: Hits): NonNullable<Parts['pairs']> {
  return edges.flatMap((edge, first) => {
    if (edge.rejection !== null) return []
    return edges.flatMap((other, next) => {
      if (other.from !== edge.to) return []
      return [{ first, next, hits: hits(pairKey(edge.name, other.name)) }]
    })
  })
}

function keysOf(
  campaigns: readonly CampaignTally[],
  pick: (tally: CampaignTally) => Counts,
): string[] {
  return [...new Set(campaigns.flatMap((tally) => Object.keys(pick(tally))))].sort()
}

/** Errors that the machine declares in the order of its edges, then what else was observed. */
function revertsOf(
  edges: readonly DeclaredEdge[],
  campaigns: readonly CampaignTally[],
  hits: Hits,
): NonNullable<Parts['reverts']> {
  const declared = new Set(edges.flatMap(({ rejection }) => rejection ?? []))
  const others = keysOf(campaigns, ({ reverts }) => reverts).filter((each) => !declared.has(each))
  return [
    ...[...declared].map((error) => ({ error, declared: true, hits: hits(error) })),
    ...others.map((error) => ({ error, declared: false, hits: hits(error) })),
  ]
}

function faultsOf(
  edges: readonly DeclaredEdge[],
  campaigns: readonly CampaignTally[],
  sumOf: (pick: (tally: CampaignTally) => Counts) => Hits,
): NonNullable<Parts['faults']> {
  const runs = sumOf(({ faults }) => faults.runs)
  const [during, after] = [
    sumOf(({ faults }) => faults.during),
    sumOf(({ faults }) => faults.after),
  ]
  return keysOf(campaigns, ({ faults }) => faults.runs).map((kind) => ({
    kind,
    runs: runs(kind),
    edges: edges.flatMap(({ name }, edge) => {
      const key = faultKey(kind, name)
      const counts = { during: during(key), after: after(key) }
      return counts.during + counts.after === 0 ? [] : [{ edge, ...counts }]
    }),
  }))
}
