/**
 * The deterministic world: events in order of true time, participants as reducers, a network, a
 * chain. What the protocol is about comes from a `WorldScript`.
 *
 * `worldProcess` is a generator that yields its uses of the chain; `play.ts` answers them. Nothing
 * here reads a real clock or draws outside of the streams of (seed, run): the same setup gives the
 * same run, byte for byte.
 */
import { assert } from '../../models/kit/error.ts'
import { createSlots } from '../chain/modelSlots.ts'
import { CALL_GAS_UNIT } from '../chain/poolRules.ts'
import { type Clock, createClock } from '../clocks.ts'
import { faultEndMs } from '../faults/fault.ts'
import { createFaultLookup, type FaultLookup } from '../faults/faultLookup.ts'
import { createDigest } from '../kernel/digest.ts'
import { createEventQueue } from '../kernel/eventQueue.ts'
import { type StreamOf, streamsOf } from '../kernel/random.ts'
import type { AnyMessage, Effect, Input, Submission } from './actors.ts'
import { type ChainSide, type ChainView, createChainSide } from './chainSide.ts'
import type { ArrivalEvent, WorldEvent } from './events.ts'
import { createLines, type Lines } from './lines.ts'
import { createMessageLog, type MessageLog } from './messageLog.ts'
import { ActorMoment } from './moments.ts'
import { createNetwork, type Network } from './network.ts'
import type { ScriptOf, WorldFrame, WorldScript } from './script.ts'
import { WORLD_EPOCH_SECONDS } from './setup.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { type ChainTask, type ChainUse, WorldChain } from './worldChain.ts'

/** More events than any run needs; a run that reaches it is stopped as not live. */
export const EVENTS_MAX = 2_000_000
/** A run that is not over after this much true time is given up; worlds may say otherwise. */
export const HORIZON_MS = 48 * 3_600_000
/** Time from a block to its being seen by a client of a healthy node. */
const SEEING_MS = 150
/** A read that failed is repeated after this time. */
const LOOK_AGAIN_MS = 1_000

class World<Message extends AnyMessage, Reading, Mark, Shown, Run> {
  readonly #frame: WorldFrame
  readonly #faults: FaultLookup
  readonly #streams: StreamOf
  readonly #lines: Lines
  readonly #script: WorldScript<Message, Reading, Mark, Shown, Run>
  readonly #side: ChainSide<Reading>
  readonly #network: Network<Message>
  readonly #chain: WorldChain
  readonly #log: MessageLog<Message, Shown>
  readonly #throttle: Throttle
  readonly #queue = createEventQueue<WorldEvent<Message, Reading>>()
  readonly #moments: Readonly<Record<string, ActorMoment>>
  /** Timer events differ in nothing but when: one for each name. */
  readonly #timers: Readonly<Record<string, Record<string, WorldEvent<Message, Reading>>>>
  /** When those who wait for their link look at the chain again. */
  readonly #looksAgainMs = new Map<string, number>()
  #isSlotScheduled = false

