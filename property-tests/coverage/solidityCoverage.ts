/**
 * Lines and branches of the Solidity sources that campaigns execute, from traces of real
 * transactions.
 *
 * Plans of the paths campaign and the first sequences of the conformance campaign are played once
 * more, on an Anvil that keeps every step, with the same contracts compiled so that each
 * instruction leads back to its line. Whether the contract does
 * right is not judged here, that is the campaigns' business; how many calls went as the model says
 * is told, so that a coverage of something else would show.
 */

import { userSource } from '../../contracts/compile.ts'
import {
  compileTraceable,
  TRACEABLE_BUILD,
  type TraceableBuild,
  traceableNamed,
} from '../../contracts/traceable.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { SolidityCoverage } from '../../reports/record.ts'
import type { RpcClient } from '../../sim/chain/rpc.ts'
import { chunkPlans, RUNS_PER_CHUNK } from '../kit/conformance.ts'
import { type Execution, prepareRun } from '../kit/execute.ts'
import { pathPlans } from '../kit/paths.ts'
import type { Plan } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { openTestbed, type Subject } from '../kit/testbed.ts'
import { type Atlas, createAtlas } from './atlas.ts'
import { type CandidatePlan, choosePlans } from './choosePlans.ts'
import { coveredFiles } from './coveredFiles.ts'
import { createTraceReader, type TraceReader } from './traceReader.ts'

export interface CoverageOptions {
  readonly player: Player
  /** The contract whose sources are covered; its code is compiled anew. */
  readonly subject: Pick<Subject, 'name' | 'policy'>
  /** Its Solidity file. */
  readonly path: string
  /** Of the conformance campaign. */
  readonly seed: number
}

/** Chunks of the conformance campaign of which sequences may be chosen. */
const CHUNKS = 4
/** Steps are kept while they happen; code that is not optimised may be too large to be deployed. */
export const ANVIL_FLAGS = ['--steps-tracing', '--disable-code-size-limit']

/** Plays as few calls as reach what campaigns reach. */
export function coverSolidity(options: CoverageOptions): Promise<SolidityCoverage> {
  const { player, subject, seed } = options
  const all = candidatePlans(player, subject.policy, seed)
  return coverPlans({ ...options, plans: choosePlans(all), plansInAll: all.length })
}

/** What the given plans execute; they must be of the subject's policy. */
export async function coverPlans(
  options: Omit<CoverageOptions, 'seed'> & {
    readonly plans: readonly Plan[]
    readonly plansInAll: number
  },
): Promise<SolidityCoverage> {
  const { player, subject, path, plans, plansInAll } = options
  const { name, policy } = subject
  const build = compileTraceable(userSource(path))
  const { bytecode } = traceableNamed(build, name)
  const atlas = createAtlas(build)
  const reader = createTraceReader(atlas)
  const played = await playTraced({ player, subject: { name, policy, bytecode }, plans, reader })
  return {
    protocol: player.binding.protocol.id,
    policy,
    contract: name,
    compiled: TRACEABLE_BUILD,
    ...{ plans: plans.length, plansInAll },
    transactions: reader.hits.transactions,
    ...played,
    files: filesOf({ build, atlas, reader, name }),
  }
}

/** Plans of the paths campaign, and of the first chunks of the conformance campaign. */
function candidatePlans(player: Player, policy: Policy, seed: number): CandidatePlan[] {
  const paths = player.pathSetups.flatMap((_, setupIndex) =>
    pathPlans(player, policy, setupIndex).map(({ plan }) => ({ setup: `${setupIndex}`, plan })),
  )
  const drawn = Array.from({ length: CHUNKS }, (_, chunkIndex) => {
    const chunk = { seed, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
    return chunkPlans({ player, subject: { policy } }, chunk)
  })
  return [...paths, ...drawn.flat().map((plan) => ({ setup: 'drawn', plan }))]
}

function filesOf(of: {
  readonly build: TraceableBuild
  readonly atlas: Atlas
  readonly reader: TraceReader
  readonly name: string
}) {
  const { build, atlas, reader, name } = of
  const { hits } = reader
  const contracts = atlas.contracts.filter(({ contract }, index) => {
    return contract.contractName === name || hits.contracts.has(index)
  })
  return coveredFiles({ sources: build.sources, atlas, hits, contracts })
}

/** Plays plans one after the other on a node of their own and reads every transaction. */
async function playTraced(options: {
  readonly player: Player
  readonly subject: Subject
  readonly plans: readonly Plan[]
  readonly reader: TraceReader
}) {
  const { player, subject, plans, reader } = options
  let mustReadSetup = true
  const testbed = await openTestbed({
    binding: player.binding,
    subjects: [subject],
    cases: player.cases,
    anvilFlags: ANVIL_FLAGS,
    async onMined(rpc, transactionHashes) {
      if (mustReadSetup) await readDeployments(rpc, reader)
      mustReadSetup = false
      for (const hash of transactionHashes) await reader.read(rpc, hash)
    },
  })
  const counts = { steps: 0, stepsAsPredicted: 0 }
  try {
    const execution = { testbed, lane: testbed.mined, player, subject }
    for (const plan of plans) {
      const asPredicted = await playPlan(execution, plan)
      reader.endRun()
      counts.steps += plan.steps.length
      counts.stepsAsPredicted += asPredicted
    }
  } finally {
    await testbed.close()
  }
  return counts
}

/** How many of the plan's calls ended as the model says. What there is is read at its end. */
async function playPlan(execution: Execution, plan: Plan): Promise<number> {
  const { schedule, bound } = await prepareRun(execution, plan)
  const last = schedule.blocks.at(-1)?.calls.at(-1)
  const blocks = schedule.blocks.map(({ calls, ...block }) => ({
    ...block,
    calls: calls.map((call) => (call === last ? call : { ...call, unobserved: true })),
  }))
  const results = await execution.lane.execute({ ...schedule, blocks })
  const ofSteps = results.slice(bound.prelude.length)
  return ofSteps.filter((result, index) => {
    const outcome = plan.predictions[index]?.account.outcome
    const { accepted, error } = bound.outcome(result)
    return outcome?.accepted === accepted && outcome.error === error
  }).length
}

interface MinedBlock {
  readonly transactions: readonly string[]
}

/** Constructors run before any plan: the transactions of the setup that deployed something. */
export async function readDeployments(rpc: RpcClient, reader: TraceReader): Promise<void> {
  const newest = Number(await rpc.request<string>('eth_blockNumber'))
  for (let number = 1; number <= newest; number += 1) {
    const block = `0x${number.toString(16)}`
    const { transactions } = await rpc.request<MinedBlock>('eth_getBlockByNumber', [block, false])
    // Deployments stand alone in their blocks.
    const [only] = transactions
    if (only === undefined || transactions.length > 1) continue
    const receipt = await rpc.request<{ readonly contractAddress: string | null }>(
      'eth_getTransactionReceipt',
      [only],
    )
    if (receipt.contractAddress !== null) await reader.read(rpc, only)
  }
}
