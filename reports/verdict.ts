/**
 * The one place that turns findings into a verdict and an exit code.
 *
 * A claim that held without ever being exercised counts as undecided, and so does a claim that was
 * due to be refuted and was not: neither may look green. An interrupted run keeps its own verdict,
 * whatever it had found until then; what it had found is in `reasons`.
 */
import type { Canary, Claim, Failure, Regression, Summary } from './record.ts'
import { brokenRegressions, openRegressions } from './regression.ts'

/** What one claim means for the run, once what was expected of it is taken into account. */
export type ClaimOutcome = 'held' | 'violated' | 'undecided' | 'vacuous' | 'notRefuted' | 'refuted'

export function claimOutcome(
  claim: Pick<Claim, 'verdict' | 'expected' | 'witnesses'>,
): ClaimOutcome {
  if (claim.expected === 'refuted') return claim.verdict === 'violated' ? 'refuted' : 'notRefuted'
  if (claim.verdict === 'held' && claim.witnesses === 0) return 'vacuous'
  return claim.verdict
}

export interface OutcomeLook {
  readonly glyph: string
  readonly text: string
  /** Colour group; colour never stands alone. */
  readonly tone: 'held' | 'violated' | 'undecided' | 'refuted'
}

/** How an outcome is shown, in every format. */
export const OUTCOME_LOOKS: Readonly<Record<ClaimOutcome, OutcomeLook>> = {
  held: { glyph: '✓', text: 'held', tone: 'held' },
  violated: { glyph: '✗', text: 'violated', tone: 'violated' },
  undecided: { glyph: '?', text: 'undecided', tone: 'undecided' },
  vacuous: { glyph: '?', text: 'never exercised', tone: 'undecided' },
  notRefuted: { glyph: '?', text: 'not refuted', tone: 'undecided' },
  refuted: { glyph: '⊘', text: 'refuted, as expected', tone: 'refuted' },
}

/** How a run's verdict is shown. */
export const VERDICT_LOOKS: Readonly<Record<Summary['verdict'], OutcomeLook>> = {
  held: { glyph: '✓', text: 'held', tone: 'held' },
  violated: { glyph: '✗', text: 'violated', tone: 'violated' },
  inconclusive: { glyph: '?', text: 'inconclusive', tone: 'undecided' },
  interrupted: { glyph: '?', text: 'interrupted', tone: 'undecided' },
}

const EXIT_CODES = { held: 0, violated: 1, inconclusive: 2, interrupted: 130 } as const

export interface Findings {
  readonly claims: readonly Claim[]
  readonly failures: readonly Failure[]
  readonly canaries: readonly Canary[]
  readonly regressions?: readonly Regression[]
  readonly interrupted: boolean
  /** Anything else that keeps the run from being conclusive, one sentence each. */
  readonly inconclusive?: readonly string[]
}

/** Counts, verdict, exit code and reasons of a run. */
export function summarise(findings: Findings): Summary {
  const { claims, canaries } = findings
  const outcomes = claims.map(claimOutcome)
  const count = (...wanted: ClaimOutcome[]) => outcomes.filter((o) => wanted.includes(o)).length
  const broken = brokenReasons(findings)
  const open = openReasons(findings)
  const decided = broken.length > 0 ? 'violated' : open.length > 0 ? 'inconclusive' : 'held'
  const verdict = findings.interrupted ? 'interrupted' : decided
  return {
    verdict,
    exitCode: EXIT_CODES[verdict],
    held: count('held'),
    violated: count('violated'),
    undecided: count('undecided', 'vacuous', 'notRefuted'),
    refutedAsExpected: count('refuted'),
    canariesCaught: canaries.filter(({ caught }) => caught).length,
    canariesMissed: canaries.filter(({ caught }) => !caught).length,
    reasons: [...broken, ...open],
  }
}

const scopeOf = (item: Pick<Claim, 'protocol' | 'policy' | 'regime'>) =>
  `${item.protocol} ${item.policy}, regime ${item.regime}`

function brokenReasons({ claims, failures, regressions = [] }: Findings): string[] {
  const violated = claims.filter((claim) => claimOutcome(claim) === 'violated')
  const explained = new Set(claims.map(({ counterexample }) => counterexample))
  const unclaimed = failures.filter(({ id, expected }) => expected === 'held' && !explained.has(id))
  const found = [...violated, ...unclaimed].map(
    (item) => `${item.invariant} was violated (${scopeOf(item)}).`,
  )
  return [...found, ...brokenRegressions(regressions)]
}

function openReasons(findings: Findings): string[] {
  const { claims, canaries, inconclusive, failures, regressions = [] } = findings
  const words: Partial<Record<ClaimOutcome, string>> = {
    undecided: 'was not decided',
    vacuous: 'held, but nothing ever exercised it',
    notRefuted: 'was to be refuted, and no counterexample was found',
  }
  const open = claims.flatMap((claim) => {
    const word = words[claimOutcome(claim)]
    return word === undefined ? [] : [`${claim.invariant} ${word} (${scopeOf(claim)}).`]
  })
  const missed = canaries
    .filter(({ caught }) => !caught)
    .map(({ id, expectedInvariant }) => `Canary ${id} was not caught by ${expectedInvariant}.`)
  const nothing =
    claims.length + canaries.length + failures.length === 0 ? ['No claim was judged.'] : []
  const stale = openRegressions(regressions)
  return [...open, ...missed, ...stale, ...nothing, ...(inconclusive ?? [])]
}
