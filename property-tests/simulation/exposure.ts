/**
 * Exposures over time, leakage by cause, and the balance of the books, as the record holds them.
 */
import type { Conservation, Exposure, Leakage } from '../../reports/record.ts'
import { ascending, quantileOf } from '../../reports/statistics/quantiles.ts'
import { COURSE_WINDOW_MS, COURSE_WINDOWS } from '../../sim/world/exposureCourse.ts'
import type { RunFacts } from '../../sim/world/facts.ts'
import { placeOfPart, type SimulatedPart, scenarioIdOf, tokenOfPart, worldOfPart } from './part.ts'

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
    ...placeOfPart(part),
    party,
    boundUnits: facts.length === 0 ? null : bound,
    worstUnits: worst?.[party].worstUnits ?? 0n,
    points: pointsOf(facts, party),
    runs: facts.length,
    breaches: breaches.length,
    token: tokenOfPart(part),
    worstRun: worst === null ? null : worstRun(part, worst, party),
  }
}

/** One entry for the payer, one for the provider. */
export function exposureSections(part: SimulatedPart): readonly Exposure[] {
  return (['payer', 'provider'] as const).map((party) => exposureOf(part, party))
}

/** Leakage of the sessions that a drop ended; nothing where none can be. */
export function leakageSection(part: SimulatedPart): readonly Leakage[] {
  const { leakage: info } = worldOfPart(part)
  if (info === null) return []
  const dropped = part.result.facts.flatMap(({ run, leakage }) =>
    leakage === null ? [] : [{ run, ...leakage }],
  )
  const worst = dropped.reduce<(typeof dropped)[number] | null>((most, each) => {
    return each.postDrop > (most?.postDrop ?? -1) ? each : most
  }, null)
  const allowance = dropped.reduce((most, each) => Math.max(most, each.allowance), 0)
  const causes = info.causes.map((cause) => {
    const samples = dropped.map((each) => each.causes[cause] ?? 0).sort(ascending)
    return {
      cause,
      total: samples.reduce((sum, each) => sum + each, 0),
      p95: quantileOf(samples, 0.95)?.value ?? null,
      max: samples.at(-1) ?? 0,
    }
  })
  return [
    {
      ...placeOfPart(part),
      ...{ unit: info.unit, about: info.about, n: dropped.length, causes },
      postDropMax: worst?.postDrop ?? 0,
      allowance: dropped.length === 0 ? null : allowance,
      worst: worst === null ? null : { run: worst.run, scenario: scenarioIdOf(part, worst.run) },
    },
  ]
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
    ...placeOfPart(part),
    token: tokenOfPart(part).name,
    runs: facts.length,
    points: points.map(([atMs, residualUnits]) => ({ atMs, residualUnits })),
  }
}
