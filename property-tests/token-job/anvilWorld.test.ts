/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. No run here is idle for long: Anvil makes every block.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenJobBinding } from '../../contracts/bindings/tokenJob.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { tokenJobParameters } from '../../models/token-job/parameters.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { ACTORS } from '../../sim/token-job/actors.ts'
import { setUpWorld, type WorldOptions } from '../../sim/token-job/options.ts'
import { DESCRIBED_JOB } from '../../sim/token-job/testing/describedJob.ts'
import { runWorld, runWorldOn } from '../../sim/token-job/world.ts'
import type { WorldRun } from '../../sim/token-job/worldRun.ts'
import { type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = tokenJobBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: tokenJobBinding, actors: ACTORS },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  worlds = await openAnvilWorlds({ world, subjects, cases: [tokenJobParameters.parse({})] })
})
afterAll(() => worlds.close())

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      const depositUnits = 20_000_000n
      const behaviour = { hosts: [...DESCRIBED_JOB.behaviour.hosts], model: 'fast' as const }
      for (const run of [1, 2]) {
        const options: WorldOptions = { policy, regime, seed: 9, run, depositUnits, behaviour }
        const real = await worlds.run({ ...options, profile: 'l2' })
        const modelled = runWorld({ ...options, profile: 'l2' })
        expect(modelled.milestones.settledMs).not.toBeNull()
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expectAsPredicted(real)
      }
    },
  )

  test('2,450 tokens at 0.002, deposit 10.00: 4.90 = 4.41 + 0.49, and 5.10 back', async () => {
    const real = await worlds.run({ ...DESCRIBED_JOB, policy, depositUnits: 10_000_000n })
    const paidTo = (holder: string) =>
      real.observed
        .flatMap(({ transfers }) => transfers)
        .filter(({ from, to }) => from === 'escrow' && to === holder)
        .reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
    expect(paidTo('host0')).toBe(4_410_000n)
    expect(paidTo('treasury')).toBe(490_000n)
    expect(paidTo('user0')).toBe(5_100_000n)
    expectAsPredicted(real)
  })
})
