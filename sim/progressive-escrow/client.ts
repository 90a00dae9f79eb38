/**
 * The client of a side of the call, student's or mentor's, as a reducer.
 *
 * Two programs on one machine: the call, which greets the other side every few seconds, and a page
 * that sends heartbeats, releases and pauses to the chain. In `hardened` a heartbeat is sent only
 * while the call works in both directions, and the mentor serves only while it hears the student
 * and the chain can still be convinced; in `as-described` heartbeats go out whatever happens.
 */
import type { Moment } from '../world/actors.ts'
import { backOff, pursue } from '../world/wallet.ts'
import {
  type Effect,
  type Effects,
  type EndReason,
  type Input,
  type Intent,
  isFinal,
  isOver,
  type Message,
  type SessionView,
  SIGNS,
  type Step,
} from './actors.ts'
import { afterLook, waitMs } from './chainTime.ts'
import { desireOf } from './desire.ts'
import { autoFromSeconds, endsAtSeconds } from './reading.ts'
import {
  hears,
  MENTOR_CANCELS_AFTER_MS,
  MENTOR_COMPLETES_AFTER_SECONDS,
  NEVER,
  other,
  REFUSED_AGAIN_MS,
  type SideConfig,
  type SideState,
  TICK_MS,
  wantsPresence,
} from './sideState.ts'

function timer(name: Extract<Effect, { kind: 'timer' }>['name'], afterMs: number): Effect {
  return { kind: 'timer', name, afterMs }
}

/** The chain holds a session: come in time, and do not wait for ever. */
function onCreated(config: SideConfig, state: SideState, now: Moment): Step<SideState> {
  if (state.isKnown) return [state, []]
  const { side, behaviour } = config
  const isStudent = side === 'student'
  const comes = isStudent ? behaviour.studentComes : behaviour.mentorComes
  const delayMs = isStudent ? behaviour.studentDelayMs : behaviour.mentorDelayMs
  const isWaiting = isStudent || comes
  const waitsMs = behaviour.patienceMs + (isStudent ? 0 : MENTOR_CANCELS_AFTER_MS)
  const cancelFromMs = isWaiting ? now.monotonicMs + waitsMs : NEVER
  const effects: Effect[] = []
  if (comes) effects.push(timer('arrive', delayMs))
  if (isWaiting) effects.push(timer('wake', waitsMs))
  return [{ ...state, isKnown: true, cancelFromMs }, effects]
}

/** The session runs and the client is there: the timers of the session begin. */
function entered(config: SideConfig, state: SideState, now: Moment): Step<SideState> {
  if (state.phase !== 'there' || state.enteredMs !== NEVER) return [state, []]
  const { side, behaviour, rules } = config
  const { heartbeatIntervalSeconds } = rules.parameters
  const effects: Effect[] = [timer('heartbeat', heartbeatIntervalSeconds * 1000)]
  if (behaviour.hangsUp === side) effects.push(timer('hang-up', behaviour.callMs))
  for (const pause of behaviour.pauses) {
    if (pause.by === side) effects.push(timer('pause', pause.atMs))
  }
  return [{ ...state, enteredMs: now.monotonicMs }, effects]
}

function onActive(config: SideConfig, before: SideState, now: Moment): Step<SideState> {
  const view = before.view as SessionView
  const [state, effects] = entered(config, before, now)
  const seenAt = view.seenAt[config.side]
  const { beat, release } = state
  const next = {
    ...state,
    resumeFromMs: NEVER,
    saidBack: false,
    beat: beat !== null && beat.whileFigure === seenAt ? beat : null,
    release: release !== null && release.whileFigure === view.lastReleaseAt ? release : null,
  }
  if (state.phase !== 'there') return [next, effects]
  const timers: Effect[] = []
  const endsAt = endsAtSeconds(config.rules, view)
  const releaseAt = view.lastReleaseAt + config.rules.parameters.releaseIntervalSeconds
  if (endsAt !== state.endsAtSeconds) {
    timers.push(timer('end', waitMs(state.time, endsAt, now.monotonicMs)))
  }
  if (config.side === 'mentor' && releaseAt !== state.releaseAtSeconds) {
    timers.push(timer('release', waitMs(state.time, releaseAt, now.monotonicMs)))
  }
  const set = { ...next, endsAtSeconds: endsAt, releaseAtSeconds: releaseAt }
  return [set, timers.length === 0 ? effects : [...effects, ...timers]]
}

