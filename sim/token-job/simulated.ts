/**
 * token-job as simulations know it: its stages, measures, service levels and claims, and how a run
 * is played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`.
 */
import { jobTermsDefault, tokenJobParameters } from '../../models/token-job/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type {
  MeasureInfo,
  PlayedRun,
  ServiceLevel,
  SimulatedWorld,
  SimulationSpec,
  TermInfo,
} from '../world/simulated.ts'
import type { WorldOptions } from './options.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, tokenJobWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const AMOUNT_MAX = 10n ** 12n
const YEAR_SECONDS = 31_536_000

const bps = { least: 0, most: 10_000 }
const size = { unit: 'tokens', better: null, usual: 'mean', from: 'samples' } as const
const bpsOf = { unit: 'basis points', usual: 'mean', from: 'samples', range: bps } as const
const ofJobs = { unit: 'share of jobs', usual: 'rate', from: 'shares' } as const
const ofSearches = { unit: 'share of searches', usual: 'rate', from: 'shares' } as const
const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  { name: 'delivered', about: 'tokens that reached the user', ...size },
  { name: 'billed', about: 'tokens that were billed', ...size },
  { ...size, name: 'hostLoss', about: 'delivered and never billed', better: 'less' },
  { ...size, name: 'proofs', about: 'accepted proofs of a job', unit: 'proofs' },
  { ...bpsOf, name: 'depositUsed', about: 'part of the deposit that was billed', better: 'more' },
  { ...bpsOf, name: 'unbilled', about: 'part delivered and never billed', better: 'less' },
  {
    ...bpsOf,
    ...{ name: 'unbilledShort', about: 'the same, of jobs of less than an interval' },
    better: 'less',
  },
  {
    ...bpsOf,
    ...{ name: 'unbilledMiddle', about: 'the same, of jobs of one interval to two' },
    better: 'less',
  },
  {
    ...bpsOf,
    ...{ name: 'unbilledLong', about: 'the same, of jobs of two intervals and more' },
    better: 'less',
  },
  { ...ofSearches, name: 'found', about: 'the search found a host', better: 'more' },
  { ...ofSearches, name: 'noActiveHost', about: 'no host was active', better: 'less' },
  { ...ofSearches, name: 'noHostWithModel', about: 'none had the model', better: 'less' },
  { ...ofSearches, name: 'discoveryFailed', about: 'the registry never answered', better: 'less' },
  { ...ofJobs, name: 'completed', about: 'ended by a party', better: 'more' },
  { ...ofJobs, name: 'timedOut', about: 'timed out with proofs', better: 'less' },
  { ...ofJobs, name: 'abandoned', about: 'timed out without a proof', better: 'less' },
  { ...ofJobs, name: 'depositUsedUp', about: 'ended as the deposit was used up', better: null },
  { ...time, name: 'answer', about: 'from prompt to answer', from: { stage: STAGES.answer } },
  { ...time, name: 'firstToken', about: 'to the first token', from: { stage: STAGES.firstToken } },
  { ...time, name: 'settle', about: 'from asked to settled', from: { stage: STAGES.settlement } },
  { ...time, name: 'proof', about: 'from due to included', from: { stage: STAGES.proof } },
]

/** What the description promises, at blocks of 2 s. */
const serviceLevels: readonly ServiceLevel[] = [
  {
    ...{ name: 'approval', stage: STAGES.approval, withinMs: 15_000 },
    about: 'the description: an approval is confirmed within 15 s',
  },
  {
    ...{ name: 'session creation', stage: STAGES.creation, withinMs: 15_000 },
    about: 'the description: a session is created and confirmed within 15 s',
  },
  {
    ...{ name: 'message', stage: STAGES.answer, withinMs: 5_000 },
    about: 'the description: a message is answered within 5 s; we count the whole answer',
  },
  {
    ...{ name: 'settlement', stage: STAGES.settlement, withinMs: 15_000 },
    about: 'the description: a session is settled within 15 s of its end, confirmed',
  },
]

