/**
 * What the runs of a simulation say about the claims on the world: verdicts, and how near the worst
 * run came to each bound.
 */
import type { Bound, Claim } from '../../reports/record.ts'
import type { JudgementFacts } from '../../sim/world/facts.ts'
import type { SimulatedClaim, SimulationSpec } from '../../sim/world/simulated.ts'
import { placeOfPart, type SimulatedPart, scenarioIdOf, scopeOfPart, worldOfPart } from './part.ts'

interface Placed extends JudgementFacts {
  readonly run: number
  readonly profile: string
}

function judgementsOf({ spec, result }: SimulatedPart, id: string): readonly Placed[] {
  const { profile } = spec
  return result.facts.flatMap(({ run, judgements }) =>
    judgements.filter((each) => each.id === id).map((each) => ({ ...each, run, profile })),
  )
}

const isAbout = ({ policies, concerns }: SimulatedClaim, spec: SimulationSpec) =>
  (policies?.includes(spec.policy) ?? true) && (concerns?.(spec) ?? true)

/** Names the claims that are not judged, as they speak of other designs than those of the parts. */
export function unjudgedNotes(parts: readonly SimulatedPart[]): readonly string[] {
  const notes = parts.flatMap((part) =>
    worldOfPart(part).claims.flatMap((claim) => {
      const { protocol } = part.spec
      const isOther = claim.concerns?.(part.spec) === false
      return isOther ? [`${claim.id} is about other designs and not judged (${protocol}).`] : []
    }),
  )
  return [...new Set(notes)]
}

/**
 * One claim for each claim of the world that speaks of the policy and the design. A violated one
 * that the policy cannot keep is due.
 *
 * @param chains parts that differ in nothing but the chain: a claim holds where it holds on all
 */
export function simulatedClaims(chains: readonly SimulatedPart[]): readonly Claim[] {
  const [part] = chains
  if (part === undefined) return []
  const { policy } = part.spec
  const world = worldOfPart(part)
  const claims = world.claims.filter((claim) => isAbout(claim, part.spec))
  return claims.map(({ id, statement, formula }) => {
    const judged = chains.flatMap((each) => judgementsOf(each, id))
    const broken = judged.filter(({ evidence }) => evidence !== null)
    const first = broken[0]
    const isDue = policy === 'as-described' && world.refutedAsDescribed.includes(id)
    const where = chains.length > 1 ? ` on ${first?.profile}` : ''
    const share = `${broken.length} of ${judged.length} runs`
    return {
      ...scopeOfPart(part),
      ...{ invariant: id, statement, formula },
      verdict: first === undefined ? 'held' : 'violated',
      expected: isDue && first !== undefined ? 'refuted' : 'held',
      witnesses: judged.reduce((sum, { witnesses }) => sum + witnesses, 0),
      checks: judged.length,
      counterexample: null,
      note: first === undefined ? '' : `${share}; run ${first.run}${where}: ${first.evidence}`,
    }
  })
}

/** Ids of the claims that some run violated, sorted. */
export function violatedIds(part: Pick<SimulatedPart, 'result'>): readonly string[] {
  const broken = part.result.facts.flatMap(({ judgements }) =>
    judgements.filter(({ evidence }) => evidence !== null),
  )
  return [...new Set(broken.map(({ id }) => id))].sort()
}

/** For each claim with a number: the run that came nearest to its own bound, or broke it most. */
export function boundSections(part: SimulatedPart): readonly Bound[] {
  return worldOfPart(part).claims.flatMap(({ id, unit }) => {
    const judged = judgementsOf(part, id).filter(({ observed }) => observed !== null)
    const nearness = ({ observed, bound }: Placed) => (observed ?? 0) / Math.max(1, bound ?? 1)
    const worst = judged.reduce<Placed | null>((most, each) => {
      return most === null || nearness(each) > nearness(most) ? each : most
    }, null)
    if (worst === null || unit === undefined) return []
    return {
      ...placeOfPart(part),
      ...{ invariant: id, unit, n: judged.length },
      observed: worst.observed ?? 0,
      bound: worst.bound ?? 0,
      worst: { run: worst.run, scenario: scenarioIdOf(part, worst.run) },
    }
  })
}
