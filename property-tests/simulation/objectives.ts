/**
 * Objectives of a sweep, as they are typed: `leakage.p95:min`, `gas`, `stall.mean:max`.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Objective } from '../../reports/statistics/pareto.ts'
import type { SimulatedWorld } from '../../sim/world/simulated.ts'
import { measuresOf, namedOutcomes } from './measures.ts'

const DIRECTIONS: Readonly<Record<string, Objective['better']>> = { min: 'less', max: 'more' }

function refusal(sentence: string, given: string, allowed: string): MeterproofError {
  return new MeterproofError('MP_SWEEP_OBJECTIVE', sentence, {
    facts: { field: 'objective', given: given === '' ? '(nothing)' : given, allowed },
    hint: 'See `meterproof sweep --help`.',
  })
}

/** `leakage.{mean,p50,p95,p99,max}, …, falseStop.rate` */
export function namesOfOutcomes(world: SimulatedWorld): string {
  const names = measuresOf(world).map(({ name, ...measure }) => {
    return 'share' in measure ? `${name}.rate` : `${name}.{mean,p50,p95,p99,max}`
  })
  return names.join(', ')
}

/**
 * One objective. A bare measure means its usual statistic, and without a direction the one that is
 * better for somebody who pays.
 *
 * @throws MeterproofError `MP_SWEEP_OBJECTIVE`
 */
export function parseObjective(world: SimulatedWorld, typed: string): Objective {
  const [named = '', direction, ...rest] = typed.trim().split(':')
  const bare = measuresOf(world).find(({ name }) => name === named)
  const name = bare === undefined ? named : `${bare.name}.${bare.usual}`
  const outcome = namedOutcomes(world).get(name)
  if (outcome === undefined) {
    throw refusal(`There is no outcome '${named}' to optimise.`, named, namesOfOutcomes(world))
  }
  const known = Object.keys(DIRECTIONS).join(' or ')
  if (direction === undefined) {
    if (outcome.better !== null) return { name, better: outcome.better }
    throw refusal(`The objective '${name}' needs a direction.`, typed, `${name}:min, ${name}:max`)
  }
  const better = Object.hasOwn(DIRECTIONS, direction) ? DIRECTIONS[direction] : undefined
  if (better === undefined || rest.length > 0) {
    throw refusal(`The direction of '${named}' is ${known}.`, typed, known)
  }
  return { name, better }
}
