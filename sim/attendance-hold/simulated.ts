/**
 * attendance-hold as simulations know it: its stages, measures and claims, and how a run is played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`.
 */
import {
  attendanceHoldParameters,
  holdTermsDefault,
} from '../../models/attendance-hold/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type {
  MeasureInfo,
  PlayedRun,
  ServiceLevel,
  SimulatedWorld,
  SimulationSpec,
  TermInfo,
} from '../world/simulated.ts'
import type { Behaviour } from './behaviour.ts'
import { LEAD_SECONDS_DEFAULT, type WorldOptions } from './options.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, attendanceHoldWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const AMOUNT_MAX = 10n ** 12n
const DAY_SECONDS = 86_400
const SECOND_MS = 1000

const units = { unit: 'base units', better: 'less', usual: 'mean', from: 'samples' } as const
const length = { unit: 's', better: null, usual: 'mean', from: 'samples' } as const
const count = { unit: 'count', better: null, usual: 'mean', from: 'samples' } as const
const ofHolds = { unit: 'share of holds', usual: 'rate', from: 'shares' } as const
const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  { ...length, name: 'present', about: 'presence that counts, in truth' },
  { ...length, name: 'attended', about: 'presence on chain' },
  { ...length, name: 'missing', about: 'of presence that is not on chain', better: 'less' },
  { ...length, name: 'surplus', about: 'on chain that was no presence', better: 'less' },
  { ...length, name: 'unrecorded', about: 'told by the platform, not on chain', better: 'less' },
  { ...length, name: 'distance', about: 'from presence to the threshold' },
  { ...units, name: 'jump', about: 'price that hung on what cannot be noticed, at the threshold' },
  { ...units, name: 'paidUntaught', about: 'paid beyond the worth of what was taught' },
  { ...units, name: 'taughtUnpaid', about: 'worth of what was taught and refunded' },
  { ...count, name: 'records', about: 'accepted records' },
  { ...count, name: 'attempts', about: 'calls to resolve the hold' },
  { ...count, name: 'copies', about: 'webhooks that came again' },
  { ...count, name: 'forged', about: 'forged webhooks' },
  { ...ofHolds, name: 'released', about: 'the teacher was paid', better: null },
  { ...ofHolds, name: 'refunded', about: 'the student was refunded', better: null },
  { ...ofHolds, name: 'unfinished', about: 'refunded as nobody had finished it', better: 'less' },
  { ...ofHolds, name: 'stuck', about: 'never resolved', better: 'less' },
  { ...ofHolds, name: 'wrong', about: 'resolved against true presence', better: 'less' },
  { ...ofHolds, name: 'near', about: 'too near to the threshold to be sure', better: 'less' },
  { ...ofHolds, name: 'alone', about: 'resolved by a side, for want of a keeper', better: 'less' },
  { ...ofHolds, name: 'untaught', about: 'released though they never met', better: 'less' },
  {
    ...time,
    name: 'recording',
    about: 'from coming to the record',
    from: { stage: STAGES.record },
  },
  { ...time, name: 'finishing', about: 'end of a lesson on chain', from: { stage: STAGES.finish } },
  { ...time, name: 'decision', about: 'finished to decided', from: { stage: STAGES.decision } },
  { ...time, name: 'release', about: 'due to decided', from: { stage: STAGES.release } },
  { ...time, name: 'payout', about: 'end of a lesson to payment', from: { stage: STAGES.payout } },
]

const serviceLevels: readonly ServiceLevel[] = [
  {
    ...{ name: 'release', stage: STAGES.release, withinMs: 300_000 },
    about: 'the summary: a job every five minutes releases or refunds what is due',
  },
]

const terms: readonly TermInfo[] = [
  {
    ...{ name: 'priceUnits', about: 'price of the lesson', unit: 'base units', kind: 'amount' },
    ...{ default: holdTermsDefault.priceUnits, least: 1n, most: AMOUNT_MAX },
  },
  {
    ...{ name: 'leadSeconds', about: 'time until the lesson begins', unit: 's', kind: 'integer' },
    ...{ default: LEAD_SECONDS_DEFAULT, least: 1, most: DAY_SECONDS },
  },
]

