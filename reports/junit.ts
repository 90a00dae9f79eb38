/**
 * JUnit XML, for the test panels of CI systems.
 *
 * A suite is one protocol, policy and regime; a test case is one invariant in it, and each canary
 * of the protocol is a case of a suite `canaries`. What is undecided becomes an error of the type
 * `inconclusive` and is never skipped; a claim that was to be refuted and was passes, and the
 * suite's output says so. The shape keeps to what the Ant and the Jenkins schema have in common.
 */
import type { Canary, Claim, Failure, Regression, RunRecord, Scope } from './record.ts'
import { isStillFailing } from './regression.ts'
import { escapeMarkup, shrinkText, stepLines } from './text.ts'
import { claimOutcome, OUTCOME_LOOKS } from './verdict.ts'

/** Same on every machine, so that reports of equal runs are equal. */
const HOSTNAME = 'meterproof'

interface Problem {
  readonly element: 'failure' | 'error'
  readonly type: string
  readonly message: string
  readonly body: string
}

interface Case {
  readonly name: string
  readonly problem: Problem | null
  /** Line of the suite's output. */
  readonly note: string | null
}

interface Suite {
  readonly name: string
  readonly package: string
  readonly cases: readonly Case[]
}

/** The whole run as one JUnit document. */
export function junitXml(record: RunRecord): string {
  const suites = [
    ...claimSuites(record),
    ...unclaimedSuites(record),
    ...canarySuites(record),
    ...storedSuites(record),
  ]
  const body = suites.map((suite, index) => suiteXml(suite, index, record))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join('')}</testsuites>\n`
}

const scopeName = ({ protocol, policy, regime }: Scope) => `${protocol}/${policy}/${regime}`

function groupBy<Item>(items: readonly Item[], name: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(name(item), [...(groups.get(name(item)) ?? []), item])
  return groups
}

function claimSuites(record: RunRecord): readonly Suite[] {
  return [...groupBy(record.claims, scopeName)].map(([name, claims]) => ({
    name,
    package: claims[0]?.protocol ?? '',
    cases: claims.map((claim) => claimCase(claim, record)),
  }))
}

function claimCase(claim: Claim, record: RunRecord): Case {
  const outcome = claimOutcome(claim)
  const failure = record.failures.find(({ id }) => id === claim.counterexample)
  const facts = [
    claim.statement,
    claim.formula,
    `witnesses: ${claim.witnesses}, traces judged: ${claim.checks}`,
    claim.note,
  ]
  const counterexample = failure === undefined ? [] : failureLines(failure)
  const body = [...facts, ...counterexample].filter((line) => line !== '').join('\n')
  const message = failure?.evidence ?? `${claim.invariant} ${OUTCOME_LOOKS[outcome].text}`
  const name = claim.invariant
  if (outcome === 'held') return { name, problem: null, note: null }
  if (outcome === 'refuted') {
    return { name, problem: null, note: `${name} ${OUTCOME_LOOKS.refuted.text}: ${message}` }
  }
  const problem: Problem =
    outcome === 'violated'
      ? { element: 'failure', type: 'violated', message, body }
      : { element: 'error', type: 'inconclusive', message, body }
  return { name, problem, note: null }
}

function failureLines(failure: Failure): readonly string[] {
  const steps = stepLines(failure).flatMap(({ attempt, result, mark, differences }) => [
    `  ${attempt}   ${result} ${mark}`.trimEnd(),
    ...differences.map((difference) => `       ${difference}`),
  ])
  return [
    `${failure.invariant}: ${failure.evidence} (${shrinkText(failure)})`,
    ...steps,
    `replay: ${failure.replayCommand}`,
  ]
}

/** Failures that no claim points at, such as a difference between model and contract. */
function unclaimedSuites({ claims, failures }: RunRecord): readonly Suite[] {
  const claimed = new Set(claims.map(({ counterexample }) => counterexample))
  const unclaimed = failures.filter(({ id, expected }) => expected === 'held' && !claimed.has(id))
  return [...groupBy(unclaimed, scopeName)].map(([name, group]) => ({
    name: `${name}/findings`,
    package: group[0]?.protocol ?? '',
    cases: group.map((failure) => ({
      name: failure.id,
      note: null,
      problem: {
        element: 'failure',
        type: failure.invariant,
        message: failure.evidence,
        body: failureLines(failure).join('\n'),
      },
    })),
  }))
}

/** Stored failures; one that no longer applies is inconclusive and not skipped. */
function storedSuites({ regressions = [] }: RunRecord): readonly Suite[] {
  const looked = regressions.filter(({ verdict }) => verdict !== 'notChosen')
  return [...groupBy(looked, ({ protocol }) => protocol)].map(([protocol, group]) => ({
    name: `${protocol === '' ? 'unread' : protocol}/stored failures`,
    package: protocol,
    cases: group.map((each) => ({ name: each.file, problem: storedProblem(each), note: null })),
  }))
}

function storedProblem(regression: Regression): Problem | null {
  const { verdict, reason: message, replayCommand } = regression
  const body = `${message}\nreplay: ${replayCommand}`
  if (isStillFailing(regression)) return { element: 'failure', type: 'violated', message, body }
  if (verdict !== 'noLongerApplies') return null
  return { element: 'error', type: 'inconclusive', message, body }
}

function canarySuites({ canaries }: RunRecord): readonly Suite[] {
  return [...groupBy(canaries, ({ protocol }) => protocol)].map(([protocol, group]) => ({
    name: `${protocol}/canaries`,
    package: protocol,
    cases: group.map(canaryCase),
  }))
}

function canaryCase(canary: Canary): Case {
  const name = `${canary.id} is caught by ${canary.expectedInvariant}`
  if (canary.caught) return { name, problem: null, note: null }
  const message = `${canary.contract} was not caught by ${canary.expectedInvariant}`
  const others = canary.caughtBy.length === 0 ? 'nothing' : canary.caughtBy.join(', ')
  const body = `tried ${canary.sequencesTried} sequences; caught by: ${others}`
  return { name, note: null, problem: { element: 'error', type: 'inconclusive', message, body } }
}

function suiteXml(suite: Suite, index: number, { wall, seed }: RunRecord): string {
  const counted = (element: Problem['element']) =>
    suite.cases.filter(({ problem }) => problem?.element === element).length
  const attributes = attributesXml({
    id: String(index),
    name: suite.name,
    package: suite.package,
    tests: String(suite.cases.length),
    failures: String(counted('failure')),
    errors: String(counted('error')),
    time: '0.000',
    timestamp: wall.startedAtIso.slice(0, 19),
    hostname: HOSTNAME,
  })
  const notes = suite.cases.flatMap(({ note }) => (note === null ? [] : [note])).join('\n')
  return [
    `  <testsuite ${attributes}>`,
    `    <properties><property name="seed" value="${seed}"/></properties>`,
    ...suite.cases.map((testCase) => caseXml(testCase, suite.name)),
    `    <system-out>${escapeMarkup(notes)}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>\n',
  ].join('\n')
}

function caseXml({ name, problem }: Case, suiteName: string): string {
  const classname = suiteName.replaceAll('/', '.')
  const attributes = attributesXml({ name, classname, time: '0.000' })
  if (problem === null) return `    <testcase ${attributes}/>`
  const { element, type, message, body } = problem
  const inner = `<${element} ${attributesXml({ type, message })}>${escapeMarkup(body)}</${element}>`
  return `    <testcase ${attributes}>\n      ${inner}\n    </testcase>`
}

function attributesXml(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeMarkup(value).replace(/[\t\r\n]+/g, ' ')}"`)
    .join(' ')
}
