/**
 * What happened to requests and tutors, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, by whom, in which block and
 * with which words. It uses neither the machine nor the contract's own states and figures, and
 * knows of quotes only how they were made.
 */
import { assert } from '../kit/error.ts'
import type { Agreement, PlannedStep, Trace, TraceStep } from '../kit/trace.ts'

/** Where the accepted calls have brought a request. */
export type Phase =
  | 'none'
  | 'searching'
  | 'proposed'
  | 'awaiting'
  | 'matched'
  | 'completed'
  | 'unmatched'
  | 'waitlisted'
  | 'booked'
  | 'expired'
  | 'cancelled'

/** The phase that an accepted call leads to; others lead nowhere. */
const PHASE_AFTER: Readonly<Record<string, Phase>> = {
  request: 'searching',
  propose: 'proposed',
  noMatch: 'unmatched',
  accept: 'awaiting',
  decline: 'searching',
  lapse: 'searching',
  consume: 'matched',
  release: 'expired',
  waitlist: 'waitlisted',
  book: 'booked',
  cancel: 'cancelled',
  complete: 'completed',
}

/** The state of the contract that each phase is shown as. */
export const STATE_OF: Readonly<Record<Phase, string>> = {
  none: 'None',
  searching: 'Searching',
  proposed: 'Proposed',
  awaiting: 'AwaitingDeposit',
  matched: 'Matched',
  completed: 'Completed',
  unmatched: 'NoMatch',
  waitlisted: 'Waitlisted',
  booked: 'Booked',
  expired: 'Expired',
  cancelled: 'Cancelled',
}

/** Phases in which the student can give up. */
export const OPEN: readonly Phase[] = [
  'searching',
  'proposed',
  'awaiting',
  'unmatched',
  'waitlisted',
  'booked',
]

export interface Acceptance {
  readonly tutor: string
  readonly atSeconds: number
  readonly rateUnits: bigint
  /** Of the quote; as described there is none. */
  readonly expirySeconds: number | null
  readonly nonce: bigint | null
}

/** What an outsider knows of one request after a step. */
export interface RequestFacts {
  readonly phase: Phase
  readonly requestCount: number
  /** Proposals since the student last asked: request, waitlist or book. */
  readonly proposals: number
  readonly proposal: { readonly tutor: string; readonly atSeconds: number } | null
  readonly acceptance: Acceptance | null
  /** Accepted consumptions, and the rate of the first. */
  readonly matchCount: number
  readonly matchedRateUnits: bigint | null
  readonly capUnits: bigint
  readonly bookedForSeconds: number
  /** Accepted reports of the end. */
  readonly endCount: number
  /** Who holds the credential, if the accepted calls have left one. */
  readonly holder: string | null
  /** Who has rated, in the order of acceptance. */
  readonly raters: readonly string[]
}

const UNTOUCHED: RequestFacts = {
  phase: 'none',
  requestCount: 0,
  proposals: 0,
  proposal: null,
  acceptance: null,
  matchCount: 0,
  matchedRateUnits: null,
  capUnits: 0n,
  bookedForSeconds: 0,
  endCount: 0,
  holder: null,
  raters: [],
}

const known = new WeakMap<Trace, readonly (readonly RequestFacts[])[]>()

/** Facts of all requests after one step; untouched before the first. */
export function allFactsAt(trace: Trace, stepIndex: number): readonly RequestFacts[] {
  const facts = known.get(trace) ?? followed(trace)
  known.set(trace, facts)
  return facts[stepIndex] ?? trace.agreements.map(() => UNTOUCHED)
}

/** Facts of one request after one step. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): RequestFacts {
  return allFactsAt(trace, stepIndex)[agreement] ?? UNTOUCHED
}

function followed(trace: Trace): readonly (readonly RequestFacts[])[] {
  let current: readonly RequestFacts[] = trace.agreements.map(() => UNTOUCHED)
  return trace.steps.map(({ planned, observed }) => {
    const index = planned.agreement
    const before = current[index] as RequestFacts
    if (observed.outcome.accepted) current = current.with(index, learned(trace, before, planned))
    return current
  })
}

const parameter = (trace: Trace, name: string) => trace.parameters[name] as number
const agreementAt = (trace: Trace, index: number) => trace.agreements[index] as Agreement

/** The request after an accepted call, whether or not that should have been accepted. */
function learned(trace: Trace, before: RequestFacts, planned: PlannedStep): RequestFacts {
  const { action } = planned
  const facts = { ...before, phase: PHASE_AFTER[action] ?? before.phase }
  const endsSearch =
    trace.policy === 'hardened' &&
    (action === 'decline' || action === 'lapse') &&
    before.proposals >= parameter(trace, 'maxAttempts')
  return endsSearch ? { ...facts, phase: 'unmatched' } : noted(trace, facts, planned)
}

