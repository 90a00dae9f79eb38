/**
 * Breadth first over the states of one world: every state of a depth before any of the next, so
 * the first counterexample of a claim is a shortest one.
 *
 * The order of states is that of their discovery and does not depend on workers. A depth counts as
 * explored when all its states were; what an interruption leaves half done is not counted, but a
 * counterexample that was found there stays one.
 */
import { DIVERGENCE } from '../kit/compare.ts'
import { bothLeaving, type LeavingOfParties } from './exits.ts'
import type {
  Expanded,
  ExploreJob,
  ExploreReport,
  ExploreSetting,
  ExploreThreads,
  Node,
} from './exploreJobs.ts'
import { type Found, shortestOf } from './onContract.ts'

type Counts = Readonly<Record<string, number>>

/** What one depth added: the attempts from all states that are one attempt less away. */
export interface Depth {
  /** States that were reached first with this many attempts. */
  readonly states: number
  readonly accepted: number
  readonly refused: number
  readonly followed: number
  readonly runs: number
  readonly calls: number
}

/** Why a search ended. */
export type Ending = 'depth' | 'exhausted' | 'counterexample' | 'budget' | 'interrupted'

export interface Searched {
  /** One entry for each depth from 1 on that was explored completely. */
  readonly depths: readonly Depth[]
  readonly ending: Ending
  readonly found: readonly Found[]
  readonly edges: Counts
  readonly states: Counts
  readonly witnesses: Counts
  /** Ways out by party. */
  readonly leaving: LeavingOfParties
}

export interface SearchOptions {
  readonly threads: Pick<ExploreThreads, 'runAll'>
  readonly setting: ExploreSetting
  readonly depth: number
  /** @defaultValue few enough that workers share a depth evenly */
  readonly nodesPerJob?: number
  /** Whether a finding is one that the policy is known to show. */
  isExpected(id: string): boolean
  /** Why no job must begin any more, or null. */
  halted(): 'budget' | 'interrupted' | null
  onReport(report: ExploreReport, done: number, total: number, depth: number): void
}

/** Depths that are searched for a broken claim after model and contract were seen to differ. */
const DEPTHS_AFTER_DIVERGENCE = 2

const NODES_PER_JOB = 12

export async function search(options: SearchOptions): Promise<Searched> {
  const seen = new Set<string>()
  const seenWithFault = new Set<string>()
  const depths: Depth[] = []
  const sums: Sums = { edges: {}, states: {}, witnesses: {}, leaving: {} }
  let found: readonly Found[] = []
  const searched = (ending: Ending): Searched => ({ depths, ending, found, ...sums })
  let frontier: readonly Node[] = [{ steps: [], fault: null, hasParted: false }]
  while (depths.length < options.depth) {
    if (frontier.length === 0) return searched('exhausted')
    const reports = await expandAll(options, frontier, depths.length + 1)
    found = shortestOf([...found, ...reports.flatMap((each) => each?.found ?? [])])
    const whole = reports.flatMap((each) => (each === undefined ? [] : [each]))
    if (whole.length < reports.length) return searched(options.halted() ?? 'interrupted')
    frontier = newNodes(whole, seen, seenWithFault)
    for (const report of whole) addInto(sums, report)
    const sum = (of: (each: Expanded) => number) => whole.reduce((all, each) => all + of(each), 0)
    depths.push({
      states: frontier.length,
      accepted: sum((each) => each.accepted),
      refused: sum((each) => each.refused),
      followed: sum((each) => each.followed),
      runs: sum((each) => each.runs),
      calls: sum((each) => each.calls),
    })
    if (isAnswered(options, found, depths.length)) return searched('counterexample')
  }
  return searched(frontier.length === 0 ? 'exhausted' : 'depth')
}

/**
 * Whether nothing deeper has to be looked at: a claim is broken that should hold, or model and
 * contract differ and no claim has broken a little further on.
 */
function isAnswered(
  { isExpected }: SearchOptions,
  found: readonly Found[],
  depth: number,
): boolean {
  const unexpected = found.filter(({ id }) => !isExpected(id))
  return unexpected.some(
    ({ id, steps }) => id !== DIVERGENCE || depth - steps.length >= DEPTHS_AFTER_DIVERGENCE,
  )
}

async function expandAll(
  { threads, setting, nodesPerJob = NODES_PER_JOB, halted, onReport }: SearchOptions,
  nodes: readonly Node[],
  depth: number,
): Promise<readonly (Expanded | undefined)[]> {
  const jobs: ExploreJob[] = []
  for (let from = 0; from < nodes.length; from += nodesPerJob) {
    jobs.push({ kind: 'expand', nodes: nodes.slice(from, from + nodesPerJob) })
  }
  let done = 0
  const reports = await threads.runAll(
    jobs.map((job) => ({ setting, job })),
    {
      mayStart: () => halted() === null,
      onResult(report, { job }) {
        done += job.kind === 'expand' ? job.nodes.length : 0
        onReport(report, done, nodes.length, depth)
      },
    },
  )
  return reports.map((each) => (each?.kind === 'expand' ? each : undefined))
}

/**
 * States that were not reached before. What can follow after a fault can follow without one, too,
 * so those without come first.
 */
function newNodes(
  reports: readonly Expanded[],
  seen: Set<string>,
  seenWithFault: Set<string>,
): readonly Node[] {
  const nodes: Node[] = []
  const successors = reports.flatMap((each) => each.successors)
  for (const { node, key } of successors) {
    if (node.fault !== null || seen.has(key)) continue
    seen.add(key)
    nodes.push(node)
  }
  for (const { node, key } of successors) {
    if (node.fault === null || seen.has(key) || seenWithFault.has(key)) continue
    seenWithFault.add(key)
    nodes.push(node)
  }
  return nodes
}

interface Sums {
  edges: Counts
  states: Counts
  witnesses: Counts
  leaving: LeavingOfParties
}

function addInto(sums: Sums, report: Expanded): void {
  sums.edges = added(sums.edges, report.edges)
  sums.states = added(sums.states, report.states)
  sums.witnesses = added(sums.witnesses, report.witnesses)
  sums.leaving = bothLeaving(sums.leaving, report.leaving)
}

function added(into: Counts, more: Counts): Counts {
  const sum: Record<string, number> = { ...into }
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
