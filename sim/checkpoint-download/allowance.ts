/**
 * The bounds that follow from the parameters: what each side can lose, and within which time things
 * happen. `worldInvariants.ts` judges runs by them. S is the segment up to the next checkpoint, W a
 * window of chunks, k the number of seeders.
 *
 * A seeder, hardened. It sends a new range only while, by its newest look at the chain,
 *
 *     sent − delivered ≤ threshold − total + W
 *
 * where `delivered` is what it has reported and `total` what all have. As total − billed is at
 * least what this seeder has reported since the last payment, delivered − paid, and threshold −
 * billed is at most S,
 *
 *     sent − paid = (sent − delivered) + (delivered − paid) ≤ threshold − billed + W ≤ S + W  (A)
 *
 * at every instant, whatever the downloader does: what reaches it was sent. Segments never shrink,
 * so an old look is no danger. All seeders together risk k times that (B): none of them knows what
 * the others have sent. Of this S is the mechanism's, W is what HTTP has on its way. A downloader
 * that keeps to the rules asks for no more than the checkpoint leaves, so all of them together risk
 * S; (B) is what one can take that does not.
 *
 * A reorg can undo a payment that a seeder saw and took for good: then the segments that it had
 * seen paid and the chain says are not come on top, each once.
 *
 * Mode upfront, hardened: there is no threshold. A seeder reports each step R (the first checkpoint
 * of the terms), is paid for it out of what is locked, and sends at most 2·R + W beyond what it saw
 * reported: one report is on its way while the next step is sent. That is what a downloader can
 * take that cancels in between; reports that a reorg undid come on top.
 *
 * The downloader, hardened: nothing, at checkpoints; it pays what it agrees to. Upfront the price
 * of the file, as the seeders' word is enough.
 *
 * As described, nothing but the speed of the line bounds what is served while report, payment and
 * confirmation are on their way, and nothing at all what a downloader takes that reports nothing.
 * Judged by the same bounds it fails.
 *
 * Time. Each call that is wanted is included within I (`inclusionBoundMs`), faults of the chain
 * aside. Resumption: a seeder looks once a block, the downloader polls; a message can get lost, and
 * then the next poll counts. Completion and exit add up what waits for one another.
 */
import { DRIFT_PPM_MAX } from '../clocks.ts'
import { type Fault, faultEndMs } from '../faults/fault.ts'
import { MEBIBYTE_BYTES, pieceMs, rateOf } from '../world/download.ts'
import { BACKOFF_MOST_MS } from '../world/wallet.ts'
import { seederAt } from './actors.ts'
import { ABSENT_STALLS, ANSWER_MS, STALL_MS, stallMs, WINDOW } from './downloaderState.ts'
import { type LedgerEntry, segmentOf } from './ledger.ts'
import { priceOf } from './options.ts'
import { UPFRONT_STEPS } from './serving.ts'
import type { Look, WorldRun } from './worldRun.ts'

/**
 * Slots in which an eligible bid is included, but for one case in 10^10 (0.15^12 and empty slots).
 */
const INCLUSION_SLOTS = 20
/** Polls in a row that may be lost or answered late: with 1 % loss one case in 10^10 is worse. */
const POLLS_LOST = 6
/** Calls that wait for one another from the last byte, or a wish to leave, to the end. */
const CALLS_OF_AN_EXIT = 6
const PPM = 1_000_000

/** W: ranges that are on their way to the downloader. */
export function windowBytes({ parameters }: WorldRun): number {
  return WINDOW * (parameters.chunkBytes as number)
}

/** The books and what each seeder had seen, as time goes on: to be asked in order of time. */
interface AllowanceCourse {
  /** The books after the newest step by then; null before the opening. */
  books(atMs: number): LedgerEntry | null
  /** (A) without W: what a seeder may have sent and not been paid for, as far as it could know. */
  openBytes(seeder: number, atMs: number): number
}

