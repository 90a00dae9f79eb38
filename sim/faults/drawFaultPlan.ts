/**
 * Draws the fault plan of one run from its regime.
 *
 * Each family of faults and each target has a stream of its own, so that a family's faults are the
 * same whether or not the others are drawn: `mixed` contains the faults of its parts.
 */
import {
  exponentialMs,
  geometricCount,
  logUniformMs,
  normalMs,
  uniformInteger,
} from '../kernel/distributions.ts'
import { type RunKey, type Stream, type StreamOf, streamsOf } from '../kernel/random.ts'
import { drawOutages } from '../links.ts'
import type { Fault, FaultKind, FaultPlan } from './fault.ts'
import { parseFaultPlan } from './fault.ts'
import { type DrawnFamily, type RegimeName, regimeNamed } from './regimes.ts'
import { type FaultTargets, linksOf, targetsWithin } from './targets.ts'

/**
 * Unless a world says otherwise, faults begin within the first 75 minutes: the longest call of
 * session-escrow without a top-up, and its ends.
 */
export const FAULT_HORIZON_MS = 75 * 60_000
const HOUR_MS = 3_600_000
/** More faults of one family and target than a plan ever holds. */
const FAULTS_PER_FAMILY_MAX = 1000

interface Draw {
  readonly streams: StreamOf
  readonly perHour: Readonly<Record<DrawnFamily, number>>
  readonly faults: Fault[]
  readonly targets: FaultTargets
  readonly horizonMs: number
}

/** Calls `emit` at the times of a Poisson process over the horizon. */
function atRandomTimes(
  { horizonMs }: Draw,
  source: Stream,
  perHour: number,
  emit: (atMs: number) => void,
): void {
  if (perHour === 0) return
  let atMs = 0
  for (let count = 0; count < FAULTS_PER_FAMILY_MAX; count += 1) {
    atMs += exponentialMs(source.unit(), HOUR_MS / perHour)
    if (atMs >= horizonMs) return
    emit(atMs)
  }
}

function oneOf<Item>(source: Stream, items: readonly Item[]): Item {
  return items[uniformInteger(source.unit(), { least: 0, most: items.length - 1 })] as Item
}

function drawConnectivity(draw: Draw): void {
  const { streams, perHour, faults, targets, horizonMs } = draw
  const drop = streams('fault/finalDrop')
  const links = targets.finalDrops ?? linksOf(targets)
  if (drop.unit() < perHour.finalDrop && links.length > 0) {
    // Half of the calls of an hour lose a side for good; which is healed far later than any
    // timeout.
    const target = oneOf(drop, links)
    const most = Math.max(60_000, Math.floor((horizonMs * 2) / 3))
    const atMs = uniformInteger(drop.unit(), { least: 60_000, most })
    faults.push({ kind: 'link-down', target, atMs, durationMs: 900_000, magnitude: 1 })
  }
  for (const target of targets.access) {
    const source = streams(`fault/heartbeat/${target}`)
    const hasHeartbeats = targetsWithin('heartbeats', targets).includes(target)
    atRandomTimes(draw, source, hasHeartbeats ? perHour.heartbeat : 0, (atMs) => {
      const durationMs = uniformInteger(source.unit(), { least: 2_000, most: 60_000 })
      const magnitude = uniformInteger(source.unit(), { least: 1_000, most: 10_000 })
      faults.push({ kind: 'heartbeat-loss', target, atMs, durationMs, magnitude })
    })
    const crash = streams(`fault/crash/${target}`)
    atRandomTimes(draw, crash, perHour.crash, (atMs) => {
      const durationMs = exponentialMs(crash.unit(), 30_000) + 1
      faults.push({ kind: 'process-crash', target, atMs, durationMs, magnitude: 1 })
    })
  }
  const kinds: readonly FaultKind[] = ['message-delay', 'message-duplication', 'message-reordering']
  for (const target of targets.clocked) {
    const source = streams(`fault/messages/${target}`)
    atRandomTimes(draw, source, perHour.messages, (atMs) => {
      const kind = oneOf(source, kinds)
      const durationMs = uniformInteger(source.unit(), { least: 5_000, most: 120_000 })
      const most = kind === 'message-duplication' ? 5_000 : 3_000
      const magnitude = uniformInteger(source.unit(), { least: 50, most })
      faults.push({ kind, target, atMs, durationMs, magnitude })
    })
  }
}

