/**
 * The work of an exploration, cut into jobs: some states of one depth, each a pure function of its
 * description, so that many workers write what one writes.
 *
 * A worker keeps its prepared Anvil as long as jobs are about the same contract.
 */
import { assert } from '../../models/kit/error.ts'
import type { PlannedStep } from '../../models/kit/trace.ts'
import { lookFor } from '../kit/detect.ts'
import { promisedBy } from '../kit/judge.ts'
import { castOf, type Plan, planSteps } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { confirmOnMined } from '../kit/shrink.ts'
import { openTestbed, type Subject, type Testbed } from '../kit/testbed.ts'
import { createThreads, type Threads } from '../kit/threads.ts'
import { playerOf } from '../players.ts'
import type { CallFault } from './alphabet.ts'
import { type Expansion, expand } from './expand.ts'
import { type KeyOptions, PLAIN_KEY } from './key.ts'
import { type Found, lookAt, onContract, onModel, shortestOf, type Tracer } from './onContract.ts'
import { exploredWorlds, type WorldName } from './worlds.ts'

/** A state of the search, by a shortest way there. */
export interface Node {
  readonly steps: readonly PlannedStep[]
  /** What has gone wrong on the way, or null. */
  readonly fault: CallFault | null
}

/** What all jobs of one world share. */
export interface ExploreSetting {
  readonly protocol: string
  readonly subject: Subject
  readonly world: WorldName
  /** Ids of invariants; all when empty. */
  readonly only: readonly string[]
  /** `model` judges what the model foretells, without a contract. */
  readonly on: 'contract' | 'model'
}

export type ExploreJob =
  | { readonly kind: 'expand'; readonly nodes: readonly Node[] }
  | { readonly kind: 'confirm'; readonly id: string; readonly steps: readonly PlannedStep[] }

export interface ExplorePiece {
  readonly setting: ExploreSetting
  readonly job: ExploreJob
}

/** A state that one of a job's states leads to. */
export interface Successor {
  readonly node: Node
  readonly key: string
}

type Counts = Readonly<Record<string, number>>

/** What the states of a job lead to, and what was wrong there; plain data. */
export interface Expanded {
  readonly kind: 'expand'
  readonly successors: readonly Successor[]
  /** Attempts by edge of the machine, refusals included. */
  readonly edges: Counts
  /** States by name, of agreement 0. */
  readonly states: Counts
  readonly witnesses: Counts
  readonly found: readonly Found[]
  readonly accepted: number
  readonly refused: number
  /** Attempts that lead on in the search. */
  readonly followed: number
  readonly runs: number
  readonly calls: number
  readonly exits: number
  readonly longestExitSeconds: number
  readonly notices: readonly string[]
}

/** A counterexample as the contract shows it. */
export interface Confirmed {
  readonly kind: 'confirm'
  readonly trace: Awaited<ReturnType<typeof lookFor>>['trace']
  readonly finding: Awaited<ReturnType<typeof lookFor>>['finding']
  readonly confirmed: boolean
  readonly notices: readonly string[]
}

export type ExploreReport = Expanded | Confirmed

/** Runners for one contract after the other, each with an Anvil of its own. */
export function createExploreRunners(key: KeyOptions = PLAIN_KEY) {
  let current: { readonly name: string; readonly bed: Promise<Testbed> } | null = null
  let notices: string[] = []
  const close = async () => {
    const { bed } = current ?? {}
    current = null
    await (await bed?.catch(() => null))?.close()
  }
  async function bedFor(player: Player, { protocol, subject }: ExploreSetting) {
    const name = `${protocol} ${subject.name} ${subject.bytecode}`
    if (current?.name !== name) {
      await close()
      const onRestart = () => {
        notices.push('Anvil ended in mid-run and was started again.')
      }
      const cases = [...new Set(exploredWorlds(player).map(({ setup }) => setup.caseIndex))]
      const bed = openTestbed({
        binding: player.binding,
        subjects: [subject],
        cases: cases.map((index) => player.cases[index] ?? {}),
        onRestart,
      })
      current = { name, bed }
    }
    return current.bed
  }
  return {
    async run({ setting, job }: ExplorePiece): Promise<ExploreReport> {
      const player = playerOf(setting.protocol)
      const { subject } = setting
      const isOnContract = setting.on === 'contract' || job.kind === 'confirm'
      const testbed = isOnContract ? await bedFor(player, setting) : null
      const execution = testbed && { testbed, lane: testbed.batch, player, subject }
      const trace = execution === null ? onModel : onContract(execution)
      const world = worldNamed(player, setting.world)
      const cast = castOf(player, subject.policy, world.setup)
      const told = notices
      notices = []
      if (job.kind === 'expand') {
        const expanded = job.nodes.map(({ steps, fault }) =>
          expand(planSteps(cast, steps), fault, { player, key, callFault: world.callFault }),
        )
        return { ...(await summed(expanded, trace, { player, setting })), notices: told }
      }
      assert(execution !== null, 'a counterexample is confirmed on the contract')
      const looked = await lookFor(execution, planSteps(cast, job.steps), job.id)
      const confirmed = await confirmOnMined(execution, looked.trace, job.id)
      return { kind: 'confirm', ...looked, confirmed, notices: told }
    },
    close,
  }
}