/** Walks along with somebody who asks for ascending times. */
export function allowanceCourse(run: WorldRun): AllowanceCourse {
  const { ledger, sources, terms, policy } = run
  const segments = new Map<number, number>()
  const segment = (checkpoint: number): number => {
    const known = segments.get(checkpoint)
    if (known !== undefined) return known
    const bytes = segmentOf({ policy, terms, parameters: run.parameters as never }, checkpoint)
    segments.set(checkpoint, bytes)
    return bytes
  }
  let step = -1
  const books = (atMs: number) => {
    while (step + 1 < ledger.length && (ledger[step + 1] as LedgerEntry).atMs <= atMs) step += 1
    return ledger[step] ?? null
  }
  const seen = sources.map(() => ({ index: -1, checkpoint: 0, deliveredBytes: 0 }))
  const seenBy = (seeder: number, atMs: number) => {
    const own = seen[seeder] as { index: number; checkpoint: number; deliveredBytes: number }
    const looks = sources[seeder]?.looks ?? []
    while (own.index + 1 < looks.length && (looks[own.index + 1] as Look).atMs <= atMs) {
      own.index += 1
      const { checkpoint, deliveredBytes } = looks[own.index] as Look
      own.checkpoint = Math.max(own.checkpoint, checkpoint)
      own.deliveredBytes = Math.max(own.deliveredBytes, deliveredBytes)
    }
    return own
  }
  return {
    books,
    openBytes(seeder, atMs) {
      const now = books(atMs)
      const { checkpoint, deliveredBytes } = seenBy(seeder, atMs)
      if (terms.mode === 'upfront') {
        const stepBytes = UPFRONT_STEPS * terms.firstMebibytes * MEBIBYTE_BYTES
        return stepBytes + Math.max(0, deliveredBytes - (now?.deliveredBytes[seeder] ?? 0))
      }
      const paid = now?.checkpoint ?? 0
      let bytes = 0
      for (let n = paid; n <= Math.max(paid, checkpoint); n += 1) bytes += segment(n)
      return bytes
    },
  }
}

/** (A) in base units; one more, as shares round down at either end. */
export function openUnits(run: WorldRun, openBytes: number): bigint {
  return priceOf(run.terms.pricePerMebibyteUnits, openBytes + windowBytes(run)) + 1n
}

/** (B) for the segment that the run came to: what all seeders together can lose. */
export function providerBoundUnits(run: WorldRun): bigint {
  const course = allowanceCourse(run)
  const all = run.sources.map((_, at) => openUnits(run, course.openBytes(at, Number.MAX_VALUE)))
  return all.reduce((sum, units) => sum + units, 0n)
}

/** What the downloader can lose. */
export function payerBoundUnits({ terms }: WorldRun): bigint {
  return terms.mode === 'upfront' ? priceOf(terms.pricePerMebibyteUnits, terms.fileBytes) : 0n
}

/** What a clock that is slow or fast adds. */
function drifted(timeMs: number): number {
  return timeMs + Math.ceil((timeMs * DRIFT_PPM_MAX) / PPM)
}

/** Time in which the chain includes a bid that keeps being raised, faults of the chain aside. */
export function inclusionBoundMs({ profile }: WorldRun): number {
  return INCLUSION_SLOTS * profile.blockIntervalMs + profile.resendAfterMs + BACKOFF_MOST_MS
}

function slowestPieceMs({ sources, behaviour, terms, parameters }: WorldRun): number {
  const times = sources.map((_, at) =>
    pieceMs(parameters.chunkBytes as number, rateOf(behaviour, at, terms.seeders)),
  )
  return Math.max(...times)
}

/** Time from a payment that counts to the next chunk, when nobody is disturbed. */
export function resumeBoundMs(run: WorldRun): number {
  const { profile, parameters, lags } = run
  const answerMs = ANSWER_MS + slowestPieceMs(run) + 2 * lags.messageMs
  const pollMs = (parameters.pollIntervalMs as number) + answerMs
  const seenMs = 2 * profile.blockIntervalMs + STALL_MS
  return drifted(seenMs + POLLS_LOST * pollMs + WINDOW * slowestPieceMs(run)) + lags.messageMs
}

/** Whether a fault can keep a party from doing its part; clocks keep nobody from anything. */
export function disturbs({ kind, target }: Fault, party: string): boolean {
  const isClock = kind.startsWith('clock-')
  return !isClock && (target === party || target.startsWith(`${party}.`))
}

/** Seeders that stay, keep to the rules, and meet no fault. */
export function steadySeeders({ sources, behaviour, faults }: WorldRun): readonly number[] {
  return sources.flatMap((_, at) => {
    const hasFault = faults.some((fault) => disturbs(fault, seederAt(at)))
    return hasFault || (behaviour.seeders[at]?.vanishesAfterBytes ?? 0) > 0 ? [] : [at]
  })
}

/** All the time that faults of the chain last, each with the inclusion that it may delay. */
export function chainFaultsMs(run: WorldRun): number {
  const { faults, profile } = run
  return faults.reduce((sum, { target, kind, durationMs, magnitude }) => {
    if (target !== 'chain') return sum
    const undoneMs = kind === 'reorg' ? magnitude * profile.blockIntervalMs : 0
    return sum + durationMs + undoneMs + inclusionBoundMs(run)
  }, 0)
}

