/**
 * The two lanes on which contracts run, behind one interface.
 *
 * A schedule says which calls stand in which block at which time. The *batch lane* answers it with
 * one stateless `eth_simulateV1` request and is for search; the *mined lane* sends real
 * transactions through Anvil's own pool and mines them, and is for confirmation and for chain
 * latency. Both give the same outcomes for the same schedule: a property test says so.
 *
 * Nothing here knows a protocol: calls are addresses and bytes.
 */
import type { Address, Hex } from 'viem'

/** One contract call, as it would be sent by an externally owned account. */
export interface ChainCall {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
}

/** A call in its place. */
export interface ScheduledCall extends ChainCall {
  /** True for a call that the probe does not follow. */
  readonly unobserved?: boolean
}

/** The calls of one block, in order. `timestampSeconds` must be greater than the block before. */
export interface ScheduledBlock {
  readonly timestampSeconds: number
  readonly calls: readonly ScheduledCall[]
}

/**
 * A read of everything worth observing, encoded once per run, in the two forms that the lanes need.
 *
 * `batch` is a call that returns ABI `bytes`; `mined` is a call that emits exactly one event at its
 * own target whose data is ABI `bytes` (a transaction has no return value). In both cases the
 * observation is the content of these `bytes`, and both must be the same for the same state.
 * A probe must not change what it observes, must not depend on its caller, and must not revert.
 * Keep one object for a whole run: lanes remember its encoding by identity.
 */
export interface Probe {
  readonly batch: ChainCall
  readonly mined: ChainCall
}

/** A whole schedule. Each call is followed by `probe`, unless it is unobserved or there is none. */
export interface Schedule {
  readonly blocks: readonly ScheduledBlock[]
  readonly probe?: Probe
}

/** A raw event log as the EVM emitted it. */
export interface ChainLog {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** What the EVM did with one call. `returnData` is the revert data when `ok` is false. */
export interface CallResult {
  readonly ok: boolean
  readonly returnData: Hex
  readonly gasUsed: bigint
  readonly logs: readonly ChainLog[]
  /** What the probe saw right after the call; absent when it did not follow. */
  readonly observation?: Hex
}

export type LaneKind = 'batch' | 'mined'

/** Executes schedules, each from the same prepared base state. */
export interface Lane {
  readonly kind: LaneKind
  /** Time of the base state's newest block, in seconds; the first block must be later. */
  readonly baseTimestampSeconds: number
  /**
   * Runs a schedule from the base state and returns one result per call, in schedule order.
   * Leaves no trace in the base state.
   *
   * @throws MeterproofError `MP_LANE_SCHEDULE` when the schedule is malformed,
   * `MP_LANE_PROBE_FAILED` when a probe reverts, `MP_ANVIL_DIED` when Anvil keeps dying,
   * `MP_RPC_…` when it refuses
   */
  execute(schedule: Schedule): Promise<readonly CallResult[]>
}
