/**
 * `meterproof mutate`: every mutant of every chosen contract, the score, and what survives.
 *
 * Mutants are tried in pieces on any number of workers; results are put in the order of the
 * mutants, so the record has the same bytes however the work was cut. What is finished is kept in
 * a file and, when asked for, not done again.
 */
import { createHash } from 'node:crypto'
import { explanationsOf } from '../../contracts/mutants/explanations.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Mutation, RunRecord } from '../../reports/record.ts'
import type { ProgressEvent } from '../check.ts'
import { openResultStore, type ResultStore } from '../kit/resultStore.ts'
import { deadlineOfShare } from '../kit/shares.ts'
import { createThreads, type Threads } from '../kit/threads.ts'
import { playerOf } from '../players.ts'
import { FRAME } from '../simulation/records.ts'
import { type CheckedSubject, checkedSubjects } from '../subjects.ts'
import { toolVersions, wallFacts } from '../wall.ts'
import { contractSources, parsedSources } from './compileMutants.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { type MutationPlans, mutationPlans } from './mutationPlans.ts'
import {
  createMutationRunner,
  type MutationPiece,
  type MutationSetting,
  type Tried,
  triedSchema,
} from './mutationRunner.ts'
import { mutationSection } from './mutationSection.ts'
import { mutationNotes, mutationSummary } from './mutationSummary.ts'
import type { OperatorName } from './operator.ts'

/** Mutants that a worker compiles together, and the least that an interruption loses. */
const PIECE = 12

export interface MutateOptions {
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  /** All when empty. */
  readonly operators: readonly OperatorName[]
  /** Also what the contract shares with those of other protocols. */
  readonly shared: boolean
  readonly seed: number
  /** Drawn sequences that each mutant must face, besides all paths. */
  readonly sequences: number
  /** Part of the mutants that must be killed, 0 to 1. */
  readonly threshold: number
  /** Wall time after which nothing new is begun, in milliseconds; null is no limit. */
  readonly budgetMs: number | null
  readonly workers: number
  /** Takes over what the file of results has. */
  readonly resume: boolean
  readonly storePath: string
  readonly signal: AbortSignal
  onProgress(event: ProgressEvent): void
}

/** The mutants of one contract. */
export interface MutatedContract {
  readonly protocol: string
  readonly subject: CheckedSubject
  readonly setting: MutationSetting
  readonly mutants: readonly Mutant[]
}

export type MutantChoice = Pick<
  MutateOptions,
  'protocols' | 'policies' | 'operators' | 'shared' | 'seed' | 'sequences'
>

/**
 * The mutants of each chosen contract, in their order; nothing is run.
 *
 * @throws MeterproofError `MP_PROTOCOL_UNKNOWN`, `MP_COMPILE_…`
 */
export async function chosenMutants(options: MutantChoice): Promise<readonly MutatedContract[]> {
  const { policies, operators, shared, seed, sequences } = options
  const all: MutatedContract[] = []
  for (const protocol of options.protocols) {
    const player = playerOf(protocol)
    for (const subject of await checkedSubjects({ player, policies, path: null })) {
      const { policy, source, name } = subject
      const sources = contractSources(source, name)
      const mutants = mutantsOf(parsedSources(sources), name).filter(
        ({ operator, file }) =>
          (operators.length === 0 || operators.includes(operator)) &&
          (shared || file.startsWith(`src/${protocol}/`)),
      )
      const setting = { protocol, policy, sources, seed, sequences }
      all.push({ protocol, subject, setting, mutants })
    }
  }
  return all
}

interface Work extends MutateOptions {
  readonly store: ResultStore<Tried>
  readonly threads: Threads<MutationPiece, readonly Tried[]>
}

/**
 * Tries all mutants; an interruption or the end of the budget gives what was finished until then.
 *
 * @throws MeterproofError `MP_PROTOCOL_UNKNOWN`, `MP_COMPILE_…`, `MP_ANVIL_…`, `MP_MUTATE_STORE`
 */
