/**
 * `explore`: every order of attempts up to a depth, for each policy of each protocol, on the model
 * and on the contract, and what is wrong there by a shortest counterexample, if anything is.
 *
 * The command line calls `runExplore` and knows nothing else of it.
 */
import type { Policy } from '../../models/kit/trace.ts'
import type { RunRecord } from '../../reports/record.ts'
import { summarise } from '../../reports/verdict.ts'
import { runName } from '../../reports/writeRun.ts'
import type { ProgressEvent } from '../check.ts'
import { playerOf } from '../players.ts'
import { replayArguments } from '../replay.ts'
import { type CheckedSubject, checkedSubjects } from '../subjects.ts'
import { toolVersions, wallFacts } from '../wall.ts'
import { createExploreThreads, type ExploreReport, type ExploreThreads } from './exploreJobs.ts'
import { exitSamples, longestExits, openExits, type ShownExit } from './exploreLeaving.ts'
import {
  type Counterexample,
  claimEntries,
  coverageEntry,
  explorationEntry,
  failureEntries,
  isExpected,
  type SearchedWorld,
  unrefuted,
} from './exploreRecord.ts'
import { type Found, shortestOf } from './onContract.ts'
import { search } from './search.ts'
import { type ExploredWorld, exploredWorlds } from './worlds.ts'

/** Depth when none is asked for. */
export const DEPTH_DEFAULT = 6
/** Two agreements are explored less deep: their states multiply. */
export const DEPTH_OF_TWO_MAX = 4

export interface ExploreOptions {
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  /** Null when it was not asked for: then a budget may end the search earlier. */
  readonly depth: number | null
  readonly budgetMs: number | null
  readonly only: readonly string[]
  readonly workers: number
  /** Path of a user's edited Solidity file or folder; null is the contract that ships. */
  readonly contract: string | null
  readonly on: 'contract' | 'model'
  readonly outDir: string
  readonly signal: AbortSignal
  onProgress(event: ProgressEvent): void
}

/** The seed that is part of every record; nothing here is drawn. */
const SEED = 0

/** What was found about one contract. */
interface Group {
  readonly worlds: readonly SearchedWorld[]
  readonly counterexamples: readonly Counterexample[]
  readonly exits: readonly ShownExit[]
}

interface Run {
  readonly options: ExploreOptions
  readonly threads: ExploreThreads
  /** When the world that is being searched begins nothing new any more. */
  deadlineMs: number
  readonly notices: string[]
  calls: number
}

/**
 * Explores everything that was asked for; an interruption gives what was finished until then.
 *
 * @throws MeterproofError `MP_CHECK_NO_CONTRACT`, `MP_COMPILE_…`, `MP_ANVIL_…`
 */
export async function runExplore(options: ExploreOptions): Promise<RunRecord> {
  const startedAtMs = Date.now()
  const { protocols, policies, contract, budgetMs } = options
  const threads = createExploreThreads(options.workers)
  const run: Run = { options, threads, deadlineMs: Infinity, notices: [], calls: 0 }
  const endsAtMs = budgetMs === null ? Infinity : startedAtMs + budgetMs
  const groups: Group[] = []
  try {
    const asked = await Promise.all(
      protocols.map(async (protocol) => {
        const player = playerOf(protocol)
        const subjects = await checkedSubjects({ player, policies, path: contract })
        return subjects.map((subject) => ({ player, subject, worlds: exploredWorlds(player) }))
      }),
    )
    let left = asked.flat().reduce((sum, { worlds }) => sum + worlds.length, 0)
    for (const { player, subject, worlds: all } of asked.flat()) {
      const worlds: SearchedWorld[] = []
      // The shallow ones first: what they leave of a budget is the others'.
      const inOrder = all.toSorted((a, b) => depthOf(options, a) - depthOf(options, b))
      for (const world of inOrder) {
        const now = Date.now()
        run.deadlineMs = now + (endsAtMs - now) / left
        left -= 1
        worlds.push(await searchWorld(run, { player, subject, world }))
      }
      worlds.sort((a, b) => all.indexOf(a.world) - all.indexOf(b.world))
      const counterexamples = await counterexamplesOf(run, worlds)
      groups.push({ worlds, counterexamples, exits: await longestExitsOf(run, worlds) })
    }
  } finally {
    await threads.close()
  }
  return recordOf(run, groups, startedAtMs)
}

async function searchWorld(
  run: Run,
  of: Pick<SearchedWorld, 'player' | 'subject' | 'world'>,
): Promise<SearchedWorld> {
  const { options, threads } = run
  const { player, subject, world } = of
  const protocol = player.binding.protocol.id
  const { only, on, signal } = options
  const depth = depthOf(options, world)
  const label = `${protocol} ${subject.policy}, ${world.name}`
  options.onProgress({ kind: 'phase', label })
  const startedAtMs = Date.now()
  let calls = 0
  const told = new Set<string>()
  const isKnown = (id: string) => isExpected({ ...of } as SearchedWorld, id)
  const searched = await search({
    threads,
    setting: { protocol, subject, world: world.name, only, on },
    depth,
    isExpected: isKnown,
    halted() {
      if (signal.aborted) return 'interrupted'
      return Date.now() > run.deadlineMs ? 'budget' : null
    },
    onReport(report, done, total, atDepth) {
      noted(run, report, told)
      if (report.kind === 'expand') calls += report.calls
      const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
      const progress = { done, total, stepsPerSecond: calls / seconds, unit: 'calls' }
      options.onProgress({ kind: 'pulse', label: `${label}: depth ${atDepth}`, ...progress })
    },
  })
  run.calls += calls
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1)
  run.notices.push(`${label}: depth ${searched.depths.length} in ${seconds} s`)
  return { ...of, asked: depth, onContract: on === 'contract', searched }
}

