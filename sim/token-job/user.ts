/**
 * The user's client: finds a host, allows and locks the deposit, chats (`userChat.ts`), ends.
 *
 * It takes nothing for done that is not confirmed by as many blocks as the chain's profile says.
 * What it wants from the chain is worked out anew from each view, never remembered as sent.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, pursue } from '../world/wallet.ts'
import type {
  DiscoveryOutcome,
  Effect,
  Effects,
  Input,
  Intent,
  JobView,
  Message,
  Step,
} from './actors.ts'
import { approveIntent, payoutIntent, plainIntent } from './intents.ts'
import { leave, nextPrompt, onPiece, onStall, wake } from './userChat.ts'
import {
  NEVER,
  SEARCH_AGAIN_MS,
  SETTLE_MARGIN_MS,
  type UserConfig,
  type UserState,
} from './userState.ts'

/** The allowance of an earlier day is given in the user's first transaction. */
function wantsPast({ behaviour }: UserConfig, { view }: UserState): boolean {
  return behaviour.allowanceUnits > 0 && view?.nonce === 0
}

function isConfirmed(config: UserConfig, view: JobView, inBlock: number | null): boolean {
  return inBlock !== null && view.headNumber >= inBlock + config.confirmations - 1
}

function opening(config: UserConfig, state: UserState, view: JobView): Intent | null {
  if (state.phase !== 'opening' && state.phase !== 'chatting') return null
  if (view.allowanceUnits < config.depositUnits) {
    const { approvalUnits, depositUnits } = config
    return approveIntent('approve', approvalUnits > depositUnits ? approvalUnits : depositUnits)
  }
  return isConfirmed(config, view, state.allowedIn) ? plainIntent('createSession') : null
}

/** What the user wants from the chain now. */
function desire(config: UserConfig, state: UserState, nowMs: number): Intent | null {
  const { view, phase } = state
  if (view === null || phase === 'gone') return null
  if (wantsPast(config, state)) {
    return approveIntent('past', BigInt(config.behaviour.allowanceUnits))
  }
  switch (view.state) {
    case 'None':
    case 'Approved':
      return opening(config, state, view)
    case 'Active': {
      const isPaid = view.provenTokens >= state.book.received
      const mayEnd = phase === 'leaving' && (isPaid || nowMs >= state.endFromMs)
      return mayEnd && !config.neverEnds ? plainIntent('endSession') : null
    }
    case 'Ending':
      return nowMs >= state.settleFromMs ? plainIntent('endSession', 'settle') : null
    default:
      return view.claimUserUnits > 0n ? payoutIntent('claim', 'elsewhere') : null
  }
}

function pursued(config: UserConfig, state: UserState, now: Moment, effects: Effects) {
  if (state.view === null) return [state, effects] as const
  const { monotonicMs } = now
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent: desire(config, state, monotonicMs), monotonicMs },
    ...{ nonce: state.view.nonce, resendAfterMs: config.resendAfterMs },
  })
  if (wallet === state.wallet) return [state, effects] as const
  return [{ ...state, wallet }, [...effects, ...sends]] as const
}

function search(state: UserState): Step<UserState> {
  const attempts = state.attempts + 1
  const afterMs = SEARCH_AGAIN_MS * 2 ** state.attempts
  return [
    { ...state, phase: 'searching', attempts },
    [
      { kind: 'send', to: 'registry', message: { kind: 'discover', attempt: attempts } },
      { kind: 'timer', name: 'search', afterMs },
    ],
  ]
}

function searched(
  state: UserState,
  outcome: DiscoveryOutcome,
  effects: Effects = [],
): Step<UserState> {
  const mark: Effect = {
    kind: 'mark',
    mark: { kind: 'searched', outcome, attempts: state.attempts },
  }
  const phase = outcome === 'found' ? 'opening' : 'gone'
  return [{ ...state, phase }, [mark, ...effects]]
}

function onBegin(config: UserConfig, state: UserState): Step<UserState> {
  if (state.phase !== 'before') return [state, []]
  // What was allowed on an earlier day is on the chain before this one begins.
  if (wantsPast(config, state) || state.view === null) {
    return [state, [{ kind: 'timer', name: 'begin', afterMs: 1_000 }]]
  }
  return search(state)
}

