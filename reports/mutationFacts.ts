/**
 * What the record says of mutants, counted and put in words; for the terminal and for the page.
 */
import type { Mutation } from './record.ts'

/** Why a mutant lives that nobody has explained. */
export const SURVIVOR_CLASSES = {
  notReached: 'not reached: no plan executes it',
  noEffect: 'no effect: executed, and every answer is as before',
  notJudged: 'not judged: answers differ in something that no check compares',
} as const

export const percentText = (share: number | null) =>
  share === null ? 'none' : `${(100 * share).toFixed(1)} %`

export const isUnexplained = ({ survivor }: Mutation['mutants'][number]) =>
  survivor !== null && survivor.explanation === null

/** Mutants that were killed or survived, by kind of change, in the order of the alphabet. */
export function operatorCounts({ mutants }: Mutation) {
  const names = [...new Set(mutants.map(({ operator }) => operator))].sort()
  return names.flatMap((operator) => {
    const own = mutants.filter((mutant) => mutant.operator === operator)
    const killed = own.filter(({ status }) => status === 'killed').length
    const survived = own.filter(({ status }) => status === 'survived').length
    return killed + survived === 0 ? [] : [{ operator, tried: killed + survived, survived }]
  })
}
