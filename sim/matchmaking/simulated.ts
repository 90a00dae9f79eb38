/**
 * matchmaking as simulations know it: its stages, measures and claims, and how a run is played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`. The chain is
 * a rollup unless somebody says otherwise: a proposal lasts half a minute, and two or three calls
 * have to get in within that.
 */
import { maxBig } from '../../models/kit/money.ts'
import { matchmakingParameters } from '../../models/matchmaking/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type {
  DesignComplaint,
  MeasureInfo,
  PlayedRun,
  SimulatedWorld,
  SimulationSpec,
  TermInfo,
} from '../world/simulated.ts'
import type { Behaviour, RequestBehaviour, TutorBehaviour } from './behaviour.ts'
import { RATE_UNITS_DEFAULT, type WorldOptions } from './options.ts'
import { reportOf } from './report.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, matchmakingWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const RATE_MAX = 10n ** 12n
const SECOND_MS = 1_000
const MINUTE_MS = 60_000

const units = { unit: 'base units', better: 'less', usual: 'mean', from: 'samples' } as const
const count = { unit: 'count', better: null, usual: 'mean', from: 'samples' } as const
const span = { unit: 'ms', better: 'less', usual: 'mean', from: 'samples' } as const
const ofRuns = { unit: 'share of runs', better: 'less', usual: 'rate', from: 'shares' } as const
const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  { ...count, name: 'requests', about: 'requests that were made' },
  { ...count, name: 'matches', about: 'of them matched', better: 'more' },
  { ...count, name: 'proposals', about: 'tutors that were proposed', better: 'less' },
  { ...count, name: 'lapsed', about: 'of them without an answer in time', better: 'less' },
  { ...span, name: 'heldInVainMs', about: 'tutors were held and not matched' },
  { ...span, name: 'idleMs', about: 'students waited although somebody was free' },
  { ...units, name: 'overchargedUnits', about: 'billed above what students pay at most' },
  { ...units, name: 'depositedTwiceUnits', about: 'deposited again for one acceptance' },
  { ...ofRuns, name: 'allMatched', about: 'every request was matched', better: 'more' },
  { ...ofRuns, name: 'noMatch', about: 'a student was told that there is nobody' },
  { ...ofRuns, name: 'givenUp', about: 'a student gave up' },
  { ...ofRuns, name: 'expired', about: 'a student was accepted and did not deposit in time' },
  { ...ofRuns, name: 'doubleBooked', about: 'a tutor was held by two students at once' },
  { ...ofRuns, name: 'depositedTwice', about: 'a student deposited twice' },
  { ...ofRuns, name: 'falseCredential', about: 'a credential too many, or for too short a call' },
  { ...ofRuns, name: 'unfunded', about: 'a student could not pay and asked for nobody' },
  {
    ...{ ...time, name: 'wait', about: 'from the request to the match' },
    from: { stage: STAGES.match },
  },
  {
    ...{ ...time, name: 'search', about: 'from the request to the first proposal' },
    from: { stage: STAGES.search },
  },
  {
    ...{ ...time, name: 'answer', about: 'from a proposal to its acceptance' },
    from: { stage: STAGES.answer },
  },
  {
    ...{ ...time, name: 'deposit', about: 'from the acceptance to the deposit' },
    from: { stage: STAGES.deposit },
  },
  {
    ...{ ...time, name: 'moveOn', about: 'from a refusal to the next proposal' },
    from: { stage: STAGES.again },
  },
]

const terms: readonly TermInfo[] = [
  {
    ...{ name: 'rateUnits', about: 'what an ordinary tutor asks a second', kind: 'amount' },
    ...{ unit: 'base units', default: RATE_UNITS_DEFAULT, least: 1n, most: RATE_MAX },
  },
]

function rateUnits({ terms: given }: SimulationSpec): bigint {
  return maxBig(1n, (given.rateUnits as bigint | undefined) ?? RATE_UNITS_DEFAULT)
}

/** Blocks of the slowest chain that a simulation knows. */
const LEAST_SECONDS = 2

function checkDesign(spec: SimulationSpec): DesignComplaint | null {
  const { proposalTtlSeconds } = matchmakingParameters.parse(spec.parameters)
  if (proposalTtlSeconds >= LEAST_SECONDS) return null
  return {
    sentence: 'Nobody could ever accept: a proposal is over before the block after it.',
    ...{ field: 'proposalTtlSeconds', given: String(proposalTtlSeconds) },
    allowed: `at least ${LEAST_SECONDS}`,
  }
}

function played(run: WorldRun): PlayedRun {
  const { faults, agreements, steps } = run
  return {
    ...{ faults, agreements },
    facts: (hasCourse) => runFactsOf(run, hasCourse),
    steps: steps.map(({ planned }) => planned),
    report: () => reportOf(run),
  }
}

function optionsOf({ protocol: _, terms: _terms, ...spec }: SimulationSpec): WorldOptions {
  return { ...spec, run: 0, parameters: matchmakingParameters.parse(spec.parameters) }
}

