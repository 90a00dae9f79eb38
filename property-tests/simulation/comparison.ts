/**
 * Like with like: under which designs protocols of downloads are compared with each other.
 *
 * Each protocol is simulated on the chain that it is meant for, and as it is meant to be used. For
 * a comparison both must meet the same chain and as many sources, so what is missing for that is
 * simulated beside it. It gives numbers by the gigabyte and nothing else: claims are judged where a
 * protocol is at home. A protocol of downloads that is alone is shown as it is.
 */
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { designOf, type SimulatedWorld, type SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import type { SimulatedPart } from './part.ts'

export interface Comparison {
  /** What must be simulated beside what is simulated anyway. */
  readonly further: readonly SimulationSpec[]
  /** Those of all parts that are compared, in order. */
  of(parts: readonly SimulatedPart[]): readonly SimulatedPart[]
}

const keyOf = (spec: SimulationSpec) => canonicalJson(spec)

/**
 * The comparison among what is simulated.
 *
 * @param specs of each protocol on its chains, with its settings
 * @param isFree whether each protocol is on a chain of its own, as nobody asked for one
 */
export function comparisonOf(
  specs: readonly SimulationSpec[],
  isFree: boolean,
  find: (protocol: string) => SimulatedWorld = worldOf,
): Comparison {
  const own = specs.filter(({ protocol }) => find(protocol).download !== undefined)
  const protocols = new Set(own.map(({ protocol }) => protocol))
  if (protocols.size < 2) return { further: [], of: (parts) => parts }
  const chains = [...new Set(own.map(({ profile }) => profile))]
  const compared = own.flatMap((spec): readonly SimulationSpec[] => {
    const alike = { ...spec, terms: { ...spec.terms, ...alikeTerms(find, spec) } }
    return isFree ? chains.map((profile) => ({ ...alike, profile })) : [alike]
  })
  const known = new Set(specs.map(keyOf))
  const keys = compared.map(keyOf)
  return {
    further: compared.filter((spec) => !known.has(keyOf(spec))),
    of(parts) {
      const byKey = new Map(parts.map((part) => [keyOf(part.spec), part]))
      return keys.flatMap((key) => byKey.get(key) ?? [])
    },
  }
}

/** What makes downloads alike, where the user has not said otherwise. */
function alikeTerms(find: (protocol: string) => SimulatedWorld, spec: SimulationSpec) {
  const world = find(spec.protocol)
  const defaults = designOf(world).terms
  const alike = Object.entries(world.download?.alike ?? {})
  return Object.fromEntries(alike.filter(([name]) => spec.terms[name] === defaults[name]))
}
