/**
 * What happened to withdrawals, teachers and tokens, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, by whom, in which block, with
 * which amounts, and which tokens moved. It uses neither the machine nor the contract's own states,
 * and its formulas are written as conditions on integers instead of roundings.
 */
import { accountChanges } from '../invariants/books.ts'
import { type Agreement, ESCROW, type Trace, type TraceStep } from '../kit/trace.ts'

/** Where the accepted calls have brought a withdrawal. */
export type Phase =
  | 'none'
  | 'pending'
  | 'processing'
  | 'completed'
  | 'rejected'
  | 'failed'
  | 'cancelled'

/** The phase that an accepted call leads to; others lead nowhere. */
const PHASE_AFTER: Readonly<Record<string, Phase>> = {
  request: 'pending',
  approve: 'processing',
  complete: 'completed',
  reject: 'rejected',
  bankFailed: 'failed',
  cancel: 'cancelled',
}
const ENDED: readonly Phase[] = ['completed', 'rejected', 'failed', 'cancelled']
/** Calls that end a withdrawal without paying it. */
export const VOIDS = ['reject', 'bankFailed', 'cancel']

export const isEnded = (phase: Phase) => ENDED.includes(phase)
export const isOpen = (phase: Phase) => phase === 'pending' || phase === 'processing'

/** What an outsider knows of one withdrawal after a step. */
export interface WithdrawalFacts {
  readonly phase: Phase
  /** Accepted requests. */
  readonly requestCount: number
  readonly approvedAtSeconds: number | null
  /** Accepted calls that end a withdrawal. */
  readonly endCount: number
  /** What its own calls, credits apart, have taken off the balance of its teacher. */
  readonly takenUnits: bigint
  /** What they have put back there. */
  readonly givenBackUnits: bigint
  /** Paid out by its calls, commission apart. */
  readonly paidUnits: bigint
  /** The reference with which it was completed. */
  readonly reference: bigint | null
}

/** What an outsider knows of one token. */
export interface TokenFacts {
  readonly inUnits: bigint
  readonly outUnits: bigint
  /** The exact commission of all credits. */
  readonly commissionUnits: bigint
  /** Paid out by withdrawals of the commission. */
  readonly commissionPaidUnits: bigint
}

/** What was credited to one teacher in one token. */
export interface Credited {
  readonly grossUnits: bigint
  readonly commissionUnits: bigint
}

export interface Facts {
  /** By agreement. */
  readonly withdrawals: readonly WithdrawalFacts[]
  /** By teacher and token, joined by a space. */
  readonly credited: Readonly<Record<string, Credited>>
  readonly tokens: Readonly<Record<string, TokenFacts>>
}

const UNTOUCHED: WithdrawalFacts = {
  phase: 'none',
  requestCount: 0,
  approvedAtSeconds: null,
  endCount: 0,
  takenUnits: 0n,
  givenBackUnits: 0n,
  paidUnits: 0n,
  reference: null,
}
const NOTHING_CREDITED: Credited = { grossUnits: 0n, commissionUnits: 0n }
const NOTHING_MOVED: TokenFacts = {
  inUnits: 0n,
  outUnits: 0n,
  commissionUnits: 0n,
  commissionPaidUnits: 0n,
}

/** Facts after one step; those of an untouched contract before the first. */
export function factsAt(trace: Trace, stepIndex: number): Facts {
  return factsOf(trace)[stepIndex] ?? untouched(trace)
}

/** Facts of one withdrawal after one step. */
export function withdrawalAt(trace: Trace, stepIndex: number, agreement: number): WithdrawalFacts {
  return factsAt(trace, stepIndex).withdrawals[agreement] ?? UNTOUCHED
}

export function tokenFacts({ tokens }: Facts, token: string): TokenFacts {
  return tokens[token] ?? NOTHING_MOVED
}

export function creditedTo({ credited }: Facts, teacher: string, token: string): Credited {
  return credited[`${teacher} ${token}`] ?? NOTHING_CREDITED
}

export function amountOf(trace: Trace, agreement: number): bigint {
  return trace.agreements[agreement]?.terms.amountUnits as bigint
}