function drawClocks(draw: Draw): void {
  const { streams, perHour, faults, targets } = draw
  if (perHour.skew === 0) return
  for (const target of targets.clocked) {
    const source = streams(`fault/skew/${target}`)
    const isUserDevice = targets.access.includes(target)
    const isPoor = source.unit() < 0.25 && isUserDevice
    const offsetMs = normalMs(source.unit(), isPoor ? 5_000 : 1)
    const at = { atMs: 0, durationMs: 0 }
    faults.push({ kind: 'clock-offset', target, ...at, magnitude: offsetMs })
    const ppm = uniformInteger(source.unit(), { least: -200, most: 200 })
    const whole = { atMs: 0, durationMs: draw.horizonMs }
    faults.push({ kind: 'clock-drift', target, ...whole, magnitude: ppm })
    const jump = streams(`fault/jump/${target}`)
    let freeFromMs = 0
    atRandomTimes(draw, jump, isUserDevice ? perHour.jump : 0, (atMs) => {
      const byMs = logUniformMs(jump.unit(), { leastMs: 11, mostMs: 288_000 })
      const magnitude = jump.unit() < 0.5 ? byMs : -byMs
      const durationMs = uniformInteger(jump.unit(), { least: 1_000, most: 300_000 })
      if (atMs <= freeFromMs) return
      faults.push({ kind: 'clock-jump', target, atMs, durationMs, magnitude })
      freeFromMs = atMs + durationMs
    })
  }
}

function drawChain(draw: Draw): void {
  const { streams, perHour, faults, targets } = draw
  const congestion = streams('fault/congestion')
  atRandomTimes(draw, congestion, perHour.congestion, (atMs) => {
    const blocks = uniformInteger(congestion.unit(), { least: 5, most: 60 })
    const kind = oneOf(congestion, ['base-fee-surge', 'full-blocks'] as const)
    const durationMs = blocks * 12_000
    const percent = uniformInteger(congestion.unit(), { least: 150, most: 5_000 })
    const magnitude = kind === 'base-fee-surge' ? percent : percent * 2
    faults.push({ kind, target: 'chain', atMs, durationMs, magnitude })
  })
  const reorg = streams('fault/reorg')
  atRandomTimes(draw, reorg, perHour.reorg, (atMs) => {
    const magnitude = Math.min(7, geometricCount(reorg.unit(), 0.9972))
    faults.push({ kind: 'reorg', target: 'chain', atMs, durationMs: 0, magnitude })
  })
  for (const target of targets.senders) {
    const source = streams(`fault/transport/${target}`)
    atRandomTimes(draw, source, perHour.transport, (atMs) => {
      const kind = oneOf(source, ['rpc-error', 'ambiguous-send', 'dropped-transaction'] as const)
      const durationMs = uniformInteger(source.unit(), { least: 5_000, most: 120_000 })
      const isShare = kind !== 'dropped-transaction'
      const bps = uniformInteger(source.unit(), { least: 100, most: 10_000 })
      faults.push({ kind, target, atMs, durationMs, magnitude: isShare ? bps : 1 })
    })
  }
}

function drawServices(draw: Draw): void {
  const { streams, perHour, faults, targets } = draw
  for (const target of targets.keepers ?? []) {
    const outage = streams(`fault/${target}`)
    atRandomTimes(draw, outage, perHour.relayer, (atMs) => {
      const durationMs = exponentialMs(outage.unit(), 120_000) + 1
      faults.push({ kind: 'relayer-outage', target, atMs, durationMs, magnitude: 1 })
    })
  }
  for (const target of targets.clocked.filter((actor) => !targets.access.includes(actor))) {
    const crash = streams(`fault/crash/${target}`)
    atRandomTimes(draw, crash, perHour.crash, (atMs) => {
      const durationMs = exponentialMs(crash.unit(), 20_000) + 1
      faults.push({ kind: 'process-crash', target, atMs, durationMs, magnitude: 1 })
    })
  }
}

function drawThrottles(draw: Draw): void {
  const { streams, perHour, faults, targets } = draw
  for (const target of targets.throttled ?? []) {
    const source = streams(`fault/throttle/${target}`)
    atRandomTimes(draw, source, perHour.throttle, (atMs) => {
      const durationMs = uniformInteger(source.unit(), { least: 60_000, most: 1_200_000 })
      const magnitude = oneOf(source, [1_000, 60_000])
      faults.push({ kind: 'timer-throttle', target, atMs, durationMs, magnitude })
    })
  }
}

/**
 * The faults of run `run` under `seed` in a regime, in order of time. Each of them begins before
 * `horizonMs`.
 *
 * @throws MeterproofError `MP_FAULT_REGIME_UNKNOWN`
 */
export function drawFaultPlan(
  regimeName: RegimeName,
  key: RunKey,
  targets: FaultTargets,
  horizonMs = FAULT_HORIZON_MS,
): FaultPlan {
  const { outages, perHour } = regimeNamed(regimeName)
  const streams = streamsOf(key)
  const draw: Draw = { streams, perHour, faults: [], targets, horizonMs }
  if (outages !== null) {
    for (const target of targets.access) {
      const spans = drawOutages(outages, streams(`fault/outage/${target}`), horizonMs)
      for (const { fromMs, untilMs } of spans) {
        const at = { atMs: fromMs, durationMs: untilMs - fromMs }
        draw.faults.push({ kind: 'link-down', target, ...at, magnitude: 1 })
      }
    }
  }
  drawConnectivity(draw)
  drawClocks(draw)
  drawChain(draw)
  drawServices(draw)
  drawThrottles(draw)
  draw.faults.sort((a, b) => a.atMs - b.atMs)
  return parseFaultPlan(draw.faults, targets)
}
