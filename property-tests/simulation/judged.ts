/**
 * What the runs of a simulation say about the claims on the world: verdicts, and how near the worst
 * run came to each bound.
 */
import type { Bound, Claim } from '../../reports/record.ts'
import type { JudgementFacts } from '../../sim/session-escrow/runFacts.ts'
import {
  AS_DESCRIBED_REFUTED,
  sessionEscrowWorldInvariants,
} from '../../sim/session-escrow/worldInvariants.ts'
import { type SimulatedPart, scenarioIdOf, scopeOfPart } from './part.ts'

interface Placed extends JudgementFacts {
  readonly run: number
}

function judgementsOf({ result }: SimulatedPart, id: string): readonly Placed[] {
  return result.facts.flatMap(({ run, judgements }) =>
    judgements.filter((each) => each.id === id).map((each) => ({ ...each, run })),
  )
}

/** As described, the contract takes no pings, so nothing can be said about those it takes. */
const ONLY_HARDENED: readonly string[] = ['INV-W-PING-AUTHENTIC']

/** One claim for each invariant of the world. A violated one that the policy cannot keep is due. */
export function simulatedClaims(part: SimulatedPart): readonly Claim[] {
  const { policy } = part.spec
  const claims = sessionEscrowWorldInvariants.filter(({ id }) => {
    return policy === 'hardened' || !ONLY_HARDENED.includes(id)
  })
  return claims.map(({ id, statement, formula }) => {
    const judged = judgementsOf(part, id)
    const broken = judged.filter(({ evidence }) => evidence !== null)
    const first = broken[0]
    const isDue = policy === 'as-described' && AS_DESCRIBED_REFUTED.includes(id)
    return {
      ...scopeOfPart(part),
      ...{ invariant: id, statement, formula },
      verdict: first === undefined ? 'held' : 'violated',
      expected: isDue && first !== undefined ? 'refuted' : 'held',
      witnesses: judged.reduce((sum, { witnesses }) => sum + witnesses, 0),
      checks: judged.length,
      counterexample: null,
      note:
        first === undefined
          ? ''
          : `${broken.length} of ${judged.length} runs; run ${first.run}: ${first.evidence}`,
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
  return sessionEscrowWorldInvariants.flatMap(({ id, unit }) => {
    const judged = judgementsOf(part, id).filter(({ observed }) => observed !== null)
    const nearness = ({ observed, bound }: Placed) => (observed ?? 0) / Math.max(1, bound ?? 1)
    const worst = judged.reduce<Placed | null>((most, each) => {
      return most === null || nearness(each) > nearness(most) ? each : most
    }, null)
    if (worst === null || unit === undefined) return []
    return {
      ...scopeOfPart(part),
      ...{ invariant: id, unit, n: judged.length },
      observed: worst.observed ?? 0,
      bound: worst.bound ?? 0,
      worst: { run: worst.run, scenario: scenarioIdOf(part, worst.run) },
    }
  })
}