function onSearchTimer(config: UserConfig, state: UserState): Step<UserState> {
  if (state.phase !== 'searching') return [state, []]
  if (state.attempts >= config.behaviour.searchesMost) return searched(state, 'discovery-failed')
  return search(state)
}

function onHosts(
  { behaviour }: UserConfig,
  state: UserState,
  models: readonly string[],
): Step<UserState> {
  if (state.phase !== 'searching') return [state, []]
  if (models.length === 0) return searched(state, 'no-active-host')
  if (!models.includes(behaviour.model)) return searched(state, 'no-host-with-model')
  return searched(state, 'found', [{ kind: 'look', afterMs: 0 }])
}

/** Looks again while a call of its own is not confirmed: blocks without news are not announced. */
function awaitBlocks(config: UserConfig, state: UserState, now: Moment): Step<UserState> {
  const { monotonicMs } = now
  if (state.looksAtMs > monotonicMs) return [state, []]
  const afterMs = config.blockMs
  return [{ ...state, looksAtMs: monotonicMs + afterMs }, [{ kind: 'look', afterMs }]]
}

function onOpening(config: UserConfig, before: UserState, now: Moment): Step<UserState> {
  const view = before.view as JobView
  const isAllowed = view.allowanceUnits >= config.depositUnits
  const allowedIn = isAllowed ? (before.allowedIn ?? view.newsNumber) : null
  const createdIn = view.state === 'Active' ? (before.createdIn ?? view.newsNumber) : null
  const state = { ...before, allowedIn, createdIn }
  if (isConfirmed(config, view, createdIn) && state.phase === 'opening') {
    return nextPrompt(config, { ...state, phase: 'chatting' }, now)
  }
  const waits = createdIn ?? (view.state === 'Active' ? null : allowedIn)
  const isWaiting = waits !== null && !isConfirmed(config, view, waits)
  return isWaiting ? awaitBlocks(config, state, now) : [state, []]
}

function onView(config: UserConfig, state: UserState, now: Moment): Step<UserState> {
  const view = state.view as JobView
  if (state.phase === 'before' || state.phase === 'searching') return [state, []]
  switch (view.state) {
    case 'None':
    case 'Approved':
      return onOpening(config, state, now)
    case 'Active':
      return state.phase === 'opening' ? onOpening(config, state, now) : [state, []]
    case 'Ending': {
      const [left, effects] = leave(config, state, now, 'closed')
      const openMs = Math.max(0, view.endsAtSeconds - view.headSeconds) * 1000
      const afterMs = openMs + SETTLE_MARGIN_MS
      const settleFromMs = config.neverEnds ? NEVER : now.monotonicMs + afterMs
      return [{ ...left, settleFromMs }, [...effects, wake(afterMs)]]
    }
    default:
      return leave(config, state, now, 'closed')
  }
}

function onMessage(
  config: UserConfig,
  state: UserState,
  now: Moment,
  message: Message,
): Step<UserState> {
  if (message.kind === 'piece') return onPiece(config, state, now, message)
  if (message.kind === 'hosts') return onHosts(config, state, message.models)
  return [state, []]
}

function onTimer(config: UserConfig, state: UserState, now: Moment, name: string): Step<UserState> {
  switch (name) {
    case 'begin':
      return onBegin(config, state)
    case 'search':
      return onSearchTimer(config, state)
    case 'stall':
      return onStall(config, state, now)
    case 'think':
      return state.phase === 'chatting' ? nextPrompt(config, state, now) : [state, []]
    default:
      return [state, []]
  }
}

/** One step of the user's client. Tokens do not move its wallet, everything else may. */
export function reduceUser(
  config: UserConfig,
  state: UserState,
  input: Input,
  now: Moment,
): Step<UserState> {
  switch (input.kind) {
    case 'view': {
      const [next, effects] = onView(config, { ...state, view: input.view }, now)
      return pursued(config, next, now, effects)
    }
    case 'timer': {
      const [next, effects] = onTimer(config, state, now, input.name)
      return pursued(config, next, now, effects)
    }
    case 'message': {
      const step = onMessage(config, state, now, input.message)
      const [next, effects] = step
      return next.phase === state.phase ? step : pursued(config, next, now, effects)
    }
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
