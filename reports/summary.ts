/**
 * What the command line prints when a run is over. The verdict is the last line.
 *
 * Pure: width and colour are arguments, and nothing is written here. Counterexamples that were
 * expected are told in one line each; those that were not are shown step by step.
 */
import { createColors } from 'picocolors'
import { isTooDear, livenessSentence } from './costs.ts'
import { furtherCoverage, solidityLines } from './coverageText.ts'
import { quantile } from './distribution.ts'
import { gigabyteText } from './gigabyteText.ts'
import { RUN_FILE } from './readRun.ts'
import type { Campaign, Claim, Cost, Coverage, Failure, RunRecord, Scope } from './record.ts'
import { regressionText } from './regression.ts'
import { groupDigits } from './stepRows.ts'
import { matrixLines, regimesOf } from './summaryMatrix.ts'
import { shrinkText, stepLines } from './text.ts'
import { claimOutcome, OUTCOME_LOOKS, type OutcomeLook, VERDICT_LOOKS } from './verdict.ts'

export interface SummaryOptions {
  /** Columns of the terminal; prose is cut to it, counterexamples and commands never are. */
  readonly width: number
  readonly colour: boolean
  /** Path of the page to name at the end; nothing when no report was written. */
  readonly reportPath?: string
}

/** Steps of one counterexample that are printed; the trace file holds them all. */
const STEPS_SHOWN_MAX = 25
/** Edges without a hit that are named. */
const NEVER_HIT_SHOWN_MAX = 3
const REASONS_SHOWN_MAX = 8
const LABEL_WIDTH = 11

type Paint = ReturnType<typeof createColors>
type Tone = OutcomeLook['tone']

function painter(paint: Paint, tone: Tone): (text: string) => string {
  const painters = {
    held: paint.blue,
    violated: paint.magenta,
    undecided: paint.yellow,
    refuted: paint.cyan,
  }
  return painters[tone]
}

interface Context {
  readonly record: RunRecord
  readonly paint: Paint
  readonly width: number
}

/** The text of a finished run, ending in a newline. */
export function formatSummary(record: RunRecord, options: SummaryOptions): string {
  const paint = createColors(options.colour)
  const context: Context = { record, paint, width: Math.max(40, options.width) }
  const report = options.reportPath === undefined ? [] : [`report: ${options.reportPath}`]
  const lines = [
    ...headLines(context),
    ...policyLines(context),
    ...solidityCoverageLines(context),
    ...canaryLines(context),
    ...storedLines(context),
    ...costLines(context),
    ...gigabyteLines(context),
    ...curveLines(context),
    ...unexpectedFailures(record).flatMap((failure) => ['', ...failureLines(context, failure)]),
    ...record.notes.map((note) => `note: ${note}`),
    '',
    ...reasonLines(record),
    ...report,
    verdictLine(context),
  ]
  return `${lines.join('\n')}\n`
}

function headLines({ record, paint, width }: Context): readonly string[] {
  const tools = Object.entries(record.tools).map(([name, version]) => `${name} ${version}`)
  const contracts = record.contracts.map(
    ({ name, bytecodeHash, policy }) =>
      `contract ${name} ${bytecodeHash.slice(0, 6)}…${bytecodeHash.slice(-4)} (${policy})`,
  )
  return [
    paint.bold(`meterproof ${record.command}`),
    paint.dim(cut([`seed ${record.seed}`, ...tools].join('   '), width)),
    ...contracts.map((line) => paint.dim(cut(line, width))),
  ]
}

const isIn = (scope: Scope) => (item: Scope) =>
  item.protocol === scope.protocol && item.policy === scope.policy && item.regime === scope.regime

/** Every protocol, policy and regime of the record, in order of appearance. */
export function scopesOf({ campaigns, claims, coverage }: RunRecord): readonly Scope[] {
  const all: readonly Scope[] = [...claims, ...campaigns, ...coverage]
  return all.filter((scope, index) => all.findIndex(isIn(scope)) === index)
}

/** Claims and counts of each protocol and policy: a matrix when there are several regimes. */
function policyLines(context: Context): readonly string[] {
  const { record, paint, width } = context
  const scopes = scopesOf(record)
  const done = new Set<string>()
  return scopes.flatMap((scope) => {
    const { protocol, policy } = scope
    if (regimesOf(record, protocol, policy).length < 2) return ['', ...scopeLines(context, scope)]
    const key = `${protocol} ${policy}`
    if (done.has(key)) return []
    done.add(key)
    const own = scopes.filter((each) => each.protocol === protocol && each.policy === policy)
    const paintAs = (tone: Tone | 'bold' | 'dim', text: string) =>
      tone === 'bold' || tone === 'dim' ? paint[tone](text) : painter(paint, tone)(text)
    return [
      '',
      ...matrixLines(record, { protocol, policy, width, paint: paintAs }),
      ...own.flatMap((each) =>
        record.coverage.filter(isIn(each)).flatMap((coverage) => coverageLines(coverage, width)),
      ),
      ...own.flatMap((each) => record.campaigns.filter(isIn(each)).map(campaignLine)),
    ]
  })
}

