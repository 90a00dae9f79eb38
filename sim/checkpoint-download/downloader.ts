/**
 * The downloader's client on the chain: opens, pays what it agrees to, completes, leaves. The file
 * itself is `transfer.ts`'s business.
 *
 * Hardened, it pays for what has arrived and refuses anything else. What it wants from the chain is
 * worked out anew from each view, never remembered as sent.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { backOff, pursue } from '../world/wallet.ts'
import {
  type DownloadView,
  type Effects,
  hasEnded,
  type Input,
  type Intent,
  type Message,
  type Step,
} from './actors.ts'
import { type DownloaderConfig, type DownloaderState, leave } from './downloaderState.ts'
import { claimIntent, payIntent, payOnTrustIntent, plainIntent } from './intents.ts'
import { reportWanted } from './meter.ts'
import { fetchOn, onChunk, onPoll, onStall, onUnpaid, patienceMs } from './transfer.ts'

const BPS = 10_000n

/** What bytes are worth by the client's own reckoning, rounded down. */
function worthUnits({ terms, mebibyteBytes }: DownloaderConfig, bytes: number): bigint {
  return (BigInt(bytes) * terms.pricePerMebibyteUnits) / BigInt(mebibyteBytes)
}

/** hardened: what the downloader agrees to pay at this checkpoint. */
function agreedUnits(config: DownloaderConfig, { book }: DownloaderState, view: DownloadView) {
  if (config.paysWhateverIsAsked) return view.dueUnits
  if (config.terms.mode === 'upfront') return worthUnits(config, config.terms.fileBytes)
  return book.sources.reduce((sum, { arrivedBytes }, at) => {
    const bytes = Math.min(arrivedBytes, view.deliveredBytes[at] ?? 0)
    const units = worthUnits(config, bytes) - (view.paidUnits[at] ?? 0n)
    return units > 0n ? sum + units : sum
  }, 0n)
}

/** Whether the cheat has its turn at this payment. */
function cheatsNow(
  { behaviour, terms }: DownloaderConfig,
  cheat: string,
  { checkpoint }: DownloadView,
): boolean {
  // Mode upfront has one payment.
  const isTurn = terms.mode === 'upfront' || checkpoint >= behaviour.cheatsFrom
  return behaviour.cheat === cheat && isTurn
}

/** What is tried once, whether or not it works; told apart by the nonce. */
function isOpenTo(state: DownloaderState, view: DownloadView): boolean {
  return state.cheatNonce === null || state.cheatNonce === view.nonce
}

function payHardened(config: DownloaderConfig, state: DownloaderState, view: DownloadView): Intent {
  const { checkpoint } = view
  const amountUnits = agreedUnits(config, state, view)
  const shortUnits = (amountUnits * (BPS - BigInt(config.behaviour.cheatBps))) / BPS
  if (cheatsNow(config, 'underpays', view) && shortUnits > 0n && isOpenTo(state, view)) {
    return { ...payIntent('pay', { checkpoint, amountUnits: shortUnits }), key: 'cheat' }
  }
  return payIntent('pay', { checkpoint, amountUnits })
}

/** hardened: presents the checkpoint that is paid once more. */
function paysTwice(config: DownloaderConfig, state: DownloaderState, view: DownloadView) {
  if (!cheatsNow(config, 'repeats', view) || view.checkpoint === 0) return null
  if (!isOpenTo(state, view)) return null
  const again = { checkpoint: view.checkpoint - 1, amountUnits: 1n }
  return { ...payIntent('pay', again), key: 'cheat' }
}

function payOnTrust(config: DownloaderConfig, view: DownloadView, amountUnits: bigint): Intent {
  const { checkpoint } = view
  const { cheat, cheatBps } = config.behaviour
  if (cheat === 'repeats' && checkpoint > 0) {
    return payOnTrustIntent(checkpoint, { reference: 1n, amountUnits, sentUnits: 0n })
  }
  const isShort = cheatsNow(config, 'underpays', view)
  const sentUnits = isShort ? (amountUnits * (BPS - BigInt(cheatBps))) / BPS : amountUnits
  const reference = BigInt(checkpoint + 1)
  return payOnTrustIntent(checkpoint, { reference, amountUnits, sentUnits })
}

