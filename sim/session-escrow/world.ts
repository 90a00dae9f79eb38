/**
 * The deterministic world around one session: events in order of true time, participants as
 * reducers, a network, a chain, and the service as ground truth.
 *
 * `worldProcess` is a generator that yields its uses of the chain; `runWorld` answers them from the
 * model chain at once, `runWorldOn` from any chain. Nothing here reads a real clock or draws
 * outside of the streams of (seed, run): the same setup gives the same run, byte for byte.
 */
import { assert } from '../../models/kit/error.ts'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { createModelChain } from '../chain/modelChain.ts'
import { createSlots } from '../chain/modelSlots.ts'
import { createClock } from '../clocks.ts'
import { faultEndMs } from '../faults/fault.ts'
import { createFaultLookup, type FaultLookup } from '../faults/faultLookup.ts'
import { createEventQueue } from '../kernel/eventQueue.ts'
import { type StreamOf, streamsOf } from '../kernel/random.ts'
import {
  ACTORS,
  type Actor,
  type Effect,
  type Effects,
  type Input,
  type Message,
  type Moment,
} from './actors.ts'
import { createChainSide } from './chainSide.ts'
import { createGroundTruth, type GroundTruth } from './groundTruth.ts'
import { ActorMoment, TIMERS } from './moments.ts'
import { createNetwork, type Network } from './network.ts'
import { setUpWorld, WORLD_EPOCH_SECONDS, type WorldOptions, type WorldSetup } from './options.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { createRoster, type Roster } from './roster.ts'
import { type ChainTask, type ChainUse, WorldChain } from './worldChain.ts'
import type { WorldRun } from './worldRun.ts'

/** More events than any session needs; a run that reaches it is stopped as not live. */
export const EVENTS_MAX = 2_000_000
/** A session that is not over after this much true time is given up as not live: two days. */
export const HORIZON_MS = 48 * 3_600_000
/** Time from a block to its being seen by a client of a healthy node. */
const SEEING_MS = 150
/** A read that failed is repeated after this time. */
const LOOK_AGAIN_MS = 1_000

type Submission = Extract<Effect, { kind: 'submit' }>

type WorldEvent =
  | { readonly kind: 'input'; readonly actor: Actor; readonly input: Input }
  | {
      readonly kind: 'arrival'
      readonly from: Actor
      readonly to: Actor
      readonly message: Message
      readonly sentMs: number
    }
  | { readonly kind: 'look'; readonly actor: Actor }
  | { readonly kind: 'submit'; readonly actor: Actor; readonly submission: Submission }
  | { readonly kind: 'path' }
  | { readonly kind: 'slot' }
  | { readonly kind: 'reorg'; readonly depth: number }
  | { readonly kind: 'drop'; readonly sender: string }

class World {
  readonly #setup: WorldSetup
  readonly #faults: FaultLookup
  readonly #streams: StreamOf
  readonly #truth: GroundTruth
  readonly #network: Network
  readonly #chain: WorldChain
  readonly #roster: Roster
  readonly #recorder: Recorder
  readonly #queue = createEventQueue<WorldEvent>()
  readonly #moments: Readonly<Record<Actor, ActorMoment>>
  readonly #isTapped: boolean
  #isSlotScheduled = false