function scopeLines({ record, paint, width }: Context, scope: Scope): readonly string[] {
  const claims = record.claims.filter(isIn(scope))
  const idWidth = Math.max(0, ...claims.map(({ invariant }) => invariant.length))
  const countWidth = Math.max(0, ...claims.map((claim) => countText(claim).length))
  const looks = claims.map((claim) => OUTCOME_LOOKS[claimOutcome(claim)].text.length)
  const lookWidth = Math.max(0, ...looks)
  const rows = claims.flatMap((claim) => {
    const look = OUTCOME_LOOKS[claimOutcome(claim)]
    const name = `${look.glyph} ${claim.invariant.padEnd(idWidth)}`
    const head = `  ${name}  ${look.text.padEnd(lookWidth)}`
    const counts = countText(claim).padStart(countWidth)
    const room = width - head.length - counts.length - 4
    const statement = room < 16 ? '' : `  ${cut(claim.statement, room)}`
    const row = `${painter(paint, look.tone)(head)}  ${counts}${paint.dim(statement)}`
    return [row, ...refutationLines(record, claim)]
  })
  const { protocol, policy, regime } = scope
  return [
    paint.bold(`${protocol}, ${policy}, regime ${regime}`),
    ...rows,
    ...record.coverage.filter(isIn(scope)).flatMap((coverage) => coverageLines(coverage, width)),
    ...record.campaigns.filter(isIn(scope)).map(campaignLine),
  ]
}

/** Where an expected counterexample is to be found; the step list would bury the real findings. */
function refutationLines({ failures }: RunRecord, claim: Claim): readonly string[] {
  if (claimOutcome(claim) !== 'refuted') return []
  return failures
    .filter(({ id }) => id === claim.counterexample)
    .flatMap((failure) => [
      `      ${failure.evidence}, ${shrinkText(failure)}`,
      `      replay: ${failure.replayCommand}`,
    ])
}

const countText = ({ witnesses }: Claim) => `${groupDigits(witnesses)} witnesses`

/** Hit and total numbers of a machine's parts, and what was never hit. */
export function coverageCounts({ states, edges }: Coverage) {
  const hitOf = (parts: readonly { readonly hits: number }[]) =>
    `${parts.filter(({ hits }) => hits > 0).length}/${parts.length}`
  const accepting = edges.filter(({ rejection }) => rejection === null)
  const rejecting = edges.filter(({ rejection }) => rejection !== null)
  const neverHit = [
    ...states.filter(({ hits }) => hits === 0).map(({ name }) => name),
    ...edges
      .filter(({ hits }) => hits === 0)
      .map(({ from, action, to, rejection }) => {
        return `${from} ${action} → ${rejection === null ? to : `!${rejection}`}`
      }),
  ]
  return {
    states: hitOf(states),
    edges: hitOf(accepting),
    refusals: hitOf(rejecting),
    neverHit,
  }
}

const labelled = (label: string, text: string) => `  ${label.padEnd(LABEL_WIDTH)}  ${text}`

function coverageLines(coverage: Coverage, width: number): readonly string[] {
  const { states, edges, refusals, neverHit } = coverageCounts(coverage)
  const counts = labelled('coverage', `states ${states}   edges ${edges}   refusals ${refusals}`)
  const further = furtherCoverage(coverage).map(([label, text]) => labelled(label, text))
  if (neverHit.length === 0) return [counts, ...further]
  const more = neverHit.length - NEVER_HIT_SHOWN_MAX
  const rest = more > 0 ? `, and ${more} more` : ''
  const names = neverHit.slice(0, NEVER_HIT_SHOWN_MAX).join(', ')
  const room = width - LABEL_WIDTH - 4 - rest.length
  return [counts, labelled('never hit', `${cut(names, room)}${rest}`), ...further]
}

/** What of the Solidity sources was executed, for runs that traced it. */
function solidityCoverageLines({ record, paint, width }: Context): readonly string[] {
  const [head, ...rows] = solidityLines(record)
  return head === undefined ? [] : ['', paint.bold(head), ...rows.map((row) => cut(row, width))]
}

function campaignLine(entry: Campaign): string {
  const { campaign, regime, runs, steps, accepted, acceptedPerRun } = entry
  const [median, most] = [0.5, 1].map((q) => quantile(acceptedPerRun, q) ?? 0)
  const counts = `${groupDigits(runs)} runs   ${groupDigits(steps)} steps`
  const known = acceptedPerRun.length > 0 ? `   a run: median ${median}, most ${most}` : ''
  const depth = `${groupDigits(accepted)} accepted${known}`
  const place = campaign === 'scenario' ? `   ${regime}` : ''
  return labelled(campaign, `${counts}   ${depth}${place}`)
}