  constructor(frame: WorldFrame, scriptOf: ScriptOf<Message, Reading, Mark, Shown, Run>) {
    this.#frame = frame
    const { setup, actors, targets } = frame
    const { profile, conditions } = setup
    const faults = createFaultLookup(setup.faults)
    const streams = streamsOf({ seed: setup.seed, run: setup.run })
    const lines = createLines(faults, targets.access)
    const digest = createDigest()
    const clocks = new Map(actors.map((actor) => [actor, createClock(faults.clockOf(actor))]))
    const clockOf = (actor: string): Clock => {
      const clock = clocks.get(actor)
      assert(clock !== undefined, `${actor} is a participant of the world`)
      return clock
    }
    const script = scriptOf({ faults, streams, lines, digest, clockOf })
    this.#faults = faults
    this.#streams = streams
    this.#lines = lines
    this.#script = script
    this.#side = createChainSide({
      ...{ cast: script.cast, participantOf: script.participantOf },
      read: (view) => script.read(view),
      stampSeconds: script.stampSeconds?.bind(script) ?? null,
    })
    const heartbeatNumber = script.heartbeatNumber?.bind(script) ?? null
    this.#network = createNetwork({ conditions, faults, streams, lines, heartbeatNumber })
    const slots = createSlots({ profile, streams, faults, epochSeconds: WORLD_EPOCH_SECONDS })
    const { callGas = CALL_GAS_UNIT } = frame
    const accountOf = (actor: string) => this.#accountOf(actor)
    this.#chain = new WorldChain({
      ...{ side: this.#side, slots, profile, faults, streams, callGas, accountOf },
    })
    this.#log = createMessageLog({
      ...{ digest, actors, isKept: setup.detail === 'full' },
      show: (message) => script.show(message),
      numberOf: (message) => script.numberOf(message),
    })
    this.#throttle = createThrottle(setup.faults, faults)
    const moments = actors.map((actor): [string, ActorMoment] => {
      const signing = clockOf(script.signsByClockOf?.[actor] ?? actor)
      return [actor, new ActorMoment(actor, { own: clockOf(actor), signing }, script.call ?? null)]
    })
    this.#moments = Object.fromEntries(moments)
    this.#timers = Object.fromEntries(actors.map((actor) => [actor, {}]))
  }

  *run(): Generator<ChainUse, Run, unknown> {
    this.#schedule()
    const horizonMs = this.#frame.horizonMs ?? HORIZON_MS
    let eventCount = 0
    let isFinished = false
    for (;;) {
      const event = this.#queue.pop()
      if (event === undefined || isFinished) break
      if (this.#queue.nowMs > horizonMs || eventCount >= EVENTS_MAX) break
      eventCount += 1
      // Few events concern the chain; a generator for each of the others would cost more than they.
      const task = this.#handle(event)
      if (task === null) continue
      yield* task
      isFinished = !this.#chain.isAwake && this.#script.isOver(this.#side)
    }
    return this.#finish(eventCount, Math.min(this.#queue.nowMs, horizonMs))
  }

  #finish(eventCount: number, nowMs: number): Run {
    const { records, blockCount } = this.#chain
    const { clocked } = this.#frame.targets
    const clocks = Object.fromEntries(clocked.map((actor) => [actor, this.#faults.clockOf(actor)]))
    return this.#script.finish({
      ...{ side: this.#side, nowMs },
      course: { clocks, steps: this.#side.steps, transactions: records },
      counts: { messageCount: this.#log.count, blockCount, eventCount },
      lostCount: this.#log.lostCount,
      messages: this.#log.records,
    })
  }

  #schedule(): void {
    this.#script.begin({
      look: (actor, atMs) => this.#queue.push(atMs, { kind: 'look', actor }),
      timer: (actor, name, atMs) => this.#queue.push(atMs, this.#timer(actor, name)),
    })
    for (const fault of this.#frame.setup.faults) {
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
  #handle(event: WorldEvent<Message, Reading>): ChainTask<void> | null {
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
        this.#changeLines()
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

  #changeLines(): void {
    const { nowMs } = this.#queue
    this.#lines.refresh(nowMs)
    this.#script.call?.settle(nowMs)
    this.#script.linesChanged?.(nowMs)
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

  #timer(actor: string, name: string): WorldEvent<Message, Reading> {
    const own = this.#timers[actor]
    assert(own !== undefined, `${actor} is a participant of the world`)
    const known = own[name]
    if (known !== undefined) return known
    const made: WorldEvent<Message, Reading> = {
      ...{ kind: 'input', actor, input: { kind: 'timer', name } },
    }
    own[name] = made
    return made
  }

  /** Hands an input to a participant, unless its process is gone: timers wait for its restart. */
  #give(actor: string, input: Input<Message, ChainView<Reading>>): ChainTask<void> | null {
    const { nowMs } = this.#queue
    const restartMs = this.#faults.endOf('process-crash', actor, nowMs)
    if (restartMs > nowMs) {
      this.#queue.push(restartMs, { kind: 'input', actor, input })
      return null
    }
    const moment = this.#moments[actor] as ActorMoment
    moment.trueMs = nowMs
    const effects = this.#script.give(actor, input, moment)
    for (let index = 0; index < effects.length; index += 1) {
      const effect = effects[index] as Effect<Message, Mark>
      if (effect.kind === 'submit') return this.#performFrom(actor, effects, index)
      this.#perform(actor, effect)
    }
    return null
  }

  *#performFrom(
    actor: string,
    effects: readonly Effect<Message, Mark>[],
    first: number,
  ): ChainTask<void> {
    for (const effect of effects.slice(first)) {
      if (effect.kind === 'submit') yield* this.#request(actor, effect)
      else this.#perform(actor, effect)
    }
  }

  #perform(actor: string, effect: Exclude<Effect<Message, Mark>, Submission>): void {
    const { nowMs } = this.#queue
    switch (effect.kind) {
      case 'timer': {
        const atMs = this.#throttle.delayed(actor, effect.name, this.#dueMs(actor, effect.afterMs))
        this.#queue.push(atMs, this.#timer(actor, effect.name))
        return
      }
      case 'look':
        this.#queue.push(this.#dueMs(actor, effect.afterMs), { kind: 'look', actor })
        return
      case 'send':
        this.#send(actor, effect.to, effect.message)
        return
      case 'broadcast':
        for (const to of effect.to) this.#send(actor, to, effect.message)
        return
      case 'presence':
        assert(this.#script.call !== undefined, 'only a world with a call knows presence')
        this.#script.call.setPresence(actor, effect.isPresent, nowMs)
        return
      case 'mark':
        this.#script.mark?.(actor, effect.mark, nowMs)
        return
    }
  }

  /** True time at which so much time has passed on a participant's monotonic clock. */
  #dueMs(actor: string, afterMs: number): number {
    const { nowMs } = this.#queue
    const { clock } = this.#moments[actor] as ActorMoment
    return Math.max(nowMs, clock.trueMsAt(clock.monotonicMs(nowMs) + afterMs))
  }

  *#request(actor: string, effect: Submission): ChainTask<void> {
    const { nowMs } = this.#queue
    const pausedMs = this.#faults.endOf('relayer-outage', actor, nowMs)
    if (pausedMs === nowMs) return yield* this.#submit(actor, effect)
    this.#queue.push(pausedMs, { kind: 'submit', actor, submission: effect })
  }

  #send(from: string, to: string, message: Message): void {
    const { nowMs } = this.#queue
    const lost = this.#network.send(from, to, message, nowMs)
    if (lost !== null) this.#log.add(from, to, message, nowMs, lost, null)
    else {
      for (const afterMs of this.#network.delaysMs) {
        const sentMs = nowMs
        this.#queue.push(nowMs + afterMs, { kind: 'arrival', from, to, message, sentMs })
      }
    }
    this.#script.sent?.(from, to, message)
  }

  #arrive(event: ArrivalEvent<Message, Reading>): ChainTask<void> | null {
    const { from, to, message, sentMs } = event
    const { nowMs } = this.#queue
    const lost = this.#network.refusal(to, nowMs)
    this.#log.add(from, to, message, sentMs, lost, lost === null ? nowMs : null)
    if (lost !== null) return null
    this.#script.arrived?.(to, message, sentMs, nowMs)
    return this.#give(to, { kind: 'message', message })
  }

  *#submit(actor: string, submission: Submission): ChainTask<void> {
    const { nowMs } = this.#queue
    const restartMs = this.#faults.endOf('process-crash', actor, nowMs)
    if (restartMs > nowMs) {
      this.#queue.push(restartMs, { kind: 'submit', actor, submission })
      return
    }
    yield* this.#advance()
    const path = this.#requestPath(actor)
    this.#script.submitted?.(actor, submission, nowMs)
    const isAnswered = yield* this.#chain.submit(actor, submission, nowMs, path)
    const input = { kind: 'send-failed' } as const
    if (!isAnswered) this.#queue.push(nowMs + SEEING_MS, { kind: 'input', actor, input })
    this.#keepAwake()
  }

  #accountOf(actor: string): string {
    return this.#frame.accountOf?.[actor] ?? actor
  }

  #needsLink(actor: string): boolean {
    return this.#frame.chainNeedsLink?.includes(actor) === true
  }

  #requestPath(actor: string) {
    if (!this.#needsLink(actor)) return 'open'
    if (!this.#lines.isUp(`${actor}.up`)) return 'cut'
    return this.#lines.isUp(`${actor}.down`) ? 'open' : 'unanswered'
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
    for (const actor of this.#frame.actors) {
      this.#queue.push(nowMs + SEEING_MS, { kind: 'look', actor })
    }
  }

  /** A participant reads the chain; a read that fails is repeated. */
  #look(actor: string): ChainTask<void> | null {
    const { nowMs } = this.#queue
    if (this.#needsLink(actor) && this.#isBlind(actor)) return null
    const crashedMs = this.#faults.endOf('process-crash', actor, nowMs)
    const error = this.#faults.active('rpc-error', actor, nowMs)
    const isRefused =
      error !== undefined && this.#streams(`look/${actor}`).unit() * 10_000 < error.magnitude
    if (crashedMs > nowMs || isRefused) {
      const againMs = Math.max(crashedMs, nowMs + LOOK_AGAIN_MS)
      this.#queue.push(againMs, { kind: 'look', actor })
      return null
    }
    const { headSeconds, blockCount: headNumber } = this.#chain
    const view = this.#side.view(this.#accountOf(actor), { headSeconds, headNumber })
    this.#script.looked?.(actor, view, nowMs)
    return this.#give(actor, { kind: 'view', view })
  }

  /** Whether a look fails for want of a link; then one look follows when the link is up again. */
  #isBlind(actor: string): boolean {
    const { nowMs } = this.#queue
    const upMs = this.#lines.upAgainMs(actor, nowMs)
    if (upMs === nowMs) return false
    if ((this.#looksAgainMs.get(actor) ?? 0) <= nowMs) {
      const againMs = Math.max(upMs, nowMs + LOOK_AGAIN_MS)
      this.#looksAgainMs.set(actor, againMs)
      this.#queue.push(againMs, { kind: 'look', actor })
    }
    return true
  }
}

/** One run as a process that yields its uses of the chain. */
export function worldProcess<Message extends AnyMessage, Reading, Mark, Shown, Run>(
  frame: WorldFrame,
  scriptOf: ScriptOf<Message, Reading, Mark, Shown, Run>,
): Generator<ChainUse, Run, unknown> {
  return new World(frame, scriptOf).run()
}
