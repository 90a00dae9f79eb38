/**
 * The facts of one run of payment-channel, for statistics; `sim/world/facts.ts` says what they are.
 *
 * Everything is derived from a `WorldRun`; nothing here runs or draws. Nothing is charged after the
 * service, as nothing is charged for time: there is no leakage.
 */
import { faultEndMs } from '../faults/fault.ts'
import type { Span } from '../links.ts'
import {
  chainSamples,
  judgementFacts,
  paidTransactions,
  stageSample,
} from '../world/deriveFacts.ts'
import { courseOf } from '../world/exposureCourse.ts'
import type { RunFacts, StageSample } from '../world/facts.ts'
import { overlapMs, totalMs } from '../world/spans.ts'
import { dueUnitsAt, providerBoundUnits } from './allowance.ts'
import { reachedBy } from './exposure.ts'
import { isProviderCut, paidUnits, unpaidUnits, voucherLossUnits, worthUnits } from './losses.ts'
import { isPresented } from './payments.ts'
import { paymentChannelWorldInvariants } from './worldInvariants.ts'
import type { Wait, WorldRun } from './worldRun.ts'

export const STAGES = {
  opening: 'asked → open',
  voucher: 'voucher signed → held',
  redemption: 'close requested → redeemed',
  closing: 'closing → closed',
  refund: 'left → refunded',
} as const

const BPS = 10_000n
/** Of so many vouchers one is timed, and the last. */
const TIMED_VOUCHERS = 10

/** How a channel came to its end, for shares; null for one that did not. */
function endOf({ milestones }: WorldRun): string | null {
  const { ending, requestedMs, providerReason } = milestones
  if (ending === null) return null
  if (ending === 'reclaimExpired') return 'reclaimed'
  if (requestedMs !== null) return 'forced'
  return providerReason === 'done'
    ? 'cooperative'
    : providerReason === 'expired'
      ? 'expired'
      : 'alone'
}

/** When vouchers, or newer ones, had reached the provider. */
function voucherSamples({ signed, held, milestones }: WorldRun): readonly StageSample[] {
  const isOver = milestones.overMs !== null
  return signed.flatMap(({ signedMs: beginMs, bytes }, index) => {
    const isTimed = index % TIMED_VOUCHERS === 0 || index === signed.length - 1
    if (!isTimed) return []
    const endMs = held.find((each) => each.bytes >= bytes)?.signedMs ?? null
    return stageSample(STAGES.voucher, { beginMs, endMs }, isOver)
  })
}

function stageSamples(run: WorldRun): readonly StageSample[] {
  const { milestones, held, transactions } = run
  const { askedMs, openConfirmedMs, requestedMs, redeemedMs, endedMs } = milestones
  const { payerLeftMs, payerReason } = milestones
  const isOver = milestones.overMs !== null
  const stage = (name: string, beginMs: number | null, endMs: number | null) =>
    stageSample(name, { beginMs, endMs }, isOver)
  const isDue =
    requestedMs !== null &&
    worthUnits(run, reachedBy(held, requestedMs)) > dueUnitsAt(run, requestedMs)
  // A payer that vanished did not ask for anything, and one that found it closed has its rest.
  const wantsRest = payerReason !== 'vanished' && payerReason !== 'closed'
  return [
    ...chainSamples(transactions, isOver),
    ...stage(STAGES.opening, askedMs, openConfirmedMs),
    ...voucherSamples(run),
    ...stage(STAGES.redemption, isDue ? requestedMs : null, redeemedMs),
    ...stage(STAGES.closing, requestedMs, endedMs),
    ...stage(STAGES.refund, wantsRest ? payerLeftMs : null, endedMs),
  ]
}

/** Spans in which nothing could pass between the two, whatever was paid; none overlap. */
function outages({ faults }: WorldRun): readonly Span[] {
  const cut = faults.filter(({ kind, target }) => {
    const isOfParty = target.startsWith('payer') || target.startsWith('provider')
    return isOfParty && (kind === 'link-down' || kind === 'process-crash')
  })
  const spans: { fromMs: number; untilMs: number }[] = []
  for (const fault of [...cut].sort((a, b) => a.atMs - b.atMs)) {
    const untilMs = faultEndMs(fault)
    const last = spans[spans.length - 1]
    if (last !== undefined && fault.atMs <= last.untilMs) {
      last.untilMs = Math.max(last.untilMs, untilMs)
    } else spans.push({ fromMs: fault.atMs, untilMs })
  }
  return spans
}

