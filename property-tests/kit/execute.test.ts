import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { artifactNamed, compileCanaries, compileContracts } from '../../contracts/compile.ts'
import { sessionEscrowPlayer as player } from '../session-escrow/player.ts'
import { drawArbitrary } from './conformance.ts'
import { type Execution, executePlan } from './execute.ts'
import { planDraw } from './plan.ts'
import { openTestbed, type Subject, type Testbed } from './testbed.ts'

let testbed: Testbed
let sound: Subject
/** Anyone can take the deferred shares of others: accepts what the model expects to be refused. */
let broken: Subject

beforeAll(async () => {
  const contracts = await compileContracts()
  const name = player.binding.contractNames.hardened
  const { bytecode } = artifactNamed(contracts, name)
  sound = { name, policy: 'hardened', bytecode }
  const canary = artifactNamed(await compileCanaries(), 'StrangerClaimsShares')
  broken = { name: canary.contractName, policy: 'as-described', bytecode: canary.bytecode }
  const { binding, cases } = player
  testbed = await openTestbed({ binding, subjects: [sound, broken], cases })
}, 60_000)

afterAll(() => testbed?.close())

test('observing only what can have changed gives the same traces as observing all', async () => {
  for (const subject of [sound, broken]) {
    const draws = fc.sample(drawArbitrary(player), { seed: 5, numRuns: 60 })
    const plans = draws.map((draw) => planDraw(player, subject.policy, draw))
    const execution: Execution = { testbed, lane: testbed.batch, player, subject }
    const spared = await Promise.all(plans.map((plan) => executePlan(execution, plan)))
    const observeAll = { ...execution, observeAll: true }
    const complete = await Promise.all(plans.map((plan) => executePlan(observeAll, plan)))
    expect(spared).toEqual(complete)
    const unexpected = spared
      .flatMap(({ steps }) => steps)
      .filter(({ observed, predicted }) => observed.outcome.accepted > predicted.outcome.accepted)
    expect(unexpected.length > 0).toBe(subject === broken)
  }
}, 60_000)
