/**
 * How a protocol's actions become calls, and how its contract is read back.
 *
 * A binding is the only place that knows both the words of a machine and the ABI of a contract. An
 * auditor's own contract takes part by a binding of its own; everything else stays as it is.
 */
import type { Address, Hex } from 'viem'
import type { Protocol } from '../../models/kit/protocol.ts'
import type {
  Agreement,
  LogEntry,
  Outcome,
  Parameters,
  PlannedStep,
  Policy,
  Reentry,
  Transfer,
  WorldView,
} from '../../models/kit/trace.ts'

/** A call as an externally owned account sends it. */
export interface BoundCall {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
}

/** Addresses of everything that a run touches. */
export interface Stage {
  readonly chainId: number
  readonly escrow: Address
  /** By token kind. */
  readonly tokens: Readonly<Record<string, Address>>
  /** By participant. */
  readonly accounts: Readonly<Record<string, Address>>
}

/** One read of the observation program: a view call whose return data is whole words. */
export interface ViewCall {
  readonly target: Address
  readonly data: Hex
}

/** What the chain said about one call, before it is understood. */
export interface RawResult {
  readonly ok: boolean
  readonly returnData: Hex
  readonly logs: readonly {
    readonly address: Address
    readonly topics: readonly Hex[]
    readonly data: Hex
  }[]
}

/** A binding that knows the agreements of one run. */
export interface RunBinding {
  /** Calls before the first step, for instance to arm a re-entrant token; all must succeed. */
  readonly prelude: readonly BoundCall[]
  /**
   * Reads that together show everything worth observing; constant over the run. What is shown of
   * them must depend on stored state alone, not on block time: after a refused call nothing is read
   * again.
   */
  readonly views: readonly ViewCall[]
  /** The call of each step, in order. Signs what has to be signed. */
  encode(steps: readonly PlannedStep[]): readonly BoundCall[]
  outcome(result: RawResult): Outcome
  effects(result: RawResult): {
    readonly transfers: readonly Transfer[]
    readonly logs: readonly LogEntry[]
    readonly reentries?: readonly Reentry[]
  }
  /** Understands the concatenated words of `views`; `previous` lets equal parts be reused. */
  observe(words: Hex, previous: Observed | null): Observed
}

/** An observation with its raw form, so that the next one can be compared cheaply. */
export interface Observed {
  readonly words: Hex
  readonly view: WorldView
}

export interface Binding {
  readonly protocol: Protocol
  /** Name of the contract that implements a policy, as the compiler knows it. */
  readonly contractNames: Readonly<Record<Policy, string>>
  /** ABI-encoded constructor arguments. */
  constructorArguments(options: {
    readonly policy: Policy
    readonly parameters: Parameters
    readonly accounts: Readonly<Record<string, Address>>
  }): Hex
  bind(options: {
    readonly stage: Stage
    readonly policy: Policy
    readonly agreements: readonly Agreement[]
  }): RunBinding
}
