/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. A bid that waits for the base fee to fall to its maximum can therefore be
 * included one block earlier on Anvil (one run in twenty under congestion); the runs here hold none
 * such.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionEscrowBinding } from '../../contracts/bindings/sessionEscrow.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { sessionEscrowParameters } from '../../models/session-escrow/parameters.ts'
import { CHAIN_PROFILES, type ChainProfile } from '../../sim/chain/modelProfiles.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { ACTORS } from '../../sim/session-escrow/actors.ts'
import { setUpWorld, type WorldOptions } from '../../sim/session-escrow/options.ts'
import { runWorld, runWorldOn } from '../../sim/session-escrow/world.ts'
import type { WorldRun } from '../../sim/session-escrow/worldRun.ts'
import { type AnvilWorldRun, type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = sessionEscrowBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const cases = [{}, { feeBps: 1_000 }].map((each) => sessionEscrowParameters.parse(each))
  const world = {
    ...{ binding: sessionEscrowBinding, actors: ACTORS },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  worlds = await openAnvilWorlds({ world, subjects, cases })
})
afterAll(() => worlds.close())

function feeDeviation(real: WorldRun, modelled: WorldRun): number {
  const deviations = real.transactions.map(({ baseFeeWei }, index) => {
    const expected = Number(modelled.transactions[index]?.baseFeeWei ?? 0n)
    return expected === 0 ? 0 : Math.abs(Number(baseFeeWei) / expected - 1)
  })
  return Math.max(0, ...deviations)
}

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      for (const run of [1, 3]) {
        const options: WorldOptions = { policy, regime, seed: 9, run }
        const real = await worlds.run(options)
        const modelled = runWorld(options)
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expect(feeDeviation(real.run, modelled)).toBeLessThan(0.02)
        expectAsPredicted(real)
      }
    },
  )
})

describe('the same seed on the same chain', () => {
  test('gives the same bytes, whatever ran before', async () => {
    const options = { policy: 'hardened', regime: 'congestion', seed: 9, run: 4 } as const
    const once = await worlds.run(options)
    await worlds.run({ ...options, run: 1 })
    const again = await worlds.run(options)
    expect(again.run.hash).toBe(once.run.hash)
    expect(again).toEqual(once)
  })
})

const everySecond: ChainProfile = {
  ...CHAIN_PROFILES.l1,
  name: 'every-second',
  blockIntervalMs: 1_000,
  skippedSlotBps: 0,
  inclusionBps: 10_000,
  resendAfterMs: 3_000,
}
const startMs = 3_000
const workedCase: Omit<WorldOptions, 'policy'> = {
  ...{ seed: 1, run: 0, profile: everySecond },
  behaviour: {
    ...{ depositAtMs: 0, studentJoinDelayMs: 1_000, tutorJoinDelayMs: 1_000 },
    ...{ studentComes: true, tutorComes: true, patienceMs: 600_000, callMs: 1_800_000 },
    ...{ hangsUp: 'student', topsUp: false, tutorForges: 'no', stranger: [] },
  },
  faults: [
    {
      ...{ kind: 'link-down', target: 'student', magnitude: 1 },
      ...{ atMs: startMs + 300_000, durationMs: 1_200_000 },
    },
    {
      ...{ kind: 'relayer-outage', target: 'relayer', magnitude: 1 },
      ...{ atMs: startMs + 290_000, durationMs: 56_500 },
    },
  ],
}

describe('worked case on Anvil: rate 0.01, drop at second 300, stop included 47 s later', () => {
  const paidTo = ({ observed }: AnvilWorldRun<WorldRun>, holder: string) =>
    observed
      .flatMap(({ transfers }) => transfers)
      .filter(({ from, to }) => from === 'escrow' && to === holder)
      .reduce((sum, { amountUnits }) => sum + amountUnits, 0n)

  test('as described the contract pays 3.47 for a service worth 3.00', async () => {
    const real = await worlds.run({ ...workedCase, policy: 'as-described' })
    expect(real.run.milestones.servedUntilMs).toBe(startMs + 300_000)
    expect(real.run.milestones.stopIncludedMs).toBe(startMs + 347_000)
    expect(paidTo(real, 'tutor0')).toBe(3_470_000n)
    expect(paidTo(real, 'student0')).toBe(32_530_000n)
    expectAsPredicted(real)
  })

  test('hardened it pays for the last ping and the timeout', async () => {
    const real = await worlds.run({ ...workedCase, policy: 'hardened' })
    expect(paidTo(real, 'tutor0')).toBe(3_050_000n)
    expectAsPredicted(real)
  })

  test('shares that a token refuses are claimed in real transactions', async () => {
    const parameters = { feeBps: 1_000 }
    const real = await worlds.run({
      ...{ ...workedCase, policy: 'hardened', parameters, token: 'refusesAll' },
    })
    const claims = real.run.steps.filter(({ planned }) => planned.action === 'claim')
    expect(claims.length).toBe(3)
    expectAsPredicted(real)
  })
})
