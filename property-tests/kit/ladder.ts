/**
 * How large a plan is, in the ways in which counterexamples shrink.
 */
import type { Datum } from '../../models/kit/trace.ts'
import type { Rung } from '../../reports/record.ts'
import type { Plan } from './plan.ts'

type Sized = Pick<Plan, 'steps'>

/** @param executions runs that were looked at until then */
export function rungOf({ steps }: Sized, executions: number, faults = 0): Rung {
  return {
    actions: steps.length,
    agreements: new Set(steps.map(({ agreement }) => agreement)).size,
    faults,
    digits: steps.reduce((sum, { args }) => sum + digitsOf(args), 0),
    seconds: (steps.at(-1)?.atSeconds ?? 0) - (steps[0]?.atSeconds ?? 0),
    executions,
  }
}

function digitsOf(datum: Datum | undefined): number {
  if (typeof datum === 'bigint') return String(datum).length
  if (typeof datum !== 'object' || datum === null) return 0
  return Object.values(datum).reduce((sum: number, each) => sum + digitsOf(each), 0)
}

/** The ladder with one rung more, unless that is as large as the last one in everything. */
export function climbed(ladder: readonly Rung[], rung: Rung): readonly Rung[] {
  const last = ladder.at(-1)
  if (last === undefined) return [rung]
  const sizes = ({ executions: _, ...rest }: Rung) => JSON.stringify(rest)
  // The last rung tells how many runs it took in all, however little the last of them brought.
  if (sizes(last) === sizes(rung)) return [...ladder.slice(0, -1), rung]
  return [...ladder, rung]
}
