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
 * Time, with L the longest that a message of the run was on its way, and n how many were lost; both
 * are measured, so that what chance does to messages needs no allowance.
 *
 * Each call is included within I of the block after which it is wanted, faults of the chain aside:
 * the time in which that block is seen; as many slots as leave one case in 10^10 where an eligible
 * bid can miss a block, and one where it cannot; where requests were repeated one pause of the
 * wallet, and where some failed its longest one.
 *
 * Resumption: a seeder looks as often as blocks come, and in step with them unless a fault or a
 * drift put it out of step; then it sees a block late that a payment counts. The newest answer
 * reaches the downloader, a poll follows, the request travels, and after what is being sent a chunk
 * travels back: (block +) poll + 4 · L + 2 chunks. Each lost message costs the time after which
 * an answer is asked for again.
 *
 * Completion: two chunks of one seeder take as long as the line needs, or as the request for the
 * next ones and their way, max(2 · chunk, chunk + 2 · L); all seeders work side by side. Where one
 * of them is not steady the slowest steady one may have to deliver the file twice. To that each
 * payment adds its calls, its confirmations and a resumption, each lost message and each silence
 * the time in which it is noticed.
 *
 * Exit: reports and payments in turn, as many as are open, and the end. Unless everybody is there,
 * keeps to the rules, can pay and is not disturbed, patience comes on top, a few calls more, and
 * what absent seeders never reported.
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

/** A bid that can miss a block is included but for one case in 10 to this power. */
const RARE_POWER = 10
/** Time in which a block is seen. */
const SEEN_MS = 150
/** Messages that can be lost in a row: with 1 % loss one case in 10^10 is worse. */
const LOST_IN_A_ROW = 6
/**
 * Calls more where somebody is gone or cheats: reports of what is fetched again, claims, a retry.
 */
const CALLS_IF_DISTURBED = 3
const PPM = 1_000_000
const BPS = 10_000

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

/** Slots within which an eligible bid is included. */
function inclusionSlots({ inclusionBps, skippedSlotsMax }: WorldRun['profile']): number {
  const missBps = BPS - inclusionBps
  const tries = missBps === 0 ? 1 : Math.ceil(RARE_POWER / -Math.log10(missBps / BPS))
  return tries + skippedSlotsMax
}

/**
 * Time from a block after which a call is wanted to its inclusion by a bid that keeps being raised,
 * faults of the chain aside.
 */
export function inclusionBoundMs({ profile, transactions }: WorldRun): number {
  const isRepeated = transactions.some(({ requests }) => requests > 1)
  const hasFailed = transactions.some(({ failures }) => failures > 0)
  const pauseMs = (isRepeated ? profile.resendAfterMs : 0) + (hasFailed ? BACKOFF_MOST_MS : 0)
  return SEEN_MS + inclusionSlots(profile) * profile.blockIntervalMs + pauseMs
}

function slowestPieceMs({ sources, behaviour, terms, parameters }: WorldRun): number {
  const times = sources.map((_, at) =>
    pieceMs(parameters.chunkBytes as number, rateOf(behaviour, at, terms.seeders)),
  )
  return Math.max(...times)
}

/** Time without a word after which any seeder is asked again. */
function slowestStallMs({ behaviour, terms, parameters, sources }: WorldRun): number {
  const config = { behaviour, terms, chunkBytes: parameters.chunkBytes as number }
  return Math.max(...sources.map((_, at) => stallMs(config, at)))
}

