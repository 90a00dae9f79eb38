/**
 * A contract's events in the machine's words: participants and tokens by name, units in the names
 * of amounts and times, the agreement by its index.
 */
import type { Abi, Hex } from 'viem'
import type { LogEntry, Scalar } from '../../models/kit/trace.ts'
import { eventDecoder } from './abi.ts'
import type { RawResult } from './binding.ts'
import type { TokenReads } from './tokenReads.ts'

/** How the events of one contract are to be read. */
export interface EventWords {
  readonly abi: Abi
  /** Name of the parameter that holds an agreement's id. */
  readonly idKey: string
  /** Names of parameters in Solidity, as the machine's logs have them; others stay. */
  readonly keys: Readonly<Record<string, string>>
}

/** Reads an event; the ids of a run's agreements are by index. */
export type EventReader = (
  log: RawResult['logs'][number],
  ids: readonly Hex[],
  tokens: TokenReads,
) => LogEntry

/** A reader of one contract's events. */
export function eventReader({ abi, idKey, keys }: EventWords): EventReader {
  const decode = eventDecoder(abi)
  return (log, ids, tokens) => {
    const decoded = decode(log)
    if (decoded === null) return { name: `unknown event ${log.topics[0]}`, args: {} }
    const { [idKey]: id, ...rest } = decoded.args
    const args: Record<string, Scalar> = { agreement: ids.indexOf(id as Hex) }
    for (const [key, value] of Object.entries(rest)) args[keys[key] ?? key] = named(tokens, value)
    return { name: decoded.name, args }
  }
}

/** Numbers of any width are bigint, as machines have them; an address is who or what it is. */
function named(tokens: TokenReads, value: unknown): Scalar {
  if (typeof value === 'bigint' || typeof value === 'boolean') return value
  if (typeof value === 'number') return BigInt(value)
  const at = String(value)
  return tokens.kindOf(at) ?? tokens.holderOf(at) ?? at
}
