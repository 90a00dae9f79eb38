/**
 * What is owed in a channel, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, in which block, with which
 * vouchers, and which tokens moved. It uses neither the machine nor the contract's own figures, and
 * knows of signatures only how they were made.
 */
import { booksOf } from '../invariants/books.ts'
import type { Agreement, PlannedStep, Trace, TraceStep, Transfer } from '../kit/trace.ts'

/** Whose money a payout is: the claimer's for a claim, else the recipient's. */
export function channelOwnerOf(step: TraceStep, agreement: Agreement, transfer: Transfer): string {
  const holder = step.planned.action === 'claim' ? step.planned.by : transfer.to
  if (holder === agreement.roles.payer) return 'payer'
  return holder === agreement.roles.provider ? 'provider' : 'other'
}

/** What an outsider knows of one channel after a step. */
export interface ChannelFacts {
  readonly openCount: number
  readonly depositedUnits: bigint
  readonly openedAtSeconds: number | null
  /** Block time of the first accepted request to close. */
  readonly requestedAtSeconds: number | null
  /** From when on the channel can be finalised by the policy's own rule. */
  readonly finalisableAtSeconds: number | null
  /** Accepted closes, finalisations and reclaims. */
  readonly endCount: number
  /** Largest number of a genuine voucher that anyone has presented, accepted or not. */
  readonly presentedUnits: bigint
  /** The most that an accepted genuine voucher was worth, given the deposit of its time. */
  readonly dueUnits: bigint
}

const UNTOUCHED: ChannelFacts = {
  openCount: 0,
  depositedUnits: 0n,
  openedAtSeconds: null,
  requestedAtSeconds: null,
  finalisableAtSeconds: null,
  endCount: 0,
  presentedUnits: 0n,
  dueUnits: 0n,
}

/** Facts of one channel after one step; untouched before the first. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): ChannelFacts {
  return channelFacts(trace)[stepIndex]?.[agreement] ?? UNTOUCHED
}

const known = new WeakMap<Trace, readonly (readonly ChannelFacts[])[]>()

function channelFacts(trace: Trace): readonly (readonly ChannelFacts[])[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  const books = booksOf(trace, channelOwnerOf)
  let current: readonly ChannelFacts[] = trace.agreements.map(() => UNTOUCHED)
  const facts = trace.steps.map((step, stepIndex) => {
    const index = step.planned.agreement
    const depositedUnits = books[stepIndex]?.[index]?.inUnits ?? 0n
    const before = { ...(current[index] as ChannelFacts), depositedUnits }
    const seen = { ...before, presentedUnits: presented(before, step.planned) }
    const { accepted } = step.observed.outcome
    current = current.with(index, accepted ? learned(seen, step.planned, trace) : seen)
    return current
  })
  known.set(trace, facts)
  return facts
}

/** The number of a genuine voucher that a step presents, or zero. */
export function genuineUnits({ action, args }: PlannedStep): bigint {
  if (action !== 'redeem' && action !== 'close') return 0n
  return args.voucher === 'genuine' ? (args.cumulativeUnits as bigint) : 0n
}

function presented({ presentedUnits }: ChannelFacts, planned: PlannedStep): bigint {
  const units = genuineUnits(planned)
  return units > presentedUnits ? units : presentedUnits
}

function learned(before: ChannelFacts, planned: PlannedStep, trace: Trace): ChannelFacts {
  const at = planned.atSeconds
  const challengeEnd = at + (trace.parameters.challengeSeconds as number)
  const dueUnits = dueAfter(before, planned)
  switch (planned.action) {
    case 'open':
      return { ...before, openCount: before.openCount + 1, openedAtSeconds: at }
    case 'redeem': {
      const restarts = trace.policy === 'as-described' && before.requestedAtSeconds !== null
      const finalisableAtSeconds = restarts ? challengeEnd : before.finalisableAtSeconds
      return { ...before, dueUnits, finalisableAtSeconds }
    }
    case 'requestClose':
      return {
        ...before,
        requestedAtSeconds: before.requestedAtSeconds ?? at,
        finalisableAtSeconds: challengeEnd,
      }
    case 'close':
      return { ...before, dueUnits, endCount: before.endCount + 1 }
    case 'finalise':
    case 'reclaimExpired':
      return { ...before, endCount: before.endCount + 1 }
    default:
      return before
  }
}

/** What a genuine voucher is worth with the deposit of this moment. */
export function worthUnits({ depositedUnits }: ChannelFacts, planned: PlannedStep): bigint {
  const units = genuineUnits(planned)
  return units < depositedUnits ? units : depositedUnits
}

function dueAfter(before: ChannelFacts, planned: PlannedStep): bigint {
  const worth = worthUnits(before, planned)
  return worth > before.dueUnits ? worth : before.dueUnits
}

/** Whether a channel has been opened and has not ended. */
export function isUnderWay({ openCount, endCount }: ChannelFacts): boolean {
  return openCount > 0 && endCount === 0
}

/** First second in which the payer may reclaim, given the grace that is left to the provider. */
export function reclaimFromSeconds(
  trace: Trace,
  index: number,
  { openedAtSeconds }: ChannelFacts,
  graceSeconds: number,
): number {
  const expirySeconds = trace.agreements[index]?.terms.expirySeconds as number
  return (openedAtSeconds ?? 0) + expirySeconds + graceSeconds
}

/** What is asked about one attempt: was it due, by what was known before it? */
interface Asked {
  readonly trace: Trace
  readonly index: number
  /** Before the attempt. */
  readonly facts: ChannelFacts
  readonly step: TraceStep
}

/** Whether the caller was entitled to what it tried, for the actions that pay somebody. */
export function payoutIsDue({ trace, index, facts, step }: Asked): boolean {
  if (!isUnderWay(facts)) return false
  const { planned, role } = step
  const { action, args, atSeconds } = planned
  const hardened = trace.policy === 'hardened'
  switch (action) {
    case 'redeem': {
      const caller = role === 'provider' || (hardened && role === 'watcher')
      return caller && worthUnits(facts, planned) > facts.dueUnits
    }
    case 'close':
      return role === 'provider' && (args.cumulativeUnits === 0n || args.voucher === 'genuine')
    case 'finalise': {
      const from = facts.finalisableAtSeconds
      return from !== null && atSeconds >= from
    }
    case 'reclaimExpired': {
      const grace = hardened ? (trace.parameters.challengeSeconds as number) : 0
      const from = reclaimFromSeconds(trace, index, facts, grace)
      return role === 'payer' && facts.requestedAtSeconds === null && atSeconds >= from
    }
    default:
      return false
  }
}
