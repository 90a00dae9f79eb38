/**
 * The call platform: lets clients into the room, notices who comes and goes, closes it, and tells
 * the attestor by webhooks.
 *
 * It knows of a client what reaches it: that it entered or left, if it said so, and whether its
 * media arrive. A line that falls silent is taken for gone after a while; shorter silences are
 * nobody's business. A webhook is repeated until it is answered, delivered late or twice as the run
 * has it, and never sent if it is to be lost. Times in it are those of the platform's own clock.
 */
import type { CallEvent } from '../../models/attendance-hold/attendanceReducer.ts'
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { type Effect, type Effects, type Input, type Message, SIDES, type Side } from './actors.ts'
import type { WorldSetup } from './options.ts'

/** First pause before a webhook is repeated that nobody answered; it doubles up to the most. */
const REPEAT_LEAST_MS = 5_000
const REPEAT_MOST_MS = 300_000
/** Deliveries after which a webhook is given up. */
export const DELIVERIES_MAX = 40
const SECOND_MS = 1000
const WHOLE_BPS = 10_000

export interface RoomConfig extends Pick<WorldSetup, 'behaviour' | 'startMs' | 'defects'> {
  /** Booked length of the lesson. */
  readonly bookedMs: number
  isConnected(side: Side): boolean
}

interface Client {
  /** The newest thing that it said. */
  count: number
  /** When it entered (monotonic), if that is not noticed yet. */
  enteredMs: number | null
  /** Name of its connection while it is noticed. */
  connection: string | null
  silentMs: number | null
}

interface Delivery {
  readonly event: CallEvent
  dueMs: number
  count: number
  isAnswered: boolean
  /** When a second delivery is due that nobody asked for. */
  copyMs: number | null
}

/** Changed in place: a lesson has few of these, and each is looked at often. */
export interface RoomState {
  readonly clients: Readonly<Record<Side, Client>>
  readonly deliveries: Delivery[]
  events: number
  leaves: number
  /** Since when the room is empty (monotonic). */
  emptyMs: number | null
  isOpened: boolean
  isClosed: boolean
}

const client = (): Client => ({ count: 0, enteredMs: null, connection: null, silentMs: null })

export const initialRoom = (): RoomState => ({
  clients: { student: client(), teacher: client() },
  deliveries: [],
  ...{ events: 0, leaves: 0, emptyMs: null, isOpened: false, isClosed: false },
})

/** Notices something: it goes out as a webhook, unless it is lost. */
function notice(
  { behaviour, bookedMs }: RoomConfig,
  state: RoomState,
  now: Moment,
  told: Pick<CallEvent, 'kind' | 'who' | 'connection'>,
): Effects {
  const number = state.events
  state.events += 1
  const atSeconds = Math.floor(now.wallMs / SECOND_MS)
  const event: CallEvent = { ...told, id: `event${number}`, atSeconds, isSigned: true }
  const isLeave = told.kind === 'participant_left'
  const isLost = isLeave
    ? behaviour.lostLeaves.includes(state.leaves)
    : told.kind === 'room_finished' && behaviour.losesFinish
  if (isLeave) state.leaves += 1
  const mark: Effect = { kind: 'mark', mark: { kind: 'noticed', event, isLost } }
  if (isLost) return [mark]
  const { webhookMs, late, copies } = behaviour
  const afterMs = webhookMs + (late.find((each) => each.event === number)?.byMs ?? 0)
  const copy = copies.find((each) => each.event === number)
  const copyAfterMs = copy === undefined ? 0 : Math.ceil((bookedMs * copy.afterBps) / WHOLE_BPS)
  const dueMs = now.monotonicMs + afterMs
  const copyMs = copyAfterMs === 0 ? null : dueMs + copyAfterMs
  state.deliveries.push({ event, dueMs, count: 0, isAnswered: false, copyMs })
  const timers: Effect[] = [{ kind: 'timer', name: 'webhook', afterMs }]
  if (copyMs !== null)
    timers.push({ kind: 'timer', name: 'webhook', afterMs: afterMs + copyAfterMs })
  return [mark, ...timers]
}

/** Sends what is due, and repeats what was not answered. */
function deliver(state: RoomState, { monotonicMs }: Moment): Effects {
  return state.deliveries.flatMap((delivery): Effect[] => {
    const { event } = delivery
    const send: Effect = { kind: 'send', to: 'attestor', message: { kind: 'webhook', event } }
    if (delivery.copyMs !== null && delivery.copyMs <= monotonicMs) {
      delivery.copyMs = null
      return [send]
    }
    const isOpen = !delivery.isAnswered && delivery.count < DELIVERIES_MAX
    if (!isOpen || delivery.dueMs > monotonicMs) return []
    const afterMs = Math.min(REPEAT_LEAST_MS * 2 ** delivery.count, REPEAT_MOST_MS)
    delivery.count += 1
    delivery.dueMs = monotonicMs + afterMs
    return [send, { kind: 'timer', name: 'webhook', afterMs }]
  })
}

/** An empty room is closed after a while, though not before the lesson has begun. */
function watchEmpty({ behaviour }: RoomConfig, state: RoomState, now: Moment): Effects {
  const isEmpty = SIDES.every((side) => {
    const { connection, enteredMs } = state.clients[side]
    return connection === null && enteredMs === null
  })
  if (!isEmpty) state.emptyMs = null
  if (!isEmpty || state.emptyMs !== null) return NO_EFFECTS
  state.emptyMs = now.monotonicMs
  return [{ kind: 'timer', name: 'empty', afterMs: behaviour.emptyMs }]
}

