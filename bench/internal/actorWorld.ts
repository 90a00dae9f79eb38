/**
 * The world of session-escrow as one would write it with XState alone: one actor for each
 * participant, timers by `after`, messages by delayed `sendTo`, on XState's own simulated clock.
 *
 * Policy as-described, no faults: deposit, two joins, pings until the student hangs up, stop,
 * settlement. It keeps no record, draws no digest and judges nothing. `bench/world.ts` compares
 * its bill and its pings with the simulator's, so that both are known to do the same work.
 */
import { type AnyActorRef, createActor, SimulatedClock, setup } from 'xstate'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import { createEventQueue } from '../../sim/kernel/eventQueue.ts'
import { streamsOf } from '../../sim/kernel/random.ts'
import { createLink, NO_DISTURBANCE } from '../../sim/links.ts'
import type { WorldRun } from '../../sim/session-escrow/worldRun.ts'
import { WORLD_EPOCH_SECONDS } from '../../sim/world/setup.ts'

const BLOCK_MS = 12_000
const SEEING_MS = 150

/** XState's clock, moved from timer to timer instead of by fixed steps, which would cost more. */
class SteppedClock extends SimulatedClock {
  readonly #due = createEventQueue<null>()
  eventCount = 0

  override setTimeout(run: (...args: unknown[]) => void, afterMs: number): number {
    this.#due.push(this.now() + afterMs, null)
    const counted = () => {
      this.eventCount += 1
      run()
    }
    return super.setTimeout(counted, afterMs)
  }

