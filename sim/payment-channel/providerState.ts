/**
 * What the provider knows and is set to, for `provider.ts` (the chain) and `providerService.ts`
 * (the file).
 *
 * What was sent and which vouchers are held is in `ServiceBook`, the one part of the state that is
 * changed in place: hundreds of pieces would otherwise copy the rest.
 */
import { bpsShareFloor, minBig } from '../../models/kit/money.ts'
import { EMPTY_WALLET, type Wallet } from '../world/wallet.ts'
import type { ChannelView } from './actors.ts'
import type { WorldSetup } from './options.ts'
import { owedUnits } from './price.ts'

/** Bytes of a piece. */
export const PIECE_BYTES = 262_144

export interface ProviderConfig extends WorldSetup {
  /** Worth of vouchers at which they are redeemed in between; 0 for not at all. */
  readonly redeemsAtUnits: bigint
  /** Vouchers that are kept back in a challenge: only where that starts it anew. */
  readonly keepsBack: number
}

interface ServiceBook {
  asked: boolean
  sent: number
  /** The newest voucher, in bytes; whether it is a forged one (only for a defect). */
  held: number
  isForged: boolean
  /** All vouchers that were ever the newest, ascending. */
  readonly vouchers: number[]
  /** Monotonic time of the payer's last word. */
  heardMs: number
  isStreaming: boolean
  /** Bytes of the piece that is under way. */
  chunk: number
  /** Why nothing is sent; null while something is. */
  standsOn: 'open' | 'voucher' | 'deposit' | null
}

export interface ProviderState {
  readonly view: ChannelView | null
  readonly phase: 'serving' | 'leaving'
  /** The payer has said that it wants no more: to close is a courtesy then. */
  readonly isDone: boolean
  /** The deposit as last seen, the block in which it was, and what it covers once it is final. */
  readonly seenUnits: bigint
  readonly seenIn: number
  readonly coveredUnits: bigint
  readonly coveredBytes: number
  readonly isWaitingFor: boolean
  /** Monotonic times: of the next look, of a wake. */
  readonly looksAtMs: number
  readonly wakesMs: number
  /** Nonce of what it tries by cheating, once that was tried. */
  readonly cheatNonce: number | null
  /** Voucher that was held when the margin before the expiry was reached. */
  readonly marginHeld: number | null
  /** End of the challenge as last seen, and how often it was seen to move. */
  readonly endsAtSeconds: number
  readonly restarts: number
  readonly book: ServiceBook
  readonly wallet: Wallet
}

/** A provider that was asked for nothing yet. */
export const initialProvider = (): ProviderState => ({
  view: null,
  phase: 'serving',
  isDone: false,
  seenUnits: 0n,
  seenIn: 0,
  coveredUnits: 0n,
  coveredBytes: 0,
  isWaitingFor: false,
  looksAtMs: 0,
  wakesMs: 0,
  cheatNonce: null,
  marginHeld: null,
  endsAtSeconds: 0,
  restarts: 0,
  book: {
    ...{ asked: false, sent: 0, held: 0, isForged: false, vouchers: [], heardMs: 0 },
    ...{ isStreaming: false, chunk: 0, standsOn: 'open' },
  },
  wallet: EMPTY_WALLET,
})

export function providerConfig(setup: WorldSetup): ProviderConfig {
  const { behaviour, policy, priceUnits } = setup
  const { redeemsAtBps, keepsBack } = behaviour
  return {
    ...setup,
    redeemsAtUnits: bpsShareFloor(priceUnits, BigInt(redeemsAtBps)),
    // hardened: nothing would be gained by it.
    keepsBack: policy === 'as-described' ? keepsBack : 0,
  }
}

/** What a voucher still pays, as far as the chain was seen. */
export function increaseUnits(config: ProviderConfig, view: ChannelView, bytes: number): bigint {
  return minBig(owedUnits(config.price, bytes), view.depositUnits) - view.paidUnits
}
