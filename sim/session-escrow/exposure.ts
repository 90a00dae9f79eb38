/**
 * Exposure of a session over time: what each side would lose if the world ended now.
 *
 * The payer's is what is or could be billed beyond what was delivered; the provider's is what was
 * delivered beyond what can be billed. The kit samples them where their course changes.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { Span } from '../links.ts'
import { type ExposureSample, newestBefore, sampleExposure } from '../world/exposure.ts'
import type { LockedSince } from '../world/money.ts'
import { overlapMs } from '../world/spans.ts'
import type { PingRecord } from './worldRun.ts'

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
  readonly locked: readonly LockedSince[]
  readonly affordableSeconds: number
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

function exposuresAt(input: ExposureInput, atMs: number) {
  const { startedMs, served, rateUnits } = input
  if (startedMs === null || atMs < startedMs) return { payerUnits: 0n, providerUnits: 0n }
  const deliveredMs = overlapMs(served, { fromMs: 0, untilMs: atMs })
  const billableMs = billableUntilMs(input, startedMs, atMs) - startedMs
  const overMs = BigInt(Math.max(0, billableMs - deliveredMs))
  const underMs = BigInt(Math.max(0, deliveredMs - billableMs))
  const payerUnits = (overMs * rateUnits) / 1000n
  return { payerUnits, providerUnits: (underMs * rateUnits) / 1000n }
}

/** Samples at every instant at which an exposure changes its course. */
export function exposureOf(input: ExposureInput): readonly ExposureSample[] {
  const { served, locked, startedMs, stoppedMs, silenceSeconds } = input
  const instants: number[] = []
  for (const { fromMs, untilMs } of served) {
    instants.push(fromMs, untilMs, untilMs + silenceSeconds * 1000)
  }
  if (startedMs !== null) instants.push(startedMs)
  if (stoppedMs !== null) instants.push(stoppedMs - 1, stoppedMs)
  return sampleExposure({ locked, instants, at: (atMs) => exposuresAt(input, atMs) })
}
