/**
 * The client of a side of the call, student's or tutor's, as a reducer.
 *
 * Both sign pings and send them to the heartbeat service and to each other. In `hardened` a client
 * signs only while it hears the other side, and takes the call as over for good once the other side
 * was silent for longer than the silence timeout: that is what makes a ping evidence of a call. In
 * `as-described` clients ping whatever happens, and trust service and relayer to end the call.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type {
  Actor,
  Effect,
  Effects,
  Evidence,
  Input,
  Intent,
  Message,
  Ping,
  SessionView,
  Side,
  Step,
  StopReason,
} from './actors.ts'
import { isOver } from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import { amountIntent, claimIntent, plainIntent, stageMark, stopIntent } from './intents.ts'

/** Silence is counted in whole seconds: "more than n seconds" is noticed at n + 1. */
export const SILENCE_GRACE_MS = 1_000
/** The student settles in the end if neither tutor nor relayer did. */
export const STUDENT_SETTLES_AFTER_MS = 60_000
/** After a silence the student leaves the stop to tutor and relayer for this long. */
export const STUDENT_STOPS_AFTER_MS = 60_000
/** A student tops up this long before its deposit is used up, or at half of a shorter one. */
export const TOP_UP_AHEAD_MS = 120_000

export interface ClientConfig {
  /** A defect, for the canary of liveness. */
  readonly neverSettles: boolean
  readonly side: Side
  readonly policy: Policy
  readonly heartbeatMs: number
  readonly silenceMs: number
  readonly resendAfterMs: number
  readonly depositUnits: bigint
  readonly behaviour: Behaviour
}

/**
 * A client's newest pings. The one part of its state that is changed in place: thousands of pings
 * would otherwise copy the rest.
 */
interface PingBook {
  /** Of the newest ping that the client signed. */
  sequence: number
  student: Ping | null
  tutor: Ping | null
  /** Monotonic time of the other side's newest ping. */
  peerHeardMs: number
}

export interface ClientState {
  readonly view: SessionView | null
  readonly phase: 'waiting' | 'inCall' | 'ended'
  readonly endReason: StopReason | null
  readonly pings: PingBook
  /** Monotonic times; Infinity for never. */
  readonly joinFromMs: number
  readonly cancelFromMs: number
  readonly stopFromMs: number
  readonly settleFromMs: number
  readonly capMs: number
  /** Seconds that the deposit bought when `capMs` was reckoned. */
  readonly capFromSeconds: number
  readonly wantsTopUp: boolean
  readonly forgeryNonce: number | null
  readonly wallet: Wallet
}

const NEVER = Number.POSITIVE_INFINITY

/** A client that knows nothing of the chain yet. */
export const initialClient = (): ClientState => ({
  view: null,
  phase: 'waiting',
  endReason: null,
  pings: { sequence: 0, student: null, tutor: null, peerHeardMs: 0 },
  joinFromMs: NEVER,
  cancelFromMs: NEVER,
  stopFromMs: NEVER,
  settleFromMs: NEVER,
  capMs: NEVER,
  capFromSeconds: 0,
  wantsTopUp: false,
  forgeryNonce: null,
  wallet: EMPTY_WALLET,
})

/** Who gets a side's pings. */
const AUDIENCE_OF: Readonly<Record<Side, readonly Actor[]>> = {
  student: ['service', 'tutor'],
  tutor: ['service', 'student'],
}

const other = (side: Side): Side => (side === 'student' ? 'tutor' : 'student')

/** Second up to which the evidence bills, as the contract will reckon it. */
function evidenceSeconds(config: ClientConfig, view: SessionView, evidence: Evidence): number {
  const seen = (ping: Ping | null) =>
    Math.max(view.startedAtSeconds, ping?.atSeconds ?? view.startedAtSeconds)
  const older = Math.min(seen(evidence.student), seen(evidence.tutor))
  return older + config.silenceMs / 1000
}

