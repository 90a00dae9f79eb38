/**
 * What is tried in a state: a small alphabet, derived from the player's, and single faults.
 *
 * The player's alphabet has every role, action and boundary amount. Of its times those are kept at
 * which something can change: now, a second later where it has that, and around every deadline
 * (just before, at, after). Each agreement of a run is asked for as if it were alone, so agreements
 * on the same terms have the same alphabet; that is what exchanging them stands on.
 */
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import type { Moment, Player } from '../kit/player.ts'

/** The one thing that may go wrong on the way of a call. */
export type CallFault = 'duplicate' | 'late'

export interface Attempt {
  readonly planned: PlannedStep
  /** Absent for a call on which nothing goes wrong. */
  readonly fault?: CallFault
}

export const stepText = (planned: PlannedStep) => canonicalJson(planned)

/** Every attempt without a fault, in the player's order, each once. */
export function soundAttempts(player: Player, moment: Moment): readonly PlannedStep[] {
  const all = moment.cast.agreements.flatMap((_, index) => {
    const asked = player.alphabet(alone(moment, index)).filter(({ agreement }) => agreement === 0)
    const times = timesKept(asked, moment.nowSeconds)
    const kept = asked.filter(({ atSeconds }) => times.has(atSeconds))
    return index === 0 ? kept : kept.map((planned) => ({ ...planned, agreement: index }))
  })
  const distinct = new Map(all.map((planned) => [stepText(planned), planned]))
  return [...distinct.values()]
}

/** The moment as it would be if there were no other agreement. */
export function alone({ cast, population, nowSeconds }: Moment, index: number): Moment {
  if (cast.agreements.length === 1) return { cast, population, nowSeconds }
  const agreement = { ...(cast.agreements[index] as Agreement), index: 0 }
  const { snapshots, view } = population
  return {
    cast: { ...cast, agreements: [agreement] },
    population: {
      snapshots: snapshots.slice(index, index + 1),
      view: { ...view, agreements: view.agreements.slice(index, index + 1) },
    },
    nowSeconds,
  }
}

/** Times that stand beside another one: those around deadlines. */
function timesKept(asked: readonly PlannedStep[], nowSeconds: number): ReadonlySet<number> {
  const times = new Set(asked.map(({ atSeconds }) => atSeconds))
  const isBoundary = (at: number) => times.has(at + 1) || (at - 1 > nowSeconds && times.has(at - 1))
  return new Set([...times].filter((at) => at - nowSeconds <= 1 || isBoundary(at)))
}

/**
 * Attempts on which one thing goes wrong: the last call is delivered twice, or a call of now comes
 * only after the next deadline, with the words that it had now.
 */
export function faultyAttempts(
  moment: Moment,
  sound: readonly PlannedStep[],
  last: PlannedStep | undefined,
): readonly Attempt[] {
  const { nowSeconds } = moment
  const known = new Set(sound.map(stepText))
  const attempts: Attempt[] = []
  const add = (planned: PlannedStep, fault: CallFault) => {
    const text = stepText(planned)
    if (known.has(text)) return
    known.add(text)
    attempts.push({ planned, fault })
  }
  if (last !== undefined) add(last, 'duplicate')
  const lateAt = afterNextDeadline(sound, nowSeconds)
  if (lateAt === null) return attempts
  for (const planned of sound) {
    if (planned.atSeconds === nowSeconds) add({ ...planned, atSeconds: lateAt }, 'late')
  }
  return attempts
}

/** The last of the first times that follow each other, or null when no deadline lies ahead. */
function afterNextDeadline(sound: readonly PlannedStep[], nowSeconds: number): number | null {
  const times = new Set(sound.map(({ atSeconds }) => atSeconds))
  const ahead = [...times].filter((at) => at > nowSeconds + 1).sort((a, b) => a - b)
  let [after] = ahead
  if (after === undefined) return null
  while (times.has(after + 1)) after += 1
  return after
}
