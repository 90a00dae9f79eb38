/**
 * A seeder on the chain: reports what it delivered, confirms payments, leaves who is silent, takes
 * its pay. The file itself is `serving.ts`'s business.
 *
 * Hardened it reports what the downloader has acknowledged and nothing else, when the checkpoint is
 * reached as far as it can tell. As described it reports nothing, and confirms what the chain says
 * was paid, having nothing else to go by.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { backOff, pursue } from '../world/wallet.ts'
import {
  type DownloadView,
  type Effects,
  hasEnded,
  type Input,
  type Intent,
  type Step,
} from './actors.ts'
import { claimIntent, plainIntent, reportIntent } from './intents.ts'
import type { SeederConfig, SeederState } from './seederState.ts'
import {
  isConfirmed,
  onDelivered,
  onLookAround,
  onPatience,
  onPiece,
  onRequest,
} from './serving.ts'

const BPS = 10_000

/** Most that the contract takes from this seeder now. */
function mostBytes({ terms, seeder, nextSegmentBytes }: SeederConfig, view: DownloadView): number {
  const others = view.totalBytes - (view.deliveredBytes[seeder] ?? 0)
  if (terms.mode === 'upfront') return terms.fileBytes - others
  const beyond = view.thresholdBytes + nextSegmentBytes(view.segmentBytes) - 1
  return Math.min(terms.fileBytes, beyond) - others
}

/** Whether it is time for a report of so many bytes. */
function isDue(config: SeederConfig, { book }: SeederState, view: DownloadView, bytes: number) {
  const { seeder, terms, upfrontStepBytes } = config
  const { deliveredBytes, thresholdBytes, totalBytes } = view
  const more = bytes - (deliveredBytes[seeder] ?? 0)
  if (more <= 0) return false
  const isTold = book.toldBytes > (deliveredBytes[seeder] ?? 0)
  const stepBytes = terms.mode === 'upfront' ? upfrontStepBytes : thresholdBytes - totalBytes
  return isTold || more >= stepBytes || totalBytes + more >= terms.fileBytes
}

/** hardened: the report that is wanted; null for none. */
function report(config: SeederConfig, state: SeederState, view: DownloadView): Intent | null {
  const { seeder, behaviour, reportsWhatItSent } = config
  const { book, fraudNonce } = state
  const countBytes = reportsWhatItSent ? book.sentBytes : book.acknowledgedBytes
  if (!isDue(config, state, view, countBytes)) return null
  const mostAllowed = mostBytes(config, view)
  const { overReportsBps = 0 } = behaviour.seeders[seeder] ?? {}
  const fraud = Math.min(Math.floor((countBytes * (BPS + overReportsBps)) / BPS), mostAllowed)
  const isOpen = fraudNonce === null || fraudNonce === view.nonce
  if (fraud > countBytes && isOpen) return { ...reportIntent(seeder, fraud), key: 'fraud' }
  // Somebody else may have delivered the same bytes, or reported first.
  const bytes = Math.min(countBytes, mostAllowed)
  return bytes > (view.deliveredBytes[seeder] ?? 0) ? reportIntent(seeder, bytes) : null
}

/** as-described: a payment that is as deep as agreed is taken for good. */
function confirms(config: SeederConfig, state: SeederState, view: DownloadView, nowMs: number) {
  const { pendingIn, confirmsFromMs } = state
  if (config.policy !== 'as-described' || pendingIn === null || nowMs < confirmsFromMs) return null
  const isDeep = view.headNumber >= pendingIn + config.confirmations - 1
  return isDeep ? plainIntent('confirm') : null
}

/** What the seeder wants from the chain now. */
function desire(config: SeederConfig, state: SeederState, nowMs: number): Intent | null {
  const { view, phase } = state
  if (view === null || phase === 'gone') return null
  const isLeaving = phase === 'leaving' && !config.neverLeaves
  switch (view.state) {
    case 'None':
      return null
    case 'Serving': {
      const due = config.policy === 'hardened' ? report(config, state, view) : null
      if (due !== null) return due
      if (!isLeaving) return null
      return plainIntent(view.totalBytes === config.terms.fileBytes ? 'complete' : 'cancel')
    }
    case 'WaitingForPayment':
      return confirms(config, state, view, nowMs) ?? (isLeaving ? plainIntent('cancel') : null)
    case 'PaymentFailed':
      return isLeaving && config.policy === 'hardened' ? plainIntent('cancel') : null
    default:
      return (view.claimUnits[config.seeder] ?? 0n) > 0n ? claimIntent('elsewhere') : null
  }
}

