/**
 * How the downloader's client fetches the file: range requests to all seeders that are there, a few
 * at a time, up to the next checkpoint; polls after a 402; re-assignment when a seeder is silent.
 *
 * Hardened, only what has been reported can be paid, so what an absent seeder delivered and did not
 * report does not count towards the checkpoint: the others deliver more, at the end of the file the
 * same bytes once more. As described the client itself reports for everybody.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { type Effect, type Effects, hasEnded, type Range, type Step, seederAt } from './actors.ts'
import {
  ABSENT_STALLS,
  answerMs,
  CHEAT_PATIENCE_MS,
  type DownloaderConfig,
  type DownloaderState,
  leave,
  type SourceBook,
  STALL_MS,
  stallMs,
  type TransferBook,
  WINDOW,
} from './downloaderState.ts'

const BPS = 10_000

/** Loops are written out here and below: this is asked for every chunk of a file. */
function bytesOf(ranges: readonly Range[]): number {
  let sum = 0
  for (let at = 0; at < ranges.length; at += 1) sum += (ranges[at] as Range).bytes
  return sum
}
const isSame = (one: Range, other: Range) => one.from === other.from && one.bytes === other.bytes
/** Whether it is the same range, and wanted from anybody. */
const isOpen = (one: Range, other: Range) => one.isAgain === undefined && isSame(one, other)
const isIdle = ({ outstanding }: SourceBook) => outstanding.length === 0

/** Whether anything is still fetched. */
function isFetching({ policy }: DownloaderConfig, { phase, view }: DownloaderState) {
  return phase === 'fetching' && view !== null && view.state !== 'None' && !hasEnded(policy, view)
}

/** Bytes that the chain will know of once everybody who is there has reported. */
function countedBytes({ policy }: DownloaderConfig, { book, view }: DownloaderState): number {
  const { sources } = book
  let sum = 0
  for (let at = 0; at < sources.length; at += 1) {
    const { status, arrivedBytes } = sources[at] as SourceBook
    const reports = policy === 'as-described' || status !== 'absent'
    sum += reports ? arrivedBytes : Math.min(arrivedBytes, view?.deliveredBytes[at] ?? 0)
  }
  return sum
}

/** Bytes that may be asked for now. */
function roomBytes(config: DownloaderConfig, state: DownloaderState): number {
  const { policy, terms, behaviour } = config
  const { view, book } = state
  if (view === null || !isFetching(config, state)) return 0
  const { sources } = book
  let counted = countedBytes(config, state)
  for (let at = 0; at < sources.length; at += 1) {
    counted += bytesOf((sources[at] as SourceBook).outstanding)
  }
  const left = terms.fileBytes - counted
  // As described it is the seeders who stop; a downloader that takes tries to be served anyway.
  if (policy === 'as-described' && !behaviour.stopsByItself) return left
  if (view.state !== 'Serving') return 0
  const isFree = terms.mode === 'upfront' || behaviour.cheat === 'takes'
  return isFree ? left : Math.min(left, view.thresholdBytes - counted)
}

/** What an absent seeder delivered and never reported goes back into the pool, newest first. */
function takeBack(state: DownloaderState): void {
  const { book, view } = state
  for (const [at, { status, arrived, arrivedBytes }] of book.sources.entries()) {
    if (status !== 'absent') continue
    let lostBytes = arrivedBytes - (view?.deliveredBytes[at] ?? 0)
    for (const { from, bytes, isAgain } of [...arrived].reverse()) {
      if (lostBytes <= 0) break
      lostBytes -= bytes
      if (isAgain === undefined) book.pool.push({ from, bytes, isAgain: true })
    }
  }
}

