/**
 * A sweep as numbers to draw: one configuration per point, one axis per parameter and outcome.
 */
import type { Sweep } from '../../reports/record.ts'

export interface SweepAxis {
  readonly name: string
  readonly unit: string
  /** Name with its unit. */
  readonly label: string
  readonly isParameter: boolean
  readonly isInteger: boolean
  readonly better: 'less' | 'more' | null
}

export interface Configuration {
  readonly key: string
  readonly parameters: Sweep['points'][number]['parameters']
  /** Parameters and outcomes by name; what is no number is left out. */
  readonly values: Readonly<Record<string, number>>
  readonly intervals: NonNullable<Sweep['points'][number]['intervals']>
  readonly n: number | null
  readonly feasible: boolean
  readonly pareto: boolean
  readonly violated: readonly string[]
}

export function configurationsOf(sweep: Sweep): {
  readonly axes: readonly SweepAxis[]
  readonly configurations: readonly Configuration[]
  /** Points that lack an objective, for instance as too few sessions could be measured. */
  readonly unplaced: number
} {
  const all = sweep.points.map((point, index): Configuration => {
    const entries = Object.entries({ ...point.parameters, ...point.outcomes })
    const numbers = entries.flatMap(([name, value]) =>
      typeof value === 'number' || typeof value === 'bigint'
        ? [[name, Number(value)] as const]
        : [],
    )
    return {
      ...{ key: String(index + 1), parameters: point.parameters, n: point.n ?? null },
      ...{ values: Object.fromEntries(numbers), intervals: point.intervals ?? {} },
      ...{ feasible: point.feasible, pareto: point.pareto, violated: point.violated ?? [] },
    }
  })
  const objectives = sweep.objectives ?? []
  const placed = all.filter(({ values }) => objectives.every((name) => values[name] !== undefined))
  const configurations = placed.length > 0 ? placed : all
  const first = sweep.points.find((_, index) => configurations[0]?.key === String(index + 1))
  const names = [...Object.keys(first?.parameters ?? {}), ...Object.keys(first?.outcomes ?? {})]
  const drawn = names.filter((name) =>
    configurations.every(({ values }) => values[name] !== undefined),
  )
  const axes = drawn.map((name): SweepAxis => {
    const known = sweep.axes?.find((axis) => axis.name === name)
    const unit = known?.unit ?? ''
    const isParameter = Object.hasOwn(first?.parameters ?? {}, name)
    const integers = configurations.every(({ values }) => Number.isInteger(values[name]))
    return {
      ...{ name, unit, isParameter, label: unit === '' ? name : `${name} (${unit})` },
      isInteger: known?.integer ?? integers,
      better: known?.better ?? null,
    }
  })
  return { axes, configurations, unplaced: all.length - configurations.length }
}

/** Pins of the address, or the configuration in use. */
export function pinsFrom(
  { current }: Sweep,
  configurations: readonly Configuration[],
  asked: string | undefined,
): readonly string[] {
  if (asked !== undefined) {
    const keys = asked.split(',')
    return configurations.map(({ key }) => key).filter((key) => keys.includes(key))
  }
  if (current === null || current === undefined) return []
  const inUse = configurations.find(({ parameters }) =>
    Object.entries(parameters).every(([name, value]) => current[name] === value),
  )
  return inUse === undefined ? [] : [inUse.key]
}