/** Time from a payment that counts to the next chunk, when nobody is disturbed. */
export function resumeBoundMs(run: WorldRun): number {
  const { profile, parameters, lags, lostCount } = run
  const pollMs = parameters.pollIntervalMs as number
  const repeatMs = pollMs + ANSWER_MS + slowestPieceMs(run)
  const lostMs = Math.max(repeatMs, STALL_MS + slowestStallMs(run))
  const againMs = Math.min(LOST_IN_A_ROW, lostCount) * lostMs
  // Looks keep step with the blocks, unless a fault, or a clock that drifts, puts them out of it.
  const seenMs = SEEN_MS + (run.faults.length === 0 ? 0 : profile.blockIntervalMs)
  return drifted(seenMs + pollMs + againMs + 2 * slowestPieceMs(run)) + 4 * lags.messageMs
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
function noticeMs(run: WorldRun): number {
  return ABSENT_STALLS * slowestStallMs(run) + 2 * STALL_MS
}

/** Time that the file is on the line, whoever of the steady seeders is left with it. */
function transferMs(run: WorldRun): number {
  const { behaviour, terms, parameters, lags } = run
  const chunkBytes = parameters.chunkBytes as number
  const chunks = Math.ceil(terms.fileBytes / chunkBytes)
  const steady = steadySeeders(run)
  const pairsMs = steady.map((at) => {
    const chunkMs = pieceMs(chunkBytes, rateOf(behaviour, at, terms.seeders))
    return Math.max(2 * chunkMs, chunkMs + 2 * lags.messageMs)
  })
  const isEach = steady.length === terms.seeders
  if (!isEach) return 2 * Math.ceil(chunks / 2) * Math.max(...pairsMs)
  const pairsPerMs = pairsMs.reduce((sum, pairMs) => sum + 1 / pairMs, 0)
  return Math.ceil(chunks / 2 / pairsPerMs) + Math.max(...pairsMs)
}

/** Time until a payment is as deep as agreed; where slots can be empty, every other one. */
function confirmMs({ profile }: WorldRun): number {
  const slots = (profile.confirmations + 1) * (profile.skippedSlotBps === 0 ? 1 : 2)
  return slots * profile.blockIntervalMs
}

/** Time from the wish for a file to its last byte if at least one seeder is steady. */
export function completionBoundMs(run: WorldRun): number {
  const { terms, policy, payments, agreements, lostCount } = run
  const calls = policy === 'hardened' ? 3 : terms.seeders + 2
  const pauseMs = calls * inclusionBoundMs(run) + confirmMs(run) + turnsMs(run) + resumeBoundMs(run)
  // Each of the other downloads is opened, paid and, for its money, left.
  const openMs = STALL_MS + (3 * agreements.length - 2) * inclusionBoundMs(run)
  const pausesMs = (payments.length + 1) * (pauseMs + WINDOW * slowestPieceMs(run))
  const lossesMs = lostCount * noticeMs(run)
  const sumMs = openMs + transferMs(run) + pausesMs + silencesMs(run) + lossesMs
  return drifted(sumMs) + chainFaultsMs(run)
}

/** Time after which all is over, from when the exit is due. */
export function exitBoundMs(run: WorldRun): number {
  const { behaviour, policy, terms, payments, lags } = run
  const isTrusted = policy === 'as-described'
  const dueMs = exitDueFromMs(run) ?? 0
  const open = payments.filter(({ confirmedMs }) => confirmedMs === null || confirmedMs > dueMs)
  // Reports and payments in turn, and the end. As described the downloader reports for one seeder
  // after the other, and a payment waits to be confirmed.
  const turns = Math.max(1, open.length)
  const calls = (isTrusted ? terms.seeders : turns) + turns + (isTrusted ? turns : 0) + 1
  const deepMs = isTrusted ? turns * confirmMs(run) : 0
  const toldMs = 2 * lags.messageMs
  if (isPlain(run)) return drifted(toldMs + deepMs + calls * inclusionBoundMs(run))
  const callsMs = (calls + CALLS_IF_DISTURBED) * inclusionBoundMs(run)
  const patienceMs = Math.max(behaviour.downloaderPatienceMs, behaviour.seederPatienceMs)
  return drifted(patienceMs + deepMs + confirmMs(run) + callsMs + completionOfTailMs(run))
}

/** Whether everybody is there to the end, keeps to the rules, can pay, and is not disturbed. */
function isPlain({ behaviour, milestones, sources, faults, lostCount }: WorldRun): boolean {
  const isThere = [milestones, ...sources].every(({ reason }) => reason !== 'vanished')
  const isCalm = faults.length === 0 && lostCount === 0
  return isThere && isCalm && behaviour.cheat === 'none' && behaviour.purseBps === 0
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