function played(run: WorldRun): PlayedRun {
  const { faults, agreements, steps, profile } = run
  return {
    ...{ faults, agreements },
    facts: (hasCourse) => runFactsOf(run, hasCourse),
    steps: steps.map(({ planned }) => planned),
    report: () => ({ ...run, profile: profile.name }),
  }
}

function optionsOf({
  protocol: _,
  terms: given,
  parameters,
  ...spec
}: SimulationSpec): WorldOptions {
  return {
    ...spec,
    run: 0,
    parameters: attendanceHoldParameters.parse(parameters),
    priceUnits: BigInt(given.priceUnits ?? holdTermsDefault.priceUnits),
    leadSeconds: Number(given.leadSeconds ?? LEAD_SECONDS_DEFAULT),
  }
}

/** Everybody is there; what is rare in ordinary runs happens in one of them. */
const FOR_GAS: readonly Partial<Behaviour>[] = [
  { isReferred: true },
  { isReferred: false, studentVisits: [] },
  { isReferred: true, studentVisits: [], teacherVisits: [] },
].map((each) => ({
  ...{ studentVisits: [{ fromBps: 0, untilBps: 10_000 }], keepers: 'both', cheats: 'no' },
  ...{ teacherVisits: [{ fromBps: 0, untilBps: 10_000 }], forgeries: [], lostLeaves: [] },
  ...{ losesFinish: false, stranger: [], ...(each as Partial<Behaviour>) },
}))

function seconds({ parameters }: SimulationSpec, name: string): number {
  return parameters[name] as number
}

export const attendanceHoldSimulated: SimulatedWorld = {
  protocol: 'attendance-hold',
  policies: ['as-described', 'hardened'],
  claims: attendanceHoldWorldInvariants.map(({ judge: _, ...claim }) => claim),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    { name: STAGES.record },
    { name: STAGES.finish },
    { name: STAGES.decision },
    {
      name: STAGES.release,
      limitMs: (spec) => seconds(spec, 'keeperIntervalSeconds') * SECOND_MS,
    },
    { name: STAGES.payout, isCompared: true },
  ],
  leakage: null,
  measures,
  shownMetrics: [
    { outcome: 'wrong.rate', metric: 'resolved against presence', unit: '%', times: 100 },
    { outcome: 'near.rate', metric: 'too near to the threshold', unit: '%', times: 100 },
    { outcome: 'jump.mean', metric: 'price at the threshold', unit: 'base units', times: 1 },
    { outcome: 'missing.mean', metric: 'presence not recorded', unit: 's', times: 1 },
    { outcome: 'surplus.mean', metric: 'recorded without presence', unit: 's', times: 1 },
    { outcome: 'stuck.rate', metric: 'never resolved', unit: '%', times: 100 },
    { outcome: 'alone.rate', metric: 'resolved without a keeper', unit: '%', times: 100 },
    { outcome: 'untaught.rate', metric: 'paid and never met', unit: '%', times: 100 },
  ],
  serviceLevels,
  smallest: [
    {
      ...{ parameter: 'attestationWindowSeconds', loss: 'unrecorded' },
      // Rooms are closed well before an unfinished hold can be refunded.
      most: (spec) => BigInt(seconds(spec, 'sessionSeconds') + seconds(spec, 'noShowSeconds')),
    },
  ],
  objectives: ['wrong.rate', 'payout.p95', 'gas.mean'],
  livenessActions: ['recordAttendance'],
  gasActions: ['purchase', 'recordAttendance', 'finishSession', 'process', 'refundUnfinished'],
  defaultProfile: 'l2',
  parameters: attendanceHoldParameters,
  terms,
  playForGas(spec, run) {
    const behaviour = FOR_GAS[(run >> 1) % FOR_GAS.length] ?? {}
    return played(runWorld({ ...optionsOf(spec), regime: 'none', run, behaviour }))
  },
  play: (spec, run, detail) => played(runWorld({ ...optionsOf(spec), run, detail })),
}
