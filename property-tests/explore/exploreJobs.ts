/**
 * The work of an exploration, cut into jobs: some states of one depth, each a pure function of its
 * description, so that many workers write what one writes.
 *
 * A worker keeps its prepared Anvil as long as jobs are about the same contract.
 */
import { setImmediate } from 'node:timers/promises'
import { assert } from '../../models/kit/error.ts'
import type { Cast } from '../../models/kit/population.ts'
import type { PlannedStep, Trace } from '../../models/kit/trace.ts'
import { overlapping } from '../kit/conformance.ts'
import { lookFor } from '../kit/detect.ts'
import { type Execution, executePlan } from '../kit/execute.ts'
import { type Finding, judgeTrace, promisedBy } from '../kit/judge.ts'
import { castOf, type Plan, planSteps } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { confirmOnMined } from '../kit/shrink.ts'
import { openTestbed, type Subject, type Testbed } from '../kit/testbed.ts'
import { createThreads, type Threads } from '../kit/threads.ts'
import { playerOf } from '../players.ts'
import type { CallFault } from './alphabet.ts'
import { bothLeaving, EXIT_CLAIM, type LeavingOfParties, leavingOfExits } from './exits.ts'
import { type Edge, type ExpandOptions, type Expansion, expand } from './expand.ts'
import { type KeyOptions, PLAIN_KEY } from './key.ts'
import { type Found, type Looked, lookAt, onContract, onModel, shortestOf } from './onContract.ts'
import { exploredWorlds, type WorldName } from './worlds.ts'

/** A state of the search, by a shortest way there. */
export interface Node {
  readonly steps: readonly PlannedStep[]
  /** What has gone wrong on the way, or null. */
  readonly fault: CallFault | null
  /** Whether the contract has gone another way than the model. */
  readonly hasParted: boolean
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
  | { readonly kind: 'leave'; readonly steps: readonly PlannedStep[] }

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
  readonly leaving: LeavingOfParties
  readonly notices: readonly string[]
}

/** A counterexample as the contract shows it. */
export interface Confirmed {
  readonly kind: 'confirm'
  readonly trace: Trace
  readonly finding: Finding
  /** Whether real transactions show the same finding. */
  readonly confirmed: boolean
  readonly notices: readonly string[]
}

/** A party's way out as real transactions show it. */
export interface Left {
  readonly kind: 'leave'
  readonly trace: Trace
  /** Whether they went as the model says, with the party out in time. */
  readonly confirmed: boolean
  readonly notices: readonly string[]
}

export type ExploreReport = Expanded | Confirmed | Left

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
      const isOnContract = setting.on === 'contract' || job.kind !== 'expand'
      const testbed = isOnContract ? await bedFor(player, setting) : null
      const execution = testbed && { testbed, lane: testbed.batch, player, subject }
      const trace = execution === null ? onModel : onContract(execution)
      const world = worldNamed(player, setting.world)
      const cast = castOf(player, subject.policy, world.setup)
      const told = notices
      notices = []
      if (job.kind === 'expand') {
        const { callFault } = world
        const expanded = await expandAll(cast, job.nodes, {
          ...{ player, key, callFault, trace },
          invariants: promisedBy(player.binding.protocol.invariants, subject.policy, setting.only),
        })
        return { ...summed(expanded), notices: told }
      }
      assert(execution !== null, 'what was found is confirmed on the contract')
      const plan = planSteps(cast, job.steps)
      const shown = await (job.kind === 'leave'
        ? leftOnMined(execution, plan)
        : confirmed(execution, plan, job.id))
      return { ...shown, notices: told }
    },
    close,
  }
}

/** Repeats a counterexample on the contract and with real transactions. */
async function confirmed(
  execution: Execution,
  plan: Plan,
  id: string,
): Promise<Omit<Confirmed, 'notices'>> {
  const { trace, finding } = await lookFor(execution, plan, id)
  assert(finding !== null, `${id} shows again when its attempts are repeated`)
  return { kind: 'confirm', trace, finding, confirmed: await confirmOnMined(execution, trace, id) }
}