function onPaused(state: SideState, now: Moment): Step<SideState> {
  const { pauseWish } = state
  const next = { ...state, beat: null, release: null, pauseWish: null, releaseAtSeconds: 0 }
  if (pauseWish === null) return [next, []]
  const { pauseCalledAt } = state.view as SessionView
  const resumeFromMs = pauseCalledAt > 0 ? now.monotonicMs + pauseWish : NEVER
  const pausesMade = state.pausesMade + 1
  return [{ ...next, resumeFromMs, pausesMade }, [timer('wake', pauseWish)]]
}

function ended(
  config: SideConfig,
  state: SideState,
  now: Moment,
  reason: EndReason,
): Step<SideState> {
  if (state.phase === 'ended') return [state, []]
  const effects: Effect[] = [{ kind: 'mark', mark: { kind: 'ended', reason } }]
  if (reason === 'hang-up' || reason === 'duration') {
    const message: Message = { kind: 'bye', side: config.side }
    effects.push({ kind: 'send', to: other(config.side), message })
  }
  const done = { ...state, phase: 'ended' as const, pauseWish: null, beat: null, release: null }
  return [done, [...effects, ...wakesForCompletion(config, done, now)]]
}

/** The mentor comes back when the session may be completed without the student. */
function wakesForCompletion(config: SideConfig, state: SideState, now: Moment): Effects {
  const { view, time } = state
  if (config.side === 'student' || view === null || isFinal(view.state)) return []
  const dueSeconds = autoFromSeconds(config.rules, view) + MENTOR_COMPLETES_AFTER_SECONDS
  const afterMs = waitMs(time, dueSeconds, now.monotonicMs)
  return afterMs === 0 ? [] : [timer('wake', afterMs)]
}

function onView(config: SideConfig, state: SideState, now: Moment): Step<SideState> {
  const view = state.view as SessionView
  switch (view.state) {
    case 'Created':
      return onCreated(config, state, now)
    case 'Active':
      return onActive(config, state, now)
    case 'Paused':
      return onPaused(state, now)
    case 'None':
      return [state, []]
    default:
      return ended(config, state, now, 'completed')
  }
}

/** Whether the other side was silent for too long to be waited for, or it is far too late. */
function givesUp(config: SideConfig, state: SideState, now: Moment): boolean {
  const { side, behaviour, rules } = config
  if (state.enteredMs === NEVER) return false
  const stayedMs = now.monotonicMs - state.enteredMs
  if (stayedMs > 2 * rules.durationSeconds * 1000 + behaviour.patienceMs) return true
  // As described, a mentor stays to be paid, whether or not anybody comes.
  if (side === 'mentor' && rules.policy === 'as-described') return false
  const deafMs = now.monotonicMs - Math.max(state.ears.heardMs, state.enteredMs)
  return deafMs > behaviour.patienceMs
}

function onTick(config: SideConfig, state: SideState, now: Moment): Step<SideState> {
  if (state.phase !== 'there') return [state, []]
  if (givesUp(config, state, now)) return ended(config, state, now, 'silence')
  const { side } = config
  const { ears } = state
  ears.number += 1
  const isHeard = state.isPresent && now.hearsPeer
  const message: Message = { kind: 'hello', side, number: ears.number, hears: isHeard }
  const effects: Effect[] = [{ kind: 'send', to: other(side), message }, timer('tick', TICK_MS)]
  const { view } = state
  const isBack = view?.state === 'Paused' && view.pauseCalledAt === 0 && hears(state, now)
  if (!isBack || state.saidBack) return [state, effects]
  return [{ ...state, saidBack: true }, [...effects, { kind: 'mark', mark: { kind: 'back' } }]]
}

