/**
 * The provider: serves (`providerService.ts`), redeems in between, when the payer asks for the end
 * and before the channel expires, and closes when the payer is done or silent. Only for a payer
 * that is done does it close without having something to redeem.
 *
 * As described it may keep vouchers back in a challenge, each of which starts it anew. Of the time
 * it knows what its own clock says.
 */
import type { Moment } from '../world/actors.ts'
import { isReached, wakeFor } from '../world/ownClock.ts'
import { backOff, pursue } from '../world/wallet.ts'
import type {
  ChannelView,
  Effect,
  Effects,
  Input,
  Intent,
  LeaveReason,
  Message,
  Step,
} from './actors.ts'
import { expiresAtSeconds } from './expiry.ts'
import { claimIntent, voucherIntent } from './intents.ts'
import { coveredBytes, owedUnits } from './price.ts'
import { hold, onAsk, onPieceSent, stream } from './providerService.ts'
import { increaseUnits, type ProviderConfig, type ProviderState } from './providerState.ts'

function marginAtSeconds(config: ProviderConfig, view: ChannelView): number {
  return expiresAtSeconds(config, view) - config.parameters.redeemMarginSeconds
}

/** A call with a voucher over so many bytes. */
function call(
  config: ProviderConfig,
  { book }: ProviderState,
  action: 'redeem' | 'close',
  options: { readonly key?: string; readonly bytes?: number } = {},
): Intent {
  const { key = action, bytes = book.held } = options
  const kind = book.isForged ? 'forged' : 'genuine'
  return voucherIntent(action, key, owedUnits(config.price, bytes), kind)
}

/** What a cheating provider tries, once and before anything else is urgent. */
function cheat(config: ProviderConfig, state: ProviderState, view: ChannelView): Intent | null {
  const { cheats } = config.behaviour
  const isOpen = state.cheatNonce === null || state.cheatNonce === view.nonce
  if (cheats === 'no' || !isOpen || state.book.held === 0) return null
  if (cheats !== 'replayed') return voucherIntent('redeem', 'cheat', view.depositUnits, cheats)
  return view.paidUnits > 0n ? voucherIntent('redeem', 'cheat', view.paidUnits) : null
}

function inOpen(config: ProviderConfig, state: ProviderState, view: ChannelView): Intent | null {
  const { phase, marginHeld, book } = state
  if (phase === 'leaving') {
    const isWorthIt = state.isDone || increaseUnits(config, view, book.held) > 0n
    const closes = isWorthIt && config.defects.nobodyEnds !== true
    return closes ? call(config, state, 'close') : null
  }
  if (marginHeld !== null && increaseUnits(config, view, marginHeld) > 0n) {
    return call(config, state, 'redeem', { key: 'margin' })
  }
  const cheating = cheat(config, state, view)
  if (cheating !== null) return cheating
  const { redeemsAtUnits } = config
  const isMuch = redeemsAtUnits > 0n && increaseUnits(config, view, book.held) >= redeemsAtUnits
  return isMuch ? call(config, state, 'redeem') : null
}

/** The voucher that is presented next by a provider that keeps others back. */
function keptVoucher(config: ProviderConfig, state: ProviderState, view: ChannelView): number {
  const unpaid = state.book.vouchers.filter((bytes) => increaseUnits(config, view, bytes) > 0n)
  const left = Math.max(0, config.keepsBack - state.restarts)
  return unpaid[Math.max(0, unpaid.length - 1 - left)] ?? 0
}

function keptUntilSeconds({ parameters }: ProviderConfig, view: ChannelView): number {
  return view.challengeEndsAtSeconds - parameters.redeemMarginSeconds
}

function inClosing(
  config: ProviderConfig,
  state: ProviderState,
  view: ChannelView,
  now: Moment,
): Intent | null {
  if (increaseUnits(config, view, state.book.held) <= 0n) return null
  if (config.keepsBack > 0) {
    if (!isReached(keptUntilSeconds(config, view), now)) return null
    const key = `kept:${view.challengeEndsAtSeconds}`
    return call(config, state, 'redeem', { key, bytes: keptVoucher(config, state, view) })
  }
  const closes = config.behaviour.endsChallenges || state.phase === 'leaving'
  return closes ? call(config, state, 'close') : call(config, state, 'redeem', { key: 'last' })
}

