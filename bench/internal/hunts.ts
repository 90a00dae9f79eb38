/**
 * One process of our side of the hunts: canary after canary, seed after seed, on one Anvil, each
 * until the claim that is named to catch it is found broken. Prints one line of JSON at the end.
 *
 * The search is that of `check --canaries`, bounded by time instead of sequences; then the run is
 * shrunk. Nothing is kept between two hunts but the warm engine and the deployments.
 */
import { canariesOf } from '../../property-tests/canaries.ts'
import { chunkPlans, RUNS_PER_CHUNK, runPlans } from '../../property-tests/kit/conformance.ts'
import type { Execution } from '../../property-tests/kit/execute.ts'
import { shrinkRun } from '../../property-tests/kit/shrink.ts'
import { openTestbed } from '../../property-tests/kit/testbed.ts'
import { playerOf } from '../../property-tests/players.ts'
import { cpuMicrosOf, descendantsOf } from './measure.ts'
import { subjectNamed } from './subjects.ts'

export interface HuntsOrder {
  readonly protocol: string
  /** Ids. */
  readonly canaries: readonly string[]
  readonly seeds: readonly number[]
  /** A search that takes longer is a miss. */
  readonly limitSeconds: number
}

/** What it took to find a claim broken, without any start of processes. */
export interface Hunt {
  readonly searchSeconds: number
  /** Processor time of all that took part; NaN where it is not told. */
  readonly searchCpuSeconds: number
  /** Calls until then; Foundry does not count those of the run that fails. */
  readonly calls: number
  /** Search and shrinking; null when it was not measured. */
  readonly shrunkSeconds: number | null
  /** Calls that are left after shrinking. */
  readonly shrunkCalls: number | null
}

/** By canary, then in the order of the seeds; null is a miss. */
export type HuntsResult = Readonly<Record<string, readonly (Hunt | null)[]>>

/** Sequences between two looks at what was found, as in the campaigns. */
const RUNS_AT_ONCE = 5

function cpuSecondsNow(): number {
  const { user, system } = process.cpuUsage()
  const others = descendantsOf(process.pid).reduce((sum, pid) => sum + cpuMicrosOf(pid), 0)
  return (user + system + others) / 1e6
}

interface Prey {
  readonly claim: string
  readonly seed: number
  readonly limitSeconds: number
}

async function hunt(execution: Execution, { claim, seed, limitSeconds }: Prey) {
  const startMs = performance.now()
  const elapsed = () => (performance.now() - startMs) / 1_000
  const cpuBefore = cpuSecondsNow()
  let calls = 0
  for (let chunkIndex = 0; ; chunkIndex += 1) {
    const chunk = { seed, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
    const plans = chunkPlans(execution, chunk)
    for (let fromRun = 0; fromRun < plans.length; fromRun += RUNS_AT_ONCE) {
      const some = plans.slice(fromRun, fromRun + RUNS_AT_ONCE)
      const result = await runPlans(execution, some, [])
      calls += result.steps
      const found = result.findings.find(({ id }) => id === claim)
      if (found !== undefined) {
        const searchSeconds = elapsed()
        const searchCpuSeconds = cpuSecondsNow() - cpuBefore
        const place = { ...chunk, runIndex: fromRun + found.runIndex, id: claim }
        const { trace } = await shrinkRun(execution, place)
        const shrunk = { shrunkSeconds: elapsed(), shrunkCalls: trace.steps.length }
        return { searchSeconds, searchCpuSeconds, calls, ...shrunk }
      }
      if (elapsed() > limitSeconds) return null
    }
  }
}

async function huntAll({ protocol, canaries, seeds, limitSeconds }: HuntsOrder) {
  const player = playerOf(protocol)
  const { binding, cases } = player
  const testbed = await openTestbed({ binding, subjects: [], cases, guestCases: cases })
  const hunts: Record<string, (Hunt | null)[]> = {}
  for (const canary of canariesOf(protocol)) {
    if (!canaries.includes(canary.id)) continue
    const subject = await subjectNamed(protocol, canary.contract)
    await testbed.admit(subject)
    const execution = { testbed, lane: testbed.batch, player, subject }
    const found: (Hunt | null)[] = []
    for (const seed of seeds) {
      found.push(await hunt(execution, { claim: canary.caughtBy, seed, limitSeconds }))
    }
    hunts[canary.id] = found
    process.stderr.write(`  ours: ${canary.id}\n`)
  }
  await testbed.close()
  return hunts
}

const order = JSON.parse(process.argv[2] ?? '{}') as HuntsOrder
process.stdout.write(`${JSON.stringify(await huntAll(order))}\n`)
