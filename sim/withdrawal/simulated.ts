/**
 * withdrawal as simulations know it: its stages, measures and claims, and how a run is played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`. The chain is
 * an L1 unless somebody says otherwise: people and banks take hours, and blocks do not matter much.
 */
import { bpsShareFloor } from '../../models/kit/money.ts'
import { withdrawalParameters } from '../../models/withdrawal/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type {
  DesignComplaint,
  MeasureInfo,
  PlayedRun,
  SimulatedWorld,
  SimulationSpec,
  TermInfo,
} from '../world/simulated.ts'
import {
  type Behaviour,
  EARNINGS_MAX,
  REQUESTS_MAX,
  type RequestBehaviour,
  SESSION_BPS_MAX,
} from './behaviour.ts'
import { netUnits, SESSION_UNITS_DEFAULT, type WorldOptions } from './options.ts'
import { reportOf } from './report.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, withdrawalWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const AMOUNT_MAX = 10n ** 12n
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const units = { unit: 'base units', better: 'less', usual: 'mean', from: 'samples' } as const
const count = { unit: 'count', better: null, usual: 'mean', from: 'samples' } as const
const ofRuns = { unit: 'share of runs', usual: 'rate', from: 'shares' } as const
const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  { ...count, name: 'requests', about: 'withdrawals that were asked for' },
  { ...units, name: 'paidUnits', about: 'paid to bank accounts', better: 'more' },
  { ...units, name: 'overpaidUnits', about: 'of it beyond what was earned' },
  { ...units, name: 'timedOutUnits', about: 'timed out, and the bank would have paid it' },
  { ...units, name: 'stuckUnits', about: 'asked for and never ended' },
  { ...units, name: 'unpaidUnits', about: 'kept by a bank that had got the tokens' },
  { ...units, name: 'strandedUnits', about: 'left on accounts below the minimum' },
  { ...ofRuns, name: 'allPaid', about: 'every request was paid', better: 'more' },
  { ...ofRuns, name: 'rejected', about: 'a request was rejected', better: null },
  { ...ofRuns, name: 'failed', about: 'the bank could not pay one', better: null },
  { ...ofRuns, name: 'takenBack', about: 'a teacher took one back', better: 'less' },
  { ...ofRuns, name: 'timedOut', about: 'of those, the bank would have paid it', better: 'less' },
  { ...ofRuns, name: 'stuck', about: 'a request never ended', better: 'less' },
  { ...ofRuns, name: 'paidTwice', about: 'a withdrawal was paid twice', better: 'less' },
  { ...ofRuns, name: 'overpaid', about: 'more was paid than was earned', better: 'less' },
  { ...ofRuns, name: 'bankDefaulted', about: 'the bank kept the tokens of one', better: 'less' },
  {
    ...{ ...time, name: 'payout', about: 'from the request to the bank account' },
    from: { stage: STAGES.payout },
  },
  {
    ...{ ...time, name: 'decision', about: 'from the request to the approval' },
    from: { stage: STAGES.decision },
  },
  {
    ...{ ...time, name: 'banking', about: 'from the approval to the tokens at the bank' },
    from: { stage: STAGES.banking },
  },
  {
    ...{ ...time, name: 'exit', about: 'from wanting the money back to having it' },
    from: { stage: STAGES.exit },
  },
]

const terms: readonly TermInfo[] = [
  {
    ...{ name: 'sessionUnits', about: 'gross earnings of an ordinary session', kind: 'amount' },
    ...{ unit: 'base units', default: SESSION_UNITS_DEFAULT, least: 1n, most: AMOUNT_MAX },
  },
]

function sessionUnits({ terms: given }: SimulationSpec): bigint {
  return (given.sessionUnits as bigint | undefined) ?? SESSION_UNITS_DEFAULT
}

/** Most that all teachers can earn in a run, before the commission. */
function mostUnits(spec: SimulationSpec): bigint {
  return bpsShareFloor(sessionUnits(spec), BigInt(SESSION_BPS_MAX)) * BigInt(EARNINGS_MAX)
}

