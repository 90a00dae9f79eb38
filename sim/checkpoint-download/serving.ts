/**
 * How a seeder serves: chunks at the pace of its line, HTTP 402 while a payment is awaited.
 *
 * Hardened it also keeps an account of its own. It sends at most a window beyond what has been
 * acknowledged, and at most a window beyond what the next checkpoint leaves: that is what bounds
 * its loss. As described it serves whoever asks while the chain says Serving.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { pieceMs, rateOf } from '../world/download.ts'
import type { DownloadView, Effect, Effects, Message, Range, Step } from './actors.ts'
import type { SeederConfig, SeederState, ServingBook } from './seederState.ts'

/** Reports that mode upfront lets be on their way: one, while the next step is sent. */
export const UPFRONT_STEPS = 2

const mark = (kind: 'sent' | 'acknowledged', bytes: number): Effect => ({
  kind: 'mark',
  mark: { kind, bytes },
})

/** Whether a payment that it sees counts. */
export function isConfirmed({ confirmations }: SeederConfig, state: SeederState): boolean {
  const { view, paid } = state
  if (view === null || paid.checkpoint !== view.checkpoint) return false
  return paid.checkpoint === 0 || view.headNumber >= paid.inBlock + confirmations - 1
}

/** Whether the seeder serves at all. */
export function mayServe(config: SeederConfig, state: SeederState): boolean {
  const { view, phase } = state
  if (phase !== 'serving' || view?.state !== 'Serving') return false
  const isSure = config.policy === 'as-described' || config.servesUnconfirmed
  return isSure || isConfirmed(config, state)
}

/** hardened: bytes that it may have reported and still send, before the next payment. */
function leftBytes({ terms, upfrontStepBytes }: SeederConfig, view: DownloadView): number {
  if (terms.mode === 'upfront') return UPFRONT_STEPS * upfrontStepBytes
  return view.thresholdBytes - view.totalBytes
}

/** Whether `bytes` more may be sent, on top of what is queued. */
function fits(config: SeederConfig, { book, view }: SeederState, bytes: number): boolean {
  if (config.policy === 'as-described' || config.servesPastLimit || view === null) return true
  const { seeder, windowBytes } = config
  const { sentBytes, queue, acknowledgedBytes, voidBytes } = book
  let afterBytes = sentBytes + bytes
  for (const range of queue) afterBytes += newBytes(book, range)
  const open = afterBytes - acknowledgedBytes - Math.min(voidBytes, sentBytes - acknowledgedBytes)
  const unreported = afterBytes - (view.deliveredBytes[seeder] ?? 0)
  return open <= windowBytes && unreported <= leftBytes(config, view) + windowBytes
}

/** Bytes of a range that were never sent before. */
function newBytes({ sent }: ServingBook, { from, bytes }: Range): number {
  return Math.max(0, bytes - (sent.get(from) ?? 0))
}

function isQueued({ queue }: ServingBook, { from }: Range): boolean {
  for (const each of queue) if (each.from === from) return true
  return false
}

/** The next chunk's turn, one at a time. */
function send(config: SeederConfig, { book }: SeederState): Effects {
  const [next] = book.queue
  if (book.isSending || next === undefined) return NO_EFFECTS
  book.isSending = true
  const rate = rateOf(config.behaviour, config.seeder, book.sources)
  return [{ kind: 'timer', name: 'piece', afterMs: pieceMs(next.bytes, rate) }]
}

function unpaid({ seeder }: SeederConfig): Effect {
  return { kind: 'send', to: 'downloader', message: { kind: 'unpaid', seeder } }
}

/** What the downloader says has arrived; never more than was sent. */
function acknowledge({ book }: SeederState, bytes: number): Effects {
  const acknowledgedBytes = Math.min(bytes, book.sentBytes)
  if (acknowledgedBytes <= book.acknowledgedBytes) return NO_EFFECTS
  book.acknowledgedBytes = acknowledgedBytes
  return [mark('acknowledged', acknowledgedBytes)]
}

