/**
 * The bill of a session, reckoned from the accepted calls alone: which stretches of time the
 * contract takes as served.
 *
 * An oracle of its own: it knows the rules of the description and of the fix, never the machine's
 * context. Times are milliseconds of true time on the contract's clock: a block's second, whatever
 * fraction of it had passed.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { ProgressiveEscrowParameters } from '../../models/progressive-escrow/parameters.ts'
import type { WorldStep } from '../world/records.ts'
import type { Side } from './actors.ts'

/** A stretch in which the session ran, from its start or resumption to its pause or end. */
export interface Activation {
  /** On the contract's clock. */
  readonly fromMs: number
  /** True time of the block that ended it; the end of the run when nothing did. */
  readonly untilMs: number
  /** End of what is billed of it, on the contract's clock; not before `fromMs`. */
  readonly billedUntilMs: number
  /** From when on the session was silent if nobody gave a further sign, on the contract's clock. */
  readonly silentFromMs: number
  readonly endedBy: string | null
}

/** A time in which the session was silent and ran all the same. */
export interface Silence {
  readonly fromMs: number
  /** True time of the block that ended it; null when none did. */
  readonly untilMs: number | null
  readonly endedBy: string | null
}

/** The running bill from an accepted call on: linear in time up to a limit. */
export interface BillPoint {
  /** True time of the block. */
  readonly atMs: number
  /** Billed before the present stretch. */
  readonly beforeMs: number
  /** Of the present stretch; null when none runs. */
  readonly fromMs: number | null
  /** Until when it can be billed by the signs that were given, on the contract's clock. */
  readonly provenUntilMs: number
}

export interface Bill {
  readonly activations: readonly Activation[]
  readonly silences: readonly Silence[]
  readonly points: readonly BillPoint[]
  /** Time that counts as served, at most the agreed one. */
  readonly effectiveMs: number
  /** Paid at the completion beyond that: only as described. */
  readonly remainderMs: number
  /** Seconds of the ended pauses. */
  readonly pausedSeconds: number
  readonly startedSeconds: number | null
  readonly createdSeconds: number | null
}

export interface BillInput {
  readonly policy: Policy
  readonly parameters: ProgressiveEscrowParameters
  readonly durationSeconds: number
  readonly epochSeconds: number
  readonly student: string
  readonly steps: readonly WorldStep[]
  /** When the run ended. */
  readonly nowMs: number
}

interface Running {
  fromSeconds: number
  /** Set by the pause that is being taken back when it lasted no time. */
  readonly index: number
}

interface PauseState {
  readonly pausedSeconds: number
  /** Second in which a party asked for it; null for one for silence. */
  readonly calledSeconds: number | null
  readonly running: Running
}

class Reckoning {
  readonly #input: BillInput
  readonly #seen: Record<Side, number> = { student: 0, mentor: 0 }
  readonly #activations: Activation[] = []
  readonly #silences: Silence[] = []
  readonly #points: BillPoint[] = []
  #running: Running | null = null
  #pause: PauseState | null = null
  #pausedSeconds = 0
  #billedSeconds = 0
  #startedSeconds: number | null = null
  #createdSeconds: number | null = null
  #isCompleted = false

  constructor(input: BillInput) {
    this.#input = input
  }

  run(): Bill {
    for (const step of this.#input.steps) if (step.outcome.accepted) this.#take(step)
    const { nowMs, policy, durationSeconds } = this.#input
    if (this.#running !== null) this.#close(this.#untilSeconds(nowMs), nowMs, null)
    const effectiveMs = this.#billedSeconds * 1000
    const isPaidInFull = this.#isCompleted && policy === 'as-described'
    return {
      activations: this.#activations,
      silences: this.#silences,
      points: this.#points,
      effectiveMs,
      remainderMs: isPaidInFull ? durationSeconds * 1000 - effectiveMs : 0,
      pausedSeconds: this.#pausedSeconds,
      startedSeconds: this.#startedSeconds,
      createdSeconds: this.#createdSeconds,
    }
  }

  #ms(seconds: number): number {
    return (seconds - this.#input.epochSeconds) * 1000
  }

  /** as-described: the newest sign of anybody. hardened: the older of both newest signs. */
  #seenSeconds(): number {
    const { student, mentor } = this.#seen
    const isHardened = this.#input.policy === 'hardened'
    return isHardened ? Math.min(student, mentor) : Math.max(student, mentor)
  }

  #silentFromSeconds(): number {
    const { heartbeatIntervalSeconds, graceSeconds } = this.#input.parameters
    return this.#seenSeconds() + heartbeatIntervalSeconds + graceSeconds + 1
  }

