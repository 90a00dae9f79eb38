/**
 * Claims about the world of checkpoint-download, judged on what reached the downloader in truth and
 * when, not on what the contract believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with.
 */
import { VACUOUS, type WorldInvariantOf, type WorldJudgement } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import { reachedBy } from './exposure.ts'
import { moneyInvariants } from './moneyInvariants.ts'
import type { PaymentRecord } from './payments.ts'
import type { SourceRecord, WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

/** Most that a seeder ever sent beyond its segment, and when. */
function overshootOf(run: WorldRun, seeder: number) {
  const course = bounds.allowanceCourse(run)
  let worst = { atMs: 0, bytes: 0 }
  // Upfront as described everything is paid for before, whatever is reported later.
  if (run.policy === 'as-described' && run.terms.mode === 'upfront') return worst
  for (const { signedMs: atMs, bytes: sent } of run.sources[seeder]?.sent ?? []) {
    const credited = course.books(atMs)?.creditedBytes[seeder] ?? 0
    const bytes = sent - credited - course.openBytes(seeder, atMs)
    if (bytes > worst.bytes) worst = { atMs, bytes }
  }
  return worst
}

/** What a seeder sent after it saw that a payment was due, and before that payment counted. */
function sentUnpaid({ sent, looks }: SourceRecord, { checkpoint, confirmedMs }: PaymentRecord) {
  const due = looks.find(
    (look) => look.state === 'WaitingForPayment' && look.checkpoint === checkpoint,
  )
  if (due === undefined) return null
  const untilMs = confirmedMs ?? Number.POSITIVE_INFINITY
  const early = sent.find(({ signedMs }) => signedMs > due.atMs && signedMs < untilMs)
  if (early === undefined) return { atMs: due.atMs, evidence: null }
  const when = `${early.signedMs - due.atMs} ms after it saw that payment ${checkpoint} was due`
  return { atMs: early.signedMs, evidence: `a seeder sent ${when}, which did not count yet` }
}

const pause: WorldInvariant = {
  id: 'INV-W-CHECKPOINT-PAUSE',
  statement:
    'Serving pauses at a checkpoint: no seeder sends more than a window beyond its segment, and ' +
    'none sends anything between seeing that a payment is due and that payment’s confirmation.',
  formula: 'sup (sent − paid − S) ≤ W; sent in (due seen, confirmed) = 0 without reorgs',
  witness: 'a chunk that was sent, a payment that a seeder saw fall due',
  unit: 'bytes',
  judge(run) {
    const isUndone = run.transactions.some(({ reorgs }) => reorgs > 0)
    let witnesses = 0
    let worst = { atMs: 0, bytes: 0 }
    for (const [seeder, source] of run.sources.entries()) {
      witnesses += source.sent.length
      const overshoot = overshootOf(run, seeder)
      if (overshoot.bytes > worst.bytes) worst = overshoot
      for (const payment of isUndone ? [] : run.payments) {
        const found = sentUnpaid(source, payment)
        if (found === null) continue
        witnesses += 1
        const { atMs, evidence } = found
        if (evidence !== null) return { witnesses, violation: { atMs, evidence } }
      }
    }
    if (witnesses === 0) return VACUOUS
    const [observed, bound] = [worst.bytes, bounds.windowBytes(run)]
    const evidence = `${observed} bytes were sent beyond a segment > ${bound} bytes`
    const violation = observed > bound ? { atMs: worst.atMs, evidence } : null
    return { witnesses, violation, observed, bound }
  },
}

const metered: WorldInvariant = {
  id: 'INV-W-METERED',
  statement:
    'A seeder that keeps to the rules reports nothing that has not reached the downloader.',
  formula: 'reported(i) ≤ reached(i) at every accepted report',
  witness: 'an accepted report of such a seeder',
  unit: 'bytes',
  policies: ['hardened'],
  judge({ policy, ledger, sources, behaviour }) {
    if (policy !== 'hardened') return VACUOUS
    let witnesses = 0
    let worst = { atMs: 0, bytes: 0 }
    for (const [index, { atMs, deliveredBytes }] of ledger.entries()) {
      const before = ledger[index - 1]?.deliveredBytes ?? []
      const at = deliveredBytes.findIndex((bytes, seeder) => bytes !== (before[seeder] ?? 0))
      if (at < 0 || (behaviour.seeders[at]?.overReportsBps ?? 0) > 0) continue
      witnesses += 1
      const reached = reachedBy(sources[at]?.reached ?? [], atMs)
      const bytes = (deliveredBytes[at] ?? 0) - reached
      if (bytes > worst.bytes) worst = { atMs, bytes }
    }
    if (witnesses === 0) return VACUOUS
    const evidence = `${worst.bytes} bytes were reported that had not arrived`
    const violation = worst.bytes > 0 ? { atMs: worst.atMs, evidence } : null
    return { witnesses, violation, observed: worst.bytes, bound: 0 }
  },
}

/** Whether nobody was disturbed from when a payment fell due until some time. */
function isCalm(run: WorldRun, fromMs: number, untilMs: number): boolean {
  const parties = ['downloader', ...run.sources.map((_, at) => `seeder${at}`)]
  return !run.faults.some(
    (fault) =>
      fault.atMs <= untilMs &&
      fault.atMs + fault.durationMs >= fromMs &&
      parties.some((party) => bounds.disturbs(fault, party)),
  )
}

/** Time from the confirmation of a payment to the next chunk; null when it says nothing. */
function resumedMs(run: WorldRun, { dueMs, confirmedMs, isUndone }: PaymentRecord) {
  const { milestones, received, terms, sources, ledger } = run
  if (confirmedMs === null || isUndone) return null
  const isDueAgain = run.payments.some((next) => next.dueMs > dueMs && next.dueMs <= confirmedMs)
  if (isDueAgain) return null
  const books = ledger.findLast(({ atMs }) => atMs <= confirmedMs)
  const came = sources.reduce((sum, { reached }) => sum + reachedBy(reached, confirmedMs), 0)
  // The file is there, or so much was served beyond the last checkpoint that the next one is due.
  const isUpToDate = terms.mode !== 'upfront' && came >= (books?.thresholdBytes ?? 0)
  if (isUpToDate || reachedBy(received, confirmedMs) >= terms.fileBytes) return null
  const arrivals = sources.flatMap(({ reached }) => {
    const next = reached.find(({ signedMs }) => signedMs >= confirmedMs)
    return next === undefined ? [] : [next.signedMs]
  })
  const nextMs = Math.min(...arrivals)
  const lastMs = Math.min(nextMs, confirmedMs + bounds.resumeBoundMs(run))
  // What came in time came whatever happened later; otherwise nothing may excuse it.
  const ends = [milestones.leftMs, milestones.endedMs, ...sources.map(({ leftMs }) => leftMs)]
  const isEnding = ends.some((atMs) => atMs !== null && atMs < lastMs)
  if (isEnding || !isCalm(run, dueMs, lastMs)) return null
  return nextMs - confirmedMs
}

const resume: WorldInvariant = {
  id: 'INV-W-RESUME',
  statement: 'Serving resumes within a stated time after a payment is confirmed.',
  formula: 'next chunk − confirmed ≤ block + poll + 4 · L + 2 chunks; a try more per lost message',
  witness: 'a confirmed payment with bytes to come, nobody leaving or disturbed',
  unit: 'ms',
  judge(run) {
    const bound = bounds.resumeBoundMs(run)
    let witnesses = 0
    let worst = { atMs: 0, observed: 0 }
    for (const payment of run.payments) {
      const observed = resumedMs(run, payment)
      if (observed === null) continue
      witnesses += 1
      if (observed > worst.observed) worst = { atMs: payment.confirmedMs ?? 0, observed }
    }
    if (witnesses === 0) return VACUOUS
    const { atMs, observed } = worst
    const when = Number.isFinite(observed) ? `came ${observed} ms after` : 'never came after'
    const evidence = `the next chunk ${when} a confirmation > ${bound} ms`
    const violation = observed > bound ? { atMs, evidence } : null
    return {
      witnesses,
      violation,
      observed: Number.isFinite(observed) ? observed : bound + 1,
      bound,
    }
  },
}

/** Whether the file has to arrive: an honest downloader that can pay, and somebody steady. */
function isDue(run: WorldRun): boolean {
  const { behaviour, policy, faults, sources } = run
  const { cheat, cancelsAfterBytes, vanishesAfterBytes, purseBps, freesMoney } = behaviour
  const isHonest = cheat === 'none' && cancelsAfterBytes === 0 && vanishesAfterBytes === 0
  const canPay = purseBps === 0 || (policy === 'hardened' && freesMoney)
  const isDisturbed = faults.some((fault) => bounds.disturbs(fault, 'downloader'))
  const isBilledRightly = sources.every(
    (_, at) => policy === 'as-described' || behaviour.seeders[at]?.overReportsBps === 0,
  )
  const isSteady = bounds.steadySeeders(run).length > 0
  return isHonest && canPay && !isDisturbed && isBilledRightly && isSteady
}

/**
 * Whether somebody gave up while the chain itself did not move, or is less patient than it takes to
 * notice who is gone: no fault of the mechanism.
 */
function isGivenUp(run: WorldRun): boolean {
  const { behaviour, milestones, sources } = run
  const reasons = [milestones.reason, ...sources.map(({ reason }) => reason)]
  const patienceMs = Math.min(behaviour.downloaderPatienceMs, behaviour.seederPatienceMs)
  const delayMs = 2 * bounds.chainFaultsMs(run) + bounds.silencesMs(run) + bounds.turnsMs(run)
  return reasons.includes('silence') && delayMs >= patienceMs
}

const completes: WorldInvariant = {
  id: 'INV-W-COMPLETES',
  statement:
    'If the downloader keeps to the rules and can pay, and at least one seeder stays reachable, ' +
    'the whole file arrives within a stated time, whoever else drops out.',
  formula: 'last byte − asked ≤ completion bound',
  witness: 'a download that ought to complete',
  unit: 'ms',
  judge(run) {
    if (!isDue(run)) return VACUOUS
    const { milestones, receivedBytes, terms } = run
    const { completeMs, askedMs, reason } = milestones
    const bound = bounds.completionBoundMs(run)
    if (completeMs === null) {
      if (isGivenUp(run)) return VACUOUS
      const missing = `${receivedBytes} of ${terms.fileBytes} bytes arrived`
      const evidence = `${missing}; the downloader ${reason === null ? 'waits' : `left: ${reason}`}`
      return { witnesses: 1, violation: { atMs: milestones.endedMs ?? 0, evidence } }
    }
    const observed = completeMs - askedMs
    const evidence = `the last byte came after ${observed} ms > ${bound} ms`
    const violation = observed > bound ? { atMs: completeMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

const liveness: WorldInvariant = {
  id: 'INV-W-LIVENESS',
  statement:
    'After the faults heal, and somebody has left or the file is there, the download ends and ' +
    'every token of it leaves the contract within a stated time.',
  formula: 'over − max(healed, left or complete) ≤ exit bound',
  witness: 'a download that was opened and is not deserted',
  unit: 'ms',
  judge(run): WorldJudgement {
    const { milestones, endState } = run
    const dueMs = bounds.exitDueFromMs(run)
    if (milestones.openedMs === null || dueMs === null) return VACUOUS
    const { overMs } = milestones
    if (overMs === null) {
      const evidence = `${endState.heldUnits} base units remain in state ${endState.state}`
      return { witnesses: 1, violation: { atMs: dueMs, evidence } }
    }
    const observed = Math.max(0, overMs - dueMs)
    const bound = bounds.exitBoundMs(run)
    const evidence = `over ${observed} ms after it was due > ${bound} ms`
    const violation = observed > bound ? { atMs: overMs, evidence } : null
    return { witnesses: 1, violation, observed, bound }
  },
}

/** All claims about the world of checkpoint-download. */
export const checkpointDownloadWorldInvariants: readonly WorldInvariant[] = [
  pause,
  resume,
  metered,
  completes,
  ...moneyInvariants,
  liveness,
]

/** Claims that the mechanism as described cannot keep. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-CHECKPOINT-PAUSE',
  'INV-W-SEEDER-LOSS',
  'INV-W-PROVIDER-EXPOSURE',
  'INV-W-WHOLE-FILE',
  'INV-W-SPLIT',
  'INV-W-UPFRONT',
  'INV-W-PAYS-ONCE',
]
