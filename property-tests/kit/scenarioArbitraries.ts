/**
 * What the draws of every protocol's world have in common: faults of a kind, sizes that shrink
 * towards small and early ones, and a draw put together from regime, behaviour and chain.
 *
 * Which faults may hit whom, and what people do, is the protocol's business. Kinds and ranges are
 * those of the fault models (their sources stand with the regimes in `sim/faults/regimes.ts`).
 */
import fc from 'fast-check'
import type { ScenarioDraw } from './scenarioPlayer.ts'

/** Faults of a plan at most, unless a test asks for more. */
const FAULTS_MAX = 6

export interface FaultArbitrary {
  readonly kind: string
  readonly arbitrary: fc.Arbitrary<ScenarioDraw['faults'][number]>
}

/** Whole seconds, in milliseconds. */
export const seconds = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((each) => each * 1000)

/** The magnitude of faults that have none. */
export const one = fc.constant(1)
/** Basis points of what is lost or doubled, from a twentieth on. */
export const share = fc.integer({ min: 500, max: 10_000 })
/** Milliseconds either way, small ones as likely as large ones. */
export const offsetMs = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 14 }), fc.nat(999))
  .map(([behind, exponent, rest]) => {
    const size = 20 * 2 ** exponent + Math.floor((20 * 2 ** exponent * rest) / 1000)
    return behind ? -size : size
  })

/** True with this many chances in a hundred, and false when shrunk. */
export const chance = (percent: number) => fc.nat(99).map((drawn) => drawn >= 100 - percent)

/** Makes faults that begin within some seconds; times are whole seconds, which read better. */
export function faultsWithin(beginSecondsMax: number) {
  return (
    kind: string,
    targets: readonly string[],
    durationSecondsMax: number,
    magnitude: fc.Arbitrary<number>,
    { atSecondsMax = beginSecondsMax, durationSecondsLeast = 0 } = {},
  ): FaultArbitrary => {
    const arbitrary = fc.record({
      kind: fc.constant(kind),
      target: fc.constantFrom(...targets),
      atMs: seconds(0, atSecondsMax),
      durationMs: seconds(durationSecondsLeast, durationSecondsMax),
      magnitude,
    })
    return { kind, arbitrary }
  }
}

/** A clock has one offset, one drift and one jump at a time; later ones of a kind are left out. */
function compatible(faults: ScenarioDraw['faults']): ScenarioDraw['faults'] {
  const seen = new Set<string>()
  return faults.filter(({ kind, target }) => {
    if (!String(kind).startsWith('clock-')) return true
    const key = `${kind} ${target}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

export interface DrawLimits {
  readonly faultsMax?: number
  readonly kinds?: readonly string[]
  readonly story?: number
}

/** Draws of a world whose regime has these faults; none of them makes an empty plan. */
export function drawsOf(options: {
  readonly faults: readonly FaultArbitrary[]
  readonly behaviour: fc.Arbitrary<ScenarioDraw['behaviour']>
  /** Number of deployments to choose from. */
  readonly cases: number
  /** Names of chain profiles; one that stands twice is drawn twice as often. */
  readonly profiles: readonly string[]
  readonly limits?: DrawLimits | undefined
}): fc.Arbitrary<ScenarioDraw> {
  const { behaviour, cases, profiles, limits = {} } = options
  const { faultsMax = FAULTS_MAX, kinds } = limits
  const drawn = options.faults
    .filter(({ kind }) => kinds?.includes(kind) ?? true)
    .map(({ arbitrary }) => arbitrary)
  const faults =
    drawn.length === 0
      ? fc.constant([])
      : fc.array(fc.oneof(...drawn), { minLength: 1, maxLength: faultsMax, size: 'max' })
  return fc.record({
    world: fc.nat(1_000_000),
    caseIndex: fc.nat(cases - 1),
    profile: fc.constantFrom(...profiles),
    behaviour,
    faults: faults.map(compatible),
  })
}
