/**
 * The chain's side of the world: what was included in which block, what the machine says about it,
 * and what a reader of the chain sees.
 *
 * Keeps the population before each block that holds a call, so that a reorg is undone by going
 * back. Which block holds what is the chain's decision; what a call does is the machine's.
 */
import {
  type Cast,
  type Population,
  predict,
  startPopulation,
} from '../../models/kit/population.ts'
import { type Datum, ELSEWHERE, ESCROW, type PlannedStep } from '../../models/kit/trace.ts'
import type { MinedBlock, TransactionContent } from '../chain/chain.ts'
import type { Actor, Evidence, Intent, Ping, SessionView } from './actors.ts'
import type { EndState, WorldStep } from './worldRun.ts'

interface KeptBlock {
  readonly number: number
  readonly before: Population
  readonly stepsBefore: number
  readonly noncesBefore: ReadonlyMap<string, number>
}

export interface ChainSide {
  /** What an intent of a participant does on the chain. */
  contentOf(actor: Actor, intent: Intent): TransactionContent
  /** Performs the calls of a block, in order. */
  apply(block: MinedBlock, producedMs: number, intentOf: (payload: string) => Intent): WorldStep[]
  /** Undoes all blocks above this number. */
  rollback(aboveNumber: number): void
  view(actor: Actor, headSeconds: number): SessionView
  readonly state: string
  readonly steps: readonly WorldStep[]
  /** Number of the newest block that holds a call of ours; 0 for none. */
  readonly lastNumber: number
  endState(): EndState
}

export interface ChainSideOptions {
  readonly cast: Cast
  readonly participantOf: Readonly<Partial<Record<Actor, string>>>
  /** Second that a call of this sender is billed in, if it is not the block's (a canary). */
  readonly stampSeconds: ((sender: Actor, producedMs: number) => number) | null
}

function pingArgument(ping: Ping | null): Datum {
  if (ping === null) return null
  const { sequence, atSeconds, kind } = ping
  return { sequence, atSeconds: BigInt(atSeconds), kind }
}

function argumentsOf(intent: Intent): Readonly<Record<string, Datum>> {
  switch (intent.action) {
    case 'deposit':
    case 'topUp':
      return { amountUnits: intent.amountUnits ?? 0n }
    case 'stop': {
      const { student, tutor } = intent.evidence as Evidence
      return { studentPing: pingArgument(student), tutorPing: pingArgument(tutor) }
    }
    case 'claim':
      return { to: ELSEWHERE }
    default:
      return {}
  }
}

class PredictedChainSide implements ChainSide {
  readonly #options: ChainSideOptions
  #population: Population
  #nonces: ReadonlyMap<string, number> = new Map()
  #steps: readonly WorldStep[] = []
  #kept: readonly KeptBlock[] = []
  /** Forgotten with every change of the population. */
  #common: Omit<SessionView, 'headSeconds' | 'nonce'> | null = null

  constructor(options: ChainSideOptions) {
    this.#options = options
    this.#population = startPopulation(options.cast)
  }

  get state(): string {
    return this.#population.view.agreements[0]?.state ?? 'Idle'
  }

  get steps(): readonly WorldStep[] {
    return this.#steps
  }

  get lastNumber(): number {
    return this.#kept[this.#kept.length - 1]?.number ?? 0
  }

  contentOf(actor: Actor, intent: Intent): TransactionContent {
    const by = this.#options.participantOf[actor] ?? actor
    return { action: intent.action, by, args: argumentsOf(intent) }
  }

