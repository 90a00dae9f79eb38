/**
 * Reading the test tokens: who holds how much of each, and who sent what to whom.
 *
 * Shared by all bindings: whatever the protocol, money is ERC-20 balances and `Transfer` logs.
 */
import { type Address, type Hex, zeroAddress } from 'viem'
import { ESCROW, type Holder, NOBODY, type Transfer } from '../../models/kit/trace.ts'
import { addressWord, uintAt } from './abi.ts'
import type { Observed, RawResult, Stage, ViewCall } from './binding.ts'
import { perStage } from './perStage.ts'

const BALANCE_OF = '0x70a08231'
const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

export interface TokenReads {
  readonly views: readonly ViewCall[]
  /** Token kind at an address, or undefined. */
  kindOf(address: string): string | undefined
  /** Holder at an address, or undefined for one that takes no part. */
  holderOf(address: string): Holder | undefined
  /** Balances from the observation's words, starting at word `fromWord`. */
  balances(words: Hex, fromWord: number, previous: Observed | null): Observed['view']['balances']
}

/** What a stage's tokens and holders are called, and how each is asked for its balances. */
interface StageTokens {
  readonly holders: readonly Holder[]
  readonly holderByAddress: ReadonlyMap<string, Holder>
  readonly kindByAddress: ReadonlyMap<string, string>
  /** Reads of all holders' balances, by token kind. */
  readonly viewsByKind: ReadonlyMap<string, readonly ViewCall[]>
}

const tokensOf = perStage((stage): StageTokens => {
  const holders = [...Object.keys(stage.accounts).filter((name) => name !== NOBODY), ESCROW]
  const addressOf = (holder: Holder) =>
    holder === ESCROW ? stage.escrow : (stage.accounts[holder] as Address)
  const reads = holders.map((holder): Hex => `${BALANCE_OF}${addressWord(addressOf(holder))}`)
  const kinds = Object.entries(stage.tokens)
  return {
    holders,
    holderByAddress: new Map([
      ...holders.map((holder): [string, Holder] => [addressOf(holder).toLowerCase(), holder]),
      [zeroAddress, NOBODY],
    ]),
    kindByAddress: new Map(kinds.map(([kind, address]) => [address.toLowerCase(), kind])),
    viewsByKind: new Map(
      kinds.map(([kind, target]) => [kind, reads.map((data) => ({ target, data }))]),
    ),
  }
})

/** Reads `balanceOf` of every participant and the escrow for each kind of token in use. */
export function tokenReads(options: {
  readonly stage: Stage
  readonly kinds: readonly string[]
}): TokenReads {
  const { holders, holderByAddress, kindByAddress, viewsByKind } = tokensOf(options.stage)
  const kinds = [...new Set(options.kinds)].sort()
  return {
    views: kinds.flatMap((kind) => viewsByKind.get(kind) ?? []),
    kindOf: (address) => kindByAddress.get(address.toLowerCase()),
    holderOf: (address) => holderByAddress.get(address.toLowerCase()),
    balances(words, fromWord, previous) {
      const from = 2 + fromWord * 64
      if (previous !== null && previous.words.slice(from) === words.slice(from)) {
        return previous.view.balances
      }
      const balances: Record<string, Record<Holder, bigint>> = {}
      kinds.forEach((kind, kindIndex) => {
        const ofKind: Record<Holder, bigint> = {}
        holders.forEach((holder, index) => {
          ofKind[holder] = uintAt(words, fromWord + kindIndex * holders.length + index)
        })
        balances[kind] = ofKind
      })
      return balances
    },
  }
}

/** The token movements among a call's logs, in order; movements of nothing are left out. */
export function decodeTokenTransfers(
  reads: TokenReads,
  logs: RawResult['logs'],
): readonly Transfer[] {
  const transfers: Transfer[] = []
  for (const { address, topics, data } of logs) {
    const token = reads.kindOf(address)
    if (token === undefined || topics[0] !== TRANSFER_TOPIC) continue
    const amountUnits = BigInt(data)
    if (amountUnits === 0n) continue
    const holder = (topic: Hex | undefined) => {
      const at = `0x${(topic ?? '').slice(26)}`
      return reads.holderOf(at) ?? at
    }
    transfers.push({ token, from: holder(topics[1]), to: holder(topics[2]), amountUnits })
  }
  return transfers
}
