/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step, and a voucher is
 * paid exactly once by the real contract, however it is copied, overtaken or undone.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. Challenges and expiries are short here: Anvil makes every block.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paymentChannelBinding } from '../../contracts/bindings/paymentChannel.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { paymentChannelParameters } from '../../models/payment-channel/parameters.ts'
import type { Fault } from '../../sim/faults/fault.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { ACTORS } from '../../sim/payment-channel/actors.ts'
import { setUpWorld, type WorldOptions } from '../../sim/payment-channel/options.ts'
import { owedUnits } from '../../sim/payment-channel/price.ts'
import {
  DESCRIBED_DOWNLOAD,
  download,
} from '../../sim/payment-channel/testing/describedDownload.ts'
import { runWorld, runWorldOn } from '../../sim/payment-channel/world.ts'
import type { WorldRun } from '../../sim/payment-channel/worldRun.ts'
import { MEBIBYTE_BYTES } from '../../sim/world/download.ts'
import { type AnvilWorldRun, type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'

const parameters = { challengeSeconds: 120, redeemMarginSeconds: 60 }
const EXPIRY_SECONDS = 900

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = paymentChannelBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: paymentChannelBinding, actors: ACTORS },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  const cases = [paymentChannelParameters.parse(parameters)]
  worlds = await openAnvilWorlds({ world, subjects, cases })
})
afterAll(() => worlds.close())

function paidTo({ observed }: AnvilWorldRun<WorldRun>, holder: string): bigint {
  return observed
    .flatMap(({ transfers }) => transfers)
    .filter(({ from, to }) => from === 'escrow' && to === holder)
    .reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
}

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      const terms = { parameters, expirySeconds: EXPIRY_SECONDS }
      for (const run of [1, 2, 3]) {
        const options: WorldOptions = { policy, regime, seed: 9, run, ...terms }
        const real = await worlds.run(options)
        const modelled = runWorld(options)
        expect(modelled.milestones.endedMs).not.toBeNull()
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expectAsPredicted(real)
      }
    },
  )

  test('100 vouchers of 0.10 are 10.00, redeemed in one transaction', async () => {
    const real = await worlds.run({ ...DESCRIBED_DOWNLOAD, policy, parameters })
    expect(real.run.signed.length).toBe(100)
    expect(real.observed.length).toBe(2)
    expect([paidTo(real, 'provider0'), paidTo(real, 'payer0')]).toEqual([10_000_000n, 0n])
    expectAsPredicted(real)
  })

  const messy = (target: string): readonly Fault[] => [
    { kind: 'message-duplication', target, atMs: 0, durationMs: 600_000, magnitude: 10_000 },
    { kind: 'message-reordering', target, atMs: 0, durationMs: 600_000, magnitude: 3_000 },
  ]

  test('a voucher is paid once: doubled, overtaken, presented again and undone', async () => {
    const behaviour = { redeemsAtBps: 2_000, cheats: 'replayed', takesBps: 6_300 } as const
    const mess = [...messy('payer'), ...messy('provider')]
    const undisturbed = download(policy, behaviour, { parameters, faults: mess })
    const redeems = undisturbed.steps.filter(({ planned }) => planned.action === 'redeem')
    const reorgs = redeems.slice(0, 2).map(({ includedMs }): Fault => {
      const atMs = includedMs + 1_000
      return { kind: 'reorg', target: 'chain', atMs, durationMs: 0, magnitude: 1 }
    })
    const options = {
      ...{ ...DESCRIBED_DOWNLOAD, policy, parameters, faults: [...mess, ...reorgs] },
      behaviour: { ...DESCRIBED_DOWNLOAD.behaviour, ...behaviour },
    }
    const real = await worlds.run(options)
    const { run } = real
    expect(run.staleCount).toBeGreaterThan(20)
    const undone = run.transactions.filter((each) => each.reorgs > 0 && each.action === 'redeem')
    expect(undone.length).toBeGreaterThan(0)
    expect(run.steps.map(({ edge }) => edge)).toContain('Open|redeem|!StaleVoucher')
    const newestUnits = run.steps
      .filter(({ outcome, planned }) => outcome.accepted && planned.args.voucher === 'genuine')
      .reduce((most, { planned }) => {
        const units = planned.args.cumulativeUnits as bigint
        return units > most ? units : most
      }, 0n)
    const newest = run.signed.at(-1)?.bytes ?? 0
    expect(newest).toBeGreaterThanOrEqual(63 * MEBIBYTE_BYTES)
    expect(newestUnits).toBe(owedUnits(run.price, newest))
    expect(paidTo(real, 'provider0')).toBe(newestUnits)
    expect(paidTo(real, 'payer0')).toBe(10_000_000n - newestUnits)
    expectAsPredicted(real)
  })
})

describe('a provider that is offline while the payer forces the end', () => {
  const offline: Fault = {
    ...{ kind: 'link-down', target: 'provider', magnitude: 1 },
    ...{ atMs: 55_500, durationMs: 300_000 },
  }
  const behaviour = {
    ...DESCRIBED_DOWNLOAD.behaviour,
    payerEnds: 'forces',
    hasWatcher: true,
  } as const
  const options = { ...DESCRIBED_DOWNLOAD, parameters, faults: [offline], behaviour }

  test('as described the real contract refuses the watcher and refunds the payer', async () => {
    const real = await worlds.run({ ...options, policy: 'as-described' })
    expect([paidTo(real, 'provider0'), paidTo(real, 'payer0')]).toEqual([0n, 10_000_000n])
    expectAsPredicted(real)
  })

  test('hardened it pays what the watcher brings', async () => {
    const real = await worlds.run({ ...options, policy: 'hardened' })
    expect([paidTo(real, 'provider0'), paidTo(real, 'payer0')]).toEqual([10_000_000n, 0n])
    expectAsPredicted(real)
  })
})
