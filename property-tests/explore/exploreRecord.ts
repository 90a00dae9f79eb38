/**
 * From finished searches to the run record: claims with their verdicts, shortest counterexamples as
 * failures, and the section `exploration`.
 */
import { declaredEdges, declaredStates } from '../../models/kit/edges.ts'
import type { Claim, Coverage, Exploration, Failure } from '../../reports/record.ts'
import { failureId } from '../kit/buildRecord.ts'
import { DIVERGENCE } from '../kit/compare.ts'
import { promisedBy } from '../kit/judge.ts'
import type { Player } from '../kit/player.ts'
import type { CheckedSubject } from '../subjects.ts'
import type { Confirmed } from './exploreJobs.ts'
import { leavingEntries, type ShownExit } from './exploreLeaving.ts'
import type { Searched } from './search.ts'
import { type ExploredWorld, WORLD_ABOUT } from './worlds.ts'

/** One searched world of one contract. */
export interface SearchedWorld {
  readonly player: Player
  readonly subject: CheckedSubject
  readonly world: ExploredWorld
  readonly asked: number
  readonly onContract: boolean
  readonly searched: Searched
}

/** A shortest counterexample over all worlds of a contract. */
export interface Counterexample {
  readonly of: SearchedWorld
  readonly id: string
  readonly shown: Confirmed
}

/** Exploring knows no regime of the simulated world: nothing but its own single faults happens. */
const REGIME = 'none'

const placeOf = ({ player, subject }: SearchedWorld) => ({
  protocol: player.binding.protocol.id,
  policy: subject.policy,
  regime: REGIME,
})

export function isExpected({ player, subject }: SearchedWorld, id: string): boolean {
  return player.binding.protocol.expectedRefutations.some(
    ({ policy, invariant }) => policy === subject.policy && invariant === id,
  )
}

const idOf = (of: SearchedWorld, id: string) => failureId({ ...placeOf(of), id })

export function explorationEntry(
  of: SearchedWorld,
  counterexamples: readonly Counterexample[],
  shownExits: readonly ShownExit[],
): Exploration {
  const { world, subject, asked, onContract, searched } = of
  const { depths, ending, found, witnesses } = searched
  const leaving = leavingEntries(of, shownExits)
  return {
    ...placeOf(of),
    world: world.name,
    about: WORLD_ABOUT[world.name],
    contract: subject.name,
    onContract,
    asked,
    explored: depths.length,
    ending,
    depths: depths.map((depth) => ({ ...depth })),
    exits: leaving.reduce((sum, { states }) => sum + states, 0),
    longestExitSeconds: Math.max(0, ...leaving.map(({ longest }) => longest?.seconds ?? 0)),
    leaving,
    unexercised: Object.keys(witnesses).filter((id) => witnesses[id] === 0),
    found: found.map(({ id, steps }) => ({
      invariant: id,
      attempts: steps.length,
      expected: isExpected(of, id) ? ('refuted' as const) : ('held' as const),
      counterexample: counterexamples.some((each) => each.of === of && each.id === id)
        ? idOf(of, id)
        : null,
    })),
  }
}

/**
 * Claims of one contract over all its worlds. What nothing put to the test is left out and named in
 * the section `exploration`; a claim that is known to be refutable, and was not refuted within the
 * bounds, is left out and named by `unrefuted`: that it held here says nothing.
 */
export function claimEntries(
  worlds: readonly SearchedWorld[],
  counterexamples: readonly Counterexample[],
  only: readonly string[],
): Claim[] {
  const [first] = worlds
  if (first === undefined) return []
  const sum = (of: (searched: Searched) => number) =>
    worlds.reduce((all, { searched }) => all + of(searched), 0)
  const ofDepths = (of: 'runs' | 'calls') =>
    sum(({ depths }) => depths.reduce((all, depth) => all + depth[of], 0))
  const { invariants } = first.player.binding.protocol
  const judged = promisedBy(invariants, first.subject.policy, only).map(
    ({ id, statement, formula }) => {
      return { id, statement, formula, witnesses: sum(({ witnesses }) => witnesses[id] ?? 0) }
    },
  )
  const agreement = {
    id: DIVERGENCE,
    statement: 'Model and contract agree after every step.',
    formula: 'outcome, error, transfers, logs, figures and balances: predicted = observed',
    witnesses: ofDepths('calls'),
  }
  const isCompared = only.length === 0 && first.onContract
  return [...judged, ...(isCompared ? [agreement] : [])].flatMap((claim): Claim[] => {
    const { id, statement, formula, witnesses } = claim
    const broken = counterexamples.find((each) => worlds.includes(each.of) && each.id === id)
    const isRefutable = isExpected(first, id)
    if (broken === undefined && (witnesses === 0 || isRefutable)) return []
    return [
      {
        ...placeOf(first),
        ...{ invariant: id, statement, formula, witnesses },
        verdict: broken === undefined ? 'held' : 'violated',
        expected: isRefutable ? 'refuted' : 'held',
        checks: ofDepths('runs'),
        counterexample: broken === undefined ? null : idOf(broken.of, id),
        note: '',
      },
    ]
  })
}

/** A sentence about what is known to be refutable and was not refuted within the bounds. */
export function unrefuted(
  worlds: readonly SearchedWorld[],
  counterexamples: readonly Counterexample[],
): readonly string[] {
  const [first] = worlds
  if (first === undefined) return []
  const { protocol, policy } = placeOf(first)
  const { expectedRefutations } = first.player.binding.protocol
  const missing = expectedRefutations
    .filter((each) => each.policy === policy)
    .map(({ invariant }) => invariant)
    .filter((id) => !counterexamples.some((each) => worlds.includes(each.of) && each.id === id))
  if (missing.length === 0) return []
  return [`${protocol} ${policy} also breaks ${missing.join(', ')}, beyond these bounds.`]
}

export function failureEntries(
  counterexamples: readonly Counterexample[],
  replayCommand: (traceFile: string) => string,
): Failure[] {
  return counterexamples.map(({ of, id, shown }) => {
    const { finding, trace, confirmed } = shown
    const name = idOf(of, id)
    const traceFile = `${name}.trace.json`
    return {
      ...placeOf(of),
      id: name,
      campaign: 'exploration',
      invariant: id,
      expected: isExpected(of, id) ? ('refuted' as const) : ('held' as const),
      evidence: finding.evidence,
      stepIndex: finding.stepIndex,
      contract: of.subject.name,
      run: 0,
      // Found as short as it is: breadth first leaves nothing to shrink.
      stepsOriginal: trace.steps.length,
      stepsShrunk: trace.steps.length,
      shrinkCount: 0,
      confirmedOnMinedLane: confirmed,
      traceFile,
      replayCommand: replayCommand(traceFile),
      trace,
    }
  })
}

/** What of each machine was reached. */
export function coverageEntry(worlds: readonly SearchedWorld[]): Coverage[] {
  const [first] = worlds
  if (first === undefined) return []
  const { machines } = first.player.binding.protocol
  const machine = machines[first.subject.policy]
  const hits = (of: 'states' | 'edges', name: string) =>
    worlds.reduce((all, { searched }) => all + (searched[of][name] ?? 0), 0)
  return [
    {
      ...placeOf(first),
      states: declaredStates(machine).map((name) => ({ name, hits: hits('states', name) })),
      edges: declaredEdges(machine).map(({ name, ...edge }) => ({
        ...edge,
        hits: hits('edges', name),
      })),
    },
  ]
}
