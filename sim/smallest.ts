/**
 * The designer's question, as it is typed: `challengeSeconds`, or `challengeSeconds=60..7200`. How
 * small may the parameter be before somebody loses?
 *
 * Pure: says what is asked and refuses what cannot be, before anything runs. Which parameters can
 * be asked for, and what a loss is, a world declares.
 */
import { assert } from '../models/kit/error.ts'
import { refusal, type SweepParameter, type SweepRange, sweepParametersOf } from './sweep.ts'
import type { RunFacts } from './world/facts.ts'
import type {
  MeasureInfo,
  SimulatedWorld,
  SimulationSpec,
  SmallestInfo,
} from './world/simulated.ts'

export interface SmallestQuestion extends SmallestInfo {
  readonly setting: SweepParameter
  readonly measure: MeasureInfo
  /** Values that are considered, both ends included. */
  readonly range: SweepRange
}

/** Everything that can be asked of a world, over the whole ranges of its parameters. */
export function questionsOf(world: SimulatedWorld): readonly SmallestQuestion[] {
  const settings = sweepParametersOf(world)
  return (world.smallest ?? []).map((info) => {
    const setting = settings.find(({ name }) => name === info.parameter)
    const measure = world.measures.find(({ name }) => name === info.loss)
    assert(setting !== undefined, `${info.parameter} is a parameter of ${world.protocol}`)
    assert(setting.range !== null, `${info.parameter} has a range`)
    assert(measure?.from === 'samples', `${info.loss} is among the samples of ${world.protocol}`)
    return { ...info, setting, measure, range: setting.range }
  })
}

const FORMS = 'a parameter, or a range of it (60..7200)'

/** @throws MeterproofError `MP_SWEEP_VALUE`, `MP_SWEEP_RANGE_EMPTY`, `MP_SWEEP_OUT_OF_RANGE` */
function rangeIn({ parameter, setting, range }: SmallestQuestion, text: string): SweepRange {
  const [from, to] = /^(\d{1,39})\.\.(\d{1,39})$/.exec(text)?.slice(1).map(BigInt) ?? []
  if (from === undefined || to === undefined) {
    const sentence = `'${text}' is no range of ${parameter}.`
    throw refusal('MP_SWEEP_VALUE', sentence, parameter, text, FORMS)
  }
  if (to < from) {
    const sentence = `The range '${text}' of ${parameter} is empty.`
    throw refusal('MP_SWEEP_RANGE_EMPTY', sentence, parameter, text, 'from..to, from at most to')
  }
  const wrong = from < range.least ? from : to > range.most ? to : null
  if (wrong === null) return { least: from, most: to }
  const sentence = `${parameter} cannot be ${wrong}.`
  throw refusal('MP_SWEEP_OUT_OF_RANGE', sentence, parameter, text, setting.allowed)
}

/**
 * What `--smallest` and `--loss` ask. A parameter may be to prevent several losses; the first that
 * the world names is meant when nobody says which.
 *
 * @throws MeterproofError `MP_SWEEP_SMALLEST` when it cannot be asked, and as `rangeIn`
 */
export function parseSmallest(
  world: SimulatedWorld,
  typed: string,
  loss: string | null = null,
): SmallestQuestion {
  const [name = '', ...rest] = typed.split('=').map((part) => part.trim())
  const all = questionsOf(world)
  const questions = all.filter(({ parameter }) => parameter === name)
  if (questions.length === 0) {
    const sentence = `The smallest safe '${name}' of ${world.protocol} cannot be asked for.`
    const names = [...new Set(all.map(({ parameter }) => parameter))].join(', ')
    const allowed = names === '' ? `nothing of ${world.protocol}` : names
    throw refusal('MP_SWEEP_SMALLEST', sentence, 'smallest', name, allowed)
  }
  const question = questions.find((each) => loss === null || each.loss === loss)
  if (question === undefined) {
    const sentence = `${name} of ${world.protocol} is to prevent no loss '${loss}'.`
    const allowed = questions.map((each) => each.loss).join(', ')
    throw refusal('MP_SWEEP_SMALLEST', sentence, 'loss', loss ?? '', allowed)
  }
  if (rest.length === 0) return question
  return { ...question, range: rangeIn(question, rest.join('=')) }
}

/** A value as the world takes it. */
export function settingAt({ setting }: SmallestQuestion, value: bigint): number | bigint {
  return setting.kind === 'amount' ? value : Number(value)
}

/** The design with the parameter at that value. */
export function designAt(
  question: SmallestQuestion,
  spec: SimulationSpec,
  value: bigint,
): SimulationSpec {
  return question.setting.with(spec, settingAt(question, value))
}

/**
 * What a run loses. One that was given up before it was over may lose anything yet, and counts as
 * losing all that is at stake.
 */
export function lossOf(question: SmallestInfo, spec: SimulationSpec, facts: RunFacts): bigint {
  const most = question.most(spec)
  const samples = facts.samples[question.loss] ?? []
  if (samples.length === 0 && facts.isStarted && !facts.isOver) return most
  const loss = samples.reduce<bigint>((sum, sample) => sum + BigInt(sample), 0n)
  assert(loss >= 0n && loss <= most, `run ${facts.run} loses at most what is at stake`)
  return loss
}