function raises(config: ClientConfig, view: SessionView, evidence: Evidence): boolean {
  if (view.state !== 'Stopping' || config.policy !== 'hardened') return false
  if (view.stoppedAtSeconds >= view.evidenceUntilSeconds) return false
  const capSeconds = view.startedAtSeconds + view.affordableSeconds
  const until = Math.min(evidenceSeconds(config, view, evidence), view.stoppedAtSeconds, capSeconds)
  return until - view.startedAtSeconds > view.billedSeconds
}

function forgedEvidence(config: ClientConfig, state: ClientState, view: SessionView): Evidence {
  const kind = config.behaviour.tutorForges
  const atSeconds = view.stoppedAtSeconds
  const sequence = (state.pings.student?.sequence ?? 0) + 1
  const student: Ping = {
    side: 'student',
    sequence,
    atSeconds,
    kind: kind === 'no' ? 'forged' : kind,
  }
  return { student, tutor: state.pings.tutor }
}

function heldBy({ pings: { student, tutor } }: ClientState): Evidence {
  return { student, tutor }
}

/** What the client wants from the chain now. */
function desire(config: ClientConfig, state: ClientState, nowMs: number): Intent | null {
  const { view } = state
  if (view === null) return null
  const { side, behaviour } = config
  switch (view.state) {
    case 'Idle':
      if (side === 'tutor') return null
      return amountIntent('deposit', config.depositUnits)
    case 'Funded': {
      const hasJoined = side === 'student' ? view.studentJoined : view.tutorJoined
      if (nowMs >= state.cancelFromMs) return plainIntent('cancel')
      return !hasJoined && nowMs >= state.joinFromMs ? plainIntent('join') : null
    }
    case 'Active': {
      if (state.phase === 'ended') {
        if (nowMs < state.stopFromMs) return null
        return stopIntent('stop', heldBy(state))
      }
      if (!state.wantsTopUp) return null
      return amountIntent('topUp', config.depositUnits)
    }
    case 'Stopping': {
      const isForgery =
        side === 'tutor' &&
        behaviour.tutorForges !== 'no' &&
        config.policy === 'hardened' &&
        (state.forgeryNonce === null || state.forgeryNonce === view.nonce)
      if (isForgery) {
        return stopIntent('forge', forgedEvidence(config, state, view))
      }
      if (side === 'tutor' && raises(config, view, state.pings)) {
        return stopIntent('raise', heldBy(state))
      }
      return nowMs >= state.settleFromMs ? plainIntent('settle') : null
    }
    default:
      return view.claimable.includes(side) ? claimIntent() : null
  }
}

/** Lets the wallet act on what is wanted after a change of state. */
function pursued(config: ClientConfig, state: ClientState, now: Moment, effects: Effects) {
  const { view } = state
  if (view === null || isOver(view)) return [state, effects] as const
  const intent = desire(config, state, now.monotonicMs)
  const isForgery = intent?.key === 'forge' && state.forgeryNonce === null
  const marked = isForgery ? { ...state, forgeryNonce: view.nonce } : state
  const [wallet, sends] = pursue({
    wallet: marked.wallet,
    intent,
    nonce: view.nonce,
    monotonicMs: now.monotonicMs,
    resendAfterMs: config.resendAfterMs,
  })
  if (wallet === marked.wallet && marked === state) return [state, effects] as const
  return [{ ...marked, wallet }, sends.length === 0 ? effects : [...effects, ...sends]] as const
}

function wake(afterMs: number): Effect {
  return { kind: 'timer', name: 'wake', afterMs }
}

