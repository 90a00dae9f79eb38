/**
 * What claims can see of the past: the part of a state that neither model nor contract holds.
 *
 * A claim is judged on a whole trace, so two ways to the same state may differ for it. Every claim
 * folds a trace into facts (the oracle of its protocol) and into books of what moved; both are
 * named here, and the rest of what it reads is the picture before the step, its time, and the step.
 * A protocol without a line here is explored without any state being taken for another.
 */
import { factsAt as holdFacts, holdOwnerOf } from '../../models/attendance-hold/oracle.ts'
import {
  factsAt as downloadFacts,
  downloadOwnerOf,
} from '../../models/checkpoint-download/oracle.ts'
import { type AgreementBooks, booksOf, type OwnerOf } from '../../models/invariants/books.ts'
import type { Trace } from '../../models/kit/trace.ts'
import { allFactsAt as requestFacts } from '../../models/matchmaking/oracle.ts'
import {
  factsAt as channelFacts,
  channelOwnerOf,
  genuineUnits,
} from '../../models/payment-channel/oracle.ts'
import {
  factsAt as progressiveFacts,
  progressiveOwnerOf,
} from '../../models/progressive-escrow/oracle.ts'
import { factsAt as sessionFacts, sessionOwnerOf } from '../../models/session-escrow/oracle.ts'
import { factsAt as jobFacts, jobOwnerOf } from '../../models/token-job/oracle.ts'
import { factsAt as withdrawalFacts } from '../../models/withdrawal/oracle.ts'
import { withdrawalMoney } from '../../models/withdrawal/standing.ts'

/** What is remembered of each agreement, and of all together. */
export interface Memory {
  readonly own: readonly unknown[]
  readonly shared: unknown
}

type FactsOf = (trace: Trace, last: number) => Memory

/** What the claims of a protocol fold a trace into. */
interface Folds {
  readonly facts: FactsOf
  /** Whose money a payout is, where claims keep books. */
  readonly ownerOf: OwnerOf | null
}

const ofEach =
  (factsAt: (trace: Trace, last: number, agreement: number) => unknown): FactsOf =>
  (trace, last) => ({
    own: trace.agreements.map((_, index) => factsAt(trace, last, index)),
    shared: null,
  })

/** The records that were accepted, word by word: whether one comes again is judged by that. */
function acceptedRecords({ steps }: Trace, agreement: number): readonly unknown[] {
  return steps.flatMap(({ planned, observed }) => {
    const isRecord = planned.action === 'recordAttendance' && planned.agreement === agreement
    return isRecord && observed.outcome.accepted ? [planned.args] : []
  })
}

/**
 * The most that accepted vouchers were signed for. One that was shown and refused counts for the
 * claims as well, but only in the provider's favour: whatever breaks a claim after it breaks it
 * without it, in one attempt less.
 */
function acceptedUnits({ steps }: Trace, agreement: number): bigint {
  const units = steps.map(({ planned, observed }) =>
    planned.agreement === agreement && observed.outcome.accepted ? genuineUnits(planned) : 0n,
  )
  return units.reduce((most, each) => (each > most ? each : most), 0n)
}

const FOLDS: Readonly<Record<string, Folds>> = {
  'session-escrow': { facts: ofEach(sessionFacts), ownerOf: sessionOwnerOf },
  'progressive-escrow': { facts: ofEach(progressiveFacts), ownerOf: progressiveOwnerOf },
  'token-job': { facts: ofEach(jobFacts), ownerOf: jobOwnerOf },
  'payment-channel': {
    facts: ofEach((trace, last, agreement) => ({
      ...channelFacts(trace, last, agreement),
      presentedUnits: acceptedUnits(trace, agreement),
    })),
    ownerOf: channelOwnerOf,
  },
  'checkpoint-download': {
    // The credit of the very last step means nothing to the next one.
    facts: ofEach((...asked) => ({ ...downloadFacts(...asked), credit: null })),
    ownerOf: downloadOwnerOf,
  },
  'attendance-hold': {
    facts: ofEach((trace, last, agreement) => [
      holdFacts(trace, last, agreement),
      acceptedRecords(trace, agreement),
    ]),
    ownerOf: holdOwnerOf,
  },
  withdrawal: {
    facts: (trace, last) => {
      const { withdrawals, ...shared } = withdrawalFacts(trace, last)
      return { own: withdrawals, shared }
    },
    ownerOf: withdrawalMoney.ownerOf,
  },
  matchmaking: {
    facts: (trace, last) => ({ own: requestFacts(trace, last), shared: null }),
    ownerOf: null,
  },
}

/** What the claims of a protocol remember after a trace. */
export function memoryOf(trace: Trace): Memory {
  const folds = FOLDS[trace.protocol]
  if (folds === undefined) return { own: [], shared: trace.steps.map(({ planned }) => planned) }
  const { own, shared } = folds.facts(trace, trace.steps.length - 1)
  const books = folds.ownerOf === null ? [] : (booksOf(trace, folds.ownerOf).at(-1) ?? [])
  return { own: own.map((each, index) => [each, told(books[index])]), shared }
}

/** Books with their entries in one order; nothing where nothing has moved. */
function told(books: AgreementBooks | undefined): unknown {
  if (books === undefined) return NOTHING_MOVED
  const { inUnits, outUnits, paidUnits, postedUnits } = books
  return [inUnits, outUnits, ordered(paidUnits), ordered(postedUnits)]
}

const NOTHING_MOVED = [0n, 0n, {}, {}]

/** What adds up to nothing is as good as never booked. */
function ordered(units: Readonly<Record<string, bigint>>): Readonly<Record<string, bigint>> {
  const entries = Object.entries(units).filter(([, amount]) => amount !== 0n)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
