/**
 * What is drawn for a run of the matchmaking world: deployment, behaviour, and a fault plan whose
 * kinds and sizes belong to the regime. The ranges are those of the fault models (their sources
 * stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards few, short, early.
 */
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import { STUDENTS, TUTORS } from '../../sim/matchmaking/actors.ts'
import {
  type DrawLimits,
  drawsOf,
  type FaultArbitrary,
  faultsWithin,
  offsetMs,
  one,
  share,
} from '../kit/scenarioArbitraries.ts'
import type { ScenarioDraw } from '../kit/scenarioPlayer.ts'
import { ANYTHING, STORIES } from './scenarioStories.ts'

/** Faults begin within this time: most searches are over by then. */
const FAULT_AT_SECONDS_MAX = 420

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const PEOPLE: readonly string[] = [...STUDENTS, ...TUTORS]
const SERVICES = ['matchmaker', 'sessionEscrow']
const EVERYBODY = [...PEOPLE, ...SERVICES]
const LINKS = [...PEOPLE, 'student0.up', 'student0.down', 'tutor0.up', 'tutor0.down']
/** Few and short: most of the story still happens. */
const MILD_SECONDS = 20
const MILD_FAULTS_MAX = 2

function faultsOf(mostSeconds: number): Readonly<Record<string, readonly FaultArbitrary[]>> {
  const within = (seconds: number) => Math.min(seconds, mostSeconds)
  const connectivity: readonly FaultArbitrary[] = [
    fault('link-down', LINKS, within(900), one),
    fault('message-delay', EVERYBODY, within(300), fc.integer({ min: 50, max: 20_000 })),
    fault('message-duplication', EVERYBODY, within(600), share),
    fault('message-reordering', EVERYBODY, within(600), fc.integer({ min: 50, max: 20_000 })),
    fault('process-crash', EVERYBODY, within(300), one),
    fault('process-crash', SERVICES, within(600), one),
    fault('relayer-outage', SERVICES, within(600), one),
  ]
  const clocks: readonly FaultArbitrary[] = [
    fault('clock-offset', EVERYBODY, 0, offsetMs),
    fault('clock-offset', ['matchmaker', ...TUTORS], 0, offsetMs),
    fault('clock-drift', EVERYBODY, 3_600, fc.integer({ min: -200, max: 200 })),
    fault('clock-jump', EVERYBODY, 1_200, offsetMs),
  ]
  const chain: readonly FaultArbitrary[] = [
    fault('base-fee-surge', ['chain'], within(600), fc.integer({ min: 110, max: 10_000 })),
    fault('full-blocks', ['chain'], within(600), fc.integer({ min: 1, max: 100_000 })),
    fault('dropped-transaction', EVERYBODY, within(300), one),
    fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
    fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 2 })),
    fault('rpc-error', EVERYBODY, within(600), share),
    fault('ambiguous-send', EVERYBODY, within(300), share),
  ]
  return {
    none: [],
    disconnect: connectivity,
    skew: clocks,
    congestion: chain,
    mixed: [...connectivity, ...clocks, ...chain],
  }
}

const FAULTS = faultsOf(Number.POSITIVE_INFINITY)
const MILD_FAULTS = faultsOf(MILD_SECONDS)

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

/** Draws of one regime; `cases` is the number of deployments to choose from. */
export function scenarioDraws(
  regime: string,
  cases: number,
  limits: DrawLimits = {},
): fc.Arbitrary<ScenarioDraw> {
  const { story: at = ANYTHING, faultsMax } = limits
  const story = STORIES[at]
  assert(story !== undefined, `matchmaking has ${STORIES.length} stories`)
  const { isMild, caseIndex, profile } = story
  return drawsOf({
    faults: (isMild ? MILD_FAULTS : FAULTS)[regime] ?? [],
    behaviour: fc.record({ ...story.parts }) as fc.Arbitrary<ScenarioDraw['behaviour']>,
    cases,
    profiles: ['l2', 'l1', 'l2', 'fast'],
    limits: isMild ? { ...limits, faultsMax: faultsMax ?? MILD_FAULTS_MAX } : limits,
  }).map((draw) => ({
    ...draw,
    caseIndex: Math.min(caseIndex ?? draw.caseIndex, cases - 1),
    profile: profile ?? draw.profile,
  }))
}
