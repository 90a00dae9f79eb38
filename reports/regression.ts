/**
 * Stored failures in words: for the terminal, for reasons of a verdict, and for JUnit.
 */
import type { Regression } from './record.ts'

export type RegressionVerdict = Regression['verdict']

interface Look {
  readonly glyph: string
  readonly text: string
  readonly tone: 'held' | 'violated' | 'undecided' | 'refuted'
}

export const REGRESSION_LOOKS: Readonly<Record<RegressionVerdict, Look>> = {
  stillFails: { glyph: '✗', text: 'still fails', tone: 'violated' },
  noLongerFails: { glyph: '✓', text: 'no longer fails', tone: 'held' },
  noLongerApplies: { glyph: '?', text: 'no longer applies', tone: 'undecided' },
  notChosen: { glyph: '-', text: 'not part of this run', tone: 'held' },
}

/** A failure that is expected of the policy is shown as every expected refutation is. */
export function regressionLook({ verdict, expected }: Regression): Look {
  if (verdict !== 'stillFails' || expected === 'held') return REGRESSION_LOOKS[verdict]
  return { glyph: '⊘', text: 'still refuted, as expected', tone: 'refuted' }
}

export const isStillFailing = ({ verdict, expected }: Regression) =>
  verdict === 'stillFails' && expected === 'held'

const nameOf = ({ invariant, file }: Regression) => (invariant === '' ? file : invariant)

/** Why a run with these is violated, one sentence each. */
export function brokenRegressions(regressions: readonly Regression[]): string[] {
  return regressions
    .filter(isStillFailing)
    .map((each) => `${nameOf(each)} still fails as stored in ${each.file}.`)
}

/** Why a run with these is not conclusive, one sentence each. */
export function openRegressions(regressions: readonly Regression[]): string[] {
  return regressions
    .filter(({ verdict }) => verdict === 'noLongerApplies')
    .map(({ file, reason }) => `The stored failure ${file} no longer applies: ${reason}`)
}

export interface RegressionLine {
  readonly tone: Look['tone']
  readonly text: string
}

/** `2 still fail, 1 no longer fails` and then one line a file. */
export function regressionText(regressions: readonly Regression[]): {
  readonly head: string
  readonly lines: readonly RegressionLine[]
} {
  const texts = regressions.map((each) => regressionLook(each).text)
  const counts = [...new Set(texts)].map(
    (text) => `${texts.filter((each) => each === text).length} ${text}`,
  )
  const lines = regressions.flatMap((each): RegressionLine[] => {
    const { glyph, text, tone } = regressionLook(each)
    const { file, reason, verdict, replayCommand } = each
    const said = reason === '' ? '' : `: ${reason}`
    const row = { tone, text: `  ${glyph} ${file}  ${text}${said}` }
    const isReplayed = verdict === 'stillFails'
    return isReplayed ? [row, { tone, text: `      replay: ${replayCommand}` }] : [row]
  })
  return { head: counts.join(', '), lines }
}