/** The next range to ask a seeder for, of so many bytes at most; null when there is none. */
function takeRange(
  config: DownloaderConfig,
  state: DownloaderState,
  { reached }: SourceBook,
  most: number,
): Range | null {
  const { book } = state
  const { fileBytes } = config.terms
  if (book.pool.length === 0 && book.nextFrom >= fileBytes) takeBack(state)
  // Not what it sent itself before.
  const index =
    book.pool.length === 0
      ? -1
      : book.pool.findIndex(({ from, isAgain }) => isAgain !== true || !reached.has(from))
  const given = book.pool[index]
  if (given === undefined) {
    const from = book.nextFrom
    const bytes = Math.min(config.chunkBytes, fileBytes - from, most)
    if (bytes <= 0) return null
    book.nextFrom += bytes
    return { from, bytes }
  }
  const isWhole = given.bytes <= most
  const rest = { ...given, from: given.from + most, bytes: given.bytes - most }
  book.pool.splice(index, 1, ...(isWhole ? [] : [rest]))
  return isWhole ? given : { ...given, bytes: most }
}

/** What the client says has arrived from a seeder; `isLast` when nothing more is wanted. */
function acknowledged(
  { policy, behaviour, chunkBytes }: DownloaderConfig,
  { arrivedBytes }: SourceBook,
  isLast = false,
): number {
  if (policy === 'as-described') return arrivedBytes
  switch (behaviour.cheat) {
    case 'late': {
      if (isLast) return arrivedBytes
      const late = Math.floor((WINDOW * chunkBytes * behaviour.cheatBps) / BPS)
      return Math.max(0, arrivedBytes - late)
    }
    case 'less':
      return Math.floor((arrivedBytes * (BPS - behaviour.cheatBps)) / BPS)
    case 'nothing':
      return 0
    default:
      return arrivedBytes
  }
}

function request(
  config: DownloaderConfig,
  { book }: DownloaderState,
  at: number,
  ranges: readonly Range[],
): Effect {
  const source = book.sources[at] as SourceBook
  let sources = 0
  for (const { status } of book.sources) if (status !== 'absent') sources += 1
  const acknowledgedBytes = acknowledged(config, source)
  const { voidBytes } = source
  const message = { kind: 'request', ranges, voidBytes, acknowledgedBytes, sources } as const
  return { kind: 'send', to: seederAt(at), message }
}

/** Asks a seeder for as much as fits its window and the checkpoint. */
function ask(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  at: number,
  most = WINDOW,
): Effects {
  const source = state.book.sources[at] as SourceBook
  const ranges: Range[] = []
  const wasIdle = isIdle(source)
  while (source.outstanding.length < WINDOW && ranges.length < most) {
    const room = roomBytes(config, state)
    const range = room <= 0 ? null : takeRange(config, state, source, room)
    if (range === null) break
    source.outstanding.push(range)
    ranges.push(range)
  }
  if (ranges.length === 0) return NO_EFFECTS
  if (wasIdle) source.heardMs = now.monotonicMs
  return [request(config, state, at, ranges)]
}

/** Keeps the seeders busy that are there. */
function askAll(config: DownloaderConfig, state: DownloaderState, now: Moment): Effects {
  return state.book.sources.flatMap(({ status, outstanding }, at) =>
    status === 'there' && outstanding.length <= WINDOW / 2 ? ask(config, state, now, at) : [],
  )
}

/** Tells who has not reported all that has arrived, once nothing more can be asked for. */
function tell(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  isAgain = false,
): Effects {
  const { view, book } = state
  if (config.policy !== 'hardened' || view?.state !== 'Serving') return NO_EFFECTS
  for (const source of book.sources) if (!isIdle(source)) return NO_EFFECTS
  if (roomBytes(config, state) > 0) return NO_EFFECTS
  return book.sources.flatMap((source, at): Effects => {
    const acknowledgedBytes = acknowledged(config, source, true)
    const isKnown = acknowledgedBytes <= (view.deliveredBytes[at] ?? 0)
    if (isKnown || (acknowledgedBytes <= source.toldBytes && !isAgain)) return []
    if (acknowledgedBytes > source.toldBytes) source.heardMs = now.monotonicMs
    source.toldBytes = acknowledgedBytes
    const message = { kind: 'delivered', acknowledgedBytes } as const
    return [{ kind: 'send', to: seederAt(at), message }]
  })
}

function poll(config: DownloaderConfig, { book }: DownloaderState): Effects {
  if (book.isPolling || config.neverPolls) return []
  book.isPolling = true
  return [{ kind: 'timer', name: 'poll', afterMs: config.pollIntervalMs }]
}

