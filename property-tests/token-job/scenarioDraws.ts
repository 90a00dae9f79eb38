/**
 * What is drawn for a run of the token-job world: parameters, behaviour, and a fault plan whose
 * kinds and sizes belong to the regime. The ranges are those of the fault models (their sources
 * stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short, small, early.
 */
import fc from 'fast-check'
import { FORGERIES, RATES, STRANGER_ATTEMPTS } from '../../sim/token-job/behaviour.ts'
import type { ScenarioDraw } from '../kit/scenarioPlayer.ts'

/** Faults of a plan at most, unless a test asks for more. */
const FAULTS_MAX = 6
const MINUTE_MS = 60_000
/** Faults begin within this time. */
const FAULT_AT_MS_MAX = 15 * MINUTE_MS

interface FaultArbitrary {
  readonly kind: string
  readonly arbitrary: fc.Arbitrary<ScenarioDraw['faults'][number]>
}

/** A fault of one kind; times and sizes in whole seconds where that reads better. */
function fault(
  kind: string,
  targets: readonly string[],
  durationSecondsMax: number,
  magnitude: fc.Arbitrary<number>,
): FaultArbitrary {
  const arbitrary = fc.record({
    kind: fc.constant(kind),
    target: fc.constantFrom(...targets),
    atMs: fc.integer({ min: 0, max: FAULT_AT_MS_MAX / 1000 }).map((seconds) => seconds * 1000),
    durationMs: fc.integer({ min: 0, max: durationSecondsMax }).map((seconds) => seconds * 1000),
    magnitude,
  })
  return { kind, arbitrary }
}

const PARTIES = ['user', 'host']
const CLOCKED = ['user', 'host', 'registry', 'treasury']
const SENDERS = ['user', 'host', 'treasury']
const LINKS = [...PARTIES, 'user.up', 'user.down', 'host.up', 'host.down']
const one = fc.constant(1)
const share = fc.integer({ min: 500, max: 10_000 })
/** Milliseconds either way, small ones as likely as large ones. */
const offsetMs = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 14 }), fc.nat(999))
  .map(([behind, exponent, rest]) => {
    const size = 20 * 2 ** exponent + Math.floor((20 * 2 ** exponent * rest) / 1000)
    return behind ? -size : size
  })

const connectivity: readonly FaultArbitrary[] = [
  fault('link-down', LINKS, 900, one),
  fault('message-delay', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', CLOCKED, 120, share),
  fault('message-reordering', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('process-crash', CLOCKED, 120, one),
]
const clocks: readonly FaultArbitrary[] = [
  fault('clock-offset', CLOCKED, 0, offsetMs),
  fault('clock-drift', CLOCKED, 1_800, fc.integer({ min: -200, max: 200 })),
  fault('clock-jump', CLOCKED, 600, offsetMs),
]
const chain: readonly FaultArbitrary[] = [
  fault('base-fee-surge', ['chain'], 600, fc.integer({ min: 110, max: 10_000 })),
  fault('full-blocks', ['chain'], 600, fc.integer({ min: 1, max: 100_000 })),
  fault('dropped-transaction', SENDERS, 60, one),
  fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
  fault('rpc-error', SENDERS, 300, share),
  fault('ambiguous-send', SENDERS, 300, share),
]
/** A party that is gone for a while: it matters in every regime. */
const drop: FaultArbitrary = fault('link-down', PARTIES, 900, one)

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: connectivity,
  skew: [drop, ...clocks, ...clocks],
  congestion: [drop, ...chain, ...chain],
  mixed: [...connectivity, ...clocks, ...chain],
}

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

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

const seconds = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((each) => each * 1000)

/** The first value, or, with so many chances in a hundred, one of the others. */
function rarely<Value>(usual: Value, percent: number, other: fc.Arbitrary<Value>) {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight: 100 - percent },
    { arbitrary: other, weight: percent },
  )
}

const model = fc.constantFrom('fast' as const, 'slow' as const)
/** Rates within a factor of two of the medians; they shrink towards fast ones. */
const modelAndRate = fc
  .tuple(
    fc.constantFrom<'fast' | 'slow'>('fast', 'fast', 'slow'),
    fc.integer({ min: 50, max: 200 }),
  )
  .map(([name, slowness]) => ({
    model: name,
    tokensPerMinute: Math.floor((RATES[name].medianPerMinute * 100) / slowness),
  }))

const bothModels = [
  { active: true, model: 'fast' as const },
  { active: true, model: 'slow' as const },
]
const listed = fc.array(fc.record({ active: fc.boolean(), model }), { maxLength: 5 })

/** Answers of up to 4,000 tokens, half of them below 1,000. */
const answerTokens = fc.integer({ min: 1, max: 4_000 }).map((n) => Math.ceil((n * n) / 4_000))
const prompt = fc.record({ tokens: answerTokens, thinkMs: seconds(1, 60) })

const behaviour = fc
  .record({
    beginsAtMs: fc.constant(0),
    allowanceUnits: rarely(0, 30, fc.integer({ min: 1, max: 30_000_000 })),
    rate: modelAndRate,
    hosts: rarely([...bothModels], 25, listed),
    pick: fc.nat(9),
    searchesMost: fc.integer({ min: 1, max: 4 }),
    firstTokenMs: fc.integer({ min: 100, max: 3_000 }),
    prompts: fc.array(prompt, { minLength: 1, maxLength: 5 }),
    userLeaves: fc.oneof(
      { withCrossShrink: true },
      { arbitrary: fc.constant('satisfied'), weight: 5 },
      { arbitrary: fc.constant('early'), weight: 5 },
      { arbitrary: fc.constant('vanishes'), weight: 1 },
    ),
    leavesAfterTokens: fc.integer({ min: 1, max: 1_500 }),
    userPatienceMs: seconds(30, 180),
    hostPatienceMs: seconds(120, 600),
    hostVanishesAfterTokens: rarely(0, 5, fc.integer({ min: 1, max: 3_000 })),
    overClaimsBps: rarely(0, 20, fc.integer({ min: 100, max: 5_000 })),
    forgery: fc.constantFrom(...FORGERIES),
    treasuryEveryMs: rarely(0, 50, seconds(30, 900)),
    stranger: fc.array(
      fc.record({ atMs: seconds(5, 900), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
      { maxLength: 3 },
    ),
  })
  .map(({ rate, ...rest }) => ({ ...rest, ...rate }))

/** Draws of one regime; `cases` is the number of deployments to choose from. */
export function scenarioDraws(
  regime: string,
  cases: number,
  limits: { readonly faultsMax?: number; readonly kinds?: readonly string[] } = {},
): fc.Arbitrary<ScenarioDraw> {
  const { faultsMax = FAULTS_MAX, kinds } = limits
  const drawn = (FAULTS[regime] ?? [])
    .filter(({ kind }) => kinds?.includes(kind) ?? true)
    .map(({ arbitrary }) => arbitrary)
  const faults =
    drawn.length === 0
      ? fc.constant([])
      : fc.array(fc.oneof(...drawn), { minLength: 1, maxLength: faultsMax, size: 'max' })
  return fc.record({
    world: fc.nat(1_000_000),
    caseIndex: fc.nat(cases - 1),
    // Slow blocks more often: they are what a fast model outruns.
    profile: fc.constantFrom('l2', 'l1', 'l1', 'fast'),
    behaviour,
    faults: faults.map(compatible),
  })
}
