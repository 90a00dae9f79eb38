/**
 * The heartbeat service: records each side's newest ping, and tells the relayer when one falls
 * silent.
 *
 * It checks signatures (kind `genuine`) and sequences, so forged, foreign and replayed pings change
 * nothing. It decides by durations on its own monotonic clock; what a ping says about time is for
 * the contract to judge, not for the service.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import type {
  Effect,
  Evidence,
  Input,
  Ping,
  SessionView,
  Side,
  Step,
  StopReason,
} from './actors.ts'
import { SILENCE_GRACE_MS } from './client.ts'
import { stageMark } from './intents.ts'

/** The command is repeated until the chain shows that the session is no longer running. */
export const COMMAND_AGAIN_AFTER_MS = 5_000

export interface ServiceConfig {
  readonly silenceMs: number
  /** Canary: the service never notices that this side is silent. */
  readonly forgets: Side | null
}

export interface ServiceState {
  readonly view: SessionView | null
  readonly isWatching: boolean
  /**
   * Monotonic time of each side's newest ping, and the ping. The one part of the state that is
   * changed in place: thousands of pings would otherwise copy the rest.
   */
  readonly heardMs: Record<Side, number>
  readonly newest: Record<Side, Ping | null>
  readonly capMs: number
  readonly capFromSeconds: number
  readonly commanded: StopReason | null
}

/** A service that watches nobody yet. */
export const initialService = (): ServiceState => ({
  view: null,
  isWatching: false,
  heardMs: { student: 0, tutor: 0 },
  newest: { student: null, tutor: null },
  capMs: Number.POSITIVE_INFINITY,
  capFromSeconds: 0,
  commanded: null,
})

function quietSinceMs(config: ServiceConfig, { heardMs }: ServiceState): number {
  if (config.forgets === 'student') return heardMs.tutor
  if (config.forgets === 'tutor') return heardMs.student
  return Math.min(heardMs.student, heardMs.tutor)
}

function command(state: ServiceState, reason: StopReason): Step<ServiceState> {
  const commanded = state.commanded ?? reason
  const isFirst = state.commanded === null
  const marks: Effect[] = isFirst
    ? [stageMark('detected', reason), stageMark('commanded', reason)]
    : []
  const evidence: Evidence = { ...state.newest }
  const message = { kind: 'command', evidence, reason: commanded } as const
  const effects: Effect[] = [
    ...marks,
    { kind: 'send', to: 'relayer', message },
    { kind: 'timer', name: 'command', afterMs: COMMAND_AGAIN_AFTER_MS },
  ]
  return [{ ...state, commanded }, effects]
}

function onView(
  config: ServiceConfig,
  before: ServiceState,
  view: SessionView,
  now: Moment,
): Step<ServiceState> {
  const state = { ...before, view }
  if (view.state !== 'Active') return [state, []]
  const effects: Effect[] = []
  let { heardMs, capMs } = state
  if (!state.isWatching) {
    heardMs = { student: now.monotonicMs, tutor: now.monotonicMs }
    capMs = now.monotonicMs + view.affordableSeconds * 1000
    effects.push({ kind: 'timer', name: 'silence', afterMs: config.silenceMs + SILENCE_GRACE_MS })
    effects.push({ kind: 'timer', name: 'cap', afterMs: view.affordableSeconds * 1000 })
  } else if (view.affordableSeconds !== state.capFromSeconds) {
    capMs += (view.affordableSeconds - state.capFromSeconds) * 1000
    effects.push({ kind: 'timer', name: 'cap', afterMs: Math.max(0, capMs - now.monotonicMs) })
  }
  if (state.commanded !== null) {
    // A replaced block may have undone the stop: the command stands.
    effects.push({ kind: 'timer', name: 'command', afterMs: 0 })
  }
  const capFromSeconds = view.affordableSeconds
  return [{ ...state, isWatching: true, heardMs, capMs, capFromSeconds }, effects]
}

function onPing(state: ServiceState, ping: Ping, now: Moment): Step<ServiceState> {
  const { side, sequence, kind } = ping
  const isNewer = sequence > (state.newest[side]?.sequence ?? 0)
  if (kind !== 'genuine' || !isNewer) return [state, NO_EFFECTS]
  state.heardMs[side] = now.monotonicMs
  state.newest[side] = ping
  return [state, NO_EFFECTS]
}

/** One step of the heartbeat service. */
export function reduceService(
  config: ServiceConfig,
  state: ServiceState,
  input: Input,
  now: Moment,
): Step<ServiceState> {
  if (input.kind === 'view') return onView(config, state, input.view, now)
  if (input.kind === 'message') {
    return input.message.kind === 'ping' ? onPing(state, input.message.ping, now) : [state, []]
  }
  if (input.kind !== 'timer' || state.view?.state !== 'Active') return [state, []]
  switch (input.name) {
    case 'silence': {
      if (state.commanded !== null) return [state, []]
      const dueMs = quietSinceMs(config, state) + config.silenceMs + SILENCE_GRACE_MS
      const leftMs = dueMs - now.monotonicMs
      if (leftMs > 0) return [state, [{ kind: 'timer', name: 'silence', afterMs: leftMs }]]
      return command(state, 'silence')
    }
    case 'cap': {
      const isDue = now.monotonicMs >= state.capMs && state.commanded === null
      return isDue ? command(state, 'cap') : [state, []]
    }
    case 'command':
      return state.commanded === null ? [state, []] : command(state, state.commanded)
    default:
      return [state, []]
  }
}
