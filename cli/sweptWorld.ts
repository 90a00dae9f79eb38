/**
 * Which protocol a sweep is of: designs of two protocols cannot be compared, so it is always one.
 */
import { MeterproofError } from '../models/kit/error.ts'
import { parameterNameIn, sweepParametersOf } from '../sim/sweep.ts'
import type { SimulatedWorld } from '../sim/world/simulated.ts'

const namesIn = (world: SimulatedWorld) => sweepParametersOf(world).map(({ name }) => name)

/** All that can be swept, by protocol. */
function allowedIn(worlds: readonly SimulatedWorld[]): string {
  return worlds.map((world) => `${world.protocol}: ${namesIn(world).join(', ')}`).join('; ')
}

/**
 * The only one of the worlds that has all parameters; the only one there is, whatever is asked.
 *
 * @param typed each `name=values`
 * @throws MeterproofError `MP_OPTION_PARAM` without a parameter, `MP_SWEEP_PARAMETER` when no world
 * has them all, `MP_SWEEP_PROTOCOL` when several have
 */
export function sweptWorld(
  worlds: readonly SimulatedWorld[],
  typed: readonly string[],
): SimulatedWorld {
  const [first, ...others] = worlds
  if (typed.length === 0 || first === undefined) {
    throw new MeterproofError('MP_OPTION_PARAM', 'A sweep needs a parameter to sweep over.', {
      facts: { given: 'no --param', allowed: allowedIn(worlds) },
      hint: 'For instance: meterproof sweep --param silenceTimeoutSeconds=10..30:5',
    })
  }
  // What is wrong with its parameter is told with what that one protocol allows.
  if (others.length === 0) return first
  const wanted = typed.map(parameterNameIn)
  const names = wanted.join(', ')
  const fitting = worlds.filter((world) => wanted.every((name) => namesIn(world).includes(name)))
  const [only, ...more] = fitting
  if (only === undefined) {
    const missing = wanted.length === 1 ? 'the parameter' : 'all of'
    throw new MeterproofError('MP_SWEEP_PARAMETER', `No protocol has ${missing} ${names}.`, {
      facts: { given: names, allowed: allowedIn(worlds) },
      hint: 'See `meterproof sweep --help`.',
    })
  }
  if (more.length === 0) return only
  const sentence = `A sweep is of one protocol, and several have ${names}.`
  throw new MeterproofError('MP_SWEEP_PROTOCOL', sentence, {
    facts: { given: names, protocols: fitting.map(({ protocol }) => protocol).join(', ') },
    hint: `For instance: meterproof sweep ${only.protocol} --param ${typed[0]}`,
  })
}
