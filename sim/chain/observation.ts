/**
 * Reads what both lanes answer: the content of an observation, and logs.
 *
 * An observation is ABI-encoded `(bytes)`: an offset word (always 0x20), a length word, then the
 * content.
 * Done on the hex text, as this runs once per step and the content is decoded by the caller anyway.
 */
import type { Hex } from 'viem'
import { MeterproofError } from '../../models/kit/error.ts'
import type { ChainLog } from './lane.ts'

const PREFIX = '0x'.length
const WORD = 64

/**
 * The content of ABI-encoded `(bytes)`.
 *
 * @param callIndex of the call that the probe followed, for the error only
 * @throws MeterproofError `MP_LANE_PROBE_FAILED` when it is not encoded so
 */
export function bytesContent(encoded: Hex, callIndex: number): Hex {
  const start = PREFIX + 2 * WORD
  const lengthBytes = Number.parseInt(encoded.slice(PREFIX + WORD, start), 16)
  const end = start + 2 * lengthBytes
  if (!(end <= encoded.length)) {
    throw probeFailed('answered with something else than ABI-encoded bytes', callIndex, encoded)
  }
  return `0x${encoded.slice(start, end)}`
}

/** @param data what the probe answered, or its revert data. */
export function probeFailed(what: string, callIndex: number, data: Hex): MeterproofError {
  const shown = data.length <= 202 ? data : `${data.slice(0, 202)}…`
  return new MeterproofError('MP_LANE_PROBE_FAILED', `The probe ${what}.`, {
    class: 'internal',
    facts: { 'after call index': callIndex, data: shown },
    hint: 'The probe may only read, and every read must succeed in every state.',
  })
}

const NO_LOGS: readonly ChainLog[] = []

/** Logs without the block and transaction fields that a node adds, which differ between lanes. */
export function plainLogs(logs: readonly ChainLog[]): readonly ChainLog[] {
  if (logs.length === 0) return NO_LOGS
  return logs.map(({ address, topics, data }) => ({ address, topics, data }))
}