  apply(block: MinedBlock, producedMs: number, intentOf: (payload: string) => Intent): WorldStep[] {
    const { number, timestampSeconds } = block
    const { cast, stampSeconds } = this.#options
    const before = this.#population
    const kept = { number, before, stepsBefore: this.#steps.length, noncesBefore: this.#nonces }
    this.#kept = [...this.#kept, kept]
    const nonces = new Map(this.#nonces)
    const made: WorldStep[] = []
    for (const { sender, nonce, payload } of block.transactions) {
      const actor = sender as Actor
      const { action, by, args } = this.contentOf(actor, intentOf(payload))
      const atSeconds = stampSeconds === null ? timestampSeconds : stampSeconds(actor, producedMs)
      const planned: PlannedStep = { agreement: 0, action, by, atSeconds, args }
      const prediction = predict(cast, this.#population, planned)
      this.#population = prediction.population
      const { outcome, transfers } = prediction.account
      nonces.set(sender, nonce + 1)
      const { edge } = prediction
      made.push({ planned, block: number, edge, outcome, transfers, includedMs: producedMs })
    }
    this.#nonces = nonces
    this.#common = null
    this.#steps = [...this.#steps, ...made]
    return made
  }

  rollback(aboveNumber: number): void {
    const first = this.#kept.find(({ number }) => number > aboveNumber)
    if (first === undefined) return
    this.#population = first.before
    this.#common = null
    this.#steps = this.#steps.slice(0, first.stepsBefore)
    this.#nonces = first.noncesBefore
    this.#kept = this.#kept.filter(({ number }) => number <= aboveNumber)
  }

  view(actor: Actor, headSeconds: number): SessionView {
    this.#common ??= this.#read()
    return { ...this.#common, headSeconds, nonce: this.#nonces.get(actor) ?? 0 }
  }

  /** What all readers see alike. */
  #read(): Omit<SessionView, 'headSeconds' | 'nonce'> {
    const rateUnits = this.#options.cast.agreements[0]?.terms.ratePerSecondUnits as bigint
    return {
      state: this.state,
      studentJoined: this.#figure('studentJoined') === 1,
      tutorJoined: this.#figure('tutorJoined') === 1,
      startedAtSeconds: this.#figure('startedAt'),
      affordableSeconds: Number((this.#figures().deposit ?? 0n) / rateUnits),
      stoppedAtSeconds: this.#figure('stoppedAt'),
      billedSeconds: this.#figure('billedSeconds'),
      evidenceUntilSeconds: this.#figure('evidenceUntil'),
      claimable: OWNERS.filter(([, name]) => this.#figure(name) > 0).map(([owner]) => owner),
    }
  }

  endState(): EndState {
    const { participantOf, cast } = this.#options
    const token = cast.agreements[0]?.token ?? ''
    return {
      state: this.state,
      depositUnits: this.#figures().deposit ?? 0n,
      startedAtSeconds: this.#figure('startedAt'),
      stoppedAtSeconds: this.#figure('stoppedAt'),
      billedSeconds: this.#figure('billedSeconds'),
      paidTutorUnits: paidTo(this.#steps, participantOf.tutor ?? 'tutor'),
      paidPlatformUnits: paidTo(this.#steps, 'platform'),
      refundedUnits: paidTo(this.#steps, participantOf.student ?? 'student'),
      escrowUnits: this.#population.view.balances[token]?.[ESCROW] ?? 0n,
    }
  }

  #figures(): Readonly<Record<string, bigint>> {
    return this.#population.view.agreements[0]?.figures ?? {}
  }

  #figure(name: string): number {
    return Number(this.#figures()[name] ?? 0n)
  }
}

const OWNERS = [
  ['student', 'claimStudent'],
  ['tutor', 'claimTutor'],
  ['platform', 'claimPlatform'],
] as const

/** Base units that left the escrow for `holder`, wherever it let a claim be sent. */
function paidTo(steps: readonly WorldStep[], holder: string): bigint {
  let sumUnits = 0n
  for (const { transfers, planned } of steps) {
    for (const { from, to, amountUnits } of transfers) {
      const receiver = to === ELSEWHERE ? planned.by : to
      if (from === ESCROW && receiver === holder) sumUnits += amountUnits
    }
  }
  return sumUnits
}

/** A chain on which nothing of ours has happened yet. */
export function createChainSide(options: ChainSideOptions): ChainSide {
  return new PredictedChainSide(options)
}
