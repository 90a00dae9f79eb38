/**
 * What there is to say about a protocol: its lifecycle, its claims, what must catch what, and how
 * much of it the latest run reached.
 *
 * Facts only, as plain data that is also the document of `protocols --json`; how they are shown is
 * the command's business.
 */
import { declaredEdges, declaredStates } from '../models/kit/edges.ts'
import type { Protocol } from '../models/kit/protocol.ts'
import type { Policy } from '../models/kit/trace.ts'
import type { Player } from '../property-tests/kit/player.ts'
import { faultFacts, pairFacts, revertFacts, shareText } from '../reports/coverageFacts.ts'
import { mergedCoverage } from '../reports/lifecycleGraph.ts'
import type { Coverage, RunRecord } from '../reports/record.ts'
import { coverageCounts } from '../reports/summary.ts'
import { hasWorld, worldOf } from '../sim/worlds.ts'

/** A contract that is broken on purpose, or a part of the world that is. */
export interface CanaryFacts {
  readonly id: string
  readonly policy: Policy
  readonly caughtBy: string
  readonly summary: string
  readonly of: 'contract' | 'world'
}

interface Sources {
  readonly protocol: Protocol
  readonly player: Player
  readonly contractCanaries: readonly Omit<CanaryFacts, 'of'>[]
  /** The latest run; null when there is none. */
  readonly latest: RunRecord | null
}

/** Everything about one protocol. */
export function protocolFacts(sources: Sources) {
  const { protocol, player, latest } = sources
  const { id, title, summary, policies, roles, actions, initialState, terminalStates } = protocol
  const { errors } = protocol
  return {
    ...{ id, title, summary, policies, roles, actions, initialState, terminalStates, errors },
    lifecycles: policies.map((policy) => lifecycleOf(protocol, policy)),
    invariants: protocol.invariants.map((invariant) => ({
      id: invariant.id,
      statement: invariant.statement,
      formula: invariant.formula,
      witness: invariant.witness,
      policies: invariant.policies ?? policies,
    })),
    worldClaims: worldClaims(protocol, player),
    canaries: canariesOf(sources),
    expectedRefutations: [
      ...protocol.expectedRefutations.map(({ policy, invariant, claim }) => {
        return { policy, invariant, claim, of: 'contract' as const }
      }),
      ...(player.scenario?.refutations ?? []).map(({ policy, invariant }) => {
        return { policy, invariant, claim: '', of: 'world' as const }
      }),
    ],
    isSimulated: hasWorld(id),
    /** Command of the latest run; null when there is none. */
    latestRun: latest?.command ?? null,
    coverage: policies.map((policy) => ({ policy, ...coverageIn(latest, id, policy) })),
  }
}

export type ProtocolFacts = ReturnType<typeof protocolFacts>

function lifecycleOf({ machines }: Protocol, policy: Policy) {
  const machine = machines[policy]
  const edges = declaredEdges(machine)
  const refusals = edges.filter(({ rejection }) => rejection !== null).length
  return {
    ...{ policy, states: declaredStates(machine) },
    ...{ transitions: edges.length - refusals, refusals },
  }
}

/** Claims about the ground truth, as the world states them, else as the scenarios do. */
function worldClaims({ id, policies }: Protocol, { scenario }: Player) {
  if (hasWorld(id)) {
    return worldOf(id).claims.map((claim) => ({
      ...{ id: claim.id, statement: claim.statement, formula: claim.formula },
      ...{ witness: claim.witness, policies: claim.policies ?? policies },
    }))
  }
  return (scenario?.claims ?? []).map((claim) => ({
    ...{ id: claim.id, statement: claim.statement, formula: claim.formula },
    ...{ witness: '', policies: claim.policies ?? policies },
  }))
}

function canariesOf({ player, contractCanaries }: Sources): readonly CanaryFacts[] {
  const facts = ({ id, policy, caughtBy, summary }: Omit<CanaryFacts, 'of'>) => {
    return { id, policy, caughtBy, summary }
  }
  return [
    ...contractCanaries.map((canary) => ({ ...facts(canary), of: 'contract' as const })),
    ...(player.scenario?.defects ?? []).map((defect) => {
      return { ...facts(defect), of: 'world' as const }
    }),
  ]
}

/** What the latest run reached, over all its regimes; null where it has no coverage. */
function coverageIn(latest: RunRecord | null, protocol: string, policy: Policy) {
  const own = (latest?.coverage ?? []).filter((coverage: Coverage) => {
    return coverage.protocol === protocol && coverage.policy === policy
  })
  const merged = mergedCoverage(own)
  if (merged === null) return { reached: null }
  const { states, edges, refusals, neverHit } = coverageCounts(merged)
  const [pairs, faults, errors] = [pairFacts(merged), faultFacts(merged), revertFacts(merged)]
  return {
    reached: {
      ...{ states, edges, refusals, neverHit },
      /** Null where the run did not count it. */
      pairs: pairs === null ? null : shareText(pairs.accepted),
      faults: faults === null ? null : shareText(faults.accepted),
      errors: errors === null ? null : shareText(errors.declared),
    },
  }
}