  #provenSeconds(): number {
    const { policy, parameters } = this.#input
    if (policy === 'as-described') return Number.POSITIVE_INFINITY
    return this.#seenSeconds() + parameters.heartbeatIntervalSeconds
  }

  #untilSeconds(nowMs: number): number {
    return this.#clipped(this.#input.epochSeconds + Math.floor(nowMs / 1000))
  }

  #clipped(atSeconds: number): number {
    const fromSeconds = this.#running?.fromSeconds ?? atSeconds
    return Math.max(fromSeconds, Math.min(atSeconds, this.#provenSeconds()))
  }

  #take(step: WorldStep): void {
    const { planned, edge, includedMs } = step
    const { atSeconds, action } = planned
    const isRunning = this.#running !== null
    if (isRunning && action !== 'release') this.#endSilence(step)
    const side = planned.by === this.#input.student ? 'student' : 'mentor'
    if (action === 'start' || action === 'heartbeat' || action === 'resume') {
      this.#seen[side] = atSeconds
    }
    switch (action) {
      case 'create':
        this.#createdSeconds = atSeconds
        break
      case 'start':
        if (!edge.endsWith('|Active')) break
        this.#startedSeconds = atSeconds
        this.#open(atSeconds)
        break
      case 'pause':
      case 'pauseOnTimeout':
        this.#pauseAt(step)
        break
      case 'resume':
        if (edge.endsWith('|Active')) this.#resumeAt(atSeconds)
        break
      case 'complete':
      case 'autoComplete':
        this.#isCompleted = true
        if (isRunning) this.#close(this.#clipped(atSeconds), includedMs, action)
        break
    }
    this.#point(includedMs)
  }

  #open(fromSeconds: number): void {
    this.#running = { fromSeconds, index: this.#activations.length }
    this.#pause = null
  }

  #pauseAt({ planned, includedMs }: WorldStep): void {
    const { atSeconds, action } = planned
    const running = this.#running
    if (running === null) return
    const pausedSeconds = this.#clipped(atSeconds)
    // Hardened, a party that asks for a pause in silence pauses it as anyone might.
    const isLate = this.#input.policy === 'hardened' && atSeconds >= this.#silentFromSeconds()
    const calledSeconds = action === 'pause' && !isLate ? atSeconds : null
    this.#pause = { pausedSeconds, calledSeconds, running }
    this.#close(pausedSeconds, includedMs, action)
  }

  #resumeAt(atSeconds: number): void {
    const pause = this.#pause
    if (pause === null) return
    const isTakenBack = this.#input.policy === 'hardened' && pause.calledSeconds === atSeconds
    if (isTakenBack) {
      const undone = this.#activations.pop()
      if (undone !== undefined) {
        this.#billedSeconds -= (undone.billedUntilMs - undone.fromMs) / 1000
      }
      this.#running = pause.running
      this.#pause = null
      return
    }
    this.#pausedSeconds += atSeconds - pause.pausedSeconds
    this.#open(atSeconds)
  }

  #close(untilSeconds: number, includedMs: number, endedBy: string | null): void {
    const running = this.#running
    if (running === null) return
    const leftSeconds = this.#input.durationSeconds - this.#billedSeconds
    const seconds = Math.max(0, Math.min(untilSeconds - running.fromSeconds, leftSeconds))
    this.#billedSeconds += seconds
    const fromMs = this.#ms(running.fromSeconds)
    this.#activations.push({
      ...{ fromMs, untilMs: includedMs, billedUntilMs: fromMs + seconds * 1000 },
      ...{ silentFromMs: this.#ms(this.#silentFromSeconds()), endedBy },
    })
    this.#running = null
    if (endedBy === null) this.#noteSilence(includedMs, null, null)
  }

  /** A call of somebody shows that the session was silent until now. */
  #endSilence({ planned, includedMs }: WorldStep): void {
    const { atSeconds, action } = planned
    if (atSeconds < this.#silentFromSeconds()) return
    this.#noteSilence(includedMs, includedMs, action)
  }

  #noteSilence(nowMs: number, untilMs: number | null, endedBy: string | null): void {
    const { durationSeconds } = this.#input
    const fromSeconds = this.#silentFromSeconds()
    const endsSeconds = (this.#startedSeconds ?? 0) + durationSeconds + this.#pausedSeconds
    const fromMs = this.#ms(fromSeconds)
    // When the agreed time is used up there is nothing to pause.
    if (fromSeconds >= endsSeconds || fromMs >= nowMs) return
    this.#silences.push({ fromMs, untilMs, endedBy })
  }

  #point(atMs: number): void {
    const running = this.#running
    this.#points.push({
      atMs,
      beforeMs: this.#billedSeconds * 1000,
      fromMs: running === null ? null : this.#ms(running.fromSeconds),
      provenUntilMs: this.#ms(this.#provenSeconds()),
    })
  }
}

/** The bill of a run. */
export function billOf(input: BillInput): Bill {
  return new Reckoning(input).run()
}

/** What could be billed at `atMs`, by the newest point that is not later; at most the whole. */
export function billableMs(point: BillPoint | undefined, atMs: number, wholeMs: number): number {
  if (point === undefined) return 0
  if (point.fromMs === null) return Math.min(wholeMs, point.beforeMs)
  const untilMs = Math.max(point.fromMs, Math.min(atMs, point.provenUntilMs))
  return Math.min(wholeMs, point.beforeMs + untilMs - point.fromMs)
}