/** Time in which the transfer stood still for want of money, outages of the line aside. */
function waitedMs(run: WorldRun, waits: readonly Wait[]): number {
  const cut = outages(run)
  return totalMs(waits) - waits.reduce((sum, wait) => sum + overlapMs(cut, wait), 0)
}

function samplesOf(run: WorldRun): RunFacts['samples'] {
  const { milestones, deliveredBytes, endState, steps, signed, waits } = run
  const { openedMs, askedMs, completeMs } = milestones
  if (openedMs === null) return {}
  const waitedOn = (on: Wait['on']) => [
    waitedMs(
      run,
      waits.filter((wait) => wait.on === on),
    ),
  ]
  const isComplete = completeMs !== null && askedMs !== null
  const loss = voucherLossUnits(run)
  const unpaid = unpaidUnits(run)
  const redemptions = steps.filter(isPresented).length
  const topUps = steps.filter(({ edge }) => edge === 'Open|topUp|Open').length
  return {
    downloadedBytes: [deliveredBytes],
    waitedMs: [waitedMs(run, waits)],
    downloadMs: isComplete ? [completeMs - askedMs] : [],
    ...{ waitedForOpening: waitedOn('open'), waitedForDeposit: waitedOn('deposit') },
    waitedForVouchers: waitedOn('voucher'),
    voucherLoss: loss === null ? [] : [loss],
    voucherLossOnline: loss === null ? [] : [isProviderCut(run) ? 0n : loss],
    providerLoss: unpaid === null ? [] : [unpaid],
    vouchers: [signed.length],
    redemptions: [redemptions],
    vouchersPerRedemption: redemptions === 0 ? [] : [Math.floor(signed.length / redemptions)],
    topUps: [topUps],
    depositUsed: loss === null ? [] : [(paidUnits(run) * BPS) / endState.depositUnits],
    staleVouchers: [run.staleCount],
  }
}

function sharesOf(run: WorldRun): RunFacts['shares'] {
  const { milestones, behaviour, steps, agreements } = run
  const end = endOf(run)
  const ended = (how: string) => (end === null ? null : end === how)
  const loss = voucherLossUnits(run)
  const lostIf = (counts: boolean) => (loss === null || !counts ? null : loss > 0n)
  const byWatcher = steps.some(
    ({ planned, outcome }) =>
      outcome.accepted &&
      planned.action === 'redeem' &&
      planned.by !== agreements[0]?.roles.provider,
  )
  return {
    complete: milestones.openedMs === null ? null : milestones.completeMs !== null,
    cooperative: ended('cooperative'),
    closedAlone: ended('alone'),
    forced: ended('forced'),
    expired: ended('expired'),
    reclaimed: ended('reclaimed'),
    lost: lostIf(true),
    lostUnwatched: lostIf(!behaviour.hasWatcher),
    lostWatched: lostIf(behaviour.hasWatcher),
    watcherRedeemed: end === null || !behaviour.hasWatcher ? null : byWatcher,
  }
}

/** The facts of a run; with `hasCourse`, the course of its exposures over time as well. */
export function runFactsOf(run: WorldRun, hasCourse: boolean): RunFacts {
  const { endState, milestones, exposure } = run
  const { receivedUnits, refundedUnits, escrowUnits, depositUnits } = endState
  const isEnded = milestones.endedMs !== null
  return {
    ...{ run: run.run, hash: run.hash, grossUnits: paidUnits(run), platformUnits: 0n },
    isStarted: milestones.openedMs !== null,
    isSettled: isEnded,
    isOver: milestones.overMs !== null,
    endMs: milestones.overMs ?? run.steps.at(-1)?.includedMs ?? 0,
    stages: stageSamples(run),
    leakage: null,
    payer: { ...courseOf(exposure, 'payerUnits', hasCourse), boundUnits: 0n },
    provider: {
      ...courseOf(exposure, 'providerUnits', hasCourse),
      boundUnits: providerBoundUnits(run),
    },
    residualUnits: depositUnits - receivedUnits - refundedUnits - escrowUnits,
    token: run.agreements[0]?.token ?? '',
    protectedUnits: null,
    ...paidTransactions(run.transactions),
    judgements: judgementFacts(paymentChannelWorldInvariants, run),
    samples: samplesOf(run),
    shares: sharesOf(run),
  }
}
