/**
 * Profiles of chains: how often blocks come, how full they are, how soon a bid gets in.
 *
 * Block timestamps are whole seconds: a block that is made at true time t has the timestamp
 * floor(t). With 250 ms blocks four blocks bear the same timestamp, as on rollups with fast blocks;
 * a contract that reads only `block.timestamp` cannot tell them apart, so a lane may execute their
 * calls in one block. `WorldStep.block` keeps them distinguishable.
 */
import { MeterproofError } from '../../models/kit/error.ts'

export interface ChainProfile {
  readonly name: string
  readonly source: string
  readonly blockIntervalMs: number
  /** Share of slots without a block. */
  readonly skippedSlotBps: number
  /** A slot after this many empty ones is never empty. */
  readonly skippedSlotsMax: number
  /** Chance that an eligible transaction is in the next block. */
  readonly inclusionBps: number
  readonly gasLimit: number
  /** Base fee around which demand and supply balance. */
  readonly restingBaseFeeWei: bigint
  /** Blocks after which clients take a transaction as final. */
  readonly confirmations: number
  /** Time after which a sender bumps the fee of a transaction that is not included. */
  readonly resendAfterMs: number
}

const GWEI = 1_000_000_000n

export const CHAIN_PROFILES = {
  l1: {
    name: 'l1',
    source:
      'slots of exactly 12 s, 0.757 % empty, at most 7 in a row (17,906 missed slots); ' +
      'inclusion of an eligible bid 85 % a block [A]; 2 confirmations [A]',
    blockIntervalMs: 12_000,
    skippedSlotBps: 76,
    skippedSlotsMax: 7,
    inclusionBps: 8_500,
    gasLimit: 30_000_000,
    restingBaseFeeWei: 20n * GWEI,
    confirmations: 2,
    resendAfterMs: 25_000,
  },
  l2: {
    name: 'l2',
    source: 'rollup with 2 s blocks by one sequencer: no empty slots; 3 confirmations [A]',
    blockIntervalMs: 2_000,
    skippedSlotBps: 0,
    skippedSlotsMax: 0,
    inclusionBps: 10_000,
    gasLimit: 30_000_000,
    restingBaseFeeWei: GWEI / 100n,
    confirmations: 3,
    resendAfterMs: 5_000,
  },
  fast: {
    name: 'fast',
    source: 'rollup with 250 ms blocks (Arbitrum documentation); 4 confirmations [A]',
    blockIntervalMs: 250,
    skippedSlotBps: 0,
    skippedSlotsMax: 0,
    inclusionBps: 10_000,
    gasLimit: 32_000_000,
    restingBaseFeeWei: GWEI / 100n,
    confirmations: 4,
    resendAfterMs: 2_000,
  },
} as const satisfies Record<string, ChainProfile>

export type ChainProfileName = keyof typeof CHAIN_PROFILES

/**
 * A profile by name.
 *
 * @throws MeterproofError `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function chainProfileNamed(name: string): ChainProfile {
  if (Object.hasOwn(CHAIN_PROFILES, name)) return CHAIN_PROFILES[name as ChainProfileName]
  throw new MeterproofError('MP_CHAIN_PROFILE_UNKNOWN', `There is no chain profile "${name}".`, {
    facts: { field: 'profile', value: name },
    hint: `Profiles: ${Object.keys(CHAIN_PROFILES).join(', ')}.`,
  })
}
