/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step, and the real
 * contract lets go of each token once, whoever is late.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. Everything is short here: Anvil makes every block.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withdrawalBinding } from '../../contracts/bindings/withdrawal.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { withdrawalParameters } from '../../models/withdrawal/parameters.ts'
import type { Fault } from '../../sim/faults/fault.ts'
import { REGIME_NAMES, type RegimeName } from '../../sim/faults/regimes.ts'
import { ACTORS } from '../../sim/withdrawal/actors.ts'
import type { Behaviour } from '../../sim/withdrawal/behaviour.ts'
import { setUpWorld, type WorldOptions } from '../../sim/withdrawal/options.ts'
import {
  broken,
  DESCRIBED_WITHDRAWAL,
  fault,
  request,
} from '../../sim/withdrawal/testing/describedWithdrawal.ts'
import { runWorld, runWorldOn } from '../../sim/withdrawal/world.ts'
import type { WorldRun } from '../../sim/withdrawal/worldRun.ts'
import { type AnvilWorldRun, type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'
import { scenarioDraws } from './scenarioDraws.ts'

const parameters = { processingTimeoutSeconds: 300 }
/** Drawn worlds that are played on both chains, for each regime. */
const DRAWN = 2

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = withdrawalBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: withdrawalBinding, actors: ACTORS },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  const cases = [withdrawalParameters.parse(parameters)]
  worlds = await openAnvilWorlds({ world, subjects, cases })
})
afterAll(() => worlds.close())

/** What really left the contract for somebody. */
function paidTo({ observed }: AnvilWorldRun<WorldRun>, holder: string): bigint {
  return observed
    .flatMap(({ transfers }) => transfers)
    .filter(({ from, to }) => from === 'escrow' && to === holder)
    .reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
}

/** A drawn world of the campaign, shortened so that a real chain can make all its blocks. */
function drawnOptions(regime: RegimeName, at: number): Partial<WorldOptions> {
  const sample = fc.sample(scenarioDraws(regime, 1), { seed: 17, numRuns: at + 1 })
  const { faults, behaviour, world } = sample[at] as (typeof sample)[number]
  const { token, ...people } = behaviour
  const short = {
    teacherPatienceMs: 900_000,
    admin0: { fromMinute: 0, untilMinute: 0, thinkMs: 0 },
  }
  return {
    ...{ regime, seed: world, run: 0, faults, token: String(token), profile: 'l1' },
    behaviour: { ...(people as unknown as Behaviour), ...short },
  }
}

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      for (let at = 0; at < DRAWN; at += 1) {
        const options = { ...drawnOptions(regime, at), seed: 9, run: at, policy, parameters }
        const real = await worlds.run(options)
        const modelled = runWorld(options)
        expect(real.observed.length).toBeGreaterThan(0)
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expectAsPredicted(real)
      }
    },
  )

  test('100.00 paid in, 35.00 for the bank, which pays it, 30.00 for the platform', async () => {
    const behaviour = { ...DESCRIBED_WITHDRAWAL.behaviour, takesCommission: true }
    const real = await worlds.run({ ...DESCRIBED_WITHDRAWAL, policy, parameters, behaviour })
    expect([paidTo(real, 'bank'), paidTo(real, 'platform')]).toEqual([35_000_000n, 30_000_000n])
    expect(real.run.payments.map(({ units }) => units)).toEqual([35_000_000n])
    expectAsPredicted(real)
  })
})

describe('a bank whose answer is later than the time that it has', () => {
  const late = request({ answers: 'late', lateMs: 900_000, asksAgain: true })
  const behaviour = {
    ...DESCRIBED_WITHDRAWAL.behaviour,
    ...{ requests: [late], teacherPatienceMs: 120_000 },
  }

  test('hardened the teacher has its money back; what it asks for again is paid', async () => {
    const options = { ...DESCRIBED_WITHDRAWAL, policy: 'hardened', parameters, behaviour } as const
    const real = await worlds.run(options)
    expect(real.run.courses.map(({ end }) => end)).toEqual(['Cancelled', 'Completed'])
    expect(real.run.payments).toMatchObject([{ withdrawal: 1, units: 35_000_000n }])
    expect(paidTo(real, 'bank')).toBe(35_000_000n)
    expect(broken(real.run)).toEqual([])
    expectAsPredicted(real)
  })

  test('nor is it paid twice when blocks with the approval and the end are replaced', async () => {
    const options = { ...DESCRIBED_WITHDRAWAL, policy: 'hardened', parameters, behaviour } as const
    const replacedAfter = (faults: readonly Fault[], what: 'approvedMs' | 'endedMs') => {
      const [course] = runWorld({ ...options, faults }).courses
      return [...faults, fault('reorg', 'chain', (course?.[what] as number) + 1_000, 0, 2)]
    }
    const faults = replacedAfter(replacedAfter([], 'approvedMs'), 'endedMs')
    const real = await worlds.run({ ...options, faults })
    expect(real.run.transactions.filter((each) => each.reorgs > 0).length).toBeGreaterThan(1)
    expect(real.run.payments).toMatchObject([{ withdrawal: 1, units: 35_000_000n }])
    expect(paidTo(real, 'bank')).toBe(35_000_000n)
    expectAsPredicted(real)
  })
})

describe('two requests over the same money', () => {
  const whole = request({ shareBps: 10_000 })
  const behaviour = { ...DESCRIBED_WITHDRAWAL.behaviour, requests: [whole, whole] }

  test('as described the real contract sends what others own, and owes the rest', async () => {
    const options = {
      ...DESCRIBED_WITHDRAWAL,
      policy: 'as-described',
      parameters,
      behaviour,
    } as const
    const real = await worlds.run(options)
    expect(real.run.payments.map(({ units }) => units)).toEqual([70_000_000n, 70_000_000n])
    expect(paidTo(real, 'bank')).toBe(70_000_000n)
    expect(real.run.endState).toMatchObject({
      claimBankUnits: 70_000_000n,
      escrowUnits: 30_000_000n,
    })
    expectAsPredicted(real)
  })

  test('hardened it refuses the second, which is asked for when there is money', async () => {
    const options = { ...DESCRIBED_WITHDRAWAL, policy: 'hardened', parameters, behaviour } as const
    const real = await worlds.run(options)
    expect(real.run.payments.map(({ units }) => units)).toEqual([70_000_000n])
    expect(paidTo(real, 'bank')).toBe(70_000_000n)
    expectAsPredicted(real)
  })
})
