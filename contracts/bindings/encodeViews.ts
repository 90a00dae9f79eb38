/**
 * Encodes the reads of a probe for the Observer contract.
 *
 * The one place where ABI words are laid out by hand: a probe lists dozens of reads and is encoded
 * once per run, and viem takes milliseconds for that. A test holds it equal to viem.
 */
import { addressWord, uintWord } from './abi.ts'
import type { ViewCall } from './binding.ts'

const WORD_BYTES = 32
const WORD_DIGITS = 64

/** ABI words of `(address[] targets, bytes[] datas)`, as hex without prefix. */
export function encodeViews(views: readonly ViewCall[]): string {
  const count = uintWord(views.length)
  let targets = ''
  let offsets = ''
  let contents = ''
  for (const { target, data } of views) {
    offsets += uintWord(views.length * WORD_BYTES + contents.length / 2)
    targets += addressWord(target)
    contents += bytesWords(data.slice(2))
  }
  const datasAt = (2 + 1 + views.length) * WORD_BYTES
  const head = `${uintWord(2 * WORD_BYTES)}${uintWord(datasAt)}`
  return `${head}${count}${targets}${count}${offsets}${contents}`
}

/** Length, then the digits filled up to whole words. */
function bytesWords(digits: string): string {
  const wholeDigits = Math.ceil(digits.length / WORD_DIGITS) * WORD_DIGITS
  return `${uintWord(digits.length / 2)}${digits.padEnd(wholeDigits, '0')}`
}