/** What the provider wants from the chain now. */
function desire(config: ProviderConfig, state: ProviderState, now: Moment): Intent | null {
  const { view } = state
  if (view === null) return null
  if (view.state === 'Closed') return view.claimProviderUnits > 0n ? claimIntent('elsewhere') : null
  if (config.defects.providerNeverRedeems === true) return null
  if (view.state === 'Open') return inOpen(config, state, view)
  return view.state === 'Closing' ? inClosing(config, state, view, now) : null
}

/** Seconds from which on more can be done than now. */
function deadlines(config: ProviderConfig, { view }: ProviderState): readonly number[] {
  if (view === null) return []
  if (view.state === 'Open') {
    return [marginAtSeconds(config, view), expiresAtSeconds(config, view)]
  }
  const keeps = view.state === 'Closing' && config.keepsBack > 0
  return keeps ? [keptUntilSeconds(config, view)] : []
}

function leave(state: ProviderState, reason: LeaveReason): Step<ProviderState> {
  if (state.phase !== 'serving') return [state, []]
  const mark: Effect = { kind: 'mark', mark: { kind: 'left', reason } }
  return [{ ...state, phase: 'leaving' }, [mark]]
}

/** Whether nobody wants anything of this channel any more, as far as the provider can tell. */
function isIdle({ behaviour, fileBytes }: ProviderConfig, { book }: ProviderState, now: Moment) {
  if (!book.asked || book.held >= fileBytes) return true
  return now.monotonicMs - book.heardMs >= behaviour.providerPatienceMs
}

/** What the time alone brings about: near the expiry it redeems, at the expiry it leaves. */
function timePasses(
  config: ProviderConfig,
  state: ProviderState,
  now: Moment,
): Step<ProviderState> {
  const { view, phase, book, marginHeld } = state
  if (view?.state !== 'Open' || phase !== 'serving') return [state, []]
  if (isReached(expiresAtSeconds(config, view), now)) return leave(state, 'expired')
  if (marginHeld !== null || !isReached(marginAtSeconds(config, view), now)) return [state, []]
  if (isIdle(config, state, now)) return leave(state, 'expired')
  return [{ ...state, marginHeld: book.held }, []]
}

function pursued(config: ProviderConfig, before: ProviderState, now: Moment, effects: Effects) {
  const [state, left] = timePasses(config, before, now)
  const { view, wallet } = state
  if (view === null) return [state, effects] as const
  const { monotonicMs } = now
  const intent = desire(config, state, now)
  const cheats = intent?.key === 'cheat' && state.cheatNonce === null
  const [wakesMs, wakes] = wakeFor(state.wakesMs, deadlines(config, state), now)
  const [next, sends] = pursue({
    ...{
      wallet,
      intent,
      monotonicMs,
      nonce: view.nonce,
      resendAfterMs: config.profile.resendAfterMs,
    },
  })
  const all = [...effects, ...left, ...wakes, ...sends]
  if (next === wallet && wakesMs === state.wakesMs && !cheats) return [state, all] as const
  const cheatNonce = cheats ? view.nonce : state.cheatNonce
  return [{ ...state, wallet: next, wakesMs, cheatNonce }, all] as const
}

