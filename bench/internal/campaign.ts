/**
 * One process of our side of a benchmark: the conformance campaign on an Anvil of its own, for a
 * given time. Prints one line of JSON at the end.
 *
 * A process of its own, as forge is one: its start is part of the time that it needs.
 */
import { RUNS_PER_CHUNK, runChunk } from '../../property-tests/kit/conformance.ts'
import { cpuMicrosOf, descendantsOf } from './measure.ts'
import { openExecution } from './subjects.ts'

export interface CampaignOrder {
  readonly protocol: string
  readonly contract: string
  readonly lane: 'batch' | 'mined'
  readonly seed: number
  readonly seconds: number
  /** This process takes every `stride`-th chunk, from `offset` on. */
  readonly offset: number
  readonly stride: number
}

export interface CampaignResult {
  /** Attempts by participants, each one contract call; probes are not counted. */
  readonly calls: number
  readonly accepted: number
  readonly runs: number
  /** From the prepared Anvil to the end. */
  readonly seconds: number
  /** Processor time of this process and its Anvil, in seconds; 0 where it is not told. */
  readonly cpuSeconds: number
  /** Ids of everything that was found. */
  readonly found: readonly string[]
}

async function runCampaign(order: CampaignOrder): Promise<CampaignResult> {
  const execution = await openExecution(order)
  const cpuNow = () =>
    [process.pid, ...descendantsOf(process.pid)].reduce((sum, pid) => sum + cpuMicrosOf(pid), 0)
  const cpuBefore = cpuNow()
  const startMs = performance.now()
  const elapsed = () => (performance.now() - startMs) / 1_000
  let calls = 0
  let accepted = 0
  let runs = 0
  const found = new Set<string>()
  for (let chunkIndex = order.offset; elapsed() < order.seconds; chunkIndex += order.stride) {
    const chunk = { seed: order.seed, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
    const result = await runChunk(execution, chunk)
    calls += result.steps
    accepted += result.accepted
    runs += result.runs
    for (const { id } of result.findings) found.add(id)
  }
  const seconds = elapsed()
  const cpuSeconds = (cpuNow() - cpuBefore) / 1e6
  await execution.testbed.close()
  return { calls, accepted, runs, seconds, cpuSeconds, found: [...found].sort() }
}

const order = JSON.parse(process.argv[2] ?? '{}') as CampaignOrder
process.stdout.write(`${JSON.stringify(await runCampaign(order))}\n`)
