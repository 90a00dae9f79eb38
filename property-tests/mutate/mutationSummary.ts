/**
 * The verdict on mutants: held when every contract reaches the threshold with all mutants tried and
 * every explanation is still true; else inconclusive, as a survivor is a hole in the checks and no
 * fault of the contract. Survivors without an explanation are shown and fail nothing above the
 * threshold.
 */
import type { Mutation, RunRecord } from '../../reports/record.ts'

export function mutationSummary(
  mutations: readonly Mutation[],
  interrupted: boolean,
): RunRecord['summary'] {
  const reasons = mutations.flatMap(reasonsFor)
  const decided = reasons.length > 0 ? 'inconclusive' : 'held'
  const verdict = interrupted ? 'interrupted' : decided
  const exitCode = { held: 0, inconclusive: 2, interrupted: 130 }[verdict]
  const counts = { held: 0, violated: 0, undecided: 0, refutedAsExpected: 0 }
  return { verdict, exitCode, ...counts, canariesCaught: 0, canariesMissed: 0, reasons }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** One sentence for each contract, for views that have no room for more. */
export function mutationNotes(mutations: readonly Mutation[]): string[] {
  return mutations.map(({ contract, score, counts, explainedEquivalent }) => {
    const { killed, survived } = counts
    const part = score === null ? 'none' : percent(score)
    const judged = killed + survived - explainedEquivalent
    return `Mutation score of ${contract}: ${part}, ${killed} of ${judged} mutants killed.`
  })
}

function reasonsFor(mutation: Mutation): readonly string[] {
  const { contract, counts, score, threshold, stale } = mutation
  const { untried } = counts
  return [
    ...(untried > 0
      ? [`${untried} mutants of ${contract} were not tried; --resume goes on with them.`]
      : []),
    ...(score !== null && score < threshold
      ? [`${percent(score)} of the mutants of ${contract} were killed, not ${percent(threshold)}.`]
      : []),
    ...(score === null && untried === 0 ? [`No mutant of ${contract} was tried.`] : []),
    ...stale.map((what) => `An explanation is stale, as no such mutant survives: ${what}.`),
  ]
}