/** Counts a deposit once it is final; one that is taken back counts no more at once. */
function onDeposit(config: ProviderConfig, state: ProviderState, now: Moment): Step<ProviderState> {
  const view = state.view as ChannelView
  const { monotonicMs } = now
  const { confirmations, blockIntervalMs: afterMs } = config.profile
  const isNew = view.depositUnits !== state.seenUnits
  const seenIn = isNew ? view.newsNumber : state.seenIn
  const isFinal = view.headNumber >= seenIn + confirmations - 1
  const isLess = view.depositUnits < state.coveredUnits
  const next = { ...state, seenUnits: view.depositUnits, seenIn }
  if (!isFinal && !isLess) {
    // Blocks without news are not announced.
    if (state.looksAtMs > monotonicMs) return [next, []]
    return [{ ...next, looksAtMs: monotonicMs + afterMs }, [{ kind: 'look', afterMs }]]
  }
  if (view.depositUnits === state.coveredUnits) return [next, []]
  const coveredUnits = view.depositUnits
  const covered = coveredBytes(config.price, coveredUnits, config.fileBytes)
  return [{ ...next, coveredUnits, coveredBytes: coveredUnits === 0n ? 0 : covered }, []]
}

function onView(config: ProviderConfig, before: ProviderState, now: Moment): Step<ProviderState> {
  const view = before.view as ChannelView
  if (view.state === 'Closed') return leave(before, 'closed')
  const [counted, looks] = onDeposit(config, before, now)
  if (view.state === 'Closing') {
    const { endsAtSeconds, restarts } = counted
    const hasMoved = view.challengeEndsAtSeconds !== endsAtSeconds
    const moved = hasMoved && endsAtSeconds > 0 ? restarts + 1 : restarts
    return [{ ...counted, endsAtSeconds: view.challengeEndsAtSeconds, restarts: moved }, looks]
  }
  if (view.state !== 'Open') return [counted, looks]
  const serving = stream(config, counted, now)
  if (counted.isWaitingFor) return [counted, [...looks, ...serving]]
  counted.book.heardMs = now.monotonicMs
  const afterMs = config.behaviour.providerPatienceMs
  const patience: Effect = { kind: 'timer', name: 'patience', afterMs }
  return [{ ...counted, isWaitingFor: true }, [...looks, ...serving, patience]]
}

/** A payer that has said nothing for so long is gone. */
function onPatience(
  config: ProviderConfig,
  state: ProviderState,
  now: Moment,
): Step<ProviderState> {
  const { book, phase, view } = state
  const { providerPatienceMs, providerWaits } = config.behaviour
  if (phase !== 'serving' || view?.state === 'Closing') return [state, []]
  const leftMs = book.heardMs + providerPatienceMs - now.monotonicMs
  if (leftMs > 0) return [state, [{ kind: 'timer', name: 'patience', afterMs: leftMs }]]
  return providerWaits ? [state, []] : leave(state, 'silence')
}

function onMessage(
  config: ProviderConfig,
  state: ProviderState,
  now: Moment,
  message: Message,
): Step<ProviderState> {
  if (message.kind === 'piece' || message.kind === 'entrusted') return [state, []]
  const { book } = state
  const before = book.held
  book.heardMs = now.monotonicMs
  const held = hold(config, state, message.voucher)
  const [next, left] =
    message.kind === 'done' ? leave({ ...state, isDone: true }, 'done') : ([state, []] as const)
  const served =
    message.kind === 'ask'
      ? onAsk(config, next, now, message)
      : book.held === before
        ? []
        : stream(config, next, now)
  const effects = [...held, ...left, ...served]
  const isNews = next !== state || book.held !== before
  return isNews ? pursued(config, next, now, effects) : [next, effects]
}

function onTimer(config: ProviderConfig, state: ProviderState, now: Moment, name: string) {
  if (name === 'piece') return onPieceSent(config, state, now)
  const [next, effects] =
    name === 'patience' ? onPatience(config, state, now) : ([state, []] as const)
  return pursued(config, next, now, effects)
}

/** One step of the provider. */
export function reduceProvider(
  config: ProviderConfig,
  state: ProviderState,
  input: Input,
  now: Moment,
): Step<ProviderState> {
  switch (input.kind) {
    case 'view': {
      const [next, effects] = onView(config, { ...state, view: input.view }, now)
      return pursued(config, next, now, effects)
    }
    case 'timer':
      return onTimer(config, state, now, input.name)
    case 'message':
      return onMessage(config, state, now, input.message)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