function onTimer(config: SideConfig, state: SideState, now: Moment, name: string): Step<SideState> {
  const { rules, behaviour, side } = config
  const { view } = state
  const isRunning = state.phase === 'there' && view?.state === 'Active'
  const number = state.wishes + 1
  switch (name) {
    case 'arrive': {
      if (state.phase !== 'away') return [state, []]
      const there = { ...state, phase: 'there' as const }
      const tick = timer('tick', 0)
      if (view?.state !== 'Active') return [there, [tick]]
      const [next, effects] = onActive(config, there, now)
      return [next, [tick, ...effects]]
    }
    case 'tick':
      return onTick(config, state, now)
    case 'heartbeat': {
      if (state.phase === 'ended') return [state, []]
      const again = [timer(name, rules.parameters.heartbeatIntervalSeconds * 1000)]
      if (!isRunning || state.beat !== null) return [state, again]
      const beat = { number, whileFigure: view.seenAt[side] }
      return [{ ...state, wishes: number, beat }, again]
    }
    case 'release': {
      // One that was set before the newest release or pause comes too early, or again.
      const left = waitMs(state.time, state.releaseAtSeconds, now.monotonicMs)
      if (!isRunning || left > 0 || state.release !== null) return [state, []]
      const release = { number, whileFigure: view.lastReleaseAt }
      const due: Effect = { kind: 'mark', mark: { kind: 'release-due' } }
      return [{ ...state, wishes: number, release }, [due]]
    }
    case 'pause': {
      const own = behaviour.pauses.filter(({ by }) => by === side)
      const order = [...own].sort((a, b) => a.atMs - b.atMs)
      const pause = order[state.pausesMade]
      if (pause === undefined) return [state, []]
      if (isRunning) return [{ ...state, pauseWish: pause.durationMs }, []]
      return [{ ...state, pausesMade: state.pausesMade + 1 }, []]
    }
    case 'hang-up':
      return ended(config, state, now, 'hang-up')
    case 'end': {
      const left = view === null ? 0 : waitMs(state.time, state.endsAtSeconds, now.monotonicMs)
      return isRunning && left === 0 ? ended(config, state, now, 'duration') : [state, []]
    }
    case 'wake':
      return [state, state.phase === 'ended' ? wakesForCompletion(config, state, now) : []]
    default:
      return [state, []]
  }
}

function onMessage(
  config: SideConfig,
  state: SideState,
  now: Moment,
  message: Message,
): Step<SideState> {
  if (message.side !== other(config.side) || state.phase === 'away') return [state, []]
  if (message.kind === 'bye') return ended(config, state, now, 'hang-up')
  state.ears.heardMs = now.monotonicMs
  if (message.hears) state.ears.saidMs = now.monotonicMs
  return [state, []]
}

/** Enters or leaves the call as the state asks for. */
function settled(config: SideConfig, state: SideState, now: Moment, effects: Effects) {
  const isPresent = wantsPresence(config, state, now)
  if (isPresent === state.isPresent) return [state, effects] as const
  const changes: Effect[] = [
    { kind: 'presence', isPresent },
    { kind: 'mark', mark: { kind: 'present', isPresent } },
  ]
  return [{ ...state, isPresent }, [...effects, ...changes]] as const
}

/** A call under this key was included and changed nothing: it is held back for a while. */
function heldBack(state: SideState, intent: Intent, nonce: number, now: Moment): SideState {
  const isRefused = state.wallet.key === intent.key && nonce > state.wallet.nonce
  if (!isRefused) return state
  const untilMs = now.monotonicMs + REFUSED_AGAIN_MS
  const wallet = { ...state.wallet, key: null, nonce }
  return { ...state, wallet, refused: { key: intent.key, untilMs } }
}

/** Lets the wallet act on what is wanted after a change of state. */
function pursued(config: SideConfig, before: SideState, now: Moment, effects: Effects) {
  const { view } = before
  if (view === null || isOver(view)) return [before, effects] as const
  const wanted = desireOf(config, before, now)
  const state = wanted === null ? before : heldBack(before, wanted, view.nonce, now)
  const { refused } = state
  const isHeld = wanted !== null && wanted.key === refused?.key && now.monotonicMs < refused.untilMs
  const held = state === before ? effects : [...effects, timer('wake', REFUSED_AGAIN_MS)]
  const [wallet, sends] = pursue({
    wallet: state.wallet,
    intent: isHeld ? null : wanted,
    nonce: view.nonce,
    monotonicMs: now.monotonicMs,
    resendAfterMs: config.resendAfterMs,
  })
  if (wallet === state.wallet) return [state, held] as const
  const signs = sends.flatMap((send): Effect[] =>
    send.kind === 'submit' && SIGNS.includes(send.intent.action)
      ? [{ kind: 'mark', mark: { kind: 'signed', nonce: send.nonce } }]
      : [],
  )
  return [{ ...state, wallet }, [...held, ...signs, ...sends]] as const
}

function taken(config: SideConfig, state: SideState, input: Input, now: Moment): Step<SideState> {
  switch (input.kind) {
    case 'view': {
      const { view } = input
      const time = afterLook(state.time, view.headSeconds, now.monotonicMs)
      return onView(config, { ...state, view, time }, now)
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

/** One step of a side's client. A greeting moves nothing before the next tick. */
export function reduceSide(
  config: SideConfig,
  state: SideState,
  input: Input,
  now: Moment,
): Step<SideState> {
  const [next, effects] = taken(config, state, input, now)
  if (input.kind === 'send-failed') return [next, effects]
  if (input.kind === 'message' && next === state) return [next, effects]
  const [placed, moved] = settled(config, next, now, effects)
  return pursued(config, placed, now, moved)
}