function watch({ book }: DownloaderState): Effects {
  if (book.isWatching) return []
  book.isWatching = true
  return [{ kind: 'timer', name: 'stall', afterMs: STALL_MS }]
}

/** Goes on after news from the chain, or from somebody who gave ranges back. */
export function fetchOn(config: DownloaderConfig, state: DownloaderState, now: Moment): Effects {
  if (!isFetching(config, state)) return []
  const asked = askAll(config, state, now)
  const isPaused = state.book.sources.some(({ status }) => status === 'paused')
  const polls = isPaused && roomBytes(config, state) > 0 ? poll(config, state) : []
  return [...asked, ...tell(config, state, now), ...polls, ...watch(state)]
}

/** Asks again those that answered with 402, each for the next chunk. */
export function onPoll(config: DownloaderConfig, state: DownloaderState, now: Moment): Effects {
  const { book } = state
  book.isPolling = false
  if (!isFetching(config, state)) return []
  let isWaiting = false
  const effects = book.sources.flatMap((source, seeder): Effects => {
    if (source.status !== 'paused') return []
    const isDue = now.monotonicMs - source.heardMs >= answerMs(config, seeder)
    const again = isDue ? repeat(config, state, seeder) : []
    const asked = isIdle(source) ? ask(config, state, now, seeder, 1) : again
    isWaiting ||= !isIdle(source)
    if (asked.length === 0) return []
    return [...asked, { kind: 'mark', mark: { kind: 'polled', seeder } }]
  })
  return isWaiting ? [...effects, ...poll(config, state)] : effects
}

/** Asks once more for what a seeder was asked for and has not sent. */
function repeat(config: DownloaderConfig, state: DownloaderState, seeder: number): Effects {
  const { outstanding } = state.book.sources[seeder] as SourceBook
  return [request(config, state, seeder, [...outstanding])]
}

function giveBack(book: TransferBook, source: SourceBook): void {
  book.pool.unshift(...source.outstanding)
  source.outstanding = []
}

/** A 402: nothing that was asked will come, unless it is on its way already. */
export function onUnpaid(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  seeder: number,
): Effects {
  const { book } = state
  const source = book.sources[seeder] as SourceBook
  source.heardMs = now.monotonicMs
  giveBack(book, source)
  source.status = 'paused'
  const mark: Effect = { kind: 'mark', mark: { kind: 'unpaid', seeder } }
  return [mark, ...fetchOn(config, state, now)]
}

/** Takes a chunk in if it is still wanted from this seeder; one sent for nothing is void. */
function accept(book: TransferBook, source: SourceBook, range: Range, isCopy: boolean): boolean {
  const inWindow = source.outstanding.findIndex((each) => isSame(each, range))
  const inPool = inWindow < 0 ? book.pool.findIndex((each) => isOpen(each, range)) : -1
  if (inWindow >= 0) source.outstanding.splice(inWindow, 1)
  else if (inPool >= 0) book.pool.splice(inPool, 1)
  else {
    if (!isCopy) setVoid(source, range, range.bytes)
    return false
  }
  setVoid(source, range, 0)
  source.arrived.push(range)
  source.arrivedBytes += range.bytes
  if (range.isAgain === undefined) book.haveBytes += range.bytes
  return true
}

function setVoid(source: SourceBook, { from }: Range, bytes: number): void {
  source.voidBytes += bytes - (source.voided.get(from) ?? 0)
  if (bytes > 0) source.voided.set(from, bytes)
  else source.voided.delete(from)
}

/** Why the downloader goes now that so much has arrived. */
function goes(config: DownloaderConfig, state: DownloaderState): Step<DownloaderState> | null {
  const { behaviour, policy, terms } = config
  const { haveBytes } = state.book
  const { vanishesAfterBytes, cancelsAfterBytes, cheat } = behaviour
  if (vanishesAfterBytes > 0 && haveBytes >= vanishesAfterBytes) return leave(state, 'vanished')
  if (cancelsAfterBytes > 0 && haveBytes >= cancelsAfterBytes) return leave(state, 'enough')
  const isThere = haveBytes === terms.fileBytes
  // Having reported less, or nothing, it cannot complete and does not mean to.
  const isFreeRider = policy === 'as-described' && (cheat === 'nothing' || cheat === 'less')
  return isThere && isFreeRider ? leave(state, 'unpaid') : null
}

