/**
 * What is drawn for a run of the checkpoint-download world: deployment, terms, behaviour, and a
 * fault plan whose kinds and sizes belong to the regime. The ranges are those of the fault models
 * (their sources stand with the regimes in `sim/faults/regimes.ts`); numbers shrink towards short,
 * small, early, one seeder.
 */
import fc from 'fast-check'
import { assert } from '../../models/kit/error.ts'
import { SOURCES_MAX } from '../../sim/world/download.ts'
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
import { behaviourOf, STORIES } from './scenarioStories.ts'

/** Faults begin within this time: most downloads here are over by then. */
const FAULT_AT_SECONDS_MAX = 120

const fault = faultsWithin(FAULT_AT_SECONDS_MAX)

const SEEDERS = Array.from({ length: SOURCES_MAX }, (_, at) => `seeder${at}`)
/** The downloader less often than a seeder: without it nothing goes on that could be judged. */
const EVERYBODY = [...SEEDERS, 'downloader', 'downloader', 'downloader']

/** Whom faults hit, and how long they last at most. */
interface Reach {
  readonly parties: readonly string[]
  readonly mostSeconds: number
}
const ANYWHERE: Reach = { parties: EVERYBODY, mostSeconds: 1_800 }
/** Few and short, and none hits the downloader: most of the story still happens. */
const MILD: Reach = { parties: SEEDERS, mostSeconds: 30 }
const MILD_FAULTS_MAX = 2

function connectivityOf({ parties, mostSeconds }: Reach): readonly FaultArbitrary[] {
  const within = (seconds: number) => Math.min(seconds, mostSeconds)
  const links = parties.flatMap((party) => [party, party, `${party}.up`, `${party}.down`])
  return [
    fault('link-down', links, within(600), one),
    fault('message-delay', parties, within(120), fc.integer({ min: 50, max: 5_000 })),
    fault('message-duplication', parties, within(120), share),
    fault('message-reordering', parties, within(120), fc.integer({ min: 50, max: 5_000 })),
    fault('process-crash', parties, within(120), one),
  ]
}

function clocksOf({ parties }: Reach): readonly FaultArbitrary[] {
  return [
    fault('clock-offset', parties, 0, offsetMs),
    fault('clock-drift', parties, 1_800, fc.integer({ min: -200, max: 200 })),
    fault('clock-jump', parties, 600, offsetMs),
  ]
}

function chainOf({ parties, mostSeconds }: Reach): readonly FaultArbitrary[] {
  const within = (seconds: number) => Math.min(seconds, mostSeconds)
  return [
    fault('base-fee-surge', ['chain'], within(600), fc.integer({ min: 110, max: 10_000 })),
    fault('full-blocks', ['chain'], within(600), fc.integer({ min: 1, max: 100_000 })),
    fault('dropped-transaction', parties, within(60), one),
    fault('reorg', ['chain'], 0, fc.integer({ min: 1, max: 7 })),
    fault('rpc-error', parties, within(300), share),
    fault('ambiguous-send', parties, within(300), share),
  ]
}

function faultsOf(reach: Reach): Readonly<Record<string, readonly FaultArbitrary[]>> {
  const [connectivity, clocks, chain] = [connectivityOf(reach), clocksOf(reach), chainOf(reach)]
  /** A party that is gone for a while: it matters in every regime. */
  const drop = fault('link-down', reach.parties, Math.min(600, reach.mostSeconds), one)
  return {
    none: [],
    disconnect: connectivity,
    skew: [drop, ...clocks, ...clocks],
    congestion: [drop, ...chain, ...chain],
    mixed: [...connectivity, ...clocks, ...chain],
  }
}

const FAULTS = faultsOf(ANYWHERE)
const MILD_FAULTS = faultsOf(MILD)

/** Regimes in the order of reports. */
export const SCENARIO_REGIMES: readonly string[] = Object.keys(FAULTS)

/** Faults on seeders that a download does not have hit others of its seeders. */
function fitted(draw: ScenarioDraw): ScenarioDraw {
  const { seeders } = draw.behaviour.terms as { seeders: number }
  const clocksHit = new Set<string>()
  const faults = draw.faults.flatMap((each) => {
    const target = String(each.target).replace(
      /^seeder(\d)/,
      (_, digit: string) => `seeder${Number(digit) % seeders}`,
    )
    const key = `${each.kind} ${target}`
    // A clock has one fault of a kind.
    if (String(each.kind).startsWith('clock-') && clocksHit.has(key)) return []
    clocksHit.add(key)
    return [{ ...each, target }]
  })
  return { ...draw, faults }
}

/** Draws of one regime; `cases` is the number of deployments to choose from. */
export function scenarioDraws(
  regime: string,
  cases: number,
  limits: DrawLimits = {},
): fc.Arbitrary<ScenarioDraw> {
  const { story: at = 0, faultsMax } = limits
  const story = STORIES[at]
  assert(story !== undefined, `a download has ${STORIES.length} stories`)
  return drawsOf({
    faults: (story.isMild ? MILD_FAULTS : FAULTS)[regime] ?? [],
    behaviour: behaviourOf(story),
    cases,
    // Slow blocks more often: more is served while a payment is on its way.
    profiles: ['l2', 'l1', 'l1', 'fast'],
    limits: story.isMild ? { ...limits, faultsMax: faultsMax ?? MILD_FAULTS_MAX } : limits,
  }).map(fitted)
}
