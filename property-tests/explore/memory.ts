/**
 * What claims can see of the past: the part of a state that neither model nor contract holds.
 *
 * A claim is judged on a whole trace, so two ways to the same state may differ for it. Every claim
 * folds a trace into facts (the oracle of its protocol) and into sums of what moved; both are named
 * here, and the rest of what it reads is the picture before the step, its time, and the step. A
 * protocol without a line here is explored without any state being taken for another.
 */
import { factsAt as holdFacts } from '../../models/attendance-hold/oracle.ts'
import { factsAt as downloadFacts } from '../../models/checkpoint-download/oracle.ts'
import { accountChanges } from '../../models/invariants/books.ts'
import type { Agreement, Trace } from '../../models/kit/trace.ts'
import { allFactsAt as requestFacts } from '../../models/matchmaking/oracle.ts'
import { factsAt as channelFacts } from '../../models/payment-channel/oracle.ts'
import { factsAt as progressiveFacts } from '../../models/progressive-escrow/oracle.ts'
import { factsAt as sessionFacts } from '../../models/session-escrow/oracle.ts'
import { factsAt as jobFacts } from '../../models/token-job/oracle.ts'
import { factsAt as withdrawalFacts } from '../../models/withdrawal/oracle.ts'

/** What is remembered of each agreement, and of all together. */
export interface Memory {
  readonly own: readonly unknown[]
  readonly shared: unknown
}

type FactsOf = (trace: Trace, last: number) => Memory

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

const FACTS: Readonly<Record<string, FactsOf>> = {
  'session-escrow': ofEach(sessionFacts),
  'progressive-escrow': ofEach(progressiveFacts),
  'token-job': ofEach(jobFacts),
  'payment-channel': ofEach(channelFacts),
  // The credit of the very last step means nothing to the next one.
  'checkpoint-download': ofEach((...asked) => ({ ...downloadFacts(...asked), credit: null })),
  'attendance-hold': ofEach((trace, last, agreement) => [
    holdFacts(trace, last, agreement),
    acceptedRecords(trace, agreement),
  ]),
  withdrawal: (trace, last) => {
    const { withdrawals, ...shared } = withdrawalFacts(trace, last)
    return { own: withdrawals, shared }
  },
  matchmaking: (trace, last) => ({ own: requestFacts(trace, last), shared: null }),
}

/** What the claims of a protocol remember after a trace. */
export function memoryOf(trace: Trace): Memory {
  const facts = FACTS[trace.protocol]
  if (facts === undefined) return { own: [], shared: trace.steps.map(({ planned }) => planned) }
  const { own, shared } = facts(trace, trace.steps.length - 1)
  const flows = flowsOf(trace)
  return { own: own.map((each, index) => [each, flows[index]]), shared }
}

/**
 * Sums of what moved, by agreement: for each action and caller what went from whom to whom, and
 * what was added to which account. All books that claims keep are sums of these.
 */
function flowsOf(trace: Trace): readonly Readonly<Record<string, bigint>>[] {
  const flows = trace.agreements.map((): Record<string, bigint> => ({}))
  let before = trace.initial
  for (const { planned, observed } of trace.steps) {
    const own = flows[planned.agreement] as Record<string, bigint>
    const { token } = trace.agreements[planned.agreement] as Agreement
    const add = (way: string, units: bigint) => {
      const key = `${planned.action} ${planned.by} ${way}`
      own[key] = (own[key] ?? 0n) + units
    }
    for (const { from, to, amountUnits } of observed.transfers) add(`${from}>${to}`, amountUnits)
    const changes = accountChanges(before, observed.after, token)
    for (const [name, units] of Object.entries(changes)) add(`@${name}`, units)
    before = observed.after
  }
  return flows
}
