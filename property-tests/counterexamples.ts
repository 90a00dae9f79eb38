/**
 * Counterexamples of a check: the first finding of each claim in each regime, made small.
 *
 * A claim of the world that breaks without faults mostly breaks in other regimes, too. So each is
 * made small in the first regime that breaks it, and what comes out is tried first in the others.
 */
import type { Part, Reports } from './checkRun.ts'
import type { Counterexample } from './kit/buildRecord.ts'
import type { Job } from './kit/jobs.ts'
import type { ScenarioDraw } from './kit/scenarioPlayer.ts'
import type { ShrunkScenario } from './kit/scenarioShrink.ts'
import type { FirstFinding } from './kit/tally.ts'

/** Findings that one job makes small: one, or those that the same run of the world shows. */
export type Group = readonly [FirstFinding, ...FirstFinding[]]

/** Findings by job, those first that show something new; the others can be given a hint. */
export function findingGroups(findings: readonly FirstFinding[]): {
  readonly first: readonly Group[]
  readonly later: readonly Group[]
} {
  const known = new Set<string>()
  const first: Group[] = []
  const later: Group[] = []
  for (const group of shownTogether(findings)) {
    const claims = group.map(claimOf)
    const isNew = claims.some((claim) => !known.has(claim))
    for (const claim of claims) known.add(claim)
    if (isNew || group[0].place.campaign !== 'scenario') first.push(group)
    else later.push(group)
  }
  return { first, later }
}

const claimOf = ({ policy, finding }: FirstFinding) => `${policy} ${finding.id}`

/** Jobs for some of the findings, and a counterexample for each that was made small. */
export function counterexamplePart(
  groups: readonly Group[],
  known: ReadonlyMap<FirstFinding, Counterexample> = new Map(),
): Part<Map<FirstFinding, Counterexample>> {
  const smallest = new Map<string, ScenarioDraw>()
  for (const [first, { world }] of known) {
    const claim = claimOf(first)
    if (world !== undefined && !smallest.has(claim)) smallest.set(claim, world.draw)
  }
  const jobs = groups.map((group): Job => {
    const [{ policy, finding, place }] = group
    if (place.campaign !== 'scenario') return { kind: 'shrink', policy, id: finding.id, place }
    const ids = group.map((each) => each.finding.id)
    const hints = Object.fromEntries(
      group.flatMap((each): [string, ScenarioDraw][] => {
        const draw = smallest.get(claimOf(each))
        return draw === undefined ? [] : [[each.finding.id, draw]]
      }),
    )
    return { kind: 'shrinkScenario', policy, options: { ...place, ids, hints } }
  })
  return { jobs, made: (reports) => madeOf(groups, reports) }
}

function madeOf(groups: readonly Group[], reports: Reports): Map<FirstFinding, Counterexample> {
  const made = new Map<FirstFinding, Counterexample>()
  for (const [index, group] of groups.entries()) {
    const report = reports[index]
    if (report?.kind === 'shrink') {
      const { finding, trace, ladder, executions, confirmed } = report.result
      const stepsOriginal = ladder[0]?.actions ?? trace.steps.length
      const [first] = group
      const sizes = { stepsOriginal, executions, ladder }
      made.set(first, { first, finding, trace, ...sizes, confirmed })
    }
    if (report?.kind !== 'shrinkScenario') continue
    for (const [at, first] of group.entries()) {
      const shrunk = report.result[at]
      if (shrunk !== undefined) made.set(first, ofWorld(first, shrunk))
    }
  }
  return made
}

function ofWorld(first: FirstFinding, shrunk: ShrunkScenario): Counterexample {
  const { finding, trace, draw, played, originalSteps, runs, ladder, confirmed } = shrunk
  const sizes = { stepsOriginal: originalSteps, executions: runs, ladder }
  return { first, finding, trace, ...sizes, confirmed, world: { draw, played } }
}

/** Findings one by one; those that the same run of the world shows are shrunk together. */
function shownTogether(findings: readonly FirstFinding[]): readonly Group[] {
  const groups = new Map<string, [FirstFinding, ...FirstFinding[]]>()
  for (const [index, first] of findings.entries()) {
    const { policy, place } = first
    const isWorld = place.campaign === 'scenario'
    const key = isWorld ? JSON.stringify({ policy, place }) : String(index)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [first])
    else group.push(first)
  }
  return [...groups.values()]
}
