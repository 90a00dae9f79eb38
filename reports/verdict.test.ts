/**
 * Goal: a run is green only when every claim held for a reason. Method: all combinations of one
 * claim, and the precedence between findings.
 */
import { expect, test } from 'vitest'
import { exampleRecord } from './exampleRecord.ts'
import type { Claim } from './record.ts'
import { claimOutcome, summarise } from './verdict.ts'

const [base, violated] = exampleRecord().claims as readonly [Claim, Claim]
const none = { claims: [], failures: [], canaries: [], interrupted: false } as const
const table = ['held', 'violated', 'undecided'].flatMap((verdict) =>
  ['held', 'refuted'].flatMap((expected) =>
    [0, 5].map((witnesses) => ({ ...base, verdict, expected, witnesses }) as Claim),
  ),
)

test('one claim decides a run as the table says', () => {
  const rows = table.map((claim) => {
    const { verdict, exitCode } = summarise({ ...none, claims: [claim] })
    const given = `${claim.verdict}, ${claim.expected} expected, ${claim.witnesses}`
    return `${given}: ${claimOutcome(claim)} ${verdict} ${exitCode}`
  })
  expect(rows).toMatchInlineSnapshot(`
    [
      "held, held expected, 0: vacuous inconclusive 2",
      "held, held expected, 5: held held 0",
      "held, refuted expected, 0: notRefuted inconclusive 2",
      "held, refuted expected, 5: notRefuted inconclusive 2",
      "violated, held expected, 0: violated violated 1",
      "violated, held expected, 5: violated violated 1",
      "violated, refuted expected, 0: refuted held 0",
      "violated, refuted expected, 5: refuted held 0",
      "undecided, held expected, 0: undecided inconclusive 2",
      "undecided, held expected, 5: undecided inconclusive 2",
      "undecided, refuted expected, 0: notRefuted inconclusive 2",
      "undecided, refuted expected, 5: notRefuted inconclusive 2",
    ]
  `)
})

test('the counts add up to all claims', () => {
  const { held, violated, undecided, refutedAsExpected } = summarise({ ...none, claims: table })
  expect(held + violated + undecided + refutedAsExpected).toBe(table.length)
})

test('a run that judged nothing is inconclusive', () => {
  expect(summarise(none)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
})

test('a missed canary makes a run inconclusive', () => {
  const { canaries } = exampleRecord()
  expect(summarise({ ...none, claims: [base], canaries })).toMatchObject({
    ...{ verdict: 'inconclusive', exitCode: 2, canariesCaught: 1, canariesMissed: 1 },
    reasons: ['Canary late-join was not caught by INV-CONSERVATION.'],
  })
})

test('a violation outweighs what is undecided, and an interruption outweighs both', () => {
  const findings = { ...none, claims: [violated], inconclusive: ['Coverage is below its floor.'] }
  expect(summarise(findings).exitCode).toBe(1)
  expect(summarise({ ...findings, interrupted: true })).toMatchObject({
    ...{ verdict: 'interrupted', exitCode: 130 },
    reasons: [expect.stringContaining('was violated'), 'Coverage is below its floor.'],
  })
})

test('a divergence without a claim of its own violates the run', () => {
  const failures = exampleRecord()
    .failures.slice(0, 1)
    .map((failure) => ({ ...failure, id: 'DIVERGENCE-1', invariant: 'DIVERGENCE' }))
  expect(summarise({ ...none, claims: [base], failures })).toMatchObject({
    ...{ verdict: 'violated', exitCode: 1, violated: 0 },
    reasons: ['DIVERGENCE was violated (session-escrow as-described, regime none).'],
  })
})
