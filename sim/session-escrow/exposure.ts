/**
 * Exposure over time: what each side would lose if the world ended now.
 *
 * The payer's is what is or could be billed beyond what was delivered; the provider's is what was
 * delivered beyond what can be billed. Both are linear between the instants at which something
 * begins or ends, so samples at those instants (and just before a jump) tell everything.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { Span } from '../links.ts'
import { overlapMs } from './leakage.ts'
import type { PingRecord } from './worldRun.ts'

export interface ExposureSample {
  readonly atMs: number
  /** Deposit that lies in the escrow. */
  readonly lockedUnits: bigint
  /** Could be billed, not delivered; rounded down to base units. */
  readonly payerUnits: bigint
  /** Delivered, could not be billed. */
  readonly providerUnits: bigint
}

export interface ExposureInput {
  readonly policy: Policy
  readonly epochSeconds: number
  readonly rateUnits: bigint
  readonly silenceSeconds: number
  readonly served: readonly Span[]
  readonly startedMs: number | null
  readonly stoppedMs: number | null
  readonly billedSeconds: number
  readonly pings: Readonly<Record<'student' | 'tutor', readonly PingRecord[]>>
  /** What lay in the escrow from which time on, oldest first. */
  readonly locked: readonly { readonly atMs: number; readonly units: bigint }[]
  readonly affordableSeconds: number
}

function newestBefore(pings: readonly PingRecord[], atMs: number): PingRecord | undefined {
  let least = 0
  let most = pings.length
  while (least < most) {
    const middle = (least + most) >> 1
    if ((pings[middle] as PingRecord).signedMs <= atMs) least = middle + 1
    else most = middle
  }
  return pings[least - 1]
}

/** Time until which the session could be billed with what exists at `atMs`. */
function billableUntilMs(input: ExposureInput, startedMs: number, atMs: number): number {
  const { stoppedMs, policy, epochSeconds, silenceSeconds, affordableSeconds } = input
  const capMs = startedMs + affordableSeconds * 1000
  if (stoppedMs !== null && atMs >= stoppedMs) return startedMs + input.billedSeconds * 1000
  const clockMs = Math.min(atMs, capMs)
  if (policy === 'as-described') return clockMs
  const seenMs = (side: 'student' | 'tutor') => {
    const ping = newestBefore(input.pings[side], atMs)
    const pingMs = ping === undefined ? startedMs : (ping.atSeconds - epochSeconds) * 1000
    return Math.max(startedMs, pingMs)
  }
  const evidenceMs = Math.min(seenMs('student'), seenMs('tutor')) + silenceSeconds * 1000
  return Math.min(clockMs, evidenceMs)
}

function sampleAt(input: ExposureInput, atMs: number): ExposureSample {
  const { startedMs, served, rateUnits } = input
  const lockedUnits = input.locked.findLast((entry) => entry.atMs <= atMs)?.units ?? 0n
  if (startedMs === null || atMs < startedMs) {
    return { atMs, lockedUnits, payerUnits: 0n, providerUnits: 0n }
  }
  const deliveredMs = overlapMs(served, { fromMs: 0, untilMs: atMs })
  const billableMs = billableUntilMs(input, startedMs, atMs) - startedMs
  const overMs = BigInt(Math.max(0, billableMs - deliveredMs))
  const underMs = BigInt(Math.max(0, deliveredMs - billableMs))
  const payerUnits = (overMs * rateUnits) / 1000n
  return { atMs, lockedUnits, payerUnits, providerUnits: (underMs * rateUnits) / 1000n }
}

/** Samples at every instant at which an exposure changes its course. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { served, locked, startedMs, stoppedMs, silenceSeconds } = input
  const instants = new Set<number>(locked.flatMap(({ atMs }) => [Math.max(0, atMs - 1), atMs]))
  for (const { fromMs, untilMs } of served) {
    instants.add(fromMs)
    instants.add(untilMs)
    instants.add(untilMs + silenceSeconds * 1000)
  }
  if (startedMs !== null) instants.add(startedMs)
  if (stoppedMs !== null) {
    instants.add(stoppedMs - 1)
    instants.add(stoppedMs)
  }
  return [...instants].sort((a, b) => a - b).map((atMs) => sampleAt(input, atMs))
}