/** What is still to be done in the other downloads before this one begins. */
function lockOther({ policy, otherUnits }: DownloaderConfig, view: DownloadView): Intent | null {
  for (const [at, amountUnits] of otherUnits.entries()) {
    const agreement = at + 1
    const state = view.otherStates[at]
    if (state === 'None') return plainIntent('open', agreement)
    if (state !== 'WaitingForPayment' || view.otherPendingUnits[at] !== 0n) continue
    if (policy === 'hardened') return payIntent('pay', { checkpoint: 0, amountUnits }, agreement)
    const reference = BigInt(1_000_000 + at)
    return payOnTrustIntent(0, { reference, amountUnits, sentUnits: amountUnits }, agreement)
  }
  return null
}

/** hardened: leaves one of the other downloads, which gives back what is locked there. */
function freeOther({ policy }: DownloaderConfig, { otherStates }: DownloadView): Intent | null {
  const at = policy === 'hardened' ? otherStates.indexOf('Serving') : -1
  return at < 0 ? null : plainIntent('cancel', at + 1)
}

/** After the last byte: what is owed for it, and the end. */
function finish(config: DownloaderConfig, view: DownloadView): Intent {
  const tailUnits = worthUnits(config, view.totalBytes - view.billedBytes)
  const isTrusted = config.policy === 'as-described' && config.terms.mode !== 'upfront'
  const pays = isTrusted && tailUnits > 0n && config.behaviour.cheat !== 'skipsTail'
  return pays ? payOnTrust(config, view, tailUnits) : plainIntent('complete')
}

function whileServing(config: DownloaderConfig, state: DownloaderState, view: DownloadView) {
  const report = config.policy === 'as-described' ? reportWanted(config, state, view) : null
  if (report !== null) return report
  if (view.totalBytes === config.terms.fileBytes) return finish(config, view)
  return config.policy === 'hardened' ? paysTwice(config, state, view) : null
}

function whileWaiting(config: DownloaderConfig, state: DownloaderState, view: DownloadView) {
  if (config.policy === 'hardened') return payHardened(config, state, view)
  if (view.pendingUnits > 0n) return null
  const { mode, fileBytes } = config.terms
  return payOnTrust(
    config,
    view,
    worthUnits(config, mode === 'upfront' ? fileBytes : view.segmentBytes),
  )
}

/** What the downloader wants from the chain now. */
function desire(config: DownloaderConfig, state: DownloaderState): Intent | null {
  const { view, phase } = state
  if (view === null || phase === 'gone') return null
  const isLeaving = phase === 'leaving'
  switch (view.state) {
    case 'None':
      return lockOther(config, view) ?? (phase === 'fetching' ? plainIntent('open') : null)
    case 'Serving':
      if (isLeaving) return config.neverLeaves ? null : plainIntent('cancel')
      return whileServing(config, state, view)
    case 'WaitingForPayment':
      if (isLeaving) return config.neverLeaves ? null : plainIntent('cancel')
      return whileWaiting(config, state, view)
    case 'PaymentFailed': {
      if (config.policy === 'as-described') return null
      if (isLeaving) return config.neverLeaves ? null : plainIntent('cancel')
      const { checkpoint } = view
      const amountUnits = agreedUnits(config, state, view)
      const isFreed = view.otherStates.includes('Cancelled')
      const frees = isFreed ? null : freeOther(config, view)
      return frees ?? payIntent('retryPayment', { checkpoint, amountUnits })
    }
    default:
      return view.claimDownloaderUnits > 0n ? claimIntent('elsewhere') : freeOther(config, view)
  }
}

/** Why the downloader does not go on, now that it sees this; null when it does. */
function leavesAt(config: DownloaderConfig, state: DownloaderState, view: DownloadView) {
  const { policy, terms, behaviour } = config
  if (state.phase !== 'fetching') return null
  if (policy === 'hardened' && !config.paysWhateverIsAsked) {
    const { sources } = state.book
    const isOver = sources.some(
      ({ arrivedBytes }, at) => (view.deliveredBytes[at] ?? 0) > arrivedBytes,
    )
    if (isOver) return 'overcharged'
  }
  if (view.state === 'PaymentFailed' && policy === 'hardened' && !behaviour.freesMoney)
    return 'broke'
  if (view.state !== 'WaitingForPayment' || view.pendingUnits > 0n) return null
  const isTail = policy === 'hardened' && view.totalBytes === terms.fileBytes
  const skips = behaviour.cheat === 'skipsTail' && isTail
  return skips || cheatsNow(config, 'takes', view) ? 'unpaid' : null
}

