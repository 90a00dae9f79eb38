/**
 * The test tokens, as the model knows them: what happens when they are moved.
 *
 * A lifecycle machine is pure and cannot ask a token anything, so the facts that matter (does the
 * transfer succeed, does the full amount arrive) are computed here from the token's profile and the
 * ledger, and reach the machine inside the event. The Solidity twins stand in
 * `contracts/src/testing`.
 */
import { BPS_PER_WHOLE, divCeil } from './money.ts'
import { ESCROW, type Holder, type ParticipantId, type Transfer } from './trace.ts'

/** How one kind of test token behaves. */
export interface TokenProfile {
  readonly kind: string
  readonly decimals: number
  /** Share that the token keeps of every transfer, in basis points, rounded up. */
  readonly transferFeeBps: bigint
  /** Transfers of less than this are free of the fee, in base units. */
  readonly feeFromUnits: bigint
  /** Participants that the token refuses to pay. */
  readonly refuses: readonly ParticipantId[]
  /** Tries every guarded action on the contract under test whenever that moves it. */
  readonly reenters: boolean
  readonly summary: string
}

/** Base units by holder. */
export type Balances = Readonly<Record<Holder, bigint>>
/** Base units by token kind and holder. */
export type Ledger = Readonly<Record<string, Balances>>

/** What became of an attempt to take tokens in. */
export type TransferInResult = 'received' | 'failed' | 'short'

/** Whether `fromHolder` could hand over `amountUnits`, and whether all of it would arrive. */
export function transferIn(options: {
  readonly token: TokenProfile
  readonly ledger: Ledger
  readonly fromHolder: Holder
  readonly amountUnits: bigint
}): TransferInResult {
  const { token, ledger, fromHolder, amountUnits } = options
  const held = ledger[token.kind]?.[fromHolder] ?? 0n
  if (held < amountUnits) return 'failed'
  if (amountUnits < token.feeFromUnits) return 'received'
  const keptUnits = divCeil(amountUnits * token.transferFeeBps, BPS_PER_WHOLE)
  return keptUnits > 0n ? 'short' : 'received'
}

/** Whether the token pays this holder. */
export function pays(token: TokenProfile, toHolder: Holder): boolean {
  return !token.refuses.includes(toHolder)
}

/** The ledger after the transfers. Holders that were never named start at zero. */
export function applyTransfers(ledger: Ledger, transfers: readonly Transfer[]): Ledger {
  if (transfers.length === 0) return ledger
  const next: Record<string, Record<Holder, bigint>> = {}
  for (const kind of Object.keys(ledger)) next[kind] = ledger[kind] as Record<Holder, bigint>
  const copied = new Set<string>()
  for (const { token, from, to, amountUnits } of transfers) {
    if (!copied.has(token)) {
      next[token] = { ...next[token] }
      copied.add(token)
    }
    const balances = next[token] as Record<Holder, bigint>
    balances[from] = (balances[from] ?? 0n) - amountUnits
    balances[to] = (balances[to] ?? 0n) + amountUnits
  }
  return next
}

/** Base units that the contract under test holds. */
export function escrowBalanceUnits(ledger: Ledger, kind: string): bigint {
  return ledger[kind]?.[ESCROW] ?? 0n
}
