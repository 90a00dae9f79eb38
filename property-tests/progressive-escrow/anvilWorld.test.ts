/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. No run here is idle for long: Anvil makes every block, so that a session may
 * be completed without the student after five minutes here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { progressiveEscrowBinding } from '../../contracts/bindings/progressiveEscrow.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { progressiveEscrowParameters } from '../../models/progressive-escrow/parameters.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { ACTORS } from '../../sim/progressive-escrow/actors.ts'
import { setUpWorld, type WorldOptions } from '../../sim/progressive-escrow/options.ts'
import { CAST_NAMES, runWorld, runWorldOn } from '../../sim/progressive-escrow/world.ts'
import type { WorldRun } from '../../sim/progressive-escrow/worldRun.ts'
import { type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'

const parameters = progressiveEscrowParameters.parse({
  graceSeconds: 30,
  releaseIntervalSeconds: 60,
  autoReleaseDelaySeconds: 300,
})

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = progressiveEscrowBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: progressiveEscrowBinding, actors: ACTORS, participantOf: CAST_NAMES },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  worlds = await openAnvilWorlds({ world, subjects, cases: [parameters] })
})
afterAll(() => worlds.close())

const session = { profile: 'l2', durationMinutes: 4, parameters, seed: 9 } as const

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      for (const run of [1, 2]) {
        const options: WorldOptions = { ...session, policy, regime, run }
        const real = await worlds.run(options)
        const modelled = runWorld(options)
        expect(modelled.milestones.overMs).not.toBeNull()
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expectAsPredicted(real)
      }
    },
  )

  test('an outage is paused, the student vanishes, and keeper or mentor complete', async () => {
    const outage = { kind: 'link-down', magnitude: 1, atMs: 60_000, durationMs: 90_000 } as const
    const faults = (['student', 'mentor'] as const).map((target) => ({ ...outage, target }))
    const behaviour = {
      ...{ studentComes: true, mentorComes: true, starts: 'mentor' as const, stranger: [] },
      ...{ patienceMs: 600_000, callMs: 600_000, studentCompletes: false, pauses: [] },
    }
    const real = await worlds.run({ ...session, policy, run: 0, faults, behaviour })
    const edges = real.run.steps.map(({ edge }) => edge)
    expect(edges).toContain('Active|pauseOnTimeout|Paused')
    expect(edges).toContain('Paused|resume|Active')
    expect(real.run.milestones.ending).toBe('autoComplete')
    expectAsPredicted(real)
  })
})