export function onRequest(
  config: SeederConfig,
  state: SeederState,
  { ranges, sources, ...asked }: Extract<Message, { kind: 'request' }>,
): Effects {
  const { book } = state
  const noted = acknowledge(state, asked.acknowledgedBytes)
  book.voidBytes = Math.max(book.voidBytes, asked.voidBytes)
  book.sources = Math.max(1, sources)
  const serves = mayServe(config, state)
  if (serves) {
    for (const range of ranges) {
      const isNew = !isQueued(book, range) && fits(config, state, newBytes(book, range))
      if (isNew) book.queue.push(range)
    }
  }
  // A request during a pause is answered with 402, whatever is still on its way. What does not fit
  // is dropped without a word, unless there is nothing else to answer.
  const isEmpty = book.queue.length === 0
  const isRefused = serves ? isEmpty && ranges.length > 0 : isEmpty || ranges.length > 0
  const answer = isRefused ? [unpaid(config)] : send(config, state)
  return noted.length === 0 ? answer : [...noted, ...answer]
}

/** Told that nothing more is wanted: a payment comes next. */
export function onDelivered(config: SeederConfig, state: SeederState, bytes: number): Effects {
  const noted = acknowledge(state, bytes)
  state.book.toldBytes = Math.max(state.book.toldBytes, bytes)
  return state.phase === 'serving' ? [...noted, unpaid(config)] : noted
}

/** A chunk is through; a seeder that is to stop drops the rest and says so. */
export function onPiece(config: SeederConfig, state: SeederState): Step<SeederState> {
  const { book } = state
  book.isSending = false
  if (!mayServe(config, state)) {
    const isAsked = book.queue.length > 0 && state.phase === 'serving'
    book.queue = []
    return [state, isAsked ? [unpaid(config)] : NO_EFFECTS]
  }
  const range = book.queue.shift()
  if (range === undefined) return [state, NO_EFFECTS]
  const { seeder, behaviour } = config
  const more = newBytes(book, range)
  const chunk = { kind: 'chunk', seeder, range } as const
  const effects: Effect[] = [{ kind: 'send', to: 'downloader', message: chunk }]
  if (more > 0) {
    book.sent.set(range.from, range.bytes)
    book.sentBytes += more
    effects.unshift(mark('sent', book.sentBytes))
  }
  const { vanishesAfterBytes = 0 } = behaviour.seeders[seeder] ?? {}
  if (vanishesAfterBytes > 0 && book.sentBytes >= vanishesAfterBytes) {
    const left: Effect = { kind: 'mark', mark: { kind: 'left', reason: 'vanished' } }
    return [{ ...state, phase: 'gone' }, [...effects, left]]
  }
  return [state, [...effects, ...send(config, state)]]
}

/**
 * The downloader may be gone. A cancellation ends the download for everybody, so the seeder first
 * looks whether it goes on without it; who cannot see the chain does nothing.
 */
export function onPatience(
  config: SeederConfig,
  state: SeederState,
  now: Moment,
): Step<SeederState> {
  if (state.phase !== 'serving') return [state, NO_EFFECTS]
  const leftMs = state.book.heardMs + config.behaviour.seederPatienceMs - now.monotonicMs
  if (leftMs > 0) return [state, [{ kind: 'timer', name: 'patience', afterMs: leftMs }]]
  return [{ ...state, isImpatient: true }, [{ kind: 'look', afterMs: 0 }]]
}

/** Leaves a download in which nothing has moved for as long as it is patient. */
export function onLookAround(
  config: SeederConfig,
  before: SeederState,
  now: Moment,
): Step<SeederState> {
  const state = { ...before, isImpatient: false }
  // A payment is there, and it is the seeders' turn.
  if ((state.view?.pendingUnits ?? 0n) > 0n) state.book.heardMs = now.monotonicMs
  const [waiting, timers] = onPatience(config, state, now)
  if (!waiting.isImpatient) return [state, timers]
  const left: Effect = { kind: 'mark', mark: { kind: 'left', reason: 'silence' } }
  return [{ ...state, phase: 'leaving' }, [left]]
}
