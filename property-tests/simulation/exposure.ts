/**
 * Exposures over time, leakage by cause, and the balance of the books, as the record holds them.
 */
import type { Conservation, Exposure, Leakage } from '../../reports/record.ts'
import { ascending, quantileOf } from '../../reports/statistics/quantiles.ts'
import { COURSE_WINDOW_MS, COURSE_WINDOWS } from '../../sim/session-escrow/exposureCourse.ts'
import type { RunFacts } from '../../sim/session-escrow/runFacts.ts'
import { type SimulatedPart, scenarioIdOf, scopeOfPart } from './part.ts'

type Party = 'payer' | 'provider'

/** All runs' values in each window in which any session was still going on. */
function valuesByWindow(facts: readonly RunFacts[], party: Party): readonly (readonly bigint[])[] {
  const windows: bigint[][] = Array.from({ length: COURSE_WINDOWS }, () => [])
  for (const run of facts) {
    const course = new Map(run[party].course)
    const last = Math.min(COURSE_WINDOWS - 1, Math.floor(run.endMs / COURSE_WINDOW_MS))
    for (let window = 0; window <= last; window += 1) {
      windows[window]?.push(course.get(window) ?? 0n)
    }
  }
  return windows.map((values) => values.sort(ascending))
}

/** Value at a rank, for drawing a band: the extreme one where the sample is too small. */
function bandAt(sorted: readonly bigint[], q: number): bigint {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0n
}

function pointsOf(facts: readonly RunFacts[], party: Party): Exposure['points'] {
  return valuesByWindow(facts, party).flatMap((sorted, window) => {
    if (sorted.length === 0) return []
    return {
      atMs: window * COURSE_WINDOW_MS,
      medianUnits: bandAt(sorted, 0.5),
      lowUnits: bandAt(sorted, 0.05),
      highUnits: bandAt(sorted, 0.95),
    }
  })
}

function worstRun(part: SimulatedPart, worst: RunFacts, party: Party): Exposure['worstRun'] {
  const points = worst[party].course.map(([window, units]) => {
    return { atMs: window * COURSE_WINDOW_MS, units }
  })
  const atMs = worst[party].worstAtMs
  return { run: worst.run, scenario: scenarioIdOf(part, worst.run), atMs, points }
}

function exposureOf(part: SimulatedPart, party: Party): Exposure {
  const { facts } = part.result
  const worst = facts.reduce<RunFacts | null>((most, each) => {
    return each[party].worstUnits > (most?.[party].worstUnits ?? -1n) ? each : most
  }, null)
  const bound = facts.reduce((most, each) => {
    return each[party].boundUnits > most ? each[party].boundUnits : most
  }, 0n)
  const breaches = facts.filter((each) => each[party].worstUnits > each[party].boundUnits)
  return {
    ...scopeOfPart(part),
    party,
    boundUnits: facts.length === 0 ? null : bound,
    worstUnits: worst?.[party].worstUnits ?? 0n,
    points: pointsOf(facts, party),
    runs: facts.length,
    breaches: breaches.length,
    token: { name: facts[0]?.token ?? 'plain6', decimals: 6 },
    worstRun: worst === null ? null : worstRun(part, worst, party),
  }
}

/** One entry for the payer, one for the provider. */
export function exposureSections(part: SimulatedPart): readonly Exposure[] {
  return (['payer', 'provider'] as const).map((party) => exposureOf(part, party))
}

const CAUSES = ['detection', 'relay', 'inclusion', 'rounding'] as const

/** Leakage of the sessions that a drop ended. */
export function leakageSection(part: SimulatedPart): Leakage {
  const dropped = part.result.facts.flatMap(({ run, leakage }) =>
    leakage === null ? [] : [{ run, ...leakage }],
  )
  const worst = dropped.reduce<(typeof dropped)[number] | null>((most, each) => {
    return each.postDropMs > (most?.postDropMs ?? -1) ? each : most
  }, null)
  const allowance = dropped.reduce((most, each) => Math.max(most, each.allowanceMs), 0)
  return {
    ...scopeOfPart(part),
    n: dropped.length,
    causes: CAUSES.map((cause) => {
      const samples = dropped.map((each) => each[`${cause}Ms`]).sort(ascending)
      return {
        cause,
        totalMs: samples.reduce((sum, each) => sum + each, 0),
        p95Ms: quantileOf(samples, 0.95)?.value ?? null,
        maxMs: samples.at(-1) ?? 0,
      }
    }),
    postDropMaxMs: worst?.postDropMs ?? 0,
    allowanceMs: dropped.length === 0 ? null : allowance,
    worst: worst === null ? null : { run: worst.run, scenario: scenarioIdOf(part, worst.run) },
  }
}

const magnitude = (units: bigint) => (units < 0n ? -units : units)

/** What came in less what went out and what is still there, for sessions by when they ended. */
export function conservationSection(part: SimulatedPart): Conservation {
  const { facts } = part.result
  const windows = new Map<number, bigint>([[0, 0n]])
  for (const { endMs, residualUnits } of facts) {
    const atMs = Math.floor(endMs / COURSE_WINDOW_MS) * COURSE_WINDOW_MS
    const known = windows.get(atMs) ?? 0n
    windows.set(atMs, magnitude(residualUnits) > magnitude(known) ? residualUnits : known)
  }
  const points = [...windows].sort(([a], [b]) => a - b)
  return {
    ...scopeOfPart(part),
    token: facts[0]?.token ?? 'plain6',
    runs: facts.length,
    points: points.map(([atMs, residualUnits]) => ({ atMs, residualUnits })),
  }
}
