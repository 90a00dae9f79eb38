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
  for (const view of views) {
    const { target, content } = piecesOf(view)
    offsets += uintWord(views.length * WORD_BYTES + contents.length / 2)
    targets += target
    contents += content
  }
  const datasAt = (2 + 1 + views.length) * WORD_BYTES
  const head = `${uintWord(2 * WORD_BYTES)}${uintWord(datasAt)}`
  return `${head}${count}${targets}${count}${offsets}${contents}`
}

interface Pieces {
  readonly target: string
  readonly content: string
}

/** Bindings keep their views, so most pieces are asked for again and again. */
const known = new WeakMap<ViewCall, Pieces>()

function piecesOf(view: ViewCall): Pieces {
  const found = known.get(view)
  if (found !== undefined) return found
  const pieces = { target: addressWord(view.target), content: bytesWords(view.data.slice(2)) }
  known.set(view, pieces)
  return pieces
}

/** Length, then the digits filled up to whole words. */
function bytesWords(digits: string): string {
  const wholeDigits = Math.ceil(digits.length / WORD_DIGITS) * WORD_DIGITS
  return `${uintWord(digits.length / 2)}${digits.padEnd(wholeDigits, '0')}`
}