/** Seconds that the bank has from an approval on. */
export function timeoutSeconds(trace: Trace): number {
  return trace.parameters.processingTimeoutSeconds as number
}

/** The largest whole c with c · 10,000 ≤ gross · bps. */
export function exactCommission(trace: Trace, grossUnits: bigint): bigint {
  const scaled = grossUnits * BigInt(trace.parameters.commissionBps as number)
  return (scaled - (scaled % 10_000n)) / 10_000n
}

const untouched = ({ agreements }: Trace): Facts => ({
  withdrawals: agreements.map(() => UNTOUCHED),
  credited: {},
  tokens: {},
})

const known = new WeakMap<Trace, readonly Facts[]>()

function factsOf(trace: Trace): readonly Facts[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  let current = untouched(trace)
  let before = trace.initial
  const facts = trace.steps.map((step) => {
    const { accepted } = step.observed.outcome
    const { token, roles } = trace.agreements[step.planned.agreement] as Agreement
    const { after } = step.observed
    if (accepted) {
      const changes = accountChanges(before, after, token)
      const ofTeacher = changes[`available:${roles.teacher}`] ?? 0n
      current = learned(trace, current, step, ofTeacher)
    }
    before = after
    return current
  })
  known.set(trace, facts)
  return facts
}

/** @param balanceChange by how much the teacher has more available than before, in base units */
function learned(trace: Trace, facts: Facts, step: TraceStep, balanceChange: bigint): Facts {
  const { planned } = step
  const { agreement: index, action } = planned
  const { token, roles } = trace.agreements[index] as Agreement
  const moved = movedBy(step)
  const was = tokenFacts(facts, token)
  const isCommission = action === 'withdrawCommission'
  const grossUnits = action === 'credit' ? (planned.args.grossUnits as bigint) : 0n
  const commissionUnits = exactCommission(trace, grossUnits)
  const ofToken: TokenFacts = {
    inUnits: was.inUnits + moved.inUnits,
    outUnits: was.outUnits + moved.outUnits,
    commissionUnits: was.commissionUnits + commissionUnits,
    commissionPaidUnits: was.commissionPaidUnits + (isCommission ? moved.outUnits : 0n),
  }
  const teacher = roles.teacher as string
  const credits = creditedTo(facts, teacher, token)
  const credited = {
    grossUnits: credits.grossUnits + grossUnits,
    commissionUnits: credits.commissionUnits + commissionUnits,
  }
  const own = facts.withdrawals[index] as WithdrawalFacts
  const outUnits = isCommission ? 0n : moved.outUnits
  const change = action === 'credit' ? 0n : balanceChange
  return {
    withdrawals: facts.withdrawals.with(index, afterCall(own, step, outUnits, change)),
    credited: { ...facts.credited, [`${teacher} ${token}`]: credited },
    tokens: { ...facts.tokens, [token]: ofToken },
  }
}

function afterCall(
  own: WithdrawalFacts,
  { planned }: TraceStep,
  outUnits: bigint,
  balanceChange: bigint,
): WithdrawalFacts {
  const { action, atSeconds, args } = planned
  const phase = PHASE_AFTER[action] ?? own.phase
  return {
    phase,
    requestCount: own.requestCount + (action === 'request' ? 1 : 0),
    approvedAtSeconds: action === 'approve' ? atSeconds : own.approvedAtSeconds,
    endCount: own.endCount + (action in PHASE_AFTER && isEnded(phase) ? 1 : 0),
    takenUnits: own.takenUnits + (balanceChange < 0n ? -balanceChange : 0n),
    givenBackUnits: own.givenBackUnits + (balanceChange > 0n ? balanceChange : 0n),
    paidUnits: own.paidUnits + outUnits,
    reference: action === 'complete' ? (args.reference as bigint) : own.reference,
  }
}

function movedBy({ observed }: TraceStep) {
  let inUnits = 0n
  let outUnits = 0n
  for (const { from, to, amountUnits } of observed.transfers) {
    if (to === ESCROW) inUnits += amountUnits
    if (from === ESCROW) outUnits += amountUnits
  }
  return { inUnits, outUnits }
}
