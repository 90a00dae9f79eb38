/**
 * The ladder of a counterexample in one line:
 * `31 actions -> 12 -> 5, 2 agreements -> 1, in 96 executions`.
 */
import type { Rung } from './record.ts'

const COUNTED = [
  ['actions', 'action', 'actions'],
  ['agreements', 'agreement', 'agreements'],
  ['faults', 'fault', 'faults'],
  ['digits', 'digit', 'digits'],
] as const

/** Actions always; anything else where it has shrunk. Empty without a ladder. */
export function ladderText(ladder: readonly Rung[] | undefined): string {
  const last = ladder?.at(-1)
  if (ladder === undefined || last === undefined) return ''
  const parts = COUNTED.flatMap(([key, one, many]) => {
    const values = ladder.map((rung) => rung[key])
    const changed = values.filter((value, index) => index === 0 || value !== values[index - 1])
    const [first = 0, ...rest] = changed
    if (rest.length === 0 && key !== 'actions') return []
    return [[`${first} ${first === 1 ? one : many}`, ...rest].join(' -> ')]
  })
  const { executions } = last
  return [...parts, `in ${executions} ${executions === 1 ? 'execution' : 'executions'}`].join(', ')
}
