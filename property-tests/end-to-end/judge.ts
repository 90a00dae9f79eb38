/**
 * Judges a journey as one trace: the claims over the whole, machine against contract after every
 * call, and what each protocol and its world promise of their own part.
 */
import { matchmaking } from '../../models/matchmaking/protocol.ts'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import { withdrawal } from '../../models/withdrawal/protocol.ts'
import { PARTS, type Part } from '../../sim/end-to-end/parts.ts'
import { sessionEscrowWorldInvariants } from '../../sim/session-escrow/worldInvariants.ts'
import { withdrawalWorldInvariants } from '../../sim/withdrawal/worldInvariants.ts'
import { DIVERGENCE, firstDivergence } from '../kit/compare.ts'
import { promisedBy } from '../kit/judge.ts'
import type { JourneyClaim } from './claim.ts'
import { courseClaims } from './courseClaims.ts'
import type { ExecutedJourney } from './execute.ts'
import { moneyClaims } from './moneyClaims.ts'

export const WHOLE = 'end-to-end'
export const journeyClaims: readonly JourneyClaim[] = [...moneyClaims, ...courseClaims]

/** What is claimed of whom. */
export interface ClaimInfo {
  readonly protocol: string
  readonly id: string
  readonly statement: string
  readonly formula: string
}

/** What a journey showed of a claim. */
export interface Judged extends ClaimInfo {
  readonly witnesses: number
  readonly violation: { readonly stepIndex: number | null; readonly evidence: string } | null
}

const PROTOCOLS = { matchmaking, 'session-escrow': sessionEscrow, withdrawal } as const

const divergence: ClaimInfo = {
  ...{ protocol: WHOLE, id: DIVERGENCE, formula: 'predicted = observed, after every call' },
  statement:
    'After every call each contract has done what the machine of its protocol says: outcome, ' +
    'name of the refusal, movements of tokens, logs, all figures, all balances and accounts.',
}

/** A claim and what was seen of it, without the claim's own functions. */
function info(protocol: string, { id, statement, formula }: Omit<ClaimInfo, 'protocol'>) {
  return { protocol, id, statement, formula }
}

function judgeParts({ parts }: ExecutedJourney): readonly Judged[] {
  return PARTS.flatMap((part: Part) =>
    promisedBy(PROTOCOLS[part].invariants, 'hardened').map((invariant) => ({
      ...info(part, invariant),
      ...invariant.judge(parts[part]),
    })),
  )
}

function judgeWorlds({ run }: ExecutedJourney): readonly Judged[] {
  const whole = (judged: { witnesses: number; violation: { evidence: string } | null }) => {
    const { witnesses, violation } = judged
    const told = violation === null ? null : { stepIndex: null, evidence: violation.evidence }
    return { witnesses, violation: told }
  }
  return [
    ...sessionEscrowWorldInvariants.map((claim) => ({
      ...info('session-escrow', claim),
      ...whole(claim.judge(run.call)),
    })),
    ...withdrawalWorldInvariants.map((claim) => ({
      ...info('withdrawal', claim),
      ...whole(claim.judge(run.payout)),
    })),
  ]
}

/** Everything that a journey shows, claims over the whole first. */
export function judgeJourney(journey: ExecutedJourney): readonly Judged[] {
  return [
    ...journeyClaims.map((claim) => ({ ...info(WHOLE, claim), ...claim.judge(journey) })),
    {
      ...divergence,
      witnesses: journey.trace.steps.length,
      violation: firstDivergence(journey.trace),
    },
    ...judgeParts(journey),
    ...judgeWorlds(journey),
  ]
}
