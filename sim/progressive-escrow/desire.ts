/**
 * What a side wants from the chain, recomputed from what it sees whenever anything changes.
 */
import { ELSEWHERE } from '../../models/kit/trace.ts'
import type { Moment } from '../world/actors.ts'
import type { Action, Intent, SessionView } from './actors.ts'
import { autoFromSeconds, endsAtSeconds, toleranceSeconds } from './reading.ts'
import {
  hears,
  isConnected,
  isSilent,
  MENTOR_COMPLETES_AFTER_SECONDS,
  nowSeconds,
  other,
  PAUSES_AFTER_SECONDS,
  type SideConfig,
  type SideState,
} from './sideState.ts'

/** A call without arguments. */
export function plainIntent(action: Action, key: string = action): Intent {
  return { action, key, args: {} }
}

export function claimIntent(): Intent {
  return { action: 'claim', key: 'claim', args: { to: ELSEWHERE } }
}

function completeIntent({ behaviour }: SideConfig): Intent {
  const args = { rating: BigInt(behaviour.rating), feedbackHash: 7n }
  return { action: 'complete', key: 'complete', args }
}

/** Hardened, a sign that waits for the other side's has to be kept fresh. */
function confirms(
  config: SideConfig,
  state: SideState,
  now: Moment,
  wanted: { readonly action: 'start' | 'resume'; readonly sinceSeconds: number },
): Intent | null {
  const seenAt = state.view?.seenAt[config.side] ?? 0
  const ageSeconds = nowSeconds(state, now) - seenAt
  const isFresh = seenAt >= wanted.sinceSeconds && 2 * ageSeconds <= toleranceSeconds(config.rules)
  if (isFresh) return null
  return plainIntent(wanted.action, `${wanted.action}:${wanted.sinceSeconds}:${seenAt}`)
}

function inCreated(
  config: SideConfig,
  state: SideState,
  view: SessionView,
  now: Moment,
): Intent | null {
  if (now.monotonicMs >= state.cancelFromMs) return plainIntent('cancel')
  if (state.phase !== 'there') return null
  const { side, rules, behaviour } = config
  const sinceSeconds = view.createdAt
  if (rules.policy === 'hardened') {
    return confirms(config, state, now, { action: 'start', sinceSeconds })
  }
  return behaviour.starts === side ? plainIntent('start') : null
}

function inActive(
  config: SideConfig,
  state: SideState,
  view: SessionView,
  now: Moment,
): Intent | null {
  const { side, rules } = config
  if (state.pauseWish !== null) return plainIntent('pause', `pause:${state.pausesMade}`)
  const isRunning = nowSeconds(state, now) < endsAtSeconds(rules, view)
  const waits = PAUSES_AFTER_SECONDS[side]
  if (!config.neverPausesOnTimeout && isRunning && isSilent(config, state, now, waits)) {
    return plainIntent('pauseOnTimeout', `pauseOnTimeout:${view.seenAt.student}`)
  }
  const { beat, release } = state
  const isHeard = config.beatsUnheard || rules.policy === 'as-described' || isConnected(state, now)
  const isTimedOut = rules.policy === 'hardened' && isSilent(config, state, now)
  if (beat !== null && isHeard && !isTimedOut) {
    return plainIntent('heartbeat', `heartbeat:${beat.number}`)
  }
  if (release === null || isTimedOut) return null
  return plainIntent('release', `release:${release.number}`)
}

function inPaused(
  config: SideConfig,
  state: SideState,
  view: SessionView,
  now: Moment,
): Intent | null {
  const { side, rules } = config
  const { pausedAt, pauseCalledAt } = view
  if (!hears(state, now)) return null
  const isOwn = state.resumeFromMs !== Number.POSITIVE_INFINITY
  if (isOwn && now.monotonicMs < state.resumeFromMs) return null
  const hasPeerResumed = view.seenAt[other(side)] > pauseCalledAt
  const mayFollow = rules.policy === 'hardened' && hasPeerResumed
  if (pauseCalledAt > 0 && !isOwn && !mayFollow) return null
  if (rules.policy === 'as-described') return plainIntent('resume', `resume:${pausedAt}`)
  const sinceSeconds = pauseCalledAt > 0 ? pauseCalledAt + 1 : pausedAt
  return confirms(config, state, now, { action: 'resume', sinceSeconds })
}

/** A side that is done: the student completes the session, the mentor waits until it may. */
function afterwards(
  config: SideConfig,
  state: SideState,
  view: SessionView,
  now: Moment,
): Intent | null {
  const { side, behaviour, rules } = config
  if (config.neverCompletes) return null
  if (side === 'student') return behaviour.studentCompletes ? completeIntent(config) : null
  const dueSeconds = autoFromSeconds(rules, view) + MENTOR_COMPLETES_AFTER_SECONDS
  return nowSeconds(state, now) >= dueSeconds ? plainIntent('autoComplete') : null
}

/** What the client wants from the chain now; null for nothing. */
export function desireOf(config: SideConfig, state: SideState, now: Moment): Intent | null {
  const { view } = state
  if (view === null) return null
  switch (view.state) {
    case 'None':
      return config.side === 'student' ? plainIntent('create') : null
    case 'Created':
      return inCreated(config, state, view, now)
    case 'Active':
    case 'Paused': {
      if (state.phase === 'ended') return afterwards(config, state, view, now)
      if (state.phase === 'away') return null
      return view.state === 'Active'
        ? inActive(config, state, view, now)
        : inPaused(config, state, view, now)
    }
    default:
      return !config.neverClaims && view.claimable.includes(config.side) ? claimIntent() : null
  }
}