function canaryLines({ record, paint, width }: Context): readonly string[] {
  const { canaries } = record
  if (canaries.length === 0) return []
  const caught = canaries.filter((canary) => canary.caught)
  const missed = canaries.filter((canary) => !canary.caught)
  const rows = missed.map(({ id, expectedInvariant, sequencesTried }) => {
    const tried = `${groupDigits(sequencesTried)} sequences tried`
    return paint.yellow(cut(`  ? ${id} was not caught by ${expectedInvariant}; ${tried}`, width))
  })
  return ['', `${paint.bold('canaries')}  ${caught.length}/${canaries.length} caught`, ...rows]
}

/** What became of the failures that were stored, each by its file. */
function storedLines({ record, paint, width }: Context): readonly string[] {
  const { regressions } = record
  if (regressions === undefined || regressions.length === 0) return []
  const { head, lines } = regressionText(regressions)
  const rows = lines.map(({ tone, text }) => painter(paint, tone)(cut(text, width)))
  return ['', `${paint.bold('stored failures')}  ${head}`, ...rows]
}

/** Signs of life that cost more than they protect: one line a policy, from its dearest regime. */
function costLines({ record, paint }: Context): readonly string[] {
  const dear = (record.costs ?? []).filter(isTooDear)
  const machines = [...new Set(dear.map(({ protocol, policy }) => `${protocol}, ${policy}`))]
  if (machines.length === 0) return []
  const ratioOf = ({ prices }: Cost) =>
    Math.max(...prices.map(({ livenessPerProtected }) => livenessPerProtected ?? Infinity))
  const rows = machines.flatMap((machine) => {
    const own = dear.filter(({ protocol, policy }) => `${protocol}, ${policy}` === machine)
    const [worst] = own.sort((a, b) => ratioOf(b) - ratioOf(a))
    if (worst === undefined) return []
    return [`  ${machine}, regime ${worst.regime}:`, `    ${livenessSentence(worst)}`]
  })
  return ['', `${paint.bold('signs of life')}  that cost more than they protect`, ...rows]
}

/** Protocols of downloads beside each other. */
function gigabyteLines({ record, paint }: Context): readonly string[] {
  const [head, ...rows] = gigabyteText(record)
  return head === undefined ? [] : ['', paint.bold(head), ...rows]
}

/** Where the curves of designs are to be found; they are pictures and no lines of text. */
function curveLines({ record, paint }: Context): readonly string[] {
  const protocols = (record.curves ?? []).map(({ protocol }) => protocol)
  if (protocols.length === 0) return []
  const head = paint.bold('design curves')
  const count = `${protocols.length} of ${[...new Set(protocols)].join(', ')}`
  return ['', `${head}  ${count}: view Design of the report, curves.csv`]
}

const unexpectedFailures = ({ failures }: RunRecord) =>
  failures.filter(({ expected }) => expected === 'held')

function failureLines({ paint }: Context, failure: Failure): readonly string[] {
  const violated = painter(paint, 'violated')
  const lines = stepLines(failure)
  const shown = lines.slice(0, STEPS_SHOWN_MAX)
  const attemptWidth = Math.max(0, ...shown.map(({ attempt }) => attempt.length))
  const steps = shown.flatMap(({ attempt, result, mark, differences }) => {
    const text = `      ${attempt.padEnd(attemptWidth)}   ${result}`
    const marked = mark === '' ? text : `${text}   ${violated(mark)}`
    return [marked, ...differences.map((difference) => violated(`         ${difference}`))]
  })
  const hidden = lines.length - shown.length
  const where = `${failure.protocol} ${failure.policy}, regime ${failure.regime}`
  return [
    violated(`  ✗ ${failure.invariant}   ${where}, run ${failure.run}   ${shrinkText(failure)}`),
    ...steps,
    ...(hidden > 0 ? [`      … and ${hidden} more steps in ${failure.traceFile}`] : []),
    `      ${failure.evidence}`,
    `  replay: ${failure.replayCommand}`,
  ]
}

function reasonLines({ summary }: RunRecord): readonly string[] {
  const shown = summary.reasons.slice(0, REASONS_SHOWN_MAX).map((reason) => `- ${reason}`)
  const hidden = summary.reasons.length - shown.length
  return hidden > 0 ? [...shown, `- … and ${hidden} more in ${RUN_FILE}`] : shown
}

function verdictLine({ record, paint }: Context): string {
  const { summary, wall } = record
  const look = VERDICT_LOOKS[summary.verdict]
  const counts = [
    `${summary.held} held`,
    ...(summary.refutedAsExpected > 0 ? [`${summary.refutedAsExpected} refuted as expected`] : []),
    `${summary.undecided} undecided`,
    `${summary.violated} violated`,
  ]
  const seconds = (wall.durationMs / 1000).toFixed(1)
  const text = `${look.glyph} ${look.text}: ${counts.join(', ')} in ${seconds} s`
  return `${paint.bold(painter(paint, look.tone)(text))}   exit ${summary.exitCode}`
}

/** At most `width` columns, with an ellipsis when something is missing. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}
