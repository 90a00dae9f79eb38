/**
 * One process of our side of a benchmark: the conformance campaign on an Anvil of its own, for a
 * given time or until the first finding. Prints one JSON line when it is ready and one at the end.
 *
 * A process of its own, as forge is one: its start is part of the time that it needs.
 */
import { RUNS_PER_CHUNK, runChunk } from '../../property-tests/kit/conformance.ts'
import { cpuMicrosOf, descendantsOf } from './measure.ts'
import { openExecution } from './subjects.ts'

export interface CampaignOrder {
  readonly contract: string
  readonly lane: 'batch' | 'mined'
  readonly seed: number
  readonly seconds: number
  /** This process takes every `stride`-th chunk, from `offset` on. */
  readonly offset: number
  readonly stride: number
  /** Stops at the first finding of any kind. */
  readonly untilFound: boolean
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
  /** What was found first, or null. */
  readonly found: string | null
}

async function runCampaign(order: CampaignOrder): Promise<CampaignResult> {
  const execution = await openExecution(order.contract, order.lane)
  const cpuNow = () =>
    [process.pid, ...descendantsOf(process.pid)].reduce((sum, pid) => sum + cpuMicrosOf(pid), 0)
  const cpuBefore = cpuNow()
  const startMs = performance.now()
  const elapsed = () => (performance.now() - startMs) / 1_000
  let calls = 0
  let accepted = 0
  let runs = 0
  let found: string | null = null
  for (let chunkIndex = order.offset; elapsed() < order.seconds; chunkIndex += order.stride) {
    const chunk = { seed: order.seed, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
    const result = await runChunk(execution, chunk)
    calls += result.steps
    accepted += result.accepted
    runs += result.runs
    found = result.findings[0]?.id ?? null
    if (found !== null && order.untilFound) break
  }
  const seconds = elapsed()
  const cpuSeconds = (cpuNow() - cpuBefore) / 1e6
  await execution.testbed.close()
  return { calls, accepted, runs, seconds, cpuSeconds, found }
}

const order = JSON.parse(process.argv[2] ?? '{}') as CampaignOrder
process.stdout.write(`${JSON.stringify(await runCampaign(order))}\n`)
