/**
 * The conformance campaign, in chunks: drawn sequences of any action by anyone, executed on the
 * real contract and compared with the model after every step.
 *
 * A chunk is a pure function of (seed, protocol, policy, contract, chunk index), so chunks can run
 * on any number of workers and merge to the same bytes. Runs inside a chunk overlap on one Anvil.
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Trace } from '../../models/kit/trace.ts'
import { createPairCounter } from '../coverage/reached.ts'
import { type Execution, executePlan } from './execute.ts'
import { type Finding, judgeTrace, promisedBy } from './judge.ts'
import { type Draw, type Plan, planDraw } from './plan.ts'
import type { Player } from './player.ts'

export const RUNS_PER_CHUNK = 25
/** Sequences of fast-check's default size have four actions; these reach every state. */
export const COMMANDS_MAX = 40
/** Runs at once: a whole chunk, as the batch lane sends together what is asked for together. */
const OVERLAP = RUNS_PER_CHUNK

/** What fast-check draws for one run. Zeros are the simplest choice everywhere. */
export function drawArbitrary(player: Player): fc.Arbitrary<Draw> {
  return fc.record({
    setup: player.setup,
    commands: fc.array(player.command, { minLength: 1, maxLength: COMMANDS_MAX, size: 'max' }),
    leavers: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
  })
}

/** A 31-bit seed for fast-check from words and numbers; stable across machines. */
export function derivedSeed(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('|')).digest().readUInt32BE(0) >>> 1
}

export interface ChunkOptions {
  readonly seed: number
  readonly chunkIndex: number
  /** At most `RUNS_PER_CHUNK`. */
  readonly runs: number
  readonly only: readonly string[]
}

/** A finding and the run in which it first showed. */
export interface ChunkFinding extends Finding {
  readonly runIndex: number
}

/** Plain data: crosses threads and merges. */
export interface ChunkResult {
  readonly runs: number
  readonly steps: number
  readonly accepted: number
  readonly edges: Readonly<Record<string, number>>
  /** Edges that followed each other, by `pairKey`. */
  readonly pairs: Readonly<Record<string, number>>
  /** Errors with which the contract refused calls. */
  readonly reverts: Readonly<Record<string, number>>
  /** Hits of each state, counted after each step. */
  readonly states: Readonly<Record<string, number>>
  /** Number of runs by number of steps, and by number of accepted steps. */
  readonly stepsPerRun: Readonly<Record<number, number>>
  readonly acceptedPerRun: Readonly<Record<number, number>>
  /** Number of runs by number of distinct states that they reached. */
  readonly statesPerRun: Readonly<Record<number, number>>
  readonly witnesses: Readonly<Record<string, number>>
  /** First finding of each id. */
  readonly findings: readonly ChunkFinding[]
  readonly digest: string
}

/** What the draws of a chunk depend on. */
interface Drawer {
  readonly player: Player
  readonly subject: Pick<Execution['subject'], 'policy'>
}

export function chunkSeed(execution: Drawer, options: ChunkOptions): number {
  const { player, subject } = execution
  const { id } = player.binding.protocol
  return derivedSeed(options.seed, id, subject.policy, options.chunkIndex)
}

/** The draws of a chunk, in order. */
export function chunkDraws(execution: Drawer, options: ChunkOptions): Draw[] {
  const seed = chunkSeed(execution, options)
  return fc.sample(drawArbitrary(execution.player), { seed, numRuns: options.runs })
}

/** The draws of a chunk as attempts. */
export function chunkPlans(execution: Drawer, options: ChunkOptions): Plan[] {
  const { player, subject } = execution
  return chunkDraws(execution, options).map((draw) => planDraw(player, subject.policy, draw))
}

export async function runChunk(execution: Execution, options: ChunkOptions): Promise<ChunkResult> {
  return runPlans(execution, chunkPlans(execution, options), options.only)
}

/** Executes plans side by side, judges them and counts what they reached. */
export async function runPlans(
  execution: Execution,
  plans: readonly Plan[],
  only: readonly string[],
): Promise<ChunkResult> {
  const traces: Trace[] = new Array(plans.length)
  await overlapping(plans.length, OVERLAP, async (index) => {
    traces[index] = await executePlan(execution, plans[index] as Plan)
  })
  return summarise(execution, only, traces)
}

/** Judges traces and counts what they reached; the same traces give the same result. */
export function summarise(
  { player, subject }: Execution,
  only: readonly string[],
  traces: readonly Trace[],
): ChunkResult {
  const { invariants } = player.binding.protocol
  const promised = promisedBy(invariants, subject.policy, only)
  const counts = { edges: counter(), states: counter(), witnesses: counter() }
  const further = { pairs: counter(), reverts: counter() }
  const lengths = { steps: counter(), accepted: counter(), states: counter() }
  const findings = new Map<string, ChunkFinding>()
  const digest = createHash('sha256')
  let steps = 0
  let accepted = 0
  for (const [runIndex, trace] of traces.entries()) {
    const verdict = judgeTrace(trace, promised)
    for (const finding of verdict.findings) {
      if (!findings.has(finding.id)) findings.set(finding.id, { ...finding, runIndex })
    }
    for (const [id, count] of Object.entries(verdict.witnesses)) counts.witnesses.add(id, count)
    let acceptedHere = 0
    const statesHere = new Set<string>()
    const countPair = createPairCounter(further.pairs.add)
    for (const step of trace.steps) {
      counts.edges.add(step.edge)
      countPair(step)
      const view = step.observed.after.agreements[step.planned.agreement]
      const state = view?.state ?? 'unknown'
      counts.states.add(state)
      statesHere.add(state)
      const { accepted: isAccepted, error } = step.observed.outcome
      if (isAccepted) acceptedHere += 1
      else further.reverts.add(error ?? 'revert without data')
      digest.update(stepText(trace, step))
    }
    steps += trace.steps.length
    accepted += acceptedHere
    lengths.steps.add(String(trace.steps.length))
    lengths.accepted.add(String(acceptedHere))
    lengths.states.add(String(statesHere.size))
  }
  return {
    runs: traces.length,
    steps,
    accepted,
    edges: counts.edges.all,
    pairs: further.pairs.all,
    reverts: further.reverts.all,
    states: counts.states.all,
    stepsPerRun: lengths.steps.all,
    acceptedPerRun: lengths.accepted.all,
    statesPerRun: lengths.states.all,
    witnesses: counts.witnesses.all,
    findings: [...findings.values()],
    digest: digest.digest('hex'),
  }
}

/**
 * Everything of a step that the digest covers: attempt, outcome, gas and the figures afterwards.
 */
function stepText(trace: Trace, step: Trace['steps'][number]): string {
  const { planned, observed, edge, gasUsed } = step
  const view = observed.after.agreements[planned.agreement]
  const figures = view === undefined ? '' : Object.values(view.figures).join(',')
  const token = trace.agreements[planned.agreement]?.token ?? ''
  const balances = Object.values(observed.after.balances[token] ?? {}).join(',')
  const outcome = observed.outcome.error ?? 'accepted'
  return `${edge};${planned.by};${planned.atSeconds};${outcome};${figures};${balances};${gasUsed}\n`
}

/** Counts by key, as plain data. */
export function counter() {
  const all: Record<string, number> = {}
  return {
    all,
    add(key: string, count = 1) {
      all[key] = (all[key] ?? 0) + count
    },
  }
}

/** Runs `task` for 0 … count − 1 with at most `width` at once. */
export async function overlapping(
  count: number,
  width: number,
  task: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      await task(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane))
}
