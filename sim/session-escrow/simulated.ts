/**
 * session-escrow as simulations know it: its stages, measures and claims, and how a run is played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`.
 */
import {
  sessionEscrowParameters,
  sessionTermsDefault,
} from '../../models/session-escrow/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type { MeasureInfo, PlayedRun, SimulatedWorld, SimulationSpec } from '../world/simulated.ts'
import { SILENCE_GRACE_MS } from './client.ts'
import type { WorldOptions } from './options.ts'
import { runFactsOf } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, sessionEscrowWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const AMOUNT_MAX = 10n ** 30n

/** As described, the contract takes no pings, so nothing can be said about those it takes. */
const ONLY_HARDENED: readonly string[] = ['INV-W-PING-AUTHENTIC']

function silenceMs({ parameters }: SimulationSpec): number {
  return sessionEscrowParameters.parse(parameters).silenceTimeoutSeconds * 1000
}

const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  {
    ...{ ...time, name: 'unbilled', about: 'delivered and not billed, settled sessions' },
    from: 'samples',
  },
  {
    ...{ ...time, name: 'detection', about: 'from the drop to its detection' },
    from: { stage: 'drop → detected' },
  },
  {
    ...{ ...time, name: 'stop', about: 'from the detection to the stop' },
    from: { stage: 'detected → stopped' },
  },
  {
    ...{ ...time, name: 'settle', about: 'from the end of service to settlement' },
    from: { stage: 'end → settled' },
  },
  {
    ...{ ...time, name: 'refund', about: 'from the end of service to the refund' },
    from: { stage: 'end → refunded' },
  },
  {
    ...{ name: 'stall', about: 'part of the bill in which the service was interrupted' },
    ...{ unit: 'basis points', better: 'less', usual: 'mean' },
    ...{ from: 'samples', range: { least: 0, most: 10_000 } },
  },
  {
    ...{ name: 'falseStop', about: 'stopped though nobody was gone for the timeout' },
    ...{ unit: 'share of sessions', better: 'less', usual: 'rate', from: 'shares' },
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
    parameters: sessionEscrowParameters.parse(parameters),
    ratePerSecondUnits: BigInt(terms.ratePerSecondUnits ?? 0n),
    depositUnits: BigInt(terms.depositUnits ?? 0n),
  }
}

export const sessionEscrowSimulated: SimulatedWorld = {
  protocol: 'session-escrow',
  policies: ['as-described', 'hardened'],
  claims: sessionEscrowWorldInvariants.map(({ judge: _, ...claim }) => ({
    ...claim,
    ...(ONLY_HARDENED.includes(claim.id) ? { policies: ['hardened'] } : {}),
  })),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    { name: 'drop → detected', limitMs: (spec) => silenceMs(spec) + SILENCE_GRACE_MS },
    { name: 'detected → stopped' },
    { name: 'end → settled', isCompared: true },
    { name: 'end → refunded', isCompared: true },
  ],
  leakage: {
    unit: 'ms',
    about: 'billed after the drop, sessions with a drop',
    causes: ['detection', 'relay', 'inclusion', 'rounding'],
  },
  measures,
  shownMetrics: [
    { outcome: 'stall.mean', metric: 'stall share', unit: '%', times: 0.01 },
    { outcome: 'falseStop.rate', metric: 'false stop rate', unit: '%', times: 100 },
    { outcome: 'leakage.p95', metric: 'leakage after a drop (p95)', unit: 'ms', times: 1 },
    { outcome: 'unbilled.p95', metric: 'delivered, not billed (p95)', unit: 'ms', times: 1 },
  ],
  serviceLevels: [
    {
      ...{ name: 'drop noticed', stage: 'drop → detected', withinMs: 15_000 },
      about: 'the silence timeout of 10 s and one more interval of pings, of 5 s',
    },
    {
      ...{ name: 'stopped on chain', stage: 'detected → stopped', withinMs: 60_000 },
      about: 'within a minute of the detection: ours, the description names none',
    },
    {
      ...{ name: 'tutor paid', stage: 'end → settled', withinMs: 300_000 },
      about: 'within five minutes of the end of the call: ours, the description names none',
    },
  ],
  objectives: ['leakage.p95', 'settle.p95', 'gas.mean'],
  livenessActions: [],
  gasActions: ['deposit', 'join', 'topUp', 'stop', 'settle'],
  gasCases: {
    of: ({ feeBps }) => (Number(feeBps) > 0 ? 'with fee' : 'no fee'),
    cases: { 'no fee': { feeBps: 0 }, 'with fee': { feeBps: 250 } },
  },
  defaultProfile: 'l1',
  parameters: sessionEscrowParameters,
  terms: [
    {
      ...{ name: 'ratePerSecondUnits', about: 'price of a second', unit: 'base units' },
      ...{ kind: 'amount', default: sessionTermsDefault.ratePerSecondUnits },
      ...{ least: 1n, most: AMOUNT_MAX },
    },
    {
      ...{ name: 'depositUnits', about: 'deposit of a session', unit: 'base units' },
      ...{ kind: 'amount', default: sessionTermsDefault.depositUnits },
      ...{ least: 1n, most: AMOUNT_MAX },
    },
  ],
  checkDesign({ terms: { depositUnits = 0n, ratePerSecondUnits = 0n } }) {
    if (depositUnits >= ratePerSecondUnits) return null
    return {
      sentence: 'A deposit must pay for one second at least.',
      ...{ field: 'depositUnits', given: String(depositUnits) },
      allowed: `at least ratePerSecondUnits, ${ratePerSecondUnits}`,
    }
  },
  playForGas(spec, run) {
    // A deposit for six minutes only, no faults, and the student adds to it.
    const behaviour = { topsUp: true, callMs: 600_000, studentComes: true, tutorComes: true }
    const options = { ...optionsOf(spec), regime: 'none', depositUnits: 3_600_000n } as const
    return played(runWorld({ ...options, run, behaviour }))
  },
  play: (spec, run, detail) => played(runWorld({ ...optionsOf(spec), run, detail })),
}
