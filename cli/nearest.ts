/**
 * "Did you mean …?" for words that a user typed: the known word with the fewest edits, if few.
 */

const EDITS_MAX = 3

/** The nearest known word, or undefined when all are further off than a slip of the fingers. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const least = { edits: Math.min(EDITS_MAX, Math.ceil(typed.length / 2)) + 1, word: '' }
  for (const word of known) {
    const edits = editDistance(typed.toLowerCase(), word.toLowerCase())
    if (edits < least.edits) Object.assign(least, { edits, word })
  }
  if (least.word !== '') return least.word
  return known.find((word) => typed.length > 2 && word.toLowerCase().includes(typed.toLowerCase()))
}

/** Insertions, deletions and substitutions that turn one word into the other. */
function editDistance(source: string, target: string): number {
  let above = Array.from({ length: target.length + 1 }, (_, index) => index)
  for (let row = 1; row <= source.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= target.length; column += 1) {
      const same = source[row - 1] === target[column - 1] ? 0 : 1
      const substituted = (above[column - 1] ?? 0) + same
      current.push(Math.min(substituted, (above[column] ?? 0) + 1, (current.at(-1) ?? 0) + 1))
    }
    above = current
  }
  return above.at(-1) ?? 0
}
