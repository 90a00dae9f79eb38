/**
 * Goal: the runs of the paths campaign miss nothing by being few, and can be found again.
 * Method: a contract that accepts what must be refused, on a real Anvil; every finding is looked
 * for again in the plan that its number names.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { artifactNamed, compileCanaries } from '../../contracts/compile.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { canariesOf } from '../canaries.ts'
import { playerOf } from '../players.ts'
import { lookFor } from './detect.ts'
import type { Execution } from './execute.ts'
import { pathPlans } from './paths.ts'
import { pathPlanOf, runPaths } from './pathsRun.ts'
import { openTestbed, type Testbed } from './testbed.ts'

const player = playerOf('session-escrow')
const canary = canariesOf('session-escrow').find(({ id }) => id === 'start-by-one-party')
const SETUP = { setupIndex: 0, only: [] }

describe('a contract that accepts what must be refused', () => {
  let testbed: Testbed
  let execution: Execution

  beforeAll(async () => {
    const { contract = '', policy = 'hardened' } = canary ?? {}
    const { bytecode } = artifactNamed(await compileCanaries(), contract)
    const subject = { name: contract, policy, bytecode }
    const { binding, cases } = player
    testbed = await openTestbed({ binding, subjects: [subject], cases })
    execution = { testbed, lane: testbed.batch, player, subject }
  }, 60_000)
  afterAll(() => testbed.close())

  test('has refusals run apart, and each finding shows in the plan of its number', async () => {
    const { policy } = execution.subject
    const result = await runPaths(execution, SETUP)

    expect(result.runs).toBeGreaterThan(pathPlans(player, policy, SETUP.setupIndex).length)
    expect(result.findings.map(({ id }) => id)).toContain(canary?.caughtBy)
    for (const { id, runIndex, evidence } of result.findings) {
      const plan = pathPlanOf(player, policy, { ...SETUP, runIndex })
      expect((await lookFor(execution, plan, id)).finding).toMatchObject({ id, evidence })
    }
  })
})

test('no run is another one or its beginning', () => {
  const texts = pathPlans(player, 'hardened', 1).map(({ plan }) => plan.steps.map(canonicalJson))
  const begun = texts.filter((text) =>
    texts.some((other) => other !== text && other.slice(0, text.length).join() === text.join()),
  )
  expect(texts.length).toBeGreaterThan(0)
  expect(begun).toEqual([])
})
