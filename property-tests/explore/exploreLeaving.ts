/**
 * From finished searches to what the record says of leaving: for each party the deadline that is
 * stated, the states from which it was kept, and the longest way out.
 */
import type { Exploration, RunRecord } from '../../reports/record.ts'
import { EXIT_CLAIM, type LongestExit } from './exits.ts'
import type { Left } from './exploreJobs.ts'
import type { SearchedWorld } from './exploreRecord.ts'

/** The longest way out of one party, taken with real transactions. */
export interface ShownExit {
  readonly of: SearchedWorld
  readonly party: string
  readonly shown: Left
}

type LeavingEntry = NonNullable<Exploration['leaving']>[number]

/**
 * One entry for each party that must be able to leave alone, whether or not a state held it; none
 * if the claim was not judged.
 */
export function leavingEntries(
  of: SearchedWorld,
  shownExits: readonly ShownExit[],
): readonly LeavingEntry[] {
  const { player, subject, searched } = of
  if (!(EXIT_CLAIM in searched.witnesses)) return []
  return player.binding.protocol.leaving.map(({ party, deadline }) => {
    const { formula } = deadline[subject.policy]
    const facts = searched.leaving[party]
    const shown = shownExits.find((each) => each.of === of && each.party === party)?.shown
    if (facts === undefined) {
      return { party, formula, deadlineSeconds: null, states: 0, missed: 0, longest: null }
    }
    const { states, missed, deadlineSeconds, longest } = facts
    const entry = { party, formula, deadlineSeconds, states, missed }
    if (longest === null) return { ...entry, longest: null }
    const { seconds, calls, from } = longest
    const confirmedOnMinedLane = shown?.confirmed ?? null
    return { ...entry, longest: { seconds, calls, from, confirmedOnMinedLane } }
  })
}

interface LongestOfParty {
  readonly of: SearchedWorld
  readonly party: string
  readonly longest: LongestExit
}

/** For each party of one contract the longest way out of all its worlds; the first of such. */
export function longestExits(worlds: readonly SearchedWorld[]): readonly LongestOfParty[] {
  const parties = worlds[0]?.player.binding.protocol.leaving ?? []
  return parties.flatMap(({ party }) => {
    const all = worlds.flatMap((of): LongestOfParty[] => {
      const longest = of.searched.leaving[party]?.longest ?? null
      return longest === null ? [] : [{ of, party, longest }]
    })
    const most = Math.max(...all.map(({ longest }) => longest.seconds))
    return all.filter(({ longest }) => longest.seconds === most).slice(0, 1)
  })
}

/** Why it stays open whether a party can leave: no state held it, or real transactions differ. */
export function openExits(
  worlds: readonly SearchedWorld[],
  shownExits: readonly ShownExit[],
  only: readonly string[],
): readonly string[] {
  const [first] = worlds
  if (first === undefined || (only.length > 0 && !only.includes(EXIT_CLAIM))) return []
  const { id, leaving } = first.player.binding.protocol
  const { policy } = first.subject
  const isHeld = (party: string) => worlds.some(({ searched }) => party in searched.leaving)
  const unheld = leaving
    .filter(({ party }) => !isHeld(party))
    .map(({ party }) => `${id} ${policy}: no state was reached that holds the ${party}.`)
  const unconfirmed = shownExits
    .filter(({ of, shown }) => worlds.includes(of) && !shown.confirmed)
    .map(({ party }) => `${id} ${policy}: real transactions do not show how the ${party} leaves.`)
  return [...unheld, ...unconfirmed]
}

/** The longest ways out as runs that a reader can step through. */
export function exitSamples(shownExits: readonly ShownExit[]): RunRecord['samples'] {
  return shownExits.map(({ of, party, shown }) => ({
    protocol: of.player.binding.protocol.id,
    policy: of.subject.policy,
    regime: 'none',
    campaign: `longest exit of ${party}`,
    run: 0,
    trace: shown.trace,
  }))
}