function pursued(config: SeederConfig, before: SeederState, now: Moment, effects: Effects) {
  const { view } = before
  if (view === null) return [before, effects] as const
  const { monotonicMs } = now
  const intent = desire(config, before, monotonicMs)
  const isFraud = intent?.key === 'fraud' && before.fraudNonce === null
  const state = isFraud ? { ...before, fraudNonce: view.nonce } : before
  const { resendAfterMs } = config
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, monotonicMs, nonce: view.nonce, resendAfterMs },
  })
  if (wallet === state.wallet && state === before) return [state, effects] as const
  return [{ ...state, wallet }, [...effects, ...sends]] as const
}

/** Looks again while a payment is not deep enough: blocks without news are not announced. */
function awaitBlocks(config: SeederConfig, state: SeederState, now: Moment): Step<SeederState> {
  if (state.looksAtMs > now.monotonicMs) return [state, NO_EFFECTS]
  const afterMs = config.blockMs
  const looksAtMs = now.monotonicMs + afterMs
  return [{ ...state, looksAtMs }, [{ kind: 'look', afterMs }]]
}

/** as-described: notes a reported payment. Each seeder leaves some time to those before it. */
function onPending(
  config: SeederConfig,
  before: SeederState,
  view: DownloadView,
  now: Moment,
): Step<SeederState> {
  const isPending = view.state === 'WaitingForPayment' && view.pendingUnits > 0n
  if (!isPending) return [{ ...before, pendingIn: null }, NO_EFFECTS]
  if (before.pendingIn !== null) return [before, NO_EFFECTS]
  const { confirmations, blockMs, resendAfterMs, seeder } = config
  const turnMs = seeder * (2 * blockMs + resendAfterMs)
  const afterMs = confirmations * blockMs + turnMs
  const confirmsFromMs = seeder === 0 ? 0 : now.monotonicMs + afterMs
  const state = { ...before, pendingIn: view.newsNumber, confirmsFromMs }
  return [state, seeder === 0 ? NO_EFFECTS : [{ kind: 'timer', name: 'wake', afterMs }]]
}

function onView(
  config: SeederConfig,
  before: SeederState,
  now: Moment,
  view: DownloadView,
): Step<SeederState> {
  const effects: Effects[number][] = []
  let state: SeederState = { ...before, view }
  if (hasEnded(config.policy, view) || view.state === 'None') return [state, effects]
  if (state.phase === 'waiting') {
    state = { ...state, phase: 'serving' }
    const afterMs = config.behaviour.seederPatienceMs
    effects.push({ kind: 'timer', name: 'patience', afterMs })
  }
  const { view: seen } = before
  const isNews =
    seen?.state !== view.state ||
    seen.totalBytes !== view.totalBytes ||
    seen.pendingUnits !== view.pendingUnits
  // A payment takes its time to count: patience begins when it should.
  const confirmMs = config.confirmations * config.blockMs
  if (isNews) state.book.heardMs = now.monotonicMs + confirmMs
  if (state.isImpatient) {
    const [decided, more] = onLookAround(config, state, now)
    state = decided
    effects.push(...more)
  }
  if (view.checkpoint !== state.paid.checkpoint) {
    state = { ...state, paid: { checkpoint: view.checkpoint, inBlock: view.newsNumber } }
  }
  const [noted, wakes] = onPending(config, state, view, now)
  state = noted
  const isWaiting =
    config.policy === 'hardened'
      ? view.state === 'Serving' && !isConfirmed(config, state)
      : state.pendingIn !== null && view.headNumber < state.pendingIn + config.confirmations - 1
  const [looked, looks] = isWaiting ? awaitBlocks(config, state, now) : [state, NO_EFFECTS]
  return [looked, [...effects, ...wakes, ...looks]]
}

function onMessage(
  config: SeederConfig,
  state: SeederState,
  now: Moment,
  input: Extract<Input, { kind: 'message' }>,
): Effects {
  const { message } = input
  if (message.kind !== 'request' && message.kind !== 'delivered') return NO_EFFECTS
  state.book.heardMs = Math.max(state.book.heardMs, now.monotonicMs)
  return message.kind === 'request'
    ? onRequest(config, state, message)
    : onDelivered(config, state, message.acknowledgedBytes)
}

function onTimer(
  config: SeederConfig,
  state: SeederState,
  now: Moment,
  name: string,
): Step<SeederState> {
  if (name === 'piece') return onPiece(config, state)
  return name === 'patience' ? onPatience(config, state, now) : [state, NO_EFFECTS]
}

/** One step of a seeder. */
export function reduceSeeder(
  config: SeederConfig,
  state: SeederState,
  input: Input,
  now: Moment,
): Step<SeederState> {
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
    case 'message':
      return pursued(config, state, now, onMessage(config, state, now, input))
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