/** Takes a way out with real transactions. */
async function leftOnMined(execution: Execution, plan: Plan): Promise<Omit<Left, 'notices'>> {
  const { testbed, player } = execution
  const trace = await executePlan({ ...execution, lane: testbed.mined }, plan)
  const claims = player.binding.protocol.invariants.filter(({ id }) => id === EXIT_CLAIM)
  const { findings, witnesses } = judgeTrace(trace, claims)
  const isWitnessed = (witnesses[EXIT_CLAIM] ?? 0) > 0
  return { kind: 'leave', trace, confirmed: findings.length === 0 && isWitnessed }
}

function worldNamed(player: Player, name: WorldName) {
  const world = exploredWorlds(player).find((each) => each.name === name)
  assert(world !== undefined, `there is a world ${name}`)
  return world
}

interface Tried {
  readonly expansion: Expansion
  readonly looked: Looked
}

/** A few states at once: each has hundreds of attempts. */
const STATES_AT_ONCE = 3

async function expandAll(
  cast: Cast,
  nodes: readonly Node[],
  options: ExpandOptions & Parameters<typeof lookAt>[2],
): Promise<readonly Tried[]> {
  const tried = new Array<Tried>(nodes.length)
  await overlapping(nodes.length, STATES_AT_ONCE, async (index) => {
    const { steps, fault, hasParted } = nodes[index] as Node
    // Without a contract nothing here waits for anything, and an interruption must get in.
    await setImmediate()
    const expansion = expand(planSteps(cast, steps), fault, options)
    tried[index] = { expansion, looked: await lookAt(expansion, hasParted, options) }
  })
  return tried
}

function summed(tried: readonly Tried[]): Omit<Expanded, 'notices'> {
  const counts = { edges: counter(), states: counter(), witnesses: counter() }
  const successors = new Map<string, Successor>()
  for (const { expansion, looked } of tried) {
    const { plan, edges, refusals } = expansion
    counts.states.add(stateOf(plan))
    counts.edges.addAll(refusals)
    counts.witnesses.addAll(looked.witnesses)
    for (const each of edges) {
      if (each.accepted) counts.edges.add(each.edge)
      const { fault, key } = each
      const known = `${fault === null} ${key}`
      if (key === null || successors.has(known)) continue
      const node = { steps: each.plan.steps, fault, hasParted: looked.parted.has(each) }
      successors.set(known, { node, key })
    }
  }
  const sum = (of: (each: Tried) => number) => tried.reduce((all, each) => all + of(each), 0)
  const count = (wanted: (edge: Edge) => boolean) =>
    sum(({ expansion }) => expansion.edges.filter(wanted).length)
  return {
    kind: 'expand',
    successors: [...successors.values()],
    edges: counts.edges.all,
    states: counts.states.all,
    witnesses: counts.witnesses.all,
    found: shortestOf(tried.flatMap(({ looked }) => looked.found)),
    accepted: count(({ accepted }) => accepted),
    refused: sum(({ expansion }) => Object.values(expansion.refusals).reduce((a, b) => a + b, 0)),
    followed: count(({ key }) => key !== null),
    runs: sum(({ looked }) => looked.runs),
    calls: sum(({ looked }) => looked.calls),
    leaving: tried
      .map(({ expansion, looked }) =>
        leavingOfExits(expansion.exits, (exit) => !looked.blocked.has(exit)),
      )
      .reduce(bothLeaving, {}),
  }
}

const stateOf = ({ start, predictions }: Plan) =>
  (predictions.at(-1)?.population ?? start).view.agreements[0]?.state ?? 'unknown'

function counter() {
  const all: Record<string, number> = {}
  const add = (name: string, count = 1) => {
    all[name] = (all[name] ?? 0) + count
  }
  return {
    all,
    add,
    addAll(counts: Counts) {
      for (const [name, count] of Object.entries(counts)) add(name, count)
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
