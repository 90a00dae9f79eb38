/**
 * Where time and money of a session stand at a step: what the two progress bars show.
 *
 * Read from the figures that the contract itself keeps, and from the world's ground truth where
 * there is one. Nothing is computed that the trace does not say.
 */
import type { StoredTrace } from '../../reports/traceSchema.ts'
import type { BarPart, ProgressData } from '../charts/progressBars.ts'
import { duration, grouped } from './format.ts'
import { type Frame, framesOf, type Story } from './story.ts'

/** The bars of the agreement that a step is about; null when there is nothing to show. */
export function progressAt(story: Story, step: number): ProgressData | null {
  const frames = framesOf(story)
  const frame = frames[step]
  if (frame === undefined) return null
  const depositUnits = depositAt(story.trace, frames, step)
  if (depositUnits === 0n) return null
  const money = moneyBar(frames, step, depositUnits)
  const time = timeBar(story, frame, step, depositUnits)
  return { bars: time === null ? [money] : [time, money] }
}

function figureAt(trace: StoredTrace | null, frame: Frame, step: number, name: string): bigint {
  const view = trace?.steps[step]?.observed.after.agreements[frame.agreement]
  return view?.figures[name] ?? 0n
}

/** What came in for the agreement up to the step. */
function depositAt(trace: StoredTrace | null, frames: readonly Frame[], step: number): bigint {
  const frame = frames[step] as Frame
  const paidIn = movements(frames, step).filter(({ to }) => to === 'escrow')
  const sum = paidIn.reduce((total, { amountUnits }) => total + amountUnits, 0n)
  return sum > 0n ? sum : figureAt(trace, frame, step, 'deposit')
}

function movements(frames: readonly Frame[], step: number) {
  const agreement = frames[step]?.agreement
  return frames
    .slice(0, step + 1)
    .filter((frame) => frame.agreement === agreement)
    .flatMap(({ transfers }) => transfers)
}

function moneyBar(
  frames: readonly Frame[],
  step: number,
  depositUnits: bigint,
): ProgressData['bars'][number] {
  const paid = new Map<string, bigint>()
  for (const { from, to, amountUnits } of movements(frames, step)) {
    if (from === 'escrow') paid.set(to, (paid.get(to) ?? 0n) + amountUnits)
  }
  const left = [...paid.values()].reduce((rest, units) => rest - units, depositUnits)
  const parts = [...paid].map(([holder, units]): BarPart => {
    return { name: `to ${holder}`, value: Number(units), text: `${grouped(units)} base units` }
  })
  const locked = left < 0n ? 0n : left
  const whole = left < 0n ? depositUnits - left : depositUnits
  return {
    ...{ label: 'payment', whole: Number(whole), ticks: [] },
    wholeText: `${grouped(locked)} of ${grouped(depositUnits)} locked`,
    parts,
  }
}

function timeBar(
  story: Story,
  frame: Frame,
  step: number,
  depositUnits: bigint,
): ProgressData['bars'][number] | null {
  const terms = (story.trace ?? story.scenario)?.agreements[frame.agreement]?.terms
  const rate = terms?.ratePerSecondUnits
  if (typeof rate !== 'bigint' || rate === 0n) return null
  const affordable = Number(depositUnits / rate)
  const figure = (name: string) => Number(figureAt(story.trace, frame, step, name))
  const startedAt = figure('startedAt')
  const elapsed = startedAt === 0 ? 0 : Math.max(0, frame.atSeconds - startedAt)
  const isStopped = figure('stoppedAt') > 0
  const fromEnd = story.scenario === null ? 0 : Number(story.scenario.endState.billedSeconds ?? 0)
  const isLast = story.trace === null && step === framesOf(story).length - 1
  const billed =
    story.trace === null ? (isLast ? fromEnd : 0) : isStopped ? figure('billedSeconds') : 0
  const used = isStopped || billed > 0 ? billed : Math.min(elapsed, affordable)
  const delivered = deliveredSeconds(story, frame)
  const name = isStopped || billed > 0 ? 'billed' : 'elapsed'
  const truth = delivered === null ? '' : `, delivered ${duration(delivered * 1000)}`
  return {
    ...{ label: 'time', whole: affordable },
    wholeText: `${name} ${duration(used * 1000)} of ${duration(affordable * 1000)}${truth}`,
    parts: [{ name, value: used, text: `${grouped(used)} s` }],
    ticks:
      delivered === null
        ? []
        : [{ name: 'delivered in truth', value: delivered, text: `${grouped(delivered)} s` }],
  }
}

/** Service up to the step, by the world's ground truth. */
function deliveredSeconds({ scenario }: Story, { trueMs }: Frame): number | null {
  if (scenario === null || trueMs === null) return null
  const ms = scenario.served.reduce((sum, { fromMs, untilMs }) => {
    return sum + Math.max(0, Math.min(untilMs, trueMs) - Math.min(fromMs, trueMs))
  }, 0)
  return ms / 1000
}
