/**
 * The chain's side of a world: what was included in which block, what the machine says about it,
 * and what a reader of the chain sees.
 *
 * Keeps the population before each block that holds a call, so that a reorg is undone by going
 * back. Which block holds what is the chain's decision; what a call does is the machine's.
 */
import {
  type Cast,
  type Population,
  type Prediction,
  predict,
  startPopulation,
} from '../../models/kit/population.ts'
import type { PlannedStep, WorldView } from '../../models/kit/trace.ts'
import type { MinedBlock, TransactionContent } from '../chain/chain.ts'
import type { Intent } from './actors.ts'
import type { WorldStep } from './records.ts'

/** What must happen on a chain: says it call by call, and keeps nothing itself. */
export interface Predictor {
  start(): Population
  predict(population: Population, planned: PlannedStep): Prediction
}

/** The machine of one protocol, on one contract. */
function predictorOf(cast: Cast | Predictor): Predictor {
  if ('predict' in cast) return cast
  return {
    start: () => startPopulation(cast),
    predict: (population, planned) => predict(cast, population, planned),
  }
}

interface KeptBlock {
  readonly number: number
  readonly before: Population
  readonly stepsBefore: number
  readonly noncesBefore: ReadonlyMap<string, number>
}

/** What a protocol reads from the chain, with what every reader learns. */
export type ChainView<Reading> = Reading & {
  /** Timestamp and number of the block after which this was read. */
  readonly headSeconds: number
  readonly headNumber: number
  /** Number of the newest block that holds a call of ours; 0 for none. */
  readonly newsNumber: number
  /** The reader's own next nonce. */
  readonly nonce: number
}

/** The newest block, as a reader knows it. */
export type Head = Pick<ChainView<unknown>, 'headSeconds' | 'headNumber'>

export interface ChainSide<Reading> {
  /** What an intent of a participant does on the chain. */
  contentOf(actor: string, intent: Intent): TransactionContent
  /** Performs the calls of a block, in order. */
  apply(
    block: MinedBlock,
    producedMs: number,
    intentOf: (payload: string) => Intent,
  ): readonly WorldStep[]
  /** Undoes all blocks above this number. */
  rollback(aboveNumber: number): void
  view(actor: string, head: Head): ChainView<Reading>
  /** What all readers see alike. */
  readonly reading: Reading
  /** All agreements and balances as they stand. */
  readonly world: WorldView
  /** Grows with each block; a reorg takes its last ones away. */
  readonly steps: readonly WorldStep[]
  /** Number of the newest block that holds a call of ours; 0 for none. */
  readonly lastNumber: number
}

export interface ChainSideOptions<Reading> {
  readonly cast: Cast | Predictor
  /** Who an actor is in the cast, if its name is another, for instance `student0`. */
  readonly participantOf: Readonly<Record<string, string>>
  /** Turns what stands on the chain into what the protocol's participants look at. Pure. */
  readonly read: (view: WorldView) => Reading
  /** Second that a call of this sender is billed in, if it is not the block's (a canary). */
  readonly stampSeconds: ((sender: string, producedMs: number) => number) | null
}

class PredictedChainSide<Reading> implements ChainSide<Reading> {
  readonly #options: ChainSideOptions<Reading>
  readonly #predictor: Predictor
  #population: Population
  #nonces: ReadonlyMap<string, number> = new Map()
  readonly #steps: WorldStep[] = []
  readonly #kept: KeptBlock[] = []
  /** Forgotten with every change of the population; a view serves all who have its nonce. */
  #reading: Reading | null = null
  readonly #views = new Map<number, ChainView<Reading>>()

  constructor(options: ChainSideOptions<Reading>) {
    this.#options = options
    this.#predictor = predictorOf(options.cast)
    this.#population = this.#predictor.start()
  }

  get world(): WorldView {
    return this.#population.view
  }

  get steps(): readonly WorldStep[] {
    return this.#steps
  }

  get lastNumber(): number {
    return this.#kept[this.#kept.length - 1]?.number ?? 0
  }

  get reading(): Reading {
    this.#reading ??= this.#options.read(this.#population.view)
    return this.#reading
  }

  contentOf(actor: string, intent: Intent): TransactionContent {
    const by = this.#options.participantOf[actor] ?? actor
    const { action, args, agreement } = intent
    return agreement === undefined ? { action, by, args } : { action, by, args, agreement }
  }

  apply(
    block: MinedBlock,
    producedMs: number,
    intentOf: (payload: string) => Intent,
  ): readonly WorldStep[] {
    const { number, timestampSeconds } = block
    const { stampSeconds } = this.#options
    const stepsBefore = this.#steps.length
    const noncesBefore = this.#nonces
    this.#kept.push({ number, before: this.#population, stepsBefore, noncesBefore })
    const nonces = new Map(noncesBefore)
    for (const { sender, nonce, payload } of block.transactions) {
      const { action, by, args, agreement = 0 } = this.contentOf(sender, intentOf(payload))
      const atSeconds = stampSeconds === null ? timestampSeconds : stampSeconds(sender, producedMs)
      const planned: PlannedStep = { agreement, action, by, atSeconds, args }
      const prediction = this.#predictor.predict(this.#population, planned)
      this.#population = prediction.population
      const { outcome, transfers } = prediction.account
      nonces.set(sender, nonce + 1)
      const { edge } = prediction
      this.#steps.push({
        ...{ planned, block: number, edge, outcome, transfers },
        includedMs: producedMs,
      })
    }
    this.#nonces = nonces
    this.#forget()
    return this.#steps.slice(stepsBefore)
  }

  rollback(aboveNumber: number): void {
    let first: KeptBlock | undefined
    while (this.#kept.length > 0 && this.lastNumber > aboveNumber) first = this.#kept.pop()
    if (first === undefined) return
    this.#population = first.before
    this.#forget()
    this.#steps.length = first.stepsBefore
    this.#nonces = first.noncesBefore
  }

  view(actor: string, { headSeconds, headNumber }: Head): ChainView<Reading> {
    const nonce = this.#nonces.get(actor) ?? 0
    const newest = this.#views.get(nonce)
    const isFresh = newest?.headNumber === headNumber && newest.headSeconds === headSeconds
    if (newest !== undefined && isFresh) return newest
    const newsNumber = this.lastNumber
    const view = { ...this.reading, headSeconds, headNumber, newsNumber, nonce }
    this.#views.set(nonce, view)
    return view
  }

  /** The population is another one now. */
  #forget(): void {
    this.#reading = null
    this.#views.clear()
  }
}

/** A chain on which nothing of ours has happened yet. */
export function createChainSide<Reading>(options: ChainSideOptions<Reading>): ChainSide<Reading> {
  return new PredictedChainSide(options)
}
