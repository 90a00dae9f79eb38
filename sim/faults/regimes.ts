/**
 * Regimes: named distributions of faults, each with the source of its numbers.
 *
 * A regime says how links behave in the background and how often which fault is drawn; the draw
 * itself is in `drawFaultPlan.ts`. Numbers marked [A] are assumptions of ours. The chaos is
 * compressed: a fault that hits one hour in a thousand would need a thousand runs to be seen once,
 * so rates are chosen to put some fault into most runs, while durations and magnitudes keep their
 * sources.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { LinkConditions, OutageProcess } from '../links.ts'

export const REGIME_NAMES = ['none', 'disconnect', 'skew', 'congestion', 'mixed'] as const
export type RegimeName = (typeof REGIME_NAMES)[number]

/** Which families of faults a regime draws. */
export interface Regime {
  readonly name: RegimeName
  readonly summary: string
  /** Where the numbers come from, as it is printed in reports. */
  readonly source: string
  readonly conditions: LinkConditions
  /** Link outages; null for none. */
  readonly outages: OutageProcess | null
  /** Expected number of each other fault in an hour, per target; of those that the world has. */
  readonly perHour: Readonly<Record<DrawnFamily, number>>
}

export type DrawnFamily =
  | 'finalDrop'
  | 'heartbeat'
  | 'messages'
  | 'skew'
  | 'jump'
  | 'congestion'
  | 'reorg'
  | 'transport'
  | 'relayer'
  | 'crash'
  | 'throttle'

const calm: LinkConditions = {
  latency: { shiftMs: 20, medianMs: 25, sigma: 0.5 },
  lossBps: 0,
  duplicationBps: 0,
  clogBps: 0,
  clogMeanMs: 0,
}
const lossy: LinkConditions = {
  ...calm,
  lossBps: 100,
  duplicationBps: 100,
  clogBps: 100,
  clogMeanMs: 500,
}
const never: Regime['perHour'] = {
  finalDrop: 0,
  heartbeat: 0,
  messages: 0,
  skew: 0,
  jump: 0,
  congestion: 0,
  reorg: 0,
  transport: 0,
  relayer: 0,
  crash: 0,
  throttle: 0,
}
const LATENCY = 'latency 20 ms + lognormal, mean about 50 ms (TigerBeetle VOPR: mean 30-100 ms)'
const OUTAGE =
  'up 2,860 s, down 20 s: 0.7 % (Baltrunas et al., IMC 2014; split into 20 s outages [A]); ' +
  'loss 1 %, duplicates 1 % (FAULTS defaults)'
/** Every regime with faults has it, so that no claim about a drop goes unasked in any of them. */
const FINAL_DROP = 'a final drop in half of the calls [A]'
const THROTTLE =
  'timers of a hidden tab once a second, or once a minute after 5 minutes (Chrome 88, intensive ' +
  'throttling of chained timers), where a world has tabs; hidden for 1-20 minutes, rate [A]'
const SKEW =
  'synced hosts sigma 1 ms, one in four user devices sigma 5 s [A]; drift up to 200 ppm ' +
  '(NTPsec measurements, 18 ppm typical); jumps log-uniform 11 ms to 288 s (Jepsen nemesis/time)'
const CONGESTION =
  'EIP-1559 constants; bursts of 5-60 full blocks (60 full blocks: 1 to 1,172 gwei, 2021); ' +
  'reorgs of depth 1, rarely 2 (ethresear.ch 16333), rate raised [A]; RPC errors 1 % and a tenth ' +
  'of them ambiguous [A]; dropped transactions [A]'

/** The presets. Reports print `source` beside every result of a regime. */
export const REGIMES: Readonly<Record<RegimeName, Regime>> = {
  none: {
    name: 'none',
    summary: 'nothing goes wrong; messages and blocks still take their time',
    source: LATENCY,
    conditions: calm,
    outages: null,
    perHour: never,
  },
  disconnect: {
    name: 'disconnect',
    summary: 'links fail, for seconds or for good; pings get lost; processes crash',
    source: `${LATENCY}; ${FINAL_DROP}; ${OUTAGE}; ${THROTTLE}`,
    conditions: lossy,
    outages: { meanUpMs: 2_860_000, meanDownMs: 20_000 },
    perHour: {
      ...never,
      finalDrop: 0.5,
      heartbeat: 0.5,
      messages: 0.5,
      relayer: 0.2,
      crash: 0.2,
      throttle: 0.5,
    },
  },
  skew: {
    name: 'skew',
    summary: 'clocks are offset, drift and jump; half of the calls end in a drop',
    source: `${LATENCY}; ${FINAL_DROP}; ${SKEW}`,
    conditions: calm,
    outages: null,
    perHour: { ...never, finalDrop: 0.5, skew: 1, jump: 0.5 },
  },
  congestion: {
    name: 'congestion',
    summary: 'blocks are full, fees rise, transactions are dropped, blocks are replaced',
    source: `${LATENCY}; ${FINAL_DROP}; ${CONGESTION}`,
    conditions: calm,
    outages: null,
    perHour: { ...never, finalDrop: 0.5, congestion: 2, reorg: 0.5, transport: 1 },
  },
  mixed: {
    name: 'mixed',
    summary: 'all of it at once',
    source: `${LATENCY}; ${FINAL_DROP}; ${OUTAGE}; ${THROTTLE}; ${SKEW}; ${CONGESTION}`,
    conditions: lossy,
    outages: { meanUpMs: 2_860_000, meanDownMs: 20_000 },
    perHour: {
      finalDrop: 0.5,
      heartbeat: 0.5,
      messages: 0.5,
      skew: 1,
      jump: 0.5,
      congestion: 2,
      reorg: 0.5,
      transport: 1,
      relayer: 0.2,
      crash: 0.2,
      throttle: 0.5,
    },
  },
}

/**
 * A regime by its name.
 *
 * @throws MeterproofError `MP_FAULT_REGIME_UNKNOWN`
 */
export function regimeNamed(name: string): Regime {
  const regime = REGIMES[name as RegimeName] as Regime | undefined
  if (regime !== undefined && Object.hasOwn(REGIMES, name)) return regime
  throw new MeterproofError('MP_FAULT_REGIME_UNKNOWN', `There is no regime "${name}".`, {
    facts: { field: 'regime', value: name },
    hint: `Regimes: ${REGIME_NAMES.join(', ')}.`,
  })
}