const terms: readonly TermInfo[] = [
  {
    ...{ name: 'pricePerTokenUnits', about: 'price of a token', unit: 'base units' },
    ...{ kind: 'amount', default: jobTermsDefault.pricePerTokenUnits },
    ...{ least: 1n, most: AMOUNT_MAX },
  },
  {
    ...{ name: 'depositUnits', about: 'deposit of a job', unit: 'base units' },
    ...{ kind: 'amount', default: jobTermsDefault.depositUnits, least: 1n, most: AMOUNT_MAX },
  },
  {
    ...{ name: 'durationSeconds', about: 'time until a job can be timed out', unit: 's' },
    ...{ kind: 'integer', default: jobTermsDefault.durationSeconds },
    ...{ least: 1, most: YEAR_SECONDS },
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
  return {
    ...spec,
    run: 0,
    parameters: tokenJobParameters.parse(parameters),
    pricePerTokenUnits: BigInt(terms.pricePerTokenUnits ?? 0n),
    depositUnits: BigInt(terms.depositUnits ?? 0n),
    durationSeconds: Number(terms.durationSeconds ?? 0),
  }
}

export const tokenJobSimulated: SimulatedWorld = {
  protocol: 'token-job',
  policies: ['as-described', 'hardened'],
  claims: tokenJobWorldInvariants.map(({ judge: _, ...claim }) => claim),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    ...Object.values(STAGES).map((name) =>
      name === STAGES.settlement ? { name, isCompared: true } : { name },
    ),
  ],
  leakage: {
    unit: 'tokens',
    about: 'billed and never delivered, jobs with a bill',
    causes: ['claimed', 'undelivered'],
  },
  measures,
  shownMetrics: [
    { outcome: 'hostLoss.p95', metric: 'delivered, not billed (p95)', unit: 'tokens', times: 1 },
    { outcome: 'unbilled.mean', metric: 'share not billed', unit: '%', times: 0.01 },
    { outcome: 'depositUsed.mean', metric: 'deposit used', unit: '%', times: 0.01 },
    { outcome: 'found.rate', metric: 'search found a host', unit: '%', times: 100 },
    { outcome: 'completed.rate', metric: 'ended by a party', unit: '%', times: 100 },
  ],
  serviceLevels,
  smallest: [
    {
      ...{ parameter: 'proofWindowSeconds', loss: 'hostLoss' },
      // Nobody is served beyond what the deposit buys.
      most: ({ terms: { depositUnits = 0n, pricePerTokenUnits = 1n } }) =>
        BigInt(depositUnits) / BigInt(pricePerTokenUnits),
    },
  ],
  objectives: ['hostLoss.p95', 'settle.p95', 'gas.mean'],
  livenessActions: ['submitProof'],
  gasActions: [
    ...['approve', 'createSession', 'submitProof', 'endSession'],
    ...['withdrawEarnings', 'withdrawTreasury'],
  ],
  defaultProfile: 'l2',
  parameters: tokenJobParameters,
  terms,
  checkDesign({ terms: { depositUnits = 0n, pricePerTokenUnits = 0n } }) {
    if (depositUnits >= pricePerTokenUnits) return null
    return {
      sentence: 'A deposit must pay for one token at least.',
      ...{ field: 'depositUnits', given: String(depositUnits) },
      allowed: `at least pricePerTokenUnits, ${pricePerTokenUnits}`,
    }
  },
  playForGas(spec, run) {
    // A whole job: everybody is there and honest, and the treasury takes its share.
    const behaviour = {
      hosts: [{ active: true, model: 'fast' as const }],
      ...{ model: 'fast' as const, tokensPerMinute: 3_600, allowanceUnits: 0 },
      ...{ userLeaves: 'satisfied' as const, hostVanishesAfterTokens: 0, overClaimsBps: 0 },
      ...{ treasuryEveryMs: 60_000, stranger: [] },
    }
    return played(runWorld({ ...optionsOf(spec), regime: 'none', run, behaviour }))
  },
  play: (spec, run, detail) => played(runWorld({ ...optionsOf(spec), run, detail })),
}