function onFunded(config: ClientConfig, state: ClientState, now: Moment): Step<ClientState> {
  if (state.joinFromMs !== NEVER || state.cancelFromMs !== NEVER) return [state, []]
  const { side, behaviour } = config
  const comes = side === 'student' ? behaviour.studentComes : behaviour.tutorComes
  const delayMs = side === 'student' ? behaviour.studentJoinDelayMs : behaviour.tutorJoinDelayMs
  const effects: Effect[] = []
  let { joinFromMs, cancelFromMs } = state
  if (comes) {
    joinFromMs = now.monotonicMs + delayMs
    effects.push(wake(delayMs))
  }
  if (side === 'student' && comes) {
    cancelFromMs = now.monotonicMs + behaviour.patienceMs
    effects.push(wake(behaviour.patienceMs))
  }
  return [{ ...state, joinFromMs, cancelFromMs }, effects]
}

/** The chain says that the session runs: enter the call, or take note of a longer deposit. */
function onActive(config: ClientConfig, state: ClientState, now: Moment): Step<ClientState> {
  const view = state.view as SessionView
  if (state.phase === 'ended') return [state, []]
  const { behaviour, side } = config
  const isEntry = state.phase === 'waiting'
  const capMs = isEntry
    ? now.monotonicMs + view.affordableSeconds * 1000
    : state.capMs + (view.affordableSeconds - state.capFromSeconds) * 1000
  const effects: Effect[] = []
  if (isEntry) {
    effects.push({ kind: 'presence', isPresent: true })
    effects.push({ kind: 'timer', name: 'ping', afterMs: 0 })
    effects.push({ kind: 'timer', name: 'silence', afterMs: config.silenceMs + SILENCE_GRACE_MS })
    if (behaviour.hangsUp === side) {
      effects.push({ kind: 'timer', name: 'hang-up', afterMs: behaviour.callMs })
    }
    const topUpMs = view.affordableSeconds * 1000 - TOP_UP_AHEAD_MS
    const mayTopUp = side === 'student' && behaviour.topsUp && topUpMs > 0
    if (mayTopUp) effects.push({ kind: 'timer', name: 'top-up', afterMs: topUpMs })
  }
  if (isEntry || capMs !== state.capMs) {
    effects.push({ kind: 'timer', name: 'cap', afterMs: Math.max(0, capMs - now.monotonicMs) })
  }
  if (isEntry) state.pings.peerHeardMs = now.monotonicMs
  const wantsTopUp = capMs !== state.capMs && !isEntry ? false : state.wantsTopUp
  const capFromSeconds = view.affordableSeconds
  return [{ ...state, phase: 'inCall', capMs, capFromSeconds, wantsTopUp }, effects]
}

function endCall(
  config: ClientConfig,
  state: ClientState,
  now: Moment,
  reason: StopReason,
): Step<ClientState> {
  if (state.phase === 'ended') return [state, []]
  const wasPresent = state.phase === 'inCall'
  const isPatient = config.side === 'student' && reason === 'silence'
  const waitMs = isPatient ? STUDENT_STOPS_AFTER_MS : 0
  const stopFromMs = now.monotonicMs + waitMs
  const effects: Effect[] = [stageMark('ended', reason)]
  if (isPatient) effects.push(wake(waitMs))
  if (wasPresent) effects.push({ kind: 'presence', isPresent: false })
  return [{ ...state, phase: 'ended', endReason: reason, wantsTopUp: false, stopFromMs }, effects]
}

function onStopping(config: ClientConfig, before: ClientState, now: Moment): Step<ClientState> {
  const [state, effects] = endCall(config, before, now, 'hang-up')
  const view = state.view as SessionView
  const openMs = Math.max(0, view.evidenceUntilSeconds - view.headSeconds) * 1000
  const waitMs = openMs + (config.side === 'tutor' ? 0 : STUDENT_SETTLES_AFTER_MS)
  const settleFromMs = config.neverSettles ? NEVER : now.monotonicMs + waitMs
  return [{ ...state, settleFromMs }, [...effects, wake(waitMs)]]
}

function onView(config: ClientConfig, state: ClientState, now: Moment): Step<ClientState> {
  switch (state.view?.state) {
    case 'Funded':
      return onFunded(config, state, now)
    case 'Active':
      return onActive(config, state, now)
    case 'Stopping':
      return onStopping(config, state, now)
    default:
      return [state, []]
  }
}