/** as-described: each seeder leaves the confirmation to those before it for a while. */
export function turnsMs({ policy, terms, profile }: WorldRun): number {
  const { blockIntervalMs, resendAfterMs } = profile
  return policy === 'hardened' ? 0 : terms.seeders * (2 * blockIntervalMs + resendAfterMs)
}

/** Time in which all silences are noticed that leavings and faults can bring about, one by one. */
export function silencesMs(run: WorldRun): number {
  return (run.sources.length + run.faults.length) * noticeMs(run)
}

/** Time in which any seeder's silence is noticed. */
function noticeMs({ behaviour, terms, parameters, sources }: WorldRun): number {
  const config = { behaviour, terms, chunkBytes: parameters.chunkBytes as number }
  const limitMs = Math.max(...sources.map((_, at) => stallMs(config, at)))
  return ABSENT_STALLS * limitMs + 2 * STALL_MS
}

/**
 * Time from the opening to the last byte if at least one seeder is steady: the file, twice if all
 * was lost that others delivered, at the pace of the slowest steady seeder; and at each payment its
 * calls, its confirmations and the resumption, with whoever leaves noticed once more.
 */
export function completionBoundMs(run: WorldRun): number {
  const { behaviour, terms, policy, profile, payments } = run
  const steady = steadySeeders(run)
  const rates = steady.map((at) => rateOf(behaviour, at, terms.seeders))
  const transferMs = 2 * pieceMs(terms.fileBytes, Math.min(...rates))
  const calls = policy === 'hardened' ? 3 : terms.seeders + 2
  const confirmMs = (profile.confirmations + 1) * 2 * profile.blockIntervalMs
  const pauseMs = calls * inclusionBoundMs(run) + confirmMs + turnsMs(run) + resumeBoundMs(run)
  const openMs = 3 * (run.agreements.length * inclusionBoundMs(run))
  const pausesMs = (payments.length + 1) * (pauseMs + WINDOW * slowestPieceMs(run))
  return drifted(openMs + transferMs + pausesMs + silencesMs(run)) + chainFaultsMs(run)
}

/** Time after which all is over, from when the exit is due. */
export function exitBoundMs(run: WorldRun): number {
  const { behaviour, profile } = run
  const patienceMs = Math.max(behaviour.downloaderPatienceMs, behaviour.seederPatienceMs)
  const confirmMs = (profile.confirmations + 1) * 2 * profile.blockIntervalMs
  const callsMs = CALLS_OF_AN_EXIT * inclusionBoundMs(run)
  return drifted(patienceMs + confirmMs + callsMs + completionOfTailMs(run))
}

/** What absent seeders never reported may have to be fetched once more. */
function completionOfTailMs(run: WorldRun): number {
  const { sources, terms, behaviour } = run
  const slowest = Math.min(...sources.map((_, at) => rateOf(behaviour, at, terms.seeders)))
  return pieceMs(terms.fileBytes, slowest) + noticeMs(run) + resumeBoundMs(run)
}

/**
 * From when on the download ought to come to its end, whatever went wrong before: somebody who is
 * there has left, or the file is there. Clocks do not hold up an exit, and neither do faults that
 * began when all was over; counting them would excuse everything. Null when nobody is there.
 */
export function exitDueFromMs(run: WorldRun): number | null {
  const { milestones, sources, faults, behaviour } = run
  const { overMs, leftMs, reason, completeMs, openedMs } = milestones
  const lastMs = overMs ?? Number.POSITIVE_INFINITY
  const delaying = faults.filter(({ kind, atMs }) => !kind.startsWith('clock-') && atMs < lastMs)
  const faultsMs = delaying.reduce((latest, fault) => Math.max(latest, faultEndMs(fault)), 0)
  const isThere = (why: string | null) => why !== 'vanished'
  const everybody = [{ leftMs, reason }, ...sources]
  const there = everybody.filter((each) => isThere(each.reason))
  if (there.length === 0) return null
  const left = there.flatMap((each) => (each.leftMs === null ? [] : [each.leftMs]))
  if (completeMs !== null && isThere(reason)) left.push(completeMs)
  // Nobody has to end what is going on; who is alone does it when its patience is over.
  const goneMs = Math.max(0, ...everybody.map((each) => each.leftMs ?? 0))
  const patienceMs = Math.max(behaviour.downloaderPatienceMs, behaviour.seederPatienceMs)
  const dueMs = left.length > 0 ? Math.min(...left) : (overMs ?? goneMs + patienceMs)
  return Math.max(faultsMs, dueMs, openedMs ?? 0)
}
