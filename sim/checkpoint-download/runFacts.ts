/**
 * The facts of one run of checkpoint-download, for statistics; `sim/world/facts.ts` says what they
 * are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. Leakage is what was paid for
 * and never reached the downloader, in bytes. What is done in the other downloads, where money is
 * only kept from this one, counts for nothing.
 */
import { chainSamples, judgementFacts, paidTransactions } from '../world/deriveFacts.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { LeakageFacts, RunFacts } from '../world/facts.ts'
import type { TransactionRecord } from '../world/records.ts'
import { payerBoundUnits, providerBoundUnits } from './allowance.ts'
import * as measured from './measured.ts'
import { checkpointDownloadWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

/** All is over, or there never was a download. */
function isFinished({ milestones }: WorldRun): boolean {
  return milestones.overMs !== null || milestones.openedMs === null
}

/** Transactions of this download. */
function ownTransactions({ transactions, steps, agreements }: WorldRun) {
  const others = steps.filter(({ planned }) => planned.agreement !== 0)
  if (others.length === 0) return transactions
  const { downloader } = agreements[0]?.roles ?? {}
  const isOther = ({ sender, block, action }: TransactionRecord) =>
    others.some(
      ({ planned, ...step }) =>
        step.block === block &&
        planned.action === action &&
        (sender === 'downloader' ? downloader : sender) === planned.by,
    )
  return transactions.filter((each) => !isOther(each))
}

/** Of downloads of which something was paid. */
function leakageFacts(run: WorldRun): LeakageFacts | null {
  const { policy, terms, sources, ledger } = run
  const paidUnits = measured.paidBy(run, Number.MAX_VALUE)
  if (run.milestones.endedMs === null || paidUnits === 0n) return null
  const reached = sources.map((source) => source.reached.at(-1)?.bytes ?? 0)
  const reachedBytes = reached.reduce((sum, bytes) => sum + bytes, 0)
  // As described money is not told apart by seeder: what it buys is compared with all that came.
  const boughtBytes = (paidUnits * BigInt(MEBIBYTE_BYTES)) / terms.pricePerMebibyteUnits
  const credited = ledger.at(-1)?.creditedBytes ?? []
  const reported = credited.reduce(
    (sum, bytes, at) => sum + Math.max(0, bytes - (reached[at] ?? 0)),
    0,
  )
  const causes =
    policy === 'hardened'
      ? { prepaid: 0, reported }
      : { prepaid: Math.max(0, Number(boughtBytes) - reachedBytes), reported: 0 }
  const allowance = terms.mode === 'upfront' ? terms.fileBytes : 0
  return { postDrop: causes.prepaid + causes.reported, causes, allowance }
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const { milestones, sources, payments, receivedBytes, behaviour } = run
  if (milestones.openedMs === null) return {}
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  const opening = measured.openingWaitMs(run)
  const waited = measured.checkpointWaitMs(run)
  const prompts = measured.promptsPerGigabyte(run)
  const unbilled = receivedBytes === 0 ? [] : [measured.unbilledBps(run)]
  const { completeMs, askedMs } = milestones
  const isPlain = behaviour.cheat === 'none' && run.endState.state === 'Completed'
  return {
    downloadedBytes: [receivedBytes],
    downloadMs: completeMs === null ? [] : [completeMs - askedMs],
    waitedMs: [waited + (opening ?? 0)],
    waitedForOpening: opening === null ? [] : [opening],
    waitedAtCheckpoints: [waited],
    payments: [payments.filter(({ paidMs }) => paidMs !== null).length],
    promptsPerGB: prompts === null ? [] : [prompts],
    sunk: [measured.sunkBps(run)],
    unbilled,
    unbilledHonest: isPlain ? unbilled : [],
    overshoot: measured.overshoots(run),
    refusals: [sum(sources.map(({ unpaidMs }) => unpaidMs.length))],
    polls: [sum(sources.map(({ polls }) => polls))],
    reassignments: [sum(sources.map(({ reassignments }) => reassignments))],
    fetchedTwice: [measured.fetchedTwiceBytes(run)],
    failedPayments: [sum(payments.map(({ failures }) => failures))],
  }
}

function sharesOf({ milestones, endState }: WorldRun): RunFacts['shares'] {
  const ended = (state: string) => (milestones.endedMs === null ? null : endState.state === state)
  const isOpen = milestones.openedMs !== null
  return {
    whole: isOpen ? milestones.completeMs !== null : null,
    completed: ended('Completed'),
    cancelled: ended('Cancelled'),
    failed: ended('PaymentFailed'),
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, milestones, exposure } = run
  const { sentUnits, refundedUnits, heldUnits } = endState
  const grossUnits = measured.paidBy(run, Number.MAX_VALUE)
  const isOver = isFinished(run)
  const transactions = ownTransactions(run)
  return {
    ...{ run: run.run, hash: run.hash, grossUnits, platformUnits: 0n },
    isStarted: milestones.openedMs !== null,
    isSettled: milestones.endedMs !== null,
    isOver,
    endMs: milestones.overMs ?? run.steps.at(-1)?.includedMs ?? 0,
    stages: [...chainSamples(transactions, isOver), ...measured.downloadSamples(run, isOver)],
    leakage: leakageFacts(run),
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: payerBoundUnits(run) },
    provider: {
      ...courseOf(exposure, 'providerUnits', hasCourse),
      boundUnits: providerBoundUnits(run),
    },
    residualUnits: sentUnits - grossUnits - refundedUnits - heldUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: null,
    ...paidTransactions(transactions),
    judgements: judgementFacts(checkpointDownloadWorldInvariants, run),
    samples: samplesOf(run),
    shares: sharesOf(run),
  }
}