function checkDesign(spec: SimulationSpec): DesignComplaint | null {
  const { minimumUnits, commissionBps } = withdrawalParameters.parse(spec.parameters)
  const most = netUnits(mostUnits(spec), commissionBps)
  if (most >= BigInt(minimumUnits)) return null
  return {
    sentence: 'Nobody could ever ask for money: the minimum is above all that can be earned.',
    ...{ field: 'minimumUnits', given: String(minimumUnits), allowed: `at most ${most}` },
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
  return { ...spec, run: 0, parameters: withdrawalParameters.parse(spec.parameters) }
}

/** A request that is paid within the hour; the others differ in what goes wrong. */
const PLAIN: RequestBehaviour = {
  ...{ teacher: 0, atMs: 10 * MINUTE_MS, shareBps: 10_000, asksAgain: true },
  ...{ verdict: 'approve', isClosed: false, answers: 'once', returns: 0 },
  ...{ checkMs: MINUTE_MS, settleMs: MINUTE_MS, lateMs: 0 },
}
const AT_WORK = { fromMinute: 0, untilMinute: 0, thinkMs: MINUTE_MS }
const AT_HOME = { fromMinute: 0, untilMinute: 1, thinkMs: MINUTE_MS }

/** Everybody is there; what is rare in ordinary runs happens in one of them. */
const FOR_GAS: readonly Partial<Behaviour>[] = [
  { requests: [PLAIN] },
  { requests: [{ ...PLAIN, verdict: 'reject' }] },
  { requests: [{ ...PLAIN, isClosed: true }] },
  { requests: [{ ...PLAIN, asksAgain: false }], admin0: AT_HOME, admin1: AT_HOME },
].map((each) => ({
  earnings: [{ teacher: 0, atMs: MINUTE_MS, sessionBps: 10_000 }],
  ...{ teacherPatienceMs: 60 * MINUTE_MS, admin0: AT_WORK, admin1: AT_WORK },
  ...{ takesCommission: true, stranger: [], ...(each as Partial<Behaviour>) },
}))

export const withdrawalSimulated: SimulatedWorld = {
  protocol: 'withdrawal',
  policies: ['as-described', 'hardened'],
  claims: withdrawalWorldInvariants.map(({ judge: _, ...claim }) => claim),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    { name: STAGES.decision },
    { name: STAGES.banking, limitMs: timeoutMs },
    { name: STAGES.settlement },
    { name: STAGES.payout },
    { name: STAGES.failure },
    { name: STAGES.exit },
  ],
  leakage: null,
  measures,
  shownMetrics: [
    { outcome: 'allPaid.rate', metric: 'all requests paid', unit: '%', times: 100 },
    { outcome: 'payout.p95', metric: 'request to bank account, p95', unit: 'h', times: 1 / 3.6e6 },
    { outcome: 'paidTwice.rate', metric: 'paid twice', unit: '%', times: 100 },
    { outcome: 'overpaid.rate', metric: 'paid beyond earnings', unit: '%', times: 100 },
    { outcome: 'overpaidUnits.mean', metric: 'paid beyond earnings', unit: 'base units', times: 1 },
    { outcome: 'stuck.rate', metric: 'a request never ended', unit: '%', times: 100 },
    { outcome: 'timedOut.rate', metric: 'timed out too early', unit: '%', times: 100 },
    { outcome: 'strandedUnits.mean', metric: 'below the minimum', unit: 'base units', times: 1 },
  ],
  serviceLevels: [
    {
      ...{ name: 'decided within a day', stage: STAGES.decision, withinMs: DAY_MS },
      about: 'ours; the description names none',
    },
    {
      ...{ name: 'paid within three days', stage: STAGES.payout, withinMs: 3 * DAY_MS },
      about: 'ours, the default processing timeout',
    },
  ],
  smallest: [{ parameter: 'processingTimeoutSeconds', loss: 'timedOutUnits', most: lossUnits }],
  objectives: ['payout.p95', 'timedOutUnits.mean', 'gas.mean'],
  livenessActions: [],
  gasActions: ['credit', 'request', 'approve', 'complete', 'reject', 'withdrawCommission'],
  defaultProfile: 'l1',
  parameters: withdrawalParameters,
  terms,
  checkDesign,
  playForGas(spec, run) {
    const behaviour = FOR_GAS[(run >> 1) % FOR_GAS.length] ?? {}
    const options = { ...optionsOf(spec), sessionUnits: sessionUnits(spec) }
    return played(runWorld({ ...options, regime: 'none', run, behaviour }))
  },
  play: (spec, run, detail) =>
    played(runWorld({ ...optionsOf(spec), sessionUnits: sessionUnits(spec), run, detail })),
}

/** Each request can ask for all that was earned, and once more. */
function lossUnits(spec: SimulationSpec): bigint {
  return mostUnits(spec) * BigInt(2 * REQUESTS_MAX)
}

function timeoutMs({ parameters }: SimulationSpec): number {
  return (parameters.processingTimeoutSeconds as number) * 1000
}
