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
import { type Clock, createClock } from '../clocks.ts'
import { faultEndMs } from '../faults/fault.ts'
import { createFaultLookup, type FaultLookup } from '../faults/faultLookup.ts'
import { createEventQueue } from '../kernel/eventQueue.ts'
import { type StreamOf, streamsOf } from '../kernel/random.ts'
import { ACTORS, type Actor, type Effect, type Input, type Message, type Moment } from './actors.ts'
import { createChainSide } from './chainSide.ts'
import { createGroundTruth, type GroundTruth } from './groundTruth.ts'
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
  readonly #clocks = new Map<Actor, Clock>()
  readonly #signingClocks = new Map<Actor, Clock>()
  #isSlotScheduled = false

  constructor(setup: WorldSetup) {
    this.#setup = setup
    this.#faults = createFaultLookup(setup.faults)
    this.#streams = streamsOf({ seed: setup.seed, run: setup.run })
    const [faults, streams, { conditions, profile, defects }] = [this.#faults, this.#streams, setup]
    this.#truth = createGroundTruth(faults)
    this.#network = createNetwork({ conditions, faults, streams, truth: this.#truth })
    for (const actor of ACTORS) this.#clocks.set(actor, createClock(faults.clockOf(actor)))
    for (const actor of ACTORS) {
      const isWrong = defects.signsByClockOf?.side === actor
      const owner = isWrong ? (defects.signsByClockOf?.clockOf ?? actor) : actor
      this.#signingClocks.set(actor, this.#clocks.get(owner) as Clock)
    }
    const epochSeconds = WORLD_EPOCH_SECONDS
    const stampSeconds = (actor: Actor, atMs: number) =>
      epochSeconds + Math.floor((this.#clocks.get(actor) as Clock).wallMs(atMs) / 1000)
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
    for (;;) {
      const event = this.#queue.pop()
      if (event === undefined || this.#isFinished()) break
      if (this.#queue.nowMs > HORIZON_MS || eventCount >= EVENTS_MAX) break
      eventCount += 1
      yield* this.#handle(event)
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
    const begin: Input = { kind: 'timer', name: 'begin' }
    this.#queue.push(behaviour.depositAtMs, { kind: 'look', actor: 'student' })
    const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
    for (const { atMs } of attempts) {
      this.#queue.push(atMs, { kind: 'input', actor: 'stranger', input: begin })
    }
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

  *#handle(event: WorldEvent): ChainTask<void> {
    const { nowMs } = this.#queue
    switch (event.kind) {
      case 'input':
        return yield* this.#give(event.actor, event.input)
      case 'arrival':
        return yield* this.#arrive(event)
      case 'look':
        return yield* this.#look(event.actor)
      case 'submit':
        return yield* this.#submit(event.actor, event.submission)
      case 'path':
        return this.#truth.refresh(nowMs)
      case 'slot':
        this.#isSlotScheduled = false
        return yield* this.#advance()
      case 'reorg': {
        yield* this.#advance()
        if (yield* this.#chain.reorg(event.depth)) this.#announce()
        return this.#keepAwake()
      }
      case 'drop':
        yield* this.#advance()
        return yield* this.#chain.drop(event.sender)
    }
  }

  /** Hands an input to a participant, unless its process is gone: timers wait for its restart. */
  *#give(actor: Actor, input: Input): ChainTask<void> {
    const { nowMs } = this.#queue
    const restartMs = this.#faults.endOf('process-crash', actor, nowMs)
    if (restartMs > nowMs) {
      this.#queue.push(restartMs, { kind: 'input', actor, input })
      return
    }
    const effects = this.#roster.give(actor, input, this.#moment(actor))
    for (const effect of effects) yield* this.#perform(actor, effect)
  }

  #moment(actor: Actor): Moment {
    const { nowMs } = this.#queue
    const isSide = actor === 'student' || actor === 'tutor'
    const wallMs = (this.#signingClocks.get(actor) as Clock).wallMs(nowMs)
    return {
      wallMs: WORLD_EPOCH_SECONDS * 1000 + wallMs,
      monotonicMs: (this.#clocks.get(actor) as Clock).monotonicMs(nowMs),
      hearsPeer: isSide && this.#truth.hearsPeer(actor),
    }
  }

  *#perform(actor: Actor, effect: Effect): ChainTask<void> {
    const { nowMs } = this.#queue
    switch (effect.kind) {
      case 'timer': {
        const clock = this.#clocks.get(actor) as Clock
        const dueMs = clock.trueMsAt(clock.monotonicMs(nowMs) + effect.afterMs)
        const input: Input = { kind: 'timer', name: effect.name }
        this.#queue.push(Math.max(nowMs, dueMs), { kind: 'input', actor, input })
        return
      }
      case 'send':
        return this.#send(actor, effect.to, effect.message)
      case 'submit': {
        const pausedMs = this.#faults.endOf('relayer-outage', actor, nowMs)
        const { kind, ...rest } = effect
        if (pausedMs === nowMs) return yield* this.#submit(actor, { kind, ...rest })
        this.#queue.push(pausedMs, { kind: 'submit', actor, submission: effect })
        return
      }
      case 'presence':
        assert(actor === 'student' || actor === 'tutor', 'only the two sides are in the call')
        return this.#truth.setPresence(actor, effect.isPresent, nowMs)
      case 'signed':
        return this.#recorder.signed(effect.ping, nowMs)
      case 'mark':
        return this.#recorder.mark(actor, effect.stage, effect.reason, nowMs)
    }
  }

  #send(from: Actor, to: Actor, message: Message): void {
    const { nowMs } = this.#queue
    for (const { afterMs, lost } of this.#network.send(from, to, message, nowMs)) {
      if (lost !== null) this.#recorder.message({ from, to, message, sentMs: nowMs, lost })
      else this.#queue.push(nowMs + afterMs, { kind: 'arrival', from, to, message, sentMs: nowMs })
    }
    // The stranger taps the line to the service; what it hears is a copy.
    const isTapped = this.#setup.behaviour.stranger.length > 0 && from !== 'stranger'
    if (isTapped && message.kind === 'ping' && to === 'service') {
      this.#roster.overhear(message, this.#moment('stranger'))
    }
  }

  *#arrive({ from, to, message, sentMs }: Extract<WorldEvent, { kind: 'arrival' }>) {
    const { nowMs } = this.#queue
    const lost = this.#network.refusal(to, nowMs)
    this.#recorder.message({ from, to, message, sentMs, lost, arrivedMs: nowMs })
    if (lost === null) yield* this.#give(to, { kind: 'message', message })
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
  *#look(actor: Actor): ChainTask<void> {
    const { nowMs } = this.#queue
    const crashedMs = this.#faults.endOf('process-crash', actor, nowMs)
    const error = this.#faults.active('rpc-error', actor, nowMs)
    const isRefused =
      error !== undefined && this.#streams(`look/${actor}`).unit() * 10_000 < error.magnitude
    if (crashedMs > nowMs || isRefused) {
      const againMs = Math.max(crashedMs, nowMs + LOOK_AGAIN_MS)
      this.#queue.push(againMs, { kind: 'look', actor })
      return
    }
    const view = this.#recorder.viewFor(actor, this.#chain.headSeconds, nowMs)
    yield* this.#give(actor, { kind: 'view', view })
  }
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