  constructor(setup: WorldSetup) {
    this.#setup = setup
    this.#faults = createFaultLookup(setup.faults)
    this.#streams = streamsOf({ seed: setup.seed, run: setup.run })
    const [faults, streams, { conditions, profile, defects }] = [this.#faults, this.#streams, setup]
    this.#truth = createGroundTruth(faults)
    this.#network = createNetwork({ conditions, faults, streams, truth: this.#truth })
    this.#moments = momentsOf(setup, faults, this.#truth)
    this.#isTapped = setup.behaviour.stranger.length > 0
    const epochSeconds = WORLD_EPOCH_SECONDS
    const stampSeconds = (actor: Actor, atMs: number) =>
      epochSeconds + Math.floor(this.#moments[actor].clock.wallMs(atMs) / 1000)
    const side = createChainSide({
      cast: {
        protocol: sessionEscrow,
        policy: setup.policy,
        parameters: setup.parameters,
        agreements: [setup.agreement],
      },
      participantOf: { ...setup.agreement.roles },
      stampSeconds: defects.billsBySenderClock === true ? stampSeconds : null,
    })
    const slots = createSlots({ profile, streams, faults, epochSeconds })
    this.#chain = new WorldChain({ side, slots, profile, faults, streams })
    this.#roster = createRoster(setup)
    this.#recorder = createRecorder({ setup, faults, side, truth: this.#truth })
  }

  *run(): Generator<ChainUse, WorldRun, unknown> {
    this.#schedule()
    let eventCount = 0
    let isFinished = false
    for (;;) {
      const event = this.#queue.pop()
      if (event === undefined || isFinished) break
      if (this.#queue.nowMs > HORIZON_MS || eventCount >= EVENTS_MAX) break
      eventCount += 1
      // Few events concern the chain; a generator for each of the others would cost more than they.
      const task = this.#handle(event)
      if (task === null) continue
      yield* task
      isFinished = this.#isFinished()
    }
    const { records, blockCount } = this.#chain
    const { nowMs } = this.#queue
    return this.#recorder.finish({ transactions: records, blockCount, eventCount, nowMs })
  }

  #isFinished(): boolean {
    return this.#recorder.isOver && !this.#chain.isAwake
  }

  #schedule(): void {
    const { behaviour, faults } = this.#setup
    this.#queue.push(behaviour.depositAtMs, { kind: 'look', actor: 'student' })
    const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
    for (const { atMs } of attempts) this.#queue.push(atMs, TIMERS.stranger.begin)
    for (const fault of faults) {
      const { kind, atMs, target, magnitude } = fault
      if (kind === 'link-down' || kind === 'process-crash') {
        this.#queue.push(atMs, { kind: 'path' })
        this.#queue.push(faultEndMs(fault), { kind: 'path' })
      }
      if (kind === 'reorg') this.#queue.push(atMs, { kind: 'reorg', depth: magnitude })
      if (kind === 'dropped-transaction') this.#queue.push(atMs, { kind: 'drop', sender: target })
    }
  }

  /** What remains to be done with the chain; null for nothing. */
  #handle(event: WorldEvent): ChainTask<void> | null {
    const { nowMs } = this.#queue
    switch (event.kind) {
      case 'input':
        return this.#give(event.actor, event.input)
      case 'arrival':
        return this.#arrive(event)
      case 'look':
        return this.#look(event.actor)
      case 'submit':
        return this.#submit(event.actor, event.submission)
      case 'path':
        this.#truth.refresh(nowMs)
        return null
      case 'slot':
        this.#isSlotScheduled = false
        return this.#advance()
      case 'reorg':
        return this.#reorg(event.depth)
      case 'drop':
        return this.#drop(event.sender)
    }
  }

  *#reorg(depth: number): ChainTask<void> {
    yield* this.#advance()
    if (yield* this.#chain.reorg(depth)) this.#announce()
    this.#keepAwake()
  }

