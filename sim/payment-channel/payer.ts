/**
 * The payer's client: locks the deposit, gets the file (`payerDownload.ts`), tops up, and gets its
 * rest back.
 *
 * What it wants from the chain is worked out anew from each view, never remembered as sent. Of the
 * time it knows what its own clock says.
 */
import { minBig } from '../../models/kit/money.ts'
import type { Moment } from '../world/actors.ts'
import { heldUntilMs, isReached, wakeFor } from '../world/ownClock.ts'
import { backOff, pursue } from '../world/wallet.ts'
import type { ChannelView, Effect, Effects, Input, Intent, Message, Step } from './actors.ts'
import { expiresAtSeconds } from './expiry.ts'
import { claimIntent, depositIntent, plainIntent } from './intents.ts'
import { ask, leave, onPiece, onStall } from './payerDownload.ts'
import { type PayerConfig, type PayerState, RUSH_ATTEMPTS } from './payerState.ts'
import { owedUnits } from './price.ts'

/** A client that cannot look yet begins this much later. */
const BEGIN_AGAIN_MS = 1_000

/** Whether the contract is taken to take a call from a second on, by the payer's own clock. */
function isDue({ held }: PayerState, action: string, fromSeconds: number, now: Moment): boolean {
  const isHeld = held.action === action && now.monotonicMs < held.untilMs
  return isReached(fromSeconds, now) && !isHeld
}

function reclaimableAtSeconds(config: PayerConfig, view: ChannelView): number {
  return expiresAtSeconds(config, view) + config.graceSeconds
}

/** A payer tops up before what it has locked is used up, as long as the contract takes it. */
function topUp(config: PayerConfig, { book }: PayerState, view: ChannelView): Intent | null {
  const { depositUnits, headSeconds } = view
  const { price, priceUnits, topUpUnits, takesBytes, aheadBytes } = config
  const wantedBytes = Math.min(takesBytes, book.received + aheadBytes + 1)
  const isCovered = depositUnits >= owedUnits(price, wantedBytes)
  if (isCovered || headSeconds >= expiresAtSeconds(config, view)) return null
  const amountUnits = minBig(topUpUnits, priceUnits - depositUnits)
  return depositIntent('topUp', `topUp:${depositUnits}`, amountUnits)
}

function inOpen(config: PayerConfig, state: PayerState, view: ChannelView, now: Moment) {
  const { phase } = state
  const isLeaving = phase === 'leaving' || phase === 'gone'
  if (!isLeaving) return phase === 'loading' ? topUp(config, state, view) : null
  if (config.defects.nobodyEnds === true) return null
  if (isDue(state, 'reclaimExpired', reclaimableAtSeconds(config, view), now)) {
    return plainIntent('reclaimExpired')
  }
  const requests = phase === 'leaving' && now.monotonicMs >= state.requestFromMs
  return requests ? plainIntent('requestClose') : null
}

/** What the payer wants from the chain now. */
function desire(config: PayerConfig, state: PayerState, now: Moment): Intent | null {
  const { view, phase } = state
  if (view === null || phase === 'before') return null
  switch (view.state) {
    case 'None': {
      const isOpening = phase === 'opening' || phase === 'loading'
      return isOpening ? depositIntent('open', 'open', config.firstDepositUnits) : null
    }
    case 'Open':
      return inOpen(config, state, view, now)
    case 'Closing': {
      const mayFinalise = isDue(state, 'finalise', view.challengeEndsAtSeconds, now)
      return mayFinalise && config.defects.nobodyEnds !== true ? plainIntent('finalise') : null
    }
    default:
      return view.claimPayerUnits > 0n ? claimIntent('elsewhere') : null
  }
}

/** Seconds from which on more can be done than now. */
function deadlines(config: PayerConfig, { phase, view }: PayerState): readonly number[] {
  if (view === null) return []
  if (view.state === 'Closing') return [view.challengeEndsAtSeconds]
  const isLeaving = phase === 'leaving' || phase === 'gone'
  return view.state === 'Open' && isLeaving ? [reclaimableAtSeconds(config, view)] : []
}

/** A payer that leaves in bad faith bids more from the first request on. */
function rushed({ preys }: PayerConfig, { phase }: PayerState, effects: Effects): Effects {
  if (!preys || phase !== 'leaving') return effects
  return effects.map((effect) =>
    effect.kind === 'submit' ? { ...effect, attempt: effect.attempt + RUSH_ATTEMPTS } : effect,
  )
}

