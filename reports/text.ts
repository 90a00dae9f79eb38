/**
 * Plain text that several formats share: a counterexample as lines, and escaping for markup.
 */
import { ladderText } from './ladder.ts'
import type { Failure } from './record.ts'
import { type StepRow, stepRows } from './stepRows.ts'

/** Characters that no XML 1.0 document may hold, and lone halves of surrogate pairs. */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be found
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for HTML or XML, in content and in quoted attributes alike. */
export function escapeMarkup(text: string): string {
  return text
    .replace(UNPRINTABLE, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

/** The ladder in a line; without one, `41 -> 4 steps after 96 shrinks`. */
export function shrinkText(failure: Failure): string {
  const ladder = ladderText(failure.ladder)
  if (ladder !== '') return ladder
  const { stepsOriginal, stepsShrunk, shrinkCount } = failure
  if (shrinkCount === 0) return `${stepsShrunk} ${stepsShrunk === 1 ? 'step' : 'steps'}`
  const shrinks = `${shrinkCount} ${shrinkCount === 1 ? 'shrink' : 'shrinks'}`
  return `${stepsOriginal} -> ${stepsShrunk} steps after ${shrinks}`
}

export interface StepLine {
  /** Number, time, participant and call, in aligned columns. */
  readonly attempt: string
  /** What came of it; both accounts where they differ. */
  readonly result: string
  /** `<- model and contract differ`, `<- broken here`, or nothing. */
  readonly mark: string
  /** Further facts that the two sides tell differently. */
  readonly differences: readonly string[]
}

/** The steps of a failure as aligned lines. */
export function stepLines(failure: Failure): readonly StepLine[] {
  const rows = stepRows(failure.trace)
  const widthOf = (text: (row: StepRow) => string) =>
    Math.max(0, ...rows.map((row) => text(row).length))
  const numberWidth = String(rows.length).length
  const timeWidth = widthOf((row) => `t=${row.sinceStartSeconds}s`)
  const byWidth = widthOf(({ by }) => by)
  const several = failure.trace.agreements.length > 1
  return rows.map((row, index) => {
    const number = String(row.number).padStart(numberWidth)
    const time = `t=${row.sinceStartSeconds}s`.padEnd(timeWidth)
    const agreement = several ? `#${row.agreement} ` : ''
    return {
      attempt: `${number}  ${time}  ${agreement}${row.by.padEnd(byWidth)}  ${row.call}`,
      result: resultText(row),
      mark: markText(row, index === failure.stepIndex),
      differences: row.facts
        .filter(({ differs, label }) => differs && label !== 'outcome')
        .map(({ label, predicted, observed }) => {
          return `${label}: model ${predicted || 'none'}, contract ${observed || 'none'}`
        }),
    }
  })
}

function resultText(row: StepRow): string {
  if (row.predicted !== row.observed) return `model: ${row.predicted}   contract: ${row.observed}`
  return row.observed === 'accepted' ? row.stateAfter : row.observed
}

function markText(row: StepRow, isBrokenHere: boolean): string {
  if (row.differs) return '<- model and contract differ'
  return isBrokenHere ? '<- broken here' : ''
}
