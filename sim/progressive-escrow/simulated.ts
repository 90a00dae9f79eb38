/**
 * progressive-escrow as simulations know it: its stages, measures and claims, and how a run is
 * played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`.
 */
import {
  progressiveEscrowParameters,
  progressiveTermsDefault,
} from '../../models/progressive-escrow/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type { MeasureInfo, PlayedRun, SimulatedWorld, SimulationSpec } from '../world/simulated.ts'
import type { WorldOptions } from './options.ts'
import { runFactsOf } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, progressiveEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const AMOUNT_MAX = 10n ** 30n

function silentAfterMs({ parameters }: SimulationSpec): number {
  const { heartbeatIntervalSeconds, graceSeconds } = progressiveEscrowParameters.parse(parameters)
  return (heartbeatIntervalSeconds + graceSeconds + 1) * 1000
}

const time = { unit: 'ms', better: 'less', usual: 'p95' } as const
const bps = { unit: 'basis points', usual: 'mean', from: 'samples' } as const
const whole = { least: 0, most: 10_000 } as const
const count = { unit: 'in a session', usual: 'mean', from: 'samples' } as const
const share = { unit: 'share of sessions', usual: 'rate', from: 'shares' } as const

const measures: readonly MeasureInfo[] = [
  {
    ...{ ...time, name: 'unbilled', about: 'delivered and not billed, completed sessions' },
    from: 'samples',
  },
  {
    ...{ ...time, name: 'detection', about: 'from a drop to the pause for silence' },
    from: { stage: 'drop → paused' },
  },
  {
    ...{ ...time, name: 'resumption', about: 'from hearing each other again to going on' },
    from: { stage: 'back → resumed' },
  },
  {
    ...{ ...time, name: 'settle', about: 'from the end of the call to the completion' },
    from: { stage: 'end → completed' },
  },
  {
    ...{ ...time, name: 'refund', about: 'from the end of the call to the refund' },
    from: { stage: 'end → refunded' },
  },
  {
    ...{ ...bps, name: 'stall', about: 'part of the bill in which there was no service' },
    ...{ better: 'less', range: whole },
  },
  {
    ...{ ...bps, name: 'missedHeartbeats', about: 'heartbeats that were due and never came' },
    ...{ better: 'less', range: whole },
  },
  { ...count, name: 'manualPauses', about: 'pauses that a party asked for', better: null },
  { ...count, name: 'timeoutPauses', about: 'pauses for silence', better: 'less' },
  { ...count, name: 'resumptions', about: 'times that a paused session went on', better: null },
  { ...count, name: 'releases', about: 'releases of a completed session', better: null },
  {
    ...{ ...bps, name: 'releasedBefore', about: 'part of the pay that came before the completion' },
    ...{ better: null, range: whole },
  },
  {
    ...{ name: 'releaseInterval', about: 'time between two releases', unit: 'ms', better: null },
    ...{ usual: 'p50', from: 'samples' },
  },
  {
    ...{ name: 'platformFee', about: 'fee of a completed session', unit: 'base units' },
    ...{ better: null, usual: 'mean', from: 'samples' },
  },
  { ...share, name: 'completed', about: 'completed by the student', better: 'more' },
  { ...share, name: 'autoCompleted', about: 'completed without the student', better: null },
  { ...share, name: 'cancelled', about: 'given up before the start', better: null },
  {
    ...{ ...share, name: 'falsePause', better: 'less' },
    about: 'paused for silence though nobody was gone',
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

function optionsOf({ protocol: _, terms, parameters, ...spec }: SimulationSpec): WorldOptions {
  const { totalAmountUnits, durationMinutes } = progressiveTermsDefault
  return {
    ...spec,
    run: 0,
    parameters: progressiveEscrowParameters.parse(parameters),
    totalAmountUnits: BigInt(terms.totalAmountUnits ?? totalAmountUnits),
    durationMinutes: Number(terms.durationMinutes ?? durationMinutes),
  }
}

export const progressiveEscrowSimulated: SimulatedWorld = {
  protocol: 'progressive-escrow',
  policies: ['as-described', 'hardened'],
  claims: progressiveEscrowWorldInvariants.map(({ judge: _, ...claim }) => claim),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    { name: 'drop → paused', limitMs: silentAfterMs },
    { name: 'back → resumed' },
    { name: 'due → released' },
    { name: 'end → completed', isCompared: true },
    { name: 'end → refunded', isCompared: true },
  ],
  leakage: {
    unit: 'ms',
    about: 'paid after the last service, sessions that ended before their time',
    causes: ['tolerance', 'pausing', 'completion'],
  },
  measures,
  shownMetrics: [
    { outcome: 'completed.rate', metric: 'completed by the student', unit: '%', times: 100 },
    { outcome: 'missedHeartbeats.mean', metric: 'missed heartbeats', unit: '%', times: 0.01 },
    { outcome: 'timeoutPauses.mean', metric: 'pauses for silence', unit: 'a session', times: 1 },
    { outcome: 'falsePause.rate', metric: 'false pause rate', unit: '%', times: 100 },
    { outcome: 'releasedBefore.mean', metric: 'paid before the end', unit: '%', times: 0.01 },
    { outcome: 'stall.mean', metric: 'stall share', unit: '%', times: 0.01 },
    { outcome: 'leakage.p95', metric: 'paid after the last service (p95)', unit: 'ms', times: 1 },
  ],
  serviceLevels: [
    {
      ...{ name: 'drop paused', stage: 'drop → paused', withinMs: 180_000 },
      about: 'an interval of heartbeats and the grace, of 150 s, and half a minute for the chain',
    },
    {
      ...{ name: 'gone on', stage: 'back → resumed', withinMs: 60_000 },
      about: 'within a minute of hearing each other: ours, the description names none',
    },
    {
      ...{ name: 'released', stage: 'due → released', withinMs: 60_000 },
      about: 'within a minute of the three that the description names: ours',
    },
  ],
  objectives: ['leakage.p95', 'stall.mean', 'gas.mean'],
  livenessActions: ['heartbeat', 'pauseOnTimeout', 'resume'],
  gasActions: [
    ...['create', 'start', 'heartbeat', 'release', 'pause', 'resume'],
    ...['pauseOnTimeout', 'complete', 'autoComplete', 'cancel'],
  ],
  defaultProfile: 'l2',
  parameters: progressiveEscrowParameters,
  terms: [
    {
      ...{ name: 'totalAmountUnits', about: 'price of the whole session', unit: 'base units' },
      ...{ kind: 'amount', default: progressiveTermsDefault.totalAmountUnits },
      ...{ least: 1n, most: AMOUNT_MAX },
    },
    {
      ...{ name: 'durationMinutes', about: 'agreed length', unit: 'minutes' },
      ...{ kind: 'integer', default: progressiveTermsDefault.durationMinutes },
      ...{ least: 1, most: 1_440 },
    },
  ],
  playForGas: (spec, run) => played(runWorld({ ...optionsOf(spec), ...rareActions(run), run })),
  play: (spec, run, detail) => played(runWorld({ ...optionsOf(spec), run, detail })),
}

/** What is rare: outages, pauses, a student who vanishes, a mentor who stays away. */
function rareActions(run: number): Partial<WorldOptions> {
  const usual = { studentComes: true, mentorComes: true, patienceMs: 600_000, stranger: [] }
  const common = { regime: 'none', durationMinutes: 10 } as const
  const drop = { kind: 'link-down', target: 'student', magnitude: 1 } as const
  switch (run % 4) {
    case 0: {
      const pauses = [{ atMs: 60_000, durationMs: 30_000, by: 'student' as const }]
      return { ...common, behaviour: { ...usual, pauses, studentCompletes: true } }
    }
    case 1:
      return { ...common, behaviour: { ...usual, studentCompletes: false } }
    case 2:
      return { ...common, behaviour: { ...usual, mentorComes: false, starts: 'mentor' } }
    default: {
      // Both are gone for longer than the chain tolerates, and come back.
      const faults = [drop, { ...drop, target: 'mentor' }].map((each) => {
        return { ...each, atMs: 150_000, durationMs: 240_000 }
      })
      const behaviour = { ...usual, callMs: 1_200_000, studentCompletes: true, pauses: [] }
      return { ...common, faults, behaviour }
    }
  }
}