const depthOf = ({ depth }: ExploreOptions, { name }: ExploredWorld) => {
  const asked = depth ?? DEPTH_DEFAULT
  return name === 'two' ? Math.min(asked, DEPTH_OF_TWO_MAX) : asked
}

function noted(run: Run, report: ExploreReport, told: Set<string>): void {
  for (const text of report.notices) {
    run.notices.push(text)
    run.options.onProgress({ kind: 'notice', text })
  }
  if (report.kind !== 'expand') return
  for (const { id, evidence } of report.found) {
    if (told.has(id)) continue
    told.add(id)
    run.options.onProgress({ kind: 'finding', invariant: id, evidence })
  }
}

/** For each claim the shortest counterexample of all worlds, on the contract and its mined lane. */
async function counterexamplesOf(
  run: Run,
  worlds: readonly SearchedWorld[],
): Promise<readonly Counterexample[]> {
  const all = worlds.flatMap((of) => of.searched.found.map((found) => ({ of, found })))
  const shortest = shortestOf(all.map(({ found }) => found))
  const chosen = shortest.flatMap((found: Found) => all.filter((each) => each.found === found))
  if (chosen.length === 0) return []
  run.options.onProgress({ kind: 'phase', label: 'counterexamples on real transactions' })
  const pieces = chosen.map(({ of, found: { id, steps } }) => ({
    setting: settingOf(run, of),
    job: { kind: 'confirm', id, steps } as const,
  }))
  const reports = await run.threads.runAll(pieces, {
    mayStart: () => true,
    onResult: (report) => noted(run, report, new Set()),
  })
  return chosen.flatMap(({ of, found: { id } }, index) => {
    const shown = reports[index]
    return shown?.kind === 'confirm' ? [{ of, id, shown }] : []
  })
}

/** The longest way out of each party over all worlds, with real transactions. */
async function longestExitsOf(
  run: Run,
  worlds: readonly SearchedWorld[],
): Promise<readonly ShownExit[]> {
  const chosen = run.options.on === 'contract' ? longestExits(worlds) : []
  if (chosen.length === 0 || run.options.signal.aborted) return []
  run.options.onProgress({ kind: 'phase', label: 'longest exits on real transactions' })
  const pieces = chosen.map(({ of, longest: { steps } }) => ({
    setting: settingOf(run, of),
    job: { kind: 'leave', steps } as const,
  }))
  const reports = await run.threads.runAll(pieces, {
    mayStart: () => true,
    onResult: (report) => noted(run, report, new Set()),
  })
  return chosen.flatMap(({ of, party }, index) => {
    const shown = reports[index]
    return shown?.kind === 'leave' ? [{ of, party, shown }] : []
  })
}

function settingOf({ options }: Run, { player, subject, world }: SearchedWorld) {
  const { only, on } = options
  return { protocol: player.binding.protocol.id, subject, world: world.name, only, on }
}

async function recordOf(
  run: Run,
  groups: readonly Group[],
  startedAtMs: number,
): Promise<RunRecord> {
  const { options } = run
  const { protocols, policies, depth, budgetMs, only, contract, workers, on } = options
  const claims = groups.flatMap(({ worlds, counterexamples }) =>
    claimEntries(worlds, counterexamples, only),
  )
  const exploration = groups.flatMap(({ worlds, counterexamples, exits }) =>
    worlds.map((world) => explorationEntry(world, counterexamples, exits)),
  )
  const failures = groups.flatMap((each) =>
    failureEntries(each.counterexamples, replayCommand(options)),
  )
  const subjects = groups.flatMap(({ worlds }) => worlds.slice(0, 1))
  return {
    schema: 'meterproof.run/1',
    command: 'explore',
    seed: SEED,
    arguments: {
      ...{ protocols: [...protocols], policies: [...policies], depth, budgetMs },
      ...{ only: [...only], contract, on },
    },
    contracts: subjects.map(({ player, subject }) =>
      contractEntry(player.binding.protocol.id, subject),
    ),
    tools: await toolVersions(),
    campaigns: [],
    claims,
    coverage: groups.flatMap(({ worlds }) => coverageEntry(worlds)),
    failures,
    canaries: [],
    samples: groups.flatMap(({ exits }) => exitSamples(exits)),
    exploration,
    notes: groups.flatMap((each) => unrefuted(each.worlds, each.counterexamples)),
    summary: summarise({
      ...{ claims, failures, canaries: [] },
      interrupted: options.signal.aborted,
      inconclusive: [
        ...(depth === null ? [] : unfinished(exploration)),
        ...groups.flatMap((each) => openExits(each.worlds, each.exits, only)),
      ],
    }),
    wall: wallFacts({ startedAtMs, workers, steps: run.calls, notes: run.notices }),
  }
}

function contractEntry(protocol: string, subject: CheckedSubject) {
  const { policy, name, bytecodeHash, source } = subject
  return { protocol, policy, name, bytecodeHash, source }
}

/** A depth that was asked for and not reached leaves the question open. */
function unfinished(exploration: NonNullable<RunRecord['exploration']>): string[] {
  return exploration.flatMap(({ protocol, policy, about, asked, explored, ending }) => {
    if (ending !== 'budget') return []
    return [`${protocol} ${policy}, ${about}: the time ended at depth ${explored} of ${asked}.`]
  })
}

/** How a user replays a trace file of this exploration. */
function replayCommand({ outDir, protocols, contract }: ExploreOptions) {
  const directory = `${outDir}/${exploreName(protocols)}`
  return (traceFile: string) => replayArguments(`${directory}/${traceFile}`, contract)
}

/** Name of the run directory. */
export function exploreName(protocols: readonly string[]): string {
  return runName({ command: 'explore', protocols, seed: SEED })
}
