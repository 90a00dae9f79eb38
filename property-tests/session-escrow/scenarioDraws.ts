/**
 * What is drawn for a run of the session-escrow world: parameters, behaviour, and a fault plan
 * whose kinds and sizes belong to the regime. The ranges are those of the fault models (their
 * sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short, small
 * and early.
 */
import fc from 'fast-check'
import type { ScenarioDraw } from '../kit/scenarioPlayer.ts'

/** Faults of a plan at most, unless a test asks for more. */
const FAULTS_MAX = 6
const MINUTE_MS = 60_000
/** Faults begin within this time. */
const FAULT_AT_MS_MAX = 40 * MINUTE_MS

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

const SIDES = ['student', 'tutor']
const CLOCKED = ['student', 'tutor', 'service', 'relayer']
const SENDERS = ['student', 'tutor', 'relayer']
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
  fault('link-down', [...SIDES, 'student.up', 'student.down', 'tutor.up', 'tutor.down'], 900, one),
  fault('heartbeat-loss', SIDES, 60, share),
  fault('message-delay', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('message-duplication', CLOCKED, 120, share),
  fault('message-reordering', CLOCKED, 120, fc.integer({ min: 50, max: 5_000 })),
  fault('relayer-outage', ['relayer'], 900, one),
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
/** A side that is gone: what detection, relaying and inclusion are about, in every regime. */
const drop: FaultArbitrary = fault('link-down', SIDES, 900, one)

const FAULTS: Readonly<Record<string, readonly FaultArbitrary[]>> = {
  none: [],
  disconnect: connectivity,
  skew: [drop, ...clocks, ...clocks],
  congestion: [drop, ...chain],
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

const STRANGER_ATTEMPTS = [
  'forged-ping',
  'foreign-ping',
  'replayed-ping',
  'stop',
  'stop-forged',
  'settle',
  'cancel',
] as const

const seconds = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((each) => each * 1000)

/** True with this many chances in a hundred, and false when shrunk. */
const rarely = (percent: number) => fc.nat(99).map((drawn) => drawn >= 100 - percent)

const behaviour = fc.record({
  depositAtMs: fc.constant(0),
  studentJoinDelayMs: seconds(1, 20),
  tutorJoinDelayMs: seconds(1, 60),
  studentComes: rarely(3).map((stays) => !stays),
  tutorComes: rarely(5).map((stays) => !stays),
  patienceMs: seconds(60, 600),
  callMs: fc.oneof(
    { arbitrary: seconds(30, 600), weight: 4 },
    { arbitrary: seconds(600, 2_700), weight: 2 },
    { arbitrary: seconds(3_500, 4_200), weight: 1 },
  ),
  hangsUp: fc.constantFrom('student', 'tutor'),
  topsUp: rarely(40),
  tutorForges: fc.oneof(
    { arbitrary: fc.constant('no'), weight: 6 },
    { arbitrary: fc.constantFrom('forged', 'altered', 'foreign', 'crossed'), weight: 1 },
  ),
  stranger: fc.array(
    fc.record({ atMs: seconds(20, 1_800), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
    { maxLength: 4 },
  ),
})

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
    profile: fc.constantFrom('l1', 'l2', 'fast'),
    behaviour,
    faults: faults.map(compatible),
  })
}
