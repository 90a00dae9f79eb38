/**
 * Goal: what is shrunk stays the finding that was seen: the same claim, broken at the same kind of
 * step by the same role; and everything about it gets smaller.
 * Method: a contract that breaks one claim in four ways, on a real Anvil; each way is shrunk from
 * the first run that shows it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactNamed, compileCanaries } from '../../contracts/compile.ts'
import { canariesOf } from '../canaries.ts'
import { playerOf } from '../players.ts'
import { chunkPlans } from './conformance.ts'
import { lookFor } from './detect.ts'
import type { Execution } from './execute.ts'
import { findingPlace } from './place.ts'
import type { Plan } from './plan.ts'
import { planSteps } from './plan.ts'
import { type Shrunk, shrinkRun } from './shrink.ts'
import { openTestbed, type Testbed } from './testbed.ts'

const ACTIONS_MAX = 6
const CHUNK = { seed: 1, chunkIndex: 0, runs: 25, only: [] }
const player = playerOf('token-job')
const canary = canariesOf('token-job').find(({ id }) => id === 'abandonment-fee')
const { contract = '', policy = 'hardened', caughtBy = '' } = canary ?? {}

let testbed: Testbed
let execution: Execution

beforeAll(async () => {
  const { bytecode } = artifactNamed(await compileCanaries(), contract)
  const subject = { name: contract, policy, bytecode }
  const { binding, cases } = player
  testbed = await openTestbed({ binding, subjects: [subject], cases })
  execution = { testbed, lane: testbed.batch, player, subject }
}, 60_000)
afterAll(() => testbed.close())

/** The first run of the chunk for each place at which the claim breaks. */
async function firstRuns(): Promise<ReadonlyMap<string, number>> {
  const places = new Map<string, number>()
  for (const [runIndex, plan] of chunkPlans(execution, CHUNK).entries()) {
    const { finding } = await lookFor(execution, plan, caughtBy)
    if (finding === null) continue
    const place = findingPlace(plan, finding)
    if (!places.has(place)) places.set(place, runIndex)
  }
  return places
}

/** The shrunk run as a plan, read back from its trace alone. */
function planOf({ trace: { parameters, agreements, steps } }: Shrunk): Plan {
  const cast = { protocol: player.binding.protocol, policy, parameters, agreements }
  return planSteps(
    cast,
    steps.map(({ planned }) => planned),
  )
}

test('every run shrinks to the same claim at its own place, smaller in all it has', async () => {
  const places = await firstRuns()
  expect([...places.keys()].sort()).toEqual([
    'host endSession accepted',
    'stranger endSession accepted',
    'treasury timeout accepted',
    'user endSession accepted',
  ])
  for (const [place, runIndex] of places) {
    const shrunk = await shrinkRun(execution, { ...CHUNK, runIndex, id: caughtBy })
    expect(shrunk.finding.id).toBe(caughtBy)
    expect(findingPlace(planOf(shrunk), shrunk.finding)).toBe(place)

    const [original, ...rungs] = shrunk.ladder
    const last = rungs.at(-1)
    expect(last).toMatchObject({ actions: shrunk.trace.steps.length, faults: 0, agreements: 1 })
    expect(last?.actions).toBeLessThanOrEqual(ACTIONS_MAX)
    expect(last?.executions).toBe(shrunk.executions)
    for (const key of ['actions', 'digits', 'seconds'] as const) {
      expect(last?.[key]).toBeLessThan(original?.[key] ?? 0)
    }
    // What nothing is tried on is not part of the counterexample.
    expect(shrunk.trace.agreements).toHaveLength(1)
  }
}, 60_000)
