/**
 * How long each party needs to leave alone, over all explored worlds of one machine.
 *
 * The time is that of a way out that was shown from every state; a quicker one may exist. The
 * deadline is what the protocol states, as a formula and as the most that it gave.
 */
import type { Exploration } from './record.ts'

type Leaving = NonNullable<Exploration['leaving']>[number]

export interface LeavingRow extends Leaving {
  readonly protocol: string
  readonly policy: Exploration['policy']
}

/** One row for each protocol, policy and party; none for records without such facts. */
export function leavingRows(exploration: readonly Exploration[]): readonly LeavingRow[] {
  const rows = new Map<string, LeavingRow>()
  for (const { protocol, policy, leaving = [] } of exploration) {
    for (const entry of leaving) {
      const name = `${protocol} ${policy} ${entry.party}`
      const known = rows.get(name)
      const row = { protocol, policy, ...entry }
      rows.set(name, known === undefined ? row : both(known, row))
    }
  }
  return [...rows.values()]
}

function both(one: LeavingRow, other: LeavingRow): LeavingRow {
  const deadlines = [one, other].flatMap(({ deadlineSeconds }) => deadlineSeconds ?? [])
  return {
    ...one,
    deadlineSeconds: deadlines.length === 0 ? null : Math.max(...deadlines),
    states: one.states + other.states,
    missed: one.missed + other.missed,
    longest: longer(one.longest, other.longest),
  }
}

/** The first goes before one that is as long. */
function longer(one: Leaving['longest'], other: Leaving['longest']): Leaving['longest'] {
  return other !== null && (one === null || other.seconds > one.seconds) ? other : one
}

/** The longest way out in words: how long, from which state, in how many calls. */
export function longestText({ longest }: Pick<LeavingRow, 'longest'>): string {
  if (longest === null) return '–'
  const { seconds, calls, from, confirmedOnMinedLane } = longest
  const shown = confirmedOnMinedLane === true ? ', real transactions' : ''
  return `${seconds} s from ${from}, ${calls} ${calls === 1 ? 'call' : 'calls'}${shown}`
}

/** The deadline as a number of seconds and as its formula. */
export function deadlineText({ deadlineSeconds, formula }: LeavingRow): string {
  if (formula === '0') return 'at once'
  return deadlineSeconds === null ? formula : `${deadlineSeconds} s (${formula})`
}