  *#drop(sender: string): ChainTask<void> {
    yield* this.#advance()
    yield* this.#chain.drop(sender)
  }

  /** Hands an input to a participant, unless its process is gone: timers wait for its restart. */
  #give(actor: Actor, input: Input): ChainTask<void> | null {
    const { nowMs } = this.#queue
    const restartMs = this.#faults.endOf('process-crash', actor, nowMs)
    if (restartMs > nowMs) {
      this.#queue.push(restartMs, { kind: 'input', actor, input })
      return null
    }
    const effects = this.#roster.give(actor, input, this.#momentOf(actor))
    for (let index = 0; index < effects.length; index += 1) {
      const effect = effects[index] as Effect
      if (effect.kind === 'submit') return this.#performFrom(actor, effects, index)
      this.#perform(actor, effect)
    }
    return null
  }

  *#performFrom(actor: Actor, effects: Effects, first: number): ChainTask<void> {
    for (const effect of effects.slice(first)) {
      if (effect.kind === 'submit') yield* this.#request(actor, effect)
      else this.#perform(actor, effect)
    }
  }

  /** Valid until the next call: no participant keeps the moment in which it acted. */
  #momentOf(actor: Actor): Moment {
    const moment = this.#moments[actor]
    moment.trueMs = this.#queue.nowMs
    return moment
  }

  #perform(actor: Actor, effect: Exclude<Effect, { kind: 'submit' }>): void {
    const { nowMs } = this.#queue
    switch (effect.kind) {
      case 'timer': {
        const { clock } = this.#moments[actor]
        const dueMs = clock.trueMsAt(clock.monotonicMs(nowMs) + effect.afterMs)
        this.#queue.push(Math.max(nowMs, dueMs), TIMERS[actor][effect.name])
        return
      }
      case 'ping':
        this.#recorder.signed(effect.message.ping, nowMs)
        this.#send(actor, 'service', effect.message)
        this.#send(actor, effect.peer, effect.message)
        return
      case 'send':
        this.#send(actor, effect.to, effect.message)
        return
      case 'presence':
        assert(actor === 'student' || actor === 'tutor', 'only the two sides are in the call')
        this.#truth.setPresence(actor, effect.isPresent, nowMs)
        return
      case 'mark':
        this.#recorder.mark(actor, effect.stage, effect.reason, nowMs)
        return
    }
  }

  *#request(actor: Actor, effect: Submission): ChainTask<void> {
    const { nowMs } = this.#queue
    const pausedMs = this.#faults.endOf('relayer-outage', actor, nowMs)
    if (pausedMs === nowMs) return yield* this.#submit(actor, effect)
    this.#queue.push(pausedMs, { kind: 'submit', actor, submission: effect })
  }

  #send(from: Actor, to: Actor, message: Message): void {
    const { nowMs } = this.#queue
    const lost = this.#network.send(from, to, message, nowMs)
    if (lost !== null) this.#recorder.message(from, to, message, nowMs, lost, null)
    else {
      for (const afterMs of this.#network.delaysMs) {
        const event: WorldEvent = { kind: 'arrival', from, to, message, sentMs: nowMs }
        this.#queue.push(nowMs + afterMs, event)
      }
    }
    // The stranger taps the line to the service; what it hears is a copy.
    if (this.#isTapped && to === 'service' && message.kind === 'ping' && from !== 'stranger') {
      this.#roster.overhear(message)
    }
  }

  #arrive(event: Extract<WorldEvent, { kind: 'arrival' }>): ChainTask<void> | null {
    const { from, to, message, sentMs } = event
    const { nowMs } = this.#queue
    const lost = this.#network.refusal(to, nowMs)
    this.#recorder.message(from, to, message, sentMs, lost, lost === null ? nowMs : null)
    return lost === null ? this.#give(to, { kind: 'message', message }) : null
  }

  *#submit(actor: Actor, submission: Submission): ChainTask<void> {
    const { nowMs } = this.#queue
    const restartMs = this.#faults.endOf('process-crash', actor, nowMs)
    if (restartMs > nowMs) {
      this.#queue.push(restartMs, { kind: 'submit', actor, submission })
      return
    }
    yield* this.#advance()
    const isAnswered = yield* this.#chain.submit(actor, submission, nowMs)
    const input: Input = { kind: 'send-failed' }
    if (!isAnswered) this.#queue.push(nowMs + SEEING_MS, { kind: 'input', actor, input })
    this.#keepAwake()
  }

  /** Makes the blocks that are due, and tells everybody when something happened in them. */
  *#advance(): ChainTask<void> {
    const isNews = yield* this.#chain.catchUp(this.#queue.nowMs)
    if (isNews) this.#announce()
    this.#keepAwake()
  }

  #keepAwake(): void {
    if (this.#isSlotScheduled || !this.#chain.isAwake) return
    this.#isSlotScheduled = true
    this.#queue.push(this.#chain.nextBlockMs(), { kind: 'slot' })
  }

  #announce(): void {
    const { nowMs } = this.#queue
    for (const actor of ACTORS) this.#queue.push(nowMs + SEEING_MS, { kind: 'look', actor })
  }

  /** A participant reads the chain; a read that fails is repeated. */
  #look(actor: Actor): ChainTask<void> | null {
    const { nowMs } = this.#queue
    const crashedMs = this.#faults.endOf('process-crash', actor, nowMs)
    const error = this.#faults.active('rpc-error', actor, nowMs)
    const isRefused =
      error !== undefined && this.#streams(`look/${actor}`).unit() * 10_000 < error.magnitude
    if (crashedMs > nowMs || isRefused) {
      const againMs = Math.max(crashedMs, nowMs + LOOK_AGAIN_MS)
      this.#queue.push(againMs, { kind: 'look', actor })
      return null
    }
    const view = this.#recorder.viewFor(actor, this.#chain.headSeconds, nowMs)
    return this.#give(actor, { kind: 'view', view })
  }
}

function momentsOf(setup: WorldSetup, faults: FaultLookup, truth: GroundTruth) {
  const { signsByClockOf } = setup.defects
  const clocks = new Map(ACTORS.map((actor) => [actor, createClock(faults.clockOf(actor))]))
  const moments = ACTORS.map((actor): [Actor, ActorMoment] => {
    const signer = signsByClockOf?.side === actor ? signsByClockOf.clockOf : actor
    const [own, signing] = [clocks.get(actor), clocks.get(signer)]
    assert(own !== undefined && signing !== undefined, 'every participant has a clock')
    return [actor, new ActorMoment(actor, { own, signing }, truth)]
  })
  return Object.fromEntries(moments) as Record<Actor, ActorMoment>
}

/** One run as a process that yields its uses of the chain. */
export function worldProcess(setup: WorldSetup): Generator<ChainUse, WorldRun, unknown> {
  return new World(setup).run()
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'disconnect', seed: 1, run: 0 }).leakage.postDropMs
 */
export function runWorld(options: WorldOptions): WorldRun {
  const setup = setUpWorld(options)
  const streams = streamsOf({ seed: setup.seed, run: setup.run })
  const chain = createModelChain(setup.profile, streams)
  const process = worldProcess(setup)
  let next = process.next()
  while (!next.done) next = process.next(next.value(chain))
  return next.value
}

/** One run of the world on any chain, for example Anvil's mined lane. */
export async function runWorldOn(chain: Chain, options: WorldOptions): Promise<WorldRun> {
  const process = worldProcess(setUpWorld(options))
  let next = process.next()
  while (!next.done) next = process.next(await next.value(chain))
  return { ...next.value, chainKind: chain.kind }
}
