/**
 * What there is to step through: counterexamples, runs of the world and samples, in one shape.
 *
 * A story has a trace (predicted beside observed), or a run of the world (messages, faults, clocks,
 * ground truth), or both.
 */
import type { Failure, RunRecord, Scenario, Scope } from '../../reports/record.ts'
import type { StoredTrace } from '../../reports/traceSchema.ts'

export interface Story {
  /** Unique, and fit for the address. */
  readonly id: string
  readonly group: 'Counterexamples' | 'Refuted as expected' | 'Worst runs' | 'Sample runs'
  readonly title: string
  /** What went wrong, or that nothing did. */
  readonly finding: string
  readonly scope: Scope
  readonly run: number
  readonly failure: Failure | null
  readonly scenario: Scenario | null
  readonly trace: StoredTrace | null
  /** The same before shrinking, when the record has it. */
  readonly original: {
    readonly trace: StoredTrace | null
    readonly scenario: Scenario | null
  } | null
  /** Step at which it broke; null when nothing did, or the run as a whole. */
  readonly brokenStep: number | null
}

export function storiesOf(record: RunRecord): readonly Story[] {
  const scenarios = record.scenarios ?? []
  const told = new Set(record.failures.flatMap(({ scenario }) => scenario ?? []))
  const failures = record.failures.map((failure) => failureStory(failure, scenarios))
  const rest = scenarios.filter(({ id, kind }) => !told.has(id) && kind !== 'original')
  const samples = record.samples.map((sample, index): Story => {
    const { protocol, policy, regime, campaign, run, trace } = sample
    const title = `${campaign}, run ${run}`
    const finding = 'A run that went well.'
    return {
      ...{ id: `sample-${index + 1}`, group: 'Sample runs', title, finding, run, trace },
      ...{ scope: { protocol, policy, regime }, failure: null, scenario: null, original: null },
      brokenStep: null,
    }
  })
  return [...failures, ...rest.map((run) => scenarioStory(run, scenarios)), ...samples]
}

function failureStory(failure: Failure, scenarios: readonly Scenario[]): Story {
  const { id, invariant, evidence, expected, protocol, policy, regime, run, trace } = failure
  const scenario = scenarios.find((candidate) => candidate.id === failure.scenario) ?? null
  const before = scenarios.find((candidate) => candidate.id === scenario?.original) ?? null
  const originalTrace = failure.originalTrace ?? before?.trace ?? null
  const hasOriginal = originalTrace !== null || before !== null
  return {
    ...{ id, title: invariant, finding: evidence, run, failure, scenario, trace },
    group: expected === 'refuted' ? 'Refuted as expected' : 'Counterexamples',
    scope: { protocol, policy, regime },
    original: hasOriginal ? { trace: originalTrace, scenario: before } : null,
    brokenStep: failure.stepIndex,
  }
}

function scenarioStory(scenario: Scenario, scenarios: readonly Scenario[]): Story {
  const { id, kind, title, protocol, policy, regime, run } = scenario
  const before = scenarios.find((candidate) => candidate.id === scenario.original)
  const groups = { counterexample: 'Counterexamples', worst: 'Worst runs' } as const
  return {
    ...{ id, title, run, scenario, failure: null, trace: scenario.trace ?? null },
    group: kind === 'counterexample' || kind === 'worst' ? groups[kind] : 'Sample runs',
    finding: kind === 'sample' ? 'A run that went well.' : title,
    scope: { protocol, policy, regime },
    original: before === undefined ? null : { trace: before.trace ?? null, scenario: before },
    brokenStep: null,
  }
}

/** The command that plays the story again; null when it was not kept as a file. */
export function replayCommandOf({ failure, scenario }: Story): string | null {
  return failure?.replayCommand ?? scenario?.replayCommand ?? null
}

/** The story as it was before shrinking. */
export function originalOf(story: Story): Story {
  if (story.original === null) return story
  const { trace, scenario } = story.original
  return { ...story, trace, scenario, brokenStep: null }
}

/** One stop of the scrubber. */
export interface Frame {
  readonly by: string
  readonly action: string
  readonly agreement: number
  readonly atSeconds: number
  /** True time; null when only the block's time is known. */
  readonly trueMs: number | null
  readonly submittedMs: number | null
  readonly edge: string
  /** `accepted` or the name of the error. */
  readonly predicted: string
  readonly observed: string | null
  readonly stateModel: string
  readonly stateContract: string | null
  readonly transfers: readonly {
    readonly from: string
    readonly to: string
    readonly amountUnits: bigint
    readonly token: string
  }[]
  readonly differs: boolean
}

const answer = ({ accepted, error }: { accepted: boolean; error: string | null }) =>
  accepted ? 'accepted' : (error ?? 'refused')

/** The steps of a story, with both accounts as far as there are two. */
export function framesOf({ trace, scenario }: Story): readonly Frame[] {
  if (trace === null) return scenario === null ? [] : scenarioFrames(scenario)
  return trace.steps.map((step, index): Frame => {
    const { planned, predicted, observed, edge } = step
    const world = scenario?.steps[index]
    const isSame = world !== undefined && world.planned.action === planned.action
    const states = [predicted, observed].map(
      ({ after }) => after.agreements[planned.agreement]?.state ?? '',
    )
    const [stateModel = '', stateContract = ''] = states
    return {
      ...{ by: planned.by, action: planned.action, agreement: planned.agreement },
      ...{ atSeconds: planned.atSeconds, edge, stateModel, stateContract },
      trueMs: isSame ? world.includedMs : null,
      submittedMs: isSame ? submissionOf(scenario as Scenario, index) : null,
      predicted: answer(predicted.outcome),
      observed: answer(observed.outcome),
      transfers: observed.transfers,
      differs: !isEqual(predicted, observed),
    }
  })
}

function scenarioFrames(scenario: Scenario): readonly Frame[] {
  return scenario.steps.map((step, index): Frame => {
    const { planned, outcome, observed, edge, includedMs, transfers } = step
    const to = edge.split('|')[2] ?? ''
    const state = to.startsWith('!') ? (edge.split('|')[0] ?? '') : to
    const told = observed === undefined || observed === null ? null : answer(observed)
    return {
      ...{ by: planned.by, action: planned.action, agreement: planned.agreement },
      ...{ atSeconds: planned.atSeconds, edge, trueMs: includedMs, transfers },
      submittedMs: submissionOf(scenario, index),
      ...{ predicted: answer(outcome), observed: told, stateModel: state, stateContract: null },
      differs: told !== null && told !== answer(outcome),
    }
  })
}

/** When the transaction of a step was first sent. */
function submissionOf({ transactions, steps }: Scenario, index: number): number | null {
  const step = steps[index]
  const own = transactions.find(
    ({ action, includedMs, block }) =>
      action === step?.planned.action && includedMs === step?.includedMs && block === step?.block,
  )
  return own?.submittedMs ?? null
}

/** Deep equality of plain data with bigint. */
function isEqual(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  if (left === null || right === null) return left === right
  const [leftKeys, rightKeys] = [Object.keys(left), Object.keys(right)]
  if (leftKeys.length !== rightKeys.length) return false
  return leftKeys.every((key) =>
    isEqual((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
  )
}