  runWhile(isRunning: () => boolean): void {
    while (isRunning() && this.#due.pop() !== undefined) {
      if (this.#due.nowMs > this.now()) this.set(this.#due.nowMs)
    }
  }
}

interface View {
  readonly type: 'VIEW'
  readonly state: string
}
interface PingEvent {
  readonly type: 'PING'
  readonly side: 'student' | 'tutor'
  readonly sequence: number
}
type ParticipantEvent = View | PingEvent | { readonly type: 'BYE' }

const isIn =
  (state: string) =>
  ({ event }: { readonly event: ParticipantEvent }) =>
    event.type === 'VIEW' && event.state === state

interface ClientOptions {
  readonly side: 'student' | 'tutor'
  readonly joinMs: number
  readonly callMs: number
  readonly heartbeatMs: number
  readonly chain: () => AnyActorRef
  readonly receivers: () => readonly [service: AnyActorRef, peer: AnyActorRef]
  readonly latencyMs: (to: 'service' | 'peer') => number
}

interface ClientContext {
  readonly sequence: number
  readonly peerSequence: number
}

function clientMachine(options: ClientOptions) {
  const { side, chain, receivers, latencyMs } = options
  const kit = setup({ types: {} as { context: ClientContext; events: ParticipantEvent } })
  const request = (action: string) => kit.sendTo(chain, { type: 'REQUEST', action, by: side })
  const pingTo = (index: 0 | 1, to: 'service' | 'peer') =>
    kit.sendTo(
      () => receivers()[index],
      ({ context }): PingEvent => ({ type: 'PING', side, sequence: context.sequence }),
      { delay: () => latencyMs(to) },
    )
  const bye = kit.sendTo(() => receivers()[1], { type: 'BYE' }, { delay: () => latencyMs('peer') })
  const sign = kit.assign({ sequence: ({ context }) => context.sequence + 1 })
  const hear = kit.assign({
    peerSequence: ({ context, event }) =>
      event.type === 'PING' ? Math.max(context.peerSequence, event.sequence) : context.peerSequence,
  })
  return kit.createMachine({
    context: { sequence: 0, peerSequence: 0 },
    initial: 'waiting',
    states: {
      waiting: { on: { VIEW: { guard: isIn('Funded'), target: 'joining' } } },
      joining: {
        after: { [options.joinMs]: { actions: [request('join')] } },
        on: { VIEW: { guard: isIn('Active'), target: 'inCall' } },
      },
      inCall: {
        initial: 'beating',
        states: {
          beating: {
            entry: [sign, pingTo(0, 'service'), pingTo(1, 'peer')],
            after: { [options.heartbeatMs]: { target: 'beating', reenter: true } },
          },
        },
        after: side === 'student' ? { [options.callMs]: { target: 'ended', actions: [bye] } } : {},
        on: {
          PING: { actions: [hear] },
          BYE: { target: 'ended' },
          VIEW: { guard: isIn('Stopping'), target: 'stopped' },
        },
      },
      ended: {
        entry: [request('stop')],
        on: { VIEW: { guard: isIn('Stopping'), target: 'stopped' } },
      },
      stopped: { entry: side === 'tutor' ? [request('settle')] : [] },
    },
  })
}

function serviceMachine(silenceMs: number, relayer: () => AnyActorRef) {
  const kit = setup({ types: {} as { events: ParticipantEvent } })
  const command = kit.sendTo(relayer, { type: 'COMMAND' })
  const watch = (side: 'student' | 'tutor') =>
    kit.createStateConfig({
      initial: 'heard',
      states: {
        heard: {
          after: { [silenceMs]: { target: 'silent' } },
          on: {
            PING: { guard: ({ event }) => event.side === side, target: 'heard', reenter: true },
          },
        },
        silent: { entry: [command] },
      },
    })
  return kit.createMachine({
    initial: 'idle',
    states: {
      idle: { on: { VIEW: { guard: isIn('Active'), target: 'watching' } } },
      watching: {
        type: 'parallel',
        states: { student: watch('student'), tutor: watch('tutor') },
        on: { VIEW: { guard: isIn('Stopping'), target: 'done' } },
      },
      done: {},
    },
  })
}

function relayerMachine(chain: () => AnyActorRef) {
  const kit = setup({ types: {} as { events: { type: 'COMMAND' } | View } })
  const stop = kit.sendTo(chain, { type: 'REQUEST', action: 'stop', by: 'relayer' })
  return kit.createMachine({ on: { COMMAND: { actions: [stop] } } })
}

interface Request {
  readonly type: 'REQUEST'
  readonly action: string
  readonly by: string
}

interface ChainContext {
  readonly pool: readonly Request[]
}

function chainMachine(include: (requests: readonly Request[]) => void) {
  const kit = setup({
    types: {} as { context: ChainContext; events: Request },
    actions: { mine: ({ context }) => include(context.pool) },
  })
  const take = kit.assign({ pool: ({ context, event }) => [...context.pool, event] })
  const empty = kit.assign({ pool: [] })
  return kit.createMachine({
    context: { pool: [] },
    initial: 'open',
    states: {
      open: { after: { [BLOCK_MS]: { target: 'open', reenter: true, actions: ['mine', empty] } } },
    },
    on: { REQUEST: { actions: [take] } },
  })
}

export interface ActorRun {
  readonly state: string
  readonly billedSeconds: bigint
  readonly pingCount: number
  readonly eventCount: number
}

/** The session of `like`, run by actors: its behaviour, its parameters, its network. */
export function runActors(like: WorldRun): ActorRun {
  const { behaviour, parameters, seed, run } = like
  const [agreement] = like.agreements
  if (agreement === undefined) throw new Error('a run has an agreement')
  const clock = new SteppedClock()
  const streams = streamsOf({ seed, run })
  const conditions = {
    ...{ latency: { shiftMs: 20, medianMs: 25, sigma: 0.5 }, lossBps: 0 },
    ...{ duplicationBps: 0, clogBps: 0, clogMeanMs: 0 },
  }
  const heartbeatMs = (parameters.heartbeatIntervalSeconds as number) * 1000
  const silenceMs = (parameters.silenceTimeoutSeconds as number) * 1000 + 1_000
  const escrow = createActor(sessionEscrow.machines['as-described'], {
    ...{ clock, input: sessionEscrow.input(parameters, agreement) },
  })
  const stateOf = () => String(escrow.getSnapshot().value)
  const include = (requests: readonly Request[]) => {
    const atSeconds = WORLD_EPOCH_SECONDS + Math.floor(clock.now() / 1000)
    for (const { action, by } of requests) {
      const extra = { amountUnits: like.endState.depositUnits, transferIn: 'received' }
      const pays = { student: true, tutor: true, platform: true }
      escrow.send({ type: action, by, atSeconds, ...extra, pays })
    }
    if (requests.length === 0) return
    const view: View = { type: 'VIEW', state: stateOf() }
    clock.setTimeout(() => {
      for (const actor of everybody) actor.send(view)
    }, SEEING_MS)
  }
  const chain: AnyActorRef = createActor(chainMachine(include), { clock })
  const relayer: AnyActorRef = createActor(
    relayerMachine(() => chain),
    { clock },
  )
  const service: AnyActorRef = createActor(
    serviceMachine(silenceMs, () => relayer),
    { clock },
  )
  const client = (side: 'student' | 'tutor', peer: () => AnyActorRef) => {
    const links = {
      service: createLink(`${side}.up>service`, conditions, streams),
      peer: createLink(`${side}.up>peer`, conditions, streams),
    }
    const joinMs = side === 'student' ? behaviour.studentJoinDelayMs : behaviour.tutorJoinDelayMs
    const machine = clientMachine({
      ...{ side, joinMs, callMs: behaviour.callMs, heartbeatMs, chain: () => chain },
      receivers: () => [service, peer()],
      latencyMs: (to) => links[to].pass(NO_DISTURBANCE)[0] ?? 0,
    })
    return createActor(machine, { clock })
  }
  const student = client('student', () => tutor)
  const tutor: ReturnType<typeof client> = client('tutor', () => student)
  const everybody: readonly AnyActorRef[] = [student, tutor, service, relayer]
  for (const actor of [escrow, chain, ...everybody]) actor.start()
  chain.send({ type: 'REQUEST', action: 'deposit', by: 'student' })
  clock.runWhile(() => stateOf() !== 'Closed')
  const pingCount = student.getSnapshot().context.sequence + tutor.getSnapshot().context.sequence
  const { billedSeconds } = escrow.getSnapshot().context
  const { eventCount } = clock
  for (const actor of [escrow, chain, ...everybody]) actor.stop()
  return { state: stateOf(), billedSeconds, pingCount, eventCount }
}
