/**
 * How the provider serves: pieces at the pace of the line, vouchers that count, and where it stops.
 *
 * It never serves more than one voucher step beyond its newest voucher, nor more than a confirmed
 * deposit covers, nor in a channel that its clock takes for expired. Only a genuine voucher above
 * the newest one counts: copies, old ones and overtaken ones say nothing new.
 */

import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { pieceMs } from '../world/download.ts'
import { isReached } from '../world/ownClock.ts'
import type { Effect, Effects, Message, Step, Voucher } from './actors.ts'
import { expiresAtSeconds } from './expiry.ts'
import { PIECE_BYTES, type ProviderConfig, type ProviderState } from './providerState.ts'

/** Bytes beyond which the provider does not serve for now. */
function limitBytes(config: ProviderConfig, { book, coveredBytes }: ProviderState): number {
  const { fileBytes, price, defects } = config
  const covered = defects.providerServesPastDeposit === true ? fileBytes : coveredBytes
  const most = Math.min(fileBytes, covered)
  if (defects.providerServesWithoutVouchers === true) return most
  return Math.min(most, book.held + price.bytesPerVoucher)
}

function mayServe(config: ProviderConfig, { phase, view, book }: ProviderState, now: Moment) {
  if (phase !== 'serving' || !book.asked || view?.state !== 'Open') return false
  return !isReached(expiresAtSeconds(config, view), now)
}

/** Goes on with the file if there is something to send and leave to do so. */
export function stream(config: ProviderConfig, state: ProviderState, now: Moment): Effects {
  const { book } = state
  if (book.isStreaming || !mayServe(config, state, now)) return NO_EFFECTS
  const limit = limitBytes(config, state)
  if (book.sent >= limit) {
    if (book.standsOn !== null || book.sent >= config.fileBytes) return NO_EFFECTS
    book.standsOn = book.sent >= state.coveredBytes ? 'deposit' : 'voucher'
    return [{ kind: 'mark', mark: { kind: 'stands', on: book.standsOn } }]
  }
  book.isStreaming = true
  book.chunk = Math.min(PIECE_BYTES, limit - book.sent)
  const afterMs = pieceMs(book.chunk, config.behaviour.bytesPerSecond)
  const timer: Effect = { kind: 'timer', name: 'piece', afterMs }
  if (book.standsOn === null) return [timer]
  book.standsOn = null
  return [{ kind: 'mark', mark: { kind: 'streams' } }, timer]
}

function piece(fromBytes: number, untilBytes: number): Effect {
  return { kind: 'send', to: 'payer', message: { kind: 'piece', fromBytes, untilBytes } }
}

/** A piece has gone out on the line. */
export function onPieceSent(
  config: ProviderConfig,
  state: ProviderState,
  now: Moment,
): Step<ProviderState> {
  const { book } = state
  book.isStreaming = false
  if (!mayServe(config, state, now)) return [state, NO_EFFECTS]
  const from = book.sent
  book.sent = Math.min(from + book.chunk, limitBytes(config, state))
  return [state, [piece(from, book.sent), ...stream(config, state, now)]]
}

/** Takes a voucher that says more than the newest, and hands it to the watcher. */
export function hold(config: ProviderConfig, { book }: ProviderState, voucher: Voucher): Effects {
  const { providerTakesStale, providerTakesForged } = config.defects
  const { bytes, isGenuine } = voucher
  if (bytes === 0 || (!isGenuine && providerTakesForged !== true)) return NO_EFFECTS
  if (bytes <= book.held && providerTakesStale !== true) return NO_EFFECTS
  book.held = bytes
  book.isForged = !isGenuine
  if (bytes > (book.vouchers.at(-1) ?? 0)) book.vouchers.push(bytes)
  if (!config.behaviour.hasWatcher) return NO_EFFECTS
  return [{ kind: 'send', to: 'watcher', message: { kind: 'entrusted', bytes } }]
}

/** Answers a question: goes on from where the payer is, and tells that it is there. */
export function onAsk(
  config: ProviderConfig,
  state: ProviderState,
  now: Moment,
  { receivedBytes }: Extract<Message, { kind: 'ask' }>,
): Effects {
  const { book, phase } = state
  book.asked = true
  if (phase !== 'serving') return NO_EFFECTS
  // What the payer lacks was lost on the way; what it has signed for it has, old questions or not.
  book.sent = Math.min(book.sent, Math.max(receivedBytes, book.held))
  if (book.isStreaming) return NO_EFFECTS
  return [piece(book.sent, book.sent), ...stream(config, state, now)]
}