function close(config: RoomConfig, state: RoomState, now: Moment): Effects {
  if (state.isClosed || !state.isOpened) return NO_EFFECTS
  state.isClosed = true
  const told = { kind: 'room_finished', who: null, connection: '' } as const
  return [
    { kind: 'mark', mark: { kind: 'closed' } },
    ...notice(config, state, now, told),
    { kind: 'broadcast', to: SIDES, message: { kind: 'closed' } },
  ]
}

function onEmpty(config: RoomConfig, state: RoomState, now: Moment): Effects {
  const { emptyMs } = state
  if (emptyMs === null || state.isClosed) return NO_EFFECTS
  const sinceMs = Math.max(emptyMs, config.startMs)
  const leftMs = sinceMs + config.behaviour.emptyMs - now.monotonicMs
  if (leftMs > 0) return [{ kind: 'timer', name: 'empty', afterMs: leftMs }]
  return close(config, state, now)
}

function gone(config: RoomConfig, state: RoomState, side: Side, now: Moment): Effects {
  const known = state.clients[side]
  const { connection } = known
  Object.assign(known, { enteredMs: null, connection: null, silentMs: null })
  if (connection === null) return watchEmpty(config, state, now)
  const told = { kind: 'participant_left', who: side, connection } as const
  return [...notice(config, state, now, told), ...watchEmpty(config, state, now)]
}

/** Clients that have entered a while ago, and whose media still arrive, are noticed. */
function onNotice(config: RoomConfig, state: RoomState, now: Moment): Effects {
  return SIDES.flatMap((side): Effects => {
    const known = state.clients[side]
    const { enteredMs } = known
    if (enteredMs === null || state.isClosed) return NO_EFFECTS
    if (now.monotonicMs < enteredMs + config.behaviour.noticesMs) return NO_EFFECTS
    known.enteredMs = null
    if (!config.isConnected(side)) return watchEmpty(config, state, now)
    const connection = `${side}${state.events}`
    known.connection = connection
    state.isOpened = true
    return notice(config, state, now, { kind: 'participant_joined', who: side, connection })
  })
}

/** A line went down or came up: who is silent now, and who is heard again. */
function onLine(config: RoomConfig, state: RoomState, now: Moment): Effects {
  if (config.defects.roomHearsNoSilence === true) return NO_EFFECTS
  return SIDES.flatMap((side): Effects => {
    const known = state.clients[side]
    if (known.connection === null) return NO_EFFECTS
    const isSilent = !config.isConnected(side)
    if (!isSilent) known.silentMs = null
    if (!isSilent || known.silentMs !== null) return NO_EFFECTS
    known.silentMs = now.monotonicMs
    return [{ kind: 'timer', name: 'silence', afterMs: config.behaviour.silenceMs }]
  })
}

function onSilence(config: RoomConfig, state: RoomState, now: Moment): Effects {
  return SIDES.flatMap((side): Effects => {
    const { silentMs } = state.clients[side]
    const isOver = silentMs !== null && now.monotonicMs >= silentMs + config.behaviour.silenceMs
    return isOver && !state.isClosed ? gone(config, state, side, now) : NO_EFFECTS
  })
}

function onEnter(config: RoomConfig, state: RoomState, side: Side, now: Moment): Effects {
  const known = state.clients[side]
  known.silentMs = null
  if (known.connection !== null || known.enteredMs !== null) return NO_EFFECTS
  known.enteredMs = now.monotonicMs
  state.emptyMs = null
  return [{ kind: 'timer', name: 'notice', afterMs: config.behaviour.noticesMs }]
}

/** What a client says; old words that arrive late are answered and mean nothing. */
function onMessage(
  config: RoomConfig,
  state: RoomState,
  now: Moment,
  side: Side,
  message: Extract<Message, { kind: 'enter' | 'leave' | 'close' }>,
): Effects {
  const { count, kind } = message
  const answer: Message = state.isClosed ? { kind: 'closed' } : { kind: 'answered', count }
  const answers: Effects = [{ kind: 'send', to: side, message: answer }]
  const known = state.clients[side]
  if (state.isClosed || count < known.count) return answers
  known.count = count
  if (kind === 'enter') return [...answers, ...onEnter(config, state, side, now)]
  if (kind === 'leave') return [...answers, ...gone(config, state, side, now)]
  return close(config, state, now)
}

/** One step of the call platform. */
export function reduceRoom(
  config: RoomConfig,
  state: RoomState,
  input: Input,
  now: Moment,
): Effects {
  if (input.kind === 'message') {
    const { message } = input
    if (message.kind === 'received') {
      const delivery = state.deliveries.find(({ event }) => event.id === message.id)
      if (delivery !== undefined) delivery.isAnswered = true
      return NO_EFFECTS
    }
    const says = message.kind === 'enter' || message.kind === 'leave' || message.kind === 'close'
    return says ? onMessage(config, state, now, message.from, message) : NO_EFFECTS
  }
  if (input.kind !== 'timer') return NO_EFFECTS
  switch (input.name) {
    case 'notice':
      return onNotice(config, state, now)
    case 'line':
      return onLine(config, state, now)
    case 'silence':
      return onSilence(config, state, now)
    case 'empty':
      return onEmpty(config, state, now)
    case 'curfew':
      return close(config, state, now)
    case 'webhook':
      return deliver(state, now)
    default:
      return NO_EFFECTS
  }
}
