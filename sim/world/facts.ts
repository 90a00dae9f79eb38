/**
 * What statistics need to know of one run of any world: numbers, small enough to keep by the
 * thousand, and exact, so that they add up to the same whatever their order.
 *
 * Each protocol derives its facts from its own kind of run; whatever only it can measure goes under
 * a name into `samples` and `shares`. Gas is not known here: the facts say which transactions were
 * included at which price, and a table of measured gas turns that into costs.
 */

export interface StageSample {
  /** One of the protocol's stages, for instance `submit → included`. */
  readonly stage: string
  readonly beginMs: number
  /** Null when it did not end well. */
  readonly durationMs: number | null
  /** Of one that did not end: whether it never can, or the run was over before it could. */
  readonly outcome: 'ended' | 'failed' | 'undecided'
}

export interface JudgementFacts {
  readonly id: string
  readonly witnesses: number
  /** Null when the claim held. */
  readonly evidence: string | null
  readonly observed: number | null
  readonly bound: number | null
}

/** Charged after the last service, in units of service (see the world's `leakageUnit`). */
export interface LeakageFacts {
  /** Sum of `causes`. */
  readonly postDrop: number
  /** By cause, in the world's order of causes. */
  readonly causes: Readonly<Record<string, number>>
  /** Most that the parameters allow. */
  readonly allowance: number
}

/** The value at risk of one side. */
export interface ExposureFacts {
  readonly worstUnits: bigint
  readonly worstAtMs: number
  /** Largest exposure in each window in which there was any, ascending by window. */
  readonly course: readonly (readonly [window: number, units: bigint])[]
  /** Most that the parameters allow. */
  readonly boundUnits: bigint
}

export interface RunFacts {
  readonly run: number
  /** Fingerprint of the whole run. */
  readonly hash: string
  /** Whether service was due at all: the agreement was funded and begun. */
  readonly isStarted: boolean
  /** Whether the provider's pay is final. */
  readonly isSettled: boolean
  /** When all tokens had left the escrow, else when the run ended. */
  readonly endMs: number
  readonly isOver: boolean
  readonly stages: readonly StageSample[]
  /** Of runs in which a drop ended the service; null for the others. */
  readonly leakage: LeakageFacts | null
  readonly payer: ExposureFacts
  readonly provider: ExposureFacts
  /** What provider and platform got together, in base units. */
  readonly grossUnits: bigint
  readonly platformUnits: bigint
  /** What came in less what went out and less what is still there; must be 0. */
  readonly residualUnits: bigint
  readonly token: string
  /**
   * Value that the on-chain signs of life kept from being paid without service, in base units; null
   * when the protocol has none on chain.
   */
  readonly protectedUnits: bigint | null
  /** Included transactions of the parties by action, refused ones as `action!error`. */
  readonly transactions: Readonly<Record<string, number>>
  /** The same by who sent them; the counts of all senders add up to `transactions`. */
  readonly transactionsBy: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Sum of base fee and tip of these transactions, in wei for one gas. */
  readonly pricesWei: Readonly<Record<string, bigint>>
  readonly judgements: readonly JudgementFacts[]
  /** The protocol's own measures, by name; none when the run says nothing about one. */
  readonly samples: Readonly<Record<string, readonly (number | bigint)[]>>
  /** The protocol's own yes or no, by name; null when the run is not among the tries. */
  readonly shares: Readonly<Record<string, boolean | null>>
}