function noted(trace: Trace, facts: RequestFacts, planned: PlannedStep): RequestFacts {
  const { action, args, atSeconds, by } = planned
  const { terms, roles } = agreementAt(trace, planned.agreement)
  switch (action) {
    case 'request': {
      const capUnits = terms.capUnits as bigint
      return { ...facts, requestCount: facts.requestCount + 1, capUnits }
    }
    case 'propose': {
      const proposal = { tutor: args.tutor as string, atSeconds }
      return { ...facts, proposals: facts.proposals + 1, proposal }
    }
    case 'accept':
      return { ...facts, acceptance: acceptanceOf(facts, planned) }
    case 'consume': {
      const { matchCount, matchedRateUnits } = facts
      const rate = matchedRateUnits ?? (args.rateUnits as bigint)
      return { ...facts, matchCount: matchCount + 1, matchedRateUnits: rate }
    }
    case 'reduceCap':
      return { ...facts, capUnits: args.capUnits as bigint }
    case 'waitlist':
      return { ...facts, proposals: 0 }
    case 'book':
      return { ...facts, proposals: 0, bookedForSeconds: args.at as number }
    case 'complete': {
      const isEarned = (args.billedSeconds as number) >= parameter(trace, 'credentialSeconds')
      const mints = trace.policy === 'as-described' || isEarned
      const holder = mints ? (roles.student as string) : facts.holder
      return { ...facts, endCount: facts.endCount + 1, holder }
    }
    case 'transferCredential':
      return { ...facts, holder: args.to as string }
    case 'rate':
      return { ...facts, raters: [...facts.raters, by] }
    default:
      return facts
  }
}

function acceptanceOf({ proposal }: RequestFacts, { args, atSeconds }: PlannedStep): Acceptance {
  return {
    tutor: proposal?.tutor ?? 'nobody',
    atSeconds,
    rateUnits: args.rateUnits as bigint,
    expirySeconds: typeof args.expiry === 'number' ? args.expiry : null,
    nonce: typeof args.nonce === 'bigint' ? args.nonce : null,
  }
}

/** First second in which the last proposal is over. */
export function proposalOverAt(trace: Trace, { proposal }: RequestFacts): number {
  assert(proposal !== null, 'somebody was proposed')
  return proposal.atSeconds + parameter(trace, 'proposalTtlSeconds')
}

/** First second in which the acceptance is over: window or quote, whichever ends first. */
export function acceptanceOverAt(trace: Trace, { acceptance }: RequestFacts): number {
  assert(acceptance !== null, 'somebody has accepted')
  const windowOverAt = acceptance.atSeconds + parameter(trace, 'depositWindowSeconds')
  const { expirySeconds } = acceptance
  return expirySeconds !== null && expirySeconds < windowOverAt ? expirySeconds : windowOverAt
}

/** Whom a request binds in this second, or null. */
export function boundTutor(trace: Trace, facts: RequestFacts, atSeconds: number): string | null {
  switch (facts.phase) {
    case 'proposed':
      return atSeconds < proposalOverAt(trace, facts) ? (facts.proposal?.tutor ?? null) : null
    case 'awaiting':
      return atSeconds < acceptanceOverAt(trace, facts) ? (facts.acceptance?.tutor ?? null) : null
    case 'matched':
      return facts.acceptance?.tutor ?? null
    default:
      return null
  }
}

/** Requests other than `except` that bind a tutor in this second. */
export function bindersOf(
  trace: Trace,
  all: readonly RequestFacts[],
  asked: { readonly tutor: string; readonly atSeconds: number; readonly except: number },
): readonly number[] {
  return all.flatMap((facts, index) => {
    const binds = boundTutor(trace, facts, asked.atSeconds) === asked.tutor
    return binds && index !== asked.except ? [index] : []
  })
}

/** Whether a quote of this tutor with this nonce was accepted in any request. */
export function nonceWasUsed(all: readonly RequestFacts[], tutor: string, nonce: unknown): boolean {
  return all.some(({ acceptance }) => acceptance?.tutor === tutor && acceptance.nonce === nonce)
}

/** What is asked about one attempt, by what was known before it. */
export interface Asked {
  readonly trace: Trace
  readonly index: number
  readonly all: readonly RequestFacts[]
  readonly facts: RequestFacts
  readonly planned: PlannedStep
  readonly agreement: Agreement
}

export function askedAt(trace: Trace, stepIndex: number): Asked {
  const { planned } = trace.steps[stepIndex] as TraceStep
  const index = planned.agreement
  const all = allFactsAt(trace, stepIndex - 1)
  const facts = all[index] ?? UNTOUCHED
  return { trace, index, all, facts, planned, agreement: agreementAt(trace, index) }
}