export function onChunk(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  { seeder, range }: { readonly seeder: number; readonly range: Range },
): Step<DownloaderState> {
  const { book, phase } = state
  const source = book.sources[seeder] as SourceBook
  if (phase === 'gone') return [state, []]
  source.heardMs = now.monotonicMs
  const newBytes = range.bytes - (source.reached.get(range.from) ?? 0)
  if (newBytes > 0) {
    source.reached.set(range.from, range.bytes)
    source.reachedBytes += newBytes
  }
  const isWanted = phase === 'fetching' && accept(book, source, range, newBytes <= 0)
  if (isWanted || source.status === 'absent') source.status = 'there'
  if (!isWanted && newBytes <= 0) return [state, []]
  const { reachedBytes: bytes } = source
  const reached = { kind: 'reached', seeder, bytes, fileBytes: book.haveBytes } as const
  const mark: Effect = { kind: 'mark', mark: reached }
  if (!isWanted) return [state, [mark]]
  book.progressMs = now.monotonicMs
  const left = goes(config, state)
  if (left !== null) return [left[0], [mark, ...left[1]]]
  const isLow = source.outstanding.length <= WINDOW / 2
  const asked = isLow ? ask(config, state, now, seeder) : NO_EFFECTS
  const told = tell(config, state, now)
  return [state, asked.length + told.length === 0 ? [mark] : [mark, ...asked, ...told]]
}

/** Gives a silent seeder's ranges to the others. */
function reassign(config: DownloaderConfig, state: DownloaderState, seeder: number): Effects {
  const { book } = state
  const source = book.sources[seeder] as SourceBook
  if (config.neverReassigns) return []
  const isNew = source.status !== 'absent'
  const bytes = bytesOf(source.outstanding)
  for (const range of source.outstanding) setVoid(source, range, range.bytes)
  giveBack(book, source)
  source.status = 'absent'
  return isNew ? [{ kind: 'mark', mark: { kind: 'reassigned', seeder, bytes } }] : []
}

/** Asks a silent seeder again, and takes it for absent in the end. */
function onSilence(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  seeder: number,
): Effects {
  const source = state.book.sources[seeder] as SourceBook
  const isTold = source.toldBytes > (state.view?.deliveredBytes[seeder] ?? 0)
  if (isIdle(source) && !isTold) return []
  const silentMs = now.monotonicMs - source.heardMs
  const limitMs = stallMs(config, seeder)
  if (silentMs >= ABSENT_STALLS * limitMs) return reassign(config, state, seeder)
  return silentMs < limitMs || isIdle(source) ? [] : repeat(config, state, seeder)
}

/**
 * Asks an absent seeder for a range that is left for the others all the same: whoever sends it
 * first has it.
 */
function probe(config: DownloaderConfig, state: DownloaderState, seeder: number): Effects {
  const { pool, sources } = state.book
  const room = roomBytes(config, state)
  const range = room > 0 ? takeRange(config, state, sources[seeder] as SourceBook, room) : null
  if (range === null) return []
  pool.unshift(range)
  return [request(config, state, seeder, [range])]
}

/** Looks after everybody from time to time. */
export function onStall(config: DownloaderConfig, state: DownloaderState, now: Moment): Effects {
  const { book } = state
  book.isWatching = false
  if (!isFetching(config, state)) return []
  const effects = book.sources.flatMap((_, at) => [...onSilence(config, state, now, at)])
  effects.push(...tell(config, state, now, true), ...fetchOn(config, state, now))
  for (const [at, source] of book.sources.entries()) {
    if (source.status === 'absent') effects.push(...probe(config, state, at))
    // An empty request says that the downloader is still there.
    else if (isIdle(source)) effects.push(request(config, state, at, []))
  }
  return effects
}

/** How long the downloader waits for any progress. */
export function patienceMs({ policy, behaviour }: DownloaderConfig): number {
  const { cheat, downloaderPatienceMs } = behaviour
  const isRefused = policy === 'hardened' && (cheat === 'less' || cheat === 'nothing')
  return isRefused ? CHEAT_PATIENCE_MS : downloaderPatienceMs
}
