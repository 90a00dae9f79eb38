/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step.
 *
 * Runs are equal but for base fees, which lie a little lower on Anvil, as a real call uses less gas
 * than it offers. No run here is idle for long: Anvil makes every block.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkpointDownloadBinding } from '../../contracts/bindings/checkpointDownload.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import {
  checkpointDownloadParameters,
  DOWNLOAD_MODES,
} from '../../models/checkpoint-download/parameters.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { ACTORS } from '../../sim/checkpoint-download/actors.ts'
import { setUpWorld, type WorldOptions } from '../../sim/checkpoint-download/options.ts'
import {
  PLAIN_BEHAVIOUR,
  TABLE_DOWNLOAD,
  TABLE_PAYMENTS,
} from '../../sim/checkpoint-download/testing/tableDownload.ts'
import { runWorld, runWorldOn } from '../../sim/checkpoint-download/world.ts'
import type { WorldRun } from '../../sim/checkpoint-download/worldRun.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { type AnvilWorldRun, type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'

/** What calls of this world offer; eight seeders are paid in one. */
const GAS_UNITS = 3

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = checkpointDownloadBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: checkpointDownloadBinding, actors: ACTORS },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  const cases = [checkpointDownloadParameters.parse({})]
  worlds = await openAnvilWorlds({ world, subjects, cases })
})
afterAll(() => worlds.close())

function movedTo(real: AnvilWorldRun<WorldRun>, isReceiver: (holder: string) => boolean): bigint {
  return real.observed
    .flatMap(({ transfers }) => transfers)
    .filter(({ from, to }) => from === 'escrow' && isReceiver(to))
    .reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
}

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      for (const run of [1, 2]) {
        const fileBytes = 40_000_000
        const options: WorldOptions = { policy, regime, seed: 9, run, fileBytes, profile: 'l2' }
        const real = await worlds.run(options)
        const modelled = runWorld(options)
        expect(modelled.milestones.endedMs).not.toBeNull()
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expectAsPredicted(real, GAS_UNITS)
      }
    },
  )

  test.each(DOWNLOAD_MODES)('100 MiB at 0.001 cost 0.10 in mode %s', async (mode) => {
    for (const seeders of [1, 8]) {
      const real = await worlds.run({ ...TABLE_DOWNLOAD, policy, mode, seeders })
      const amounts = real.run.payments.map(({ amountUnits }) => amountUnits)
      if (mode === 'exponential') expect(amounts).toEqual(TABLE_PAYMENTS)
      expect(movedTo(real, (holder) => holder.startsWith('seeder'))).toBe(10n ** 17n)
      expect(movedTo(real, (holder) => holder === 'downloader0')).toBe(0n)
      expect(real.run.endState.state).toBe('Completed')
      expectAsPredicted(real, GAS_UNITS)
    }
  })

  test('a payment fails for want of money that lies in other downloads', async () => {
    const behaviour = { ...PLAIN_BEHAVIOUR, purseBps: 4_000 }
    const real = await worlds.run({ ...TABLE_DOWNLOAD, policy, seeders: 3, behaviour })
    const edges = real.run.steps.map(({ edge }) => edge)
    expect(edges).toContain('WaitingForPayment|pay|PaymentFailed')
    const isRetried = edges.includes('PaymentFailed|retryPayment|Serving')
    expect(isRetried).toBe(policy === 'hardened')
    expectAsPredicted(real, GAS_UNITS)
  })
})
