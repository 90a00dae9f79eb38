/**
 * Observing contracts that keep one struct of static members for each agreement.
 *
 * Such a struct comes back as words by position, the status first, so reading it needs a table of
 * positions and no decoder. Parts that did not change since the last observation keep their
 * identity, which is what makes comparing two of them cheap.
 */
import type { Hex } from 'viem'
import type { AgreementView } from '../../models/kit/trace.ts'
import { uintAt, wordAt } from './abi.ts'
import type { Observed } from './binding.ts'
import type { TokenReads } from './tokenReads.ts'

/** Where a contract's struct has what. */
export interface StructLayout {
  /** Length of the struct in words. */
  readonly words: number
  /** Names of the states by the number in the first word. */
  readonly states: readonly string[]
  /**
   * Figures of the view with the positions of their words. One that depends on the time is zero but
   * in the states that are named, in which it stands still.
   */
  readonly figures: readonly (readonly [name: string, word: number, still?: readonly string[]])[]
}

/** Understands the words of `count` structs and, after them, of the token balances. */
export function observeStructs(options: {
  readonly layout: StructLayout
  readonly count: number
  readonly tokens: TokenReads
  readonly words: Hex
  readonly previous: Observed | null
}): Observed {
  const { layout, count, tokens, words, previous } = options
  if (previous !== null && previous.words === words) return previous
  const agreements = Array.from({ length: count }, (_, index) => {
    const at = index * layout.words
    const same = previous !== null && sameWords(previous.words, words, at, layout.words)
    return same ? (previous.view.agreements[index] as AgreementView) : viewOf(layout, words, at)
  })
  const balances = tokens.balances(words, count * layout.words, previous)
  return { words, view: { agreements, balances } }
}

/** Whether `count` words from `fromWord` on are the same in both. */
export function sameWords(before: Hex, after: Hex, fromWord: number, count: number): boolean {
  const from = 2 + fromWord * 64
  const to = from + count * 64
  return before.slice(from, to) === after.slice(from, to)
}

function viewOf({ states, figures }: StructLayout, words: Hex, fromWord: number): AgreementView {
  const status = Number.parseInt(wordAt(words, fromWord), 16)
  const state = states[status] ?? `unknown status ${status}`
  const values: Record<string, bigint> = {}
  for (const [name, word, still = [state]] of figures) {
    values[name] = still.includes(state) ? uintAt(words, fromWord + word) : 0n
  }
  return { state, figures: values }
}
