/**
 * How a check shares its work between protocols: an even first share for each, and the rest in
 * rounds for those that still have something undecided.
 *
 * Undecided are claims that nothing exercised, refutations that are expected and did not show, and
 * edges that nothing reached. Counted in sequences, never in time, so that a seed gives the same
 * bytes on every machine; under a time budget each protocol gets an even part of the time that is
 * left, so what one does not need is there for the next.
 */
import { claimEntries, coverageEntries, type ProtocolOutcome, uncovered } from './buildRecord.ts'
import { RUNS_PER_CHUNK } from './conformance.ts'

/** Sequences of a first share at least. */
const SHARE_LEAST = 3 * RUNS_PER_CHUNK
/** Sequences that one further round gives to a protocol. */
export const ROUND_RUNS = 2 * RUNS_PER_CHUNK

export interface RunShares {
  /** Sequences of each campaign that every protocol gets. */
  readonly first: number
  /** Sequences for further rounds, of all protocols together. */
  readonly further: number
}

/** Half of the sequences evenly, in whole chunks; the other half for what stays undecided. */
export function sharesOf(runsInAll: number, protocols: number): RunShares {
  const even = runsInAll / 2 / Math.max(1, protocols)
  const chunks = Math.ceil(even / RUNS_PER_CHUNK)
  return {
    first: Math.max(SHARE_LEAST, chunks * RUNS_PER_CHUNK),
    further: Math.ceil(runsInAll / 2 / ROUND_RUNS) * ROUND_RUNS,
  }
}

/** Time after which a protocol begins nothing new: an even part of what is left of the budget. */
export function deadlineOfShare(options: {
  readonly nowMs: number
  readonly deadlineMs: number
  readonly protocolsLeft: number
}): number {
  const { nowMs, deadlineMs, protocolsLeft } = options
  if (deadlineMs === Infinity) return Infinity
  return nowMs + Math.max(0, deadlineMs - nowMs) / Math.max(1, protocolsLeft)
}

/** What a protocol's campaigns have not settled yet, as sentences; none when all is decided. */
export function undecidedOf(outcome: ProtocolOutcome): readonly string[] {
  const { findings } = outcome.tally
  const open = claimEntries(outcome).flatMap(({ policy, regime, invariant, ...claim }) => {
    const isFound = findings.some(
      (each) => each.policy === policy && each.regime === regime && each.finding.id === invariant,
    )
    const where = `${invariant} (${policy}, ${regime})`
    if (claim.witnesses === 0 && !isFound) return [`${where} was not exercised`]
    return claim.expected === 'refuted' && !isFound ? [`${where} was not refuted`] : []
  })
  return outcome.only.length > 0 ? open : [...open, ...uncovered(coverageEntries(outcome))]
}