/** A request that is matched at once; the others differ in what goes wrong. */
const PLAIN: RequestBehaviour = {
  ...{ student: 0, atMs: 10 * SECOND_MS, maxRateBps: 10_000, capSeconds: 3_600 },
  ...{ language: 0, level: 0, needsCredential: false, purseBps: 10_000, leftBps: 10_000 },
  ...{ failures: 0, depositMs: SECOND_MS, depositsTwice: false, fallback: 'waitlist' },
  ...{ bookMs: MINUTE_MS, patienceMs: 10 * MINUTE_MS, callMs: 2 * MINUTE_MS, endsTwice: false },
  ...{ studentScore: 5, tutorScore: 4 },
}
const WILLING: TutorBehaviour = {
  ...{ language: 0, level: 2, hasCredential: true, rateBps: 10_000, raiseBps: 0 },
  ...{ shiftsMs: [0], answers: ['accept'], thinkMs: SECOND_MS, quoteMs: 60 * MINUTE_MS },
}
const AWAY: TutorBehaviour = { ...WILLING, shiftsMs: [] }

/** What is rare in ordinary runs happens in one of these. */
const FOR_GAS: readonly Partial<Behaviour>[] = [
  { requests: [PLAIN] },
  {
    requests: [{ ...PLAIN, leftBps: 5_000 }],
    tutors: [{ ...WILLING, answers: ['decline'] }, WILLING],
  },
  {
    requests: [PLAIN],
    tutors: [
      { ...WILLING, answers: ['silent'] },
      { ...WILLING, shiftsMs: [3 * MINUTE_MS] },
    ],
  },
  {
    requests: [{ ...PLAIN, leftBps: 0, fallback: 'book' }],
    tutors: [{ ...WILLING, shiftsMs: [2 * MINUTE_MS] }, AWAY],
  },
  { requests: [{ ...PLAIN, fallback: 'cancel' }], tutors: [AWAY, AWAY] },
  { requests: [PLAIN], tutors: [{ ...WILLING, shiftsMs: [2 * MINUTE_MS] }, AWAY] },
].map((each) => ({ tutors: [WILLING, AWAY], stranger: [], ...(each as Partial<Behaviour>) }))

const ttlMs = ({ parameters }: SimulationSpec) =>
  (parameters.proposalTtlSeconds as number) * SECOND_MS
const windowMs = ({ parameters }: SimulationSpec) =>
  (parameters.depositWindowSeconds as number) * SECOND_MS

export const matchmakingSimulated: SimulatedWorld = {
  protocol: 'matchmaking',
  policies: ['as-described', 'hardened'],
  claims: matchmakingWorldInvariants.map(({ judge: _, ...claim }) => claim),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    { name: STAGES.search },
    { name: STAGES.answer, limitMs: ttlMs },
    { name: STAGES.deposit, limitMs: windowMs },
    { name: STAGES.match },
    { name: STAGES.again },
    { name: STAGES.waitlist },
    { name: STAGES.booking },
  ],
  leakage: null,
  measures,
  shownMetrics: [
    { outcome: 'allMatched.rate', metric: 'all requests matched', unit: '%', times: 100 },
    { outcome: 'wait.p95', metric: 'request to match, p95', unit: 's', times: 1 / 1_000 },
    { outcome: 'proposals.mean', metric: 'proposals', unit: 'a run', times: 1 },
    { outcome: 'heldInVainMs.mean', metric: 'tutors held in vain', unit: 's', times: 1 / 1_000 },
    { outcome: 'doubleBooked.rate', metric: 'a tutor held twice', unit: '%', times: 100 },
    { outcome: 'depositedTwice.rate', metric: 'deposited twice', unit: '%', times: 100 },
    { outcome: 'overchargedUnits.mean', metric: 'billed above max', unit: 'base units', times: 1 },
    { outcome: 'falseCredential.rate', metric: 'a false credential', unit: '%', times: 100 },
    { outcome: 'givenUp.rate', metric: 'a student gave up', unit: '%', times: 100 },
  ],
  serviceLevels: [
    {
      ...{ name: 'proposed within 30 seconds', stage: STAGES.search, withinMs: 30 * SECOND_MS },
      about: 'ours, the default time of a proposal',
    },
    {
      ...{ name: 'accepted within 30 seconds', stage: STAGES.answer, withinMs: 30 * SECOND_MS },
      about: 'the note: a proposal lasts 30 s',
    },
    {
      ...{ name: 'deposited within 2 minutes', stage: STAGES.deposit, withinMs: 2 * MINUTE_MS },
      about: 'the note: 120 s for the deposit',
    },
    {
      ...{ name: 'matched within 5 minutes', stage: STAGES.match, withinMs: 5 * MINUTE_MS },
      about: 'ours; the description names none',
    },
  ],
  objectives: ['matches.mean', 'wait.p50', 'heldInVainMs.mean'],
  livenessActions: [],
  gasActions: ['request', 'propose', 'accept', 'decline', 'lapse', 'consume', 'complete', 'rate'],
  defaultProfile: 'l2',
  parameters: matchmakingParameters,
  terms,
  checkDesign,
  playForGas(spec, run) {
    const behaviour = FOR_GAS[(run >> 1) % FOR_GAS.length] ?? {}
    const options = { ...optionsOf(spec), rateUnits: rateUnits(spec) }
    return played(runWorld({ ...options, regime: 'none', run, behaviour }))
  },
  play: (spec, run, detail) =>
    played(runWorld({ ...optionsOf(spec), rateUnits: rateUnits(spec), run, detail })),
}