function worldNamed(player: Player, name: WorldName) {
  const world = exploredWorlds(player).find((each) => each.name === name)
  assert(world !== undefined, `there is a world ${name}`)
  return world
}

async function summed(
  expansions: readonly Expansion[],
  trace: Tracer,
  { player, setting }: { readonly player: Player; readonly setting: ExploreSetting },
): Promise<Omit<Expanded, 'notices'>> {
  const { subject, only } = setting
  const invariants = promisedBy(player.binding.protocol.invariants, subject.policy, only)
  const looked = await Promise.all(expansions.map((each) => lookAt(each, trace, invariants)))
  const counts = { edges: counter(), states: counter(), witnesses: counter() }
  const successors = new Map<string, Successor>()
  for (const [index, { plan, edges, refusals }] of expansions.entries()) {
    counts.states.add(stateOf(plan))
    for (const [edge, count] of Object.entries(refusals)) counts.edges.add(edge, count)
    for (const each of edges) {
      if (each.accepted) counts.edges.add(each.edge)
      if (each.key === null) continue
      const { fault, key } = each
      const known = `${fault === null} ${key}`
      if (!successors.has(known)) {
        successors.set(known, { node: { steps: each.plan.steps, fault }, key })
      }
    }
    for (const [id, count] of Object.entries(looked[index]?.witnesses ?? {})) {
      counts.witnesses.add(id, count)
    }
  }
  const sum = (of: (each: Expansion) => number) => expansions.reduce((all, x) => all + of(x), 0)
  const sumLooked = (of: 'runs' | 'calls') => looked.reduce((all, each) => all + each[of], 0)
  const exits = expansions.flatMap((each) => each.exits)
  return {
    kind: 'expand',
    successors: [...successors.values()],
    edges: counts.edges.all,
    states: counts.states.all,
    witnesses: counts.witnesses.all,
    found: shortestOf(looked.flatMap(({ found }) => found)),
    accepted: sum(({ edges }) => edges.filter(({ accepted }) => accepted).length),
    refused: sum(({ refusals }) => Object.values(refusals).reduce((all, n) => all + n, 0)),
    followed: sum(({ edges }) => edges.filter(({ key }) => key !== null).length),
    runs: sumLooked('runs'),
    calls: sumLooked('calls'),
    exits: exits.length,
    longestExitSeconds: Math.max(0, ...exits.map(({ seconds }) => seconds)),
  }
}

const stateOf = ({ start, predictions }: Plan) =>
  (predictions.at(-1)?.population ?? start).view.agreements[0]?.state ?? 'unknown'

function counter() {
  const all: Record<string, number> = {}
  return {
    all,
    add(name: string, count = 1) {
      all[name] = (all[name] ?? 0) + count
    },
  }
}

export type ExploreThreads = Threads<ExplorePiece, ExploreReport>

/** The workers of an exploration. */
export function createExploreThreads(workers: number): ExploreThreads {
  return createThreads<ExplorePiece, ExploreReport>({
    workers,
    inThread: () => createExploreRunners(),
    module: { url: new URL('./worker', import.meta.url), name: 'runExplorePiece' },
  })
}
