/**
 * How the payer's client gets the file: asks, pieces, vouchers, the last word.
 *
 * It signs for bytes that have reached it and for none besides: whenever a voucher step has
 * arrived, and at the end. What is lost on the way is asked for again; every question bears the
 * newest voucher, so that a lost one is made up for.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { isReached } from '../world/ownClock.ts'
import type { Effect, Effects, LeaveReason, Message, Step, Voucher } from './actors.ts'
import { expiresAtSeconds } from './expiry.ts'
import {
  COURTESY_MS,
  DONE_AGAIN_MS,
  type PayerConfig,
  type PayerState,
  PREY_SILENT_MS,
  PROBE_MS,
  STALL_MS,
} from './payerState.ts'
import { coveredBytes } from './price.ts'

const toProvider = (message: Message): Effect => ({ kind: 'send', to: 'provider', message })

/** The voucher that the payer sends now; what one that signs no more sends is worth nothing. */
function newestVoucher(config: PayerConfig, { book }: PayerState): Voucher {
  const isForged = config.behaviour.signs === 'forges' && book.counted >= config.signsUntilBytes
  return isForged
    ? { bytes: book.counted, isGenuine: false }
    : { bytes: book.signed, isGenuine: true }
}

/** Signs for what has arrived, and sends it; a payer that signs no more sends what it has. */
function pay(config: PayerConfig, state: PayerState): Effects {
  const { book } = state
  const bytes = book.counted + (config.defects.payerSignsAheadBytes ?? 0)
  if (bytes <= book.signed) return NO_EFFECTS
  const send = () => toProvider({ kind: 'voucher', voucher: newestVoucher(config, state) })
  if (book.counted >= config.signsUntilBytes) {
    return config.behaviour.signs === 'stops' ? NO_EFFECTS : [send()]
  }
  book.signed = bytes
  return [{ kind: 'mark', mark: { kind: 'signed', bytes } }, send()]
}

/** Looks after the transfer from time to time; one timer at once. */
function watch({ book }: PayerState, afterMs: number): Effects {
  if (book.isWatching) return NO_EFFECTS
  book.isWatching = true
  return [{ kind: 'timer', name: 'stall', afterMs }]
}

export function ask(config: PayerConfig, state: PayerState, againMs = STALL_MS): Effects {
  const { book } = state
  const message: Message = {
    ...{ kind: 'ask', receivedBytes: book.counted, voucher: newestVoucher(config, state) },
  }
  return [toProvider(message), ...watch(state, againMs)]
}

export function leave(
  config: PayerConfig,
  state: PayerState,
  now: Moment,
  reason: LeaveReason,
): Step<PayerState> {
  if (state.phase === 'leaving' || state.phase === 'gone') return [state, NO_EFFECTS]
  const { payerEnds } = config.behaviour
  const hasVanished = payerEnds === 'vanishes' && reason !== 'closed'
  const left: LeaveReason = hasVanished ? 'vanished' : reason
  const mark: Effect = { kind: 'mark', mark: { kind: 'left', reason: left } }
  if (hasVanished) return [{ ...state, phase: 'gone' }, [mark]]
  const isPolite = payerEnds === 'cooperates' && reason === 'satisfied'
  const requestFromMs = now.monotonicMs + (isPolite ? COURTESY_MS : 0)
  const next: PayerState = { ...state, phase: 'leaving', requestFromMs, isPolite }
  if (!isPolite) return [next, [mark]]
  const signed = pay(config, next)
  const done = toProvider({ kind: 'done', voucher: newestVoucher(config, next) })
  const courtesy: Effect = { kind: 'timer', name: 'courtesy', afterMs: COURTESY_MS }
  return [next, [mark, ...signed, done, courtesy, ...watch(next, DONE_AGAIN_MS)]]
}

/** The payer has got what it wanted: it stays for a while. */
function linger(config: PayerConfig, state: PayerState, now: Moment): Step<PayerState> {
  const { lingersMs } = config.behaviour
  if (lingersMs === 0) return leave(config, state, now, 'satisfied')
  const effects: Effect[] = [{ kind: 'timer', name: 'linger', afterMs: lingersMs }]
  if (config.preys) {
    state.book.answeredMs = now.monotonicMs
    effects.push(...watch(state, PROBE_MS))
  }
  return [{ ...state, phase: 'lingering' }, effects]
}

export function onPiece(
  config: PayerConfig,
  state: PayerState,
  now: Moment,
  { fromBytes, untilBytes }: Extract<Message, { kind: 'piece' }>,
): Step<PayerState> {
  const { book, phase } = state
  if (phase === 'gone') return [state, NO_EFFECTS]
  book.answeredMs = now.monotonicMs
  const { payerCountsCopies } = config.defects
  if (untilBytes <= book.received && payerCountsCopies !== true) return [state, NO_EFFECTS]
  book.heardMs = now.monotonicMs
  book.received = Math.max(book.received, untilBytes)
  const summed = Math.min(config.fileBytes, book.counted + untilBytes - fromBytes)
  book.counted = payerCountsCopies === true ? summed : book.received
  if (phase !== 'loading') return [state, NO_EFFECTS]
  const isWhole = book.counted >= config.fileBytes
  const isStep = book.counted - book.signed >= config.price.bytesPerVoucher
  const paid = isWhole || isStep ? pay(config, state) : NO_EFFECTS
  if (book.counted < config.takesBytes) return [state, paid]
  const [next, effects] = linger(config, state, now)
  return [next, paid.length === 0 ? effects : [...paid, ...effects]]
}

/** Whether nothing can come because the payer's own deposit does not cover more. */
function isUncovered({ price, fileBytes }: PayerConfig, { view, book }: PayerState): boolean {
  return coveredBytes(price, view?.depositUnits ?? 0n, fileBytes) <= book.received
}

/** Asks again for what does not come, looks for prey, or repeats the last word. */
export function onStall(config: PayerConfig, state: PayerState, now: Moment): Step<PayerState> {
  const { book, phase, view } = state
  const { monotonicMs } = now
  book.isWatching = false
  if (phase === 'leaving') {
    const mayRepeat = state.isPolite && view?.state === 'Open' && monotonicMs < state.requestFromMs
    if (!mayRepeat) return [state, NO_EFFECTS]
    const done = toProvider({ kind: 'done', voucher: newestVoucher(config, state) })
    return [state, [done, ...watch(state, DONE_AGAIN_MS)]]
  }
  if (phase === 'lingering' && config.preys) {
    const isOffline = monotonicMs - book.answeredMs >= PREY_SILENT_MS
    if (isOffline) return leave(config, state, now, 'offline')
    return [state, ask(config, state, PROBE_MS)]
  }
  if (phase !== 'loading') return [state, NO_EFFECTS]
  // Nothing is served any more, and no deposit is taken.
  const hasExpired = view?.state === 'Open' && isReached(expiresAtSeconds(config, view), now)
  if (hasExpired) return leave(config, state, now, 'expired')
  if (isUncovered(config, state)) book.heardMs = monotonicMs
  const silentMs = monotonicMs - book.heardMs
  if (silentMs >= config.behaviour.payerPatienceMs) return leave(config, state, now, 'silence')
  if (silentMs < STALL_MS && !isUncovered(config, state)) return [state, watch(state, STALL_MS)]
  return [state, ask(config, state)]
}