function onPingTimer(config: ClientConfig, state: ClientState, now: Moment): Step<ClientState> {
  if (state.phase !== 'inCall') return [state, []]
  const again: Effect = { kind: 'timer', name: 'ping', afterMs: config.heartbeatMs }
  if (config.policy === 'hardened' && !now.hearsPeer) return [state, [again]]
  const { pings } = state
  const { side } = config
  pings.sequence += 1
  const atSeconds = Math.floor(now.wallMs / 1000)
  const ping: Ping = { side, sequence: pings.sequence, atSeconds, kind: 'genuine' }
  pings[side] = ping
  const signed: Effect = { kind: 'mark', mark: { kind: 'signed', ping } }
  const to = AUDIENCE_OF[side]
  return [state, [signed, { kind: 'broadcast', to, message: { kind: 'ping', ping } }, again]]
}

function onSilenceTimer(config: ClientConfig, state: ClientState, now: Moment): Step<ClientState> {
  // As described, only the heartbeat service listens for silence.
  if (state.phase !== 'inCall' || config.policy !== 'hardened') return [state, []]
  const leftMs = state.pings.peerHeardMs + config.silenceMs + SILENCE_GRACE_MS - now.monotonicMs
  if (leftMs > 0) return [state, [{ kind: 'timer', name: 'silence', afterMs: leftMs }]]
  const [ended, effects] = endCall(config, state, now, 'silence')
  return [ended, [stageMark('detected', 'silence'), ...effects]]
}

function onTimer(
  config: ClientConfig,
  state: ClientState,
  now: Moment,
  name: string,
): Step<ClientState> {
  switch (name) {
    case 'ping':
      return onPingTimer(config, state, now)
    case 'silence':
      return onSilenceTimer(config, state, now)
    case 'hang-up': {
      if (state.phase !== 'inCall') return [state, []]
      const [ended, effects] = endCall(config, state, now, 'hang-up')
      const bye: Message = { kind: 'bye', side: config.side }
      return [ended, [...effects, { kind: 'send', to: other(config.side), message: bye }]]
    }
    case 'cap':
      return now.monotonicMs >= state.capMs ? endCall(config, state, now, 'cap') : [state, []]
    case 'top-up':
      return [state.phase === 'inCall' ? { ...state, wantsTopUp: true } : state, []]
    default:
      return [state, []]
  }
}

function onMessage(
  config: ClientConfig,
  state: ClientState,
  now: Moment,
  message: Message,
): Step<ClientState> {
  const peer = other(config.side)
  if (message.kind === 'bye' && message.side === peer) return endCall(config, state, now, 'hang-up')
  if (message.kind !== 'ping') return [state, []]
  const { ping } = message
  const { pings } = state
  const isNewer = ping.sequence > (pings[peer]?.sequence ?? 0)
  if (ping.side !== peer || ping.kind !== 'genuine' || !isNewer) return [state, NO_EFFECTS]
  pings[peer] = ping
  pings.peerHeardMs = now.monotonicMs
  return [state, NO_EFFECTS]
}

/** One step of a side's client. Pings do not move the wallet, everything else may. */
export function reduceClient(
  config: ClientConfig,
  state: ClientState,
  input: Input,
  now: Moment,
): Step<ClientState> {
  switch (input.kind) {
    case 'view': {
      const [next, effects] = onView(config, { ...state, view: input.view }, now)
      return pursued(config, next, now, effects)
    }
    case 'timer': {
      const [next, effects] = onTimer(config, state, now, input.name)
      return input.name === 'ping' ? [next, effects] : pursued(config, next, now, effects)
    }
    case 'message': {
      const step = onMessage(config, state, now, input.message)
      const [next, effects] = step
      return next.phase === state.phase ? step : pursued(config, next, now, effects)
    }
    default: {
      const failures = state.wallet.failures
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