export async function runMutate(options: MutateOptions): Promise<RunRecord> {
  const startedAtMs = Date.now()
  const deadlineMs = options.budgetMs === null ? Infinity : startedAtMs + options.budgetMs
  const { onProgress, workers, signal } = options
  onProgress({ kind: 'phase', label: 'reading the contracts' })
  const contracts = await chosenMutants(options)
  const store = openResultStore({
    ...{ path: options.storePath, schema: triedSchema },
    ...{ code: 'MP_MUTATE_STORE', what: 'Results' },
  })
  if (store.brokenLines.length > 0) {
    const text = `Lines ${store.brokenLines.join(', ')} of ${options.storePath} are of no use.`
    onProgress({ kind: 'notice', text })
  }
  const work: Work = {
    ...options,
    store,
    threads: createThreads<MutationPiece, readonly Tried[]>({
      workers,
      inThread: createMutationRunner,
      module: { url: new URL('./mutationWorker', import.meta.url), name: 'runMutants' },
    }),
  }
  const mutations: Mutation[] = []
  const notes: string[] = []
  try {
    for (const [index, contract] of contracts.entries()) {
      const protocolsLeft = contracts.length - index
      const own = deadlineOfShare({ nowMs: Date.now(), deadlineMs, protocolsLeft })
      const { section, note } = await tryContract(work, contract, own)
      mutations.push(section)
      notes.push(note)
    }
  } finally {
    await work.threads.close()
  }
  return {
    ...FRAME,
    command: 'mutate',
    seed: options.seed,
    arguments: recordedArguments(options),
    contracts: contracts.map(({ protocol, subject }) => {
      const { policy, name, bytecodeHash, source } = subject
      return { protocol, policy, name, bytecodeHash, source }
    }),
    tools: await toolVersions(),
    ...{ campaigns: [], claims: [], notes: mutationNotes(mutations) },
    summary: mutationSummary(mutations, signal.aborted),
    wall: wallFacts({ startedAtMs, workers, steps: 0, notes }),
    mutations,
  }
}

function recordedArguments(options: MutateOptions): RunRecord['arguments'] {
  const { protocols, policies, operators, shared, seed, sequences, threshold } = options
  const names = { protocols: [...protocols], policies: [...policies], operators: [...operators] }
  return { ...names, shared, seed, runs: sequences, threshold }
}

/** Tries the mutants of one contract that are not known yet. */
async function tryContract(work: Work, contract: MutatedContract, deadlineMs: number) {
  const { protocol, subject, setting, mutants } = contract
  const { seed, sequences, store, resume, onProgress, signal } = work
  const { policy } = subject
  const startedAtMs = Date.now()
  const label = `${protocol} ${policy}`
  onProgress({ kind: 'phase', label: `${label}: planning` })
  const plans = mutationPlans({ player: playerOf(protocol), policy, seed, sequences })
  const keyOf = keyMaker(setting, plans)
  const tried = mutants.map((mutant) => (resume ? store.get(keyOf(mutant)) : undefined))
  const open = mutants.map((_, index) => index).filter((index) => tried[index] === undefined)
  const pieces = piecesOf(open)
  let done = 0
  await work.threads.runAll(
    pieces.map((indices) => {
      return { setting, mutants: indices.map((index) => mutants[index] as Mutant) }
    }),
    {
      mayStart: () => !signal.aborted && Date.now() < deadlineMs,
      onResult(results, _, piece) {
        for (const [at, result] of results.entries()) {
          const index = pieces[piece]?.[at] as number
          tried[index] = result
          store.put(keyOf(mutants[index] as Mutant), result)
        }
        done += results.length
        const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
        const rate = { stepsPerSecond: done / seconds, unit: 'mutants' }
        onProgress({ kind: 'pulse', label, done, total: open.length, ...rate })
      },
    },
  )
  const seconds = (Date.now() - startedAtMs) / 1000
  const note = `${label}: ${done} of ${mutants.length} mutants in ${seconds.toFixed(1)} s`
  const { operators, threshold } = work
  const section = mutationSection({
    ...{ protocol, policy, contract: subject.name, plans, operators, threshold },
    ...{
      explanations: explanationsOf(protocol, policy),
      files: setting.sources.files,
      mutants,
      tried,
    },
  })
  return { section, note }
}

function piecesOf(indices: readonly number[]): readonly (readonly number[])[] {
  const count = Math.ceil(indices.length / PIECE)
  return Array.from({ length: count }, (_, piece) =>
    indices.slice(piece * PIECE, (piece + 1) * PIECE),
  )
}

/** Names the work on a mutant: the contract's text with its change, and what it must face. */
function keyMaker({ sources, policy }: MutationSetting, plans: MutationPlans) {
  const { contractName, files } = sources
  const shared = createHash('sha256')
  shared.update(JSON.stringify([contractName, policy, plans.digest, [...files]]))
  const own = shared.digest('hex')
  return ({ file, edit, probe }: Mutant) =>
    createHash('sha256')
      .update(JSON.stringify([own, file, edit, probe]))
      .digest('hex')
}