function onView(
  config: DownloaderConfig,
  before: DownloaderState,
  now: Moment,
  view: DownloadView,
) {
  const isNews =
    before.view === null ||
    before.view.state !== view.state ||
    before.view.totalBytes !== view.totalBytes ||
    before.view.pendingUnits !== view.pendingUnits ||
    before.view.checkpoint !== view.checkpoint
  // A payment takes its time to count: patience begins when it should.
  if (isNews) before.book.progressMs = now.monotonicMs + config.confirmMs
  const state = { ...before, view }
  const reason = leavesAt(config, state, view)
  if (reason !== null) return leave(state, reason)
  return [state, fetchOn(config, state, now)] as const
}

function onBegin(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
): Step<DownloaderState> {
  if (state.phase !== 'before') return [state, NO_EFFECTS]
  const { view } = state
  if (view === null || lockOther(config, view) !== null) {
    return [state, [{ kind: 'timer', name: 'begin', afterMs: 1_000 }]]
  }
  state.book.progressMs = now.monotonicMs
  const afterMs = patienceMs(config)
  return [{ ...state, phase: 'fetching' }, [{ kind: 'timer', name: 'patience', afterMs }]]
}

/** Nothing has come for so long that nothing will. */
function onPatience(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
): Step<DownloaderState> {
  const { view, phase, book } = state
  if (phase !== 'fetching' || (view !== null && hasEnded(config.policy, view))) {
    return [state, NO_EFFECTS]
  }
  const leftMs = book.progressMs + patienceMs(config) - now.monotonicMs
  if (leftMs > 0) return [state, [{ kind: 'timer', name: 'patience', afterMs: leftMs }]]
  return leave(state, 'silence')
}

function onTimer(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  name: string,
): Step<DownloaderState> {
  switch (name) {
    case 'begin':
      return onBegin(config, state, now)
    case 'patience':
      return onPatience(config, state, now)
    case 'stall':
      return [state, onStall(config, state, now)]
    case 'poll':
      return [state, onPoll(config, state, now)]
    default:
      return [state, NO_EFFECTS]
  }
}

function onMessage(
  config: DownloaderConfig,
  state: DownloaderState,
  now: Moment,
  message: Message,
): Step<DownloaderState> {
  if (message.kind === 'chunk') return onChunk(config, state, now, message)
  if (message.kind === 'unpaid') return [state, onUnpaid(config, state, now, message.seeder)]
  return [state, NO_EFFECTS]
}

function pursued(config: DownloaderConfig, before: DownloaderState, now: Moment, effects: Effects) {
  const { view } = before
  if (view === null) return [before, effects] as const
  const intent = desire(config, before)
  const isCheat = intent?.key === 'cheat' && before.cheatNonce === null
  const state = isCheat ? { ...before, cheatNonce: view.nonce } : before
  const { monotonicMs } = now
  const { resendAfterMs } = config
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, monotonicMs, nonce: view.nonce, resendAfterMs },
  })
  if (wallet === state.wallet && state === before) return [state, effects] as const
  return [{ ...state, wallet }, [...effects, ...sends]] as const
}

/** A defect: who hears that its payment could not be sent pays once more, beside trying again. */
function paidAgain(config: DownloaderConfig, state: DownloaderState): Effects {
  const intent = desire(config, state)
  if (!config.paysAgain || intent?.action !== 'pay' || state.view === null) return NO_EFFECTS
  const nonce = state.view.nonce + 1
  return [{ kind: 'submit', intent: { ...intent, key: 'again' }, nonce, attempt: 0 }]
}

/** One step of the downloader's client. Chunks do not move its wallet, unless it meters. */
export function reduceDownloader(
  config: DownloaderConfig,
  state: DownloaderState,
  input: Input,
  now: Moment,
): Step<DownloaderState> {
  if (state.phase === 'gone') return [state, NO_EFFECTS]
  switch (input.kind) {
    case 'view': {
      const [next, effects] = onView(config, state, now, input.view)
      return pursued(config, next, now, effects)
    }
    case 'timer': {
      const [next, effects] = onTimer(config, state, now, input.name)
      return pursued(config, next, now, effects)
    }
    case 'message': {
      const step = onMessage(config, state, now, input.message)
      const [next, effects] = step
      const isMetered = config.policy === 'as-described' && input.message.kind === 'chunk'
      return next === state && !isMetered ? step : pursued(config, next, now, effects)
    }
    default: {
      const again = paidAgain(config, state)
      const { failures } = state.wallet
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, failures)
      return [{ ...state, wallet }, [...effects, ...again]]
    }
  }
}
