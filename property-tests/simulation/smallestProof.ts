/**
 * Shows on the real contract what a search found: the run that loses one below the answer, and the
 * same run at the answer, executed as real transactions on Anvil's mined lane beside the model.
 */
import type { Scenario } from '../../reports/record.ts'
import { groupDigits } from '../../reports/stepRows.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import { scenarioSchema } from '../../reports/worldSchema.ts'
import { designAt, type SmallestQuestion } from '../../sim/smallest.ts'
import type { SimulationSpec } from '../../sim/world/simulated.ts'
import { worldOf } from '../../sim/worlds.ts'
import { firstDivergence } from '../kit/compare.ts'
import { executePlan } from '../kit/execute.ts'
import { planSteps } from '../kit/plan.ts'
import { openTestbed, type Testbed } from '../kit/testbed.ts'
import { playerOf } from '../players.ts'
import { type CheckedSubject, checkedSubjects } from '../subjects.ts'
import { lossTraceFile } from './lossTrace.ts'
import { MESSAGES_MAX } from './simulation.ts'
import type { SmallestFinding } from './smallest.ts'
import { type Losses, worstOf } from './smallestSearch.ts'

/** A run that loses at `value`; `safeValue` is where it does not, if there is such a value. */
export interface LosingRun {
  readonly run: number
  readonly value: bigint
  readonly loss: bigint
  readonly safeValue: bigint | null
}

export interface Proof {
  readonly losing: LosingRun
  readonly scenarios: readonly Scenario[]
  /** Name of the file and what is in it. */
  readonly traceFile: readonly [string, TraceFile]
  /** Where model and contract first differ; null when they agree throughout. */
  readonly divergence: string | null
}

/** The run that loses most right below the answer, or at the upper end if even that loses. */
function losingRunOf(
  { tried, answer }: SmallestFinding,
  { range }: SmallestQuestion,
): LosingRun | null {
  if (answer === null || answer.kind === 'lowest') return null
  const value = answer.kind === 'none' ? range.most : answer.value - 1n
  const worst = worstOf(tried.get(value) as Losses)
  if (worst === null) return null
  return { ...worst, value, safeValue: answer.kind === 'none' ? null : answer.value }
}

/** Fit for a file name, and unique among the findings of one command. */
function nameOfFinding({ point }: SmallestFinding, parameter: string): string {
  const { policy, regime, profile } = point.spec
  const settings = Object.entries(point.settings).map(([name, value]) => `${name}-${value}`)
  const words = ['smallest', parameter, policy, regime, profile, ...settings]
  return [...new Set(words)].join('-').replace(/[^A-Za-z0-9._-]+/g, '_')
}

/**
 * The proofs of all findings that have a losing run, null for the others.
 *
 * @throws MeterproofError `MP_ANVIL_…`, `MP_COMPILE_…`
 */
export async function provedOnChain(
  findings: readonly SmallestFinding[],
  question: SmallestQuestion,
): Promise<readonly (Proof | null)[]> {
  const proofs: (Proof | null)[] = findings.map(() => null)
  const policies = [...new Set(findings.map(({ point }) => point.spec.policy))]
  for (const policy of policies) {
    const own = findings.flatMap((finding, index) => {
      const losing = losingRunOf(finding, question)
      const isOwn = finding.point.spec.policy === policy && losing !== null
      return isOwn ? [{ finding, index, losing }] : []
    })
    const [first] = own
    if (first === undefined) continue
    const player = playerOf(first.finding.point.spec.protocol)
    const [subject] = await checkedSubjects({ player, policies: [policy], path: null })
    const cases = own.flatMap(({ finding, losing }) =>
      designsOf(finding, losing, question).map(({ parameters }) => parameters),
    )
    const distinct = new Map(cases.map((each) => [JSON.stringify(each), each]))
    const testbed = await openTestbed({
      ...{ binding: player.binding, subjects: subject === undefined ? [] : [subject] },
      cases: [...distinct.values()],
    })
    try {
      for (const { finding, index, losing } of own) {
        const stage = { testbed, subject: subject as CheckedSubject }
        proofs[index] = await proofOf(stage, finding, losing, question)
      }
    } finally {
      await testbed.close()
    }
  }
  return proofs
}

/** The design in which the run loses, then the one in which it does not. */
function designsOf(
  { point }: SmallestFinding,
  { value, safeValue }: LosingRun,
  question: SmallestQuestion,
): readonly SimulationSpec[] {
  const values = safeValue === null ? [value] : [value, safeValue]
  return values.map((each) => designAt(question, point.spec, each))
}

interface Stage {
  readonly testbed: Testbed
  readonly subject: CheckedSubject
}

async function executed({ testbed, subject }: Stage, spec: SimulationSpec, run: number) {
  const player = playerOf(spec.protocol)
  const { agreements, steps } = worldOf(spec.protocol).play(spec, run, 'summary')
  const { policy, parameters } = spec
  const cast = { protocol: player.binding.protocol, policy, parameters, agreements }
  const execution = { testbed, lane: testbed.mined, player, subject }
  return executePlan(execution, planSteps(cast, steps))
}

async function proofOf(
  stage: Stage,
  finding: SmallestFinding,
  losing: LosingRun,
  question: SmallestQuestion,
): Promise<Proof> {
  const { parameter, measure } = question
  const { run, loss, value } = losing
  const name = nameOfFinding(finding, parameter)
  const scenarios: Scenario[] = []
  const traces = []
  for (const [index, spec] of designsOf(finding, losing, question).entries()) {
    const trace = await executed(stage, spec, run)
    const isLosing = index === 0
    const what = isLosing ? `${groupDigits(loss)} ${measure.unit}` : 'nothing'
    const at = `${parameter} ${isLosing ? value : losing.safeValue}`
    const report = worldOf(spec.protocol).play(spec, run, 'full').report()
    const { protocol, policy, regime, profile } = spec
    const scenario = scenarioSchema.parse({
      ...{ ...report, protocol, policy, regime, profile, trace },
      id: isLosing ? name : `${name}-safe`,
      kind: isLosing ? 'counterexample' : 'sample',
      title: `run ${run} loses ${what} at ${at}`,
    })
    scenarios.push({ ...scenario, messages: scenario.messages.slice(-MESSAGES_MAX) })
    traces.push({ spec, trace, divergence: firstDivergence(trace) })
  }
  const [first] = traces as [(typeof traces)[number]]
  const file = lossTraceFile({
    ...{ spec: first.spec, trace: first.trace, run, subject: stage.subject },
    ...{ info: question, units: loss },
  })
  const different = traces.find(({ divergence }) => divergence !== null)?.divergence ?? null
  return {
    ...{ losing, scenarios, traceFile: [`${name}.trace.json`, file] },
    divergence: different === null ? null : different.evidence,
  }
}