function pursued(config: PayerConfig, before: PayerState, now: Moment, effects: Effects) {
  const { view } = before
  if (view === null) return [before, effects] as const
  const { monotonicMs } = now
  const [fromSeconds = 0] = deadlines(config, before)
  const wanted = desire(config, before, now)
  const { wallet } = before
  const untilMs = heldUntilMs({ wallet, view, intent: wanted, fromSeconds }, now)
  const isRefused = wanted !== null && untilMs > 0
  const held = isRefused ? { ...before, held: { action: wanted.action, untilMs } } : before
  const hold: Effect[] = isRefused
    ? [{ kind: 'timer', name: 'wake', afterMs: untilMs - monotonicMs }]
    : []
  const intent = isRefused ? desire(config, held, now) : wanted
  const [wakesMs, wakes] = wakeFor(held.wakesMs, deadlines(config, held), now)
  const [next, sends] = pursue({
    ...{
      wallet,
      intent,
      monotonicMs,
      nonce: view.nonce,
      resendAfterMs: config.profile.resendAfterMs,
    },
  })
  const isSame = next === wallet && held === before && wakesMs === before.wakesMs
  const state = isSame ? before : { ...held, wallet: next, wakesMs }
  return [state, [...effects, ...hold, ...wakes, ...rushed(config, before, sends)]] as const
}

function onBegin(state: PayerState): Step<PayerState> {
  if (state.phase !== 'before') return [state, []]
  if (state.view === null)
    return [state, [{ kind: 'timer', name: 'begin', afterMs: BEGIN_AGAIN_MS }]]
  const mark: Effect = { kind: 'mark', mark: { kind: 'asked' } }
  return [{ ...state, phase: 'opening' }, [mark]]
}

/** Waits until the opening is final, then asks for the file. */
function onOpening(config: PayerConfig, before: PayerState, now: Moment): Step<PayerState> {
  const view = before.view as ChannelView
  const isOpen = view.state === 'Open'
  const openedIn = isOpen ? (before.openedIn ?? view.newsNumber) : null
  const state = { ...before, openedIn }
  if (openedIn === null) return [state, []]
  const { monotonicMs } = now
  const { confirmations, blockIntervalMs: afterMs } = config.profile
  if (view.headNumber >= openedIn + confirmations - 1) {
    state.book.heardMs = monotonicMs
    const loading: PayerState = { ...state, phase: 'loading' }
    const mark: Effect = { kind: 'mark', mark: { kind: 'confirmed' } }
    return [loading, [mark, ...ask(config, loading)]]
  }
  // Blocks without news are not announced.
  if (state.looksAtMs > monotonicMs) return [state, []]
  return [{ ...state, looksAtMs: monotonicMs + afterMs }, [{ kind: 'look', afterMs }]]
}

function onView(config: PayerConfig, state: PayerState, now: Moment): Step<PayerState> {
  const view = state.view as ChannelView
  if (state.phase === 'before') return [state, []]
  if (view.state === 'Closed') return leave(config, state, now, 'closed')
  return state.phase === 'opening' ? onOpening(config, state, now) : [state, []]
}

function onTimer(config: PayerConfig, state: PayerState, now: Moment, name: string) {
  switch (name) {
    case 'begin':
      return onBegin(state)
    case 'stall':
      return onStall(config, state, now)
    case 'linger':
      return state.phase === 'lingering'
        ? leave(config, state, now, 'satisfied')
        : ([state, []] as const)
    default:
      return [state, []] as const
  }
}

function onMessage(config: PayerConfig, state: PayerState, now: Moment, message: Message) {
  if (message.kind !== 'piece') return [state, []] as const
  const step = onPiece(config, state, now, message)
  const [next, effects] = step
  // Pieces move the wallet only where a deposit may get short.
  const mayTopUp = next.phase === 'loading' && (next.view?.depositUnits ?? 0n) < config.priceUnits
  return next === state && !mayTopUp ? step : pursued(config, next, now, effects)
}

/** One step of the payer's client. */
export function reducePayer(
  config: PayerConfig,
  state: PayerState,
  input: Input,
  now: Moment,
): Step<PayerState> {
  switch (input.kind) {
    case 'view': {
      const [next, effects] = onView(config, { ...state, view: input.view }, now)
      return pursued(config, next, now, effects)
    }
    case 'timer': {
      const [next, effects] = onTimer(config, state, now, input.name)
      // The transfer's own timer moves the wallet only when somebody leaves on it.
      if (input.name === 'stall' && next === state) return [next, effects]
      return pursued(config, next, now, effects)
    }
    case 'message':
      return onMessage(config, state, now, input.message)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
