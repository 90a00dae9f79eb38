/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step, whatever webhooks,
 * keepers and forged attestations do.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. Lessons and windows are short here: Anvil makes every block.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attendanceHoldBinding } from '../../contracts/bindings/attendanceHold.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { attendanceHoldParameters } from '../../models/attendance-hold/parameters.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { ACTORS } from '../../sim/attendance-hold/actors.ts'
import { CHEATS } from '../../sim/attendance-hold/behaviour.ts'
import { setUpWorld, type WorldOptions } from '../../sim/attendance-hold/options.ts'
import { BOOKED_LESSON } from '../../sim/attendance-hold/testing/bookedLesson.ts'
import { runWorld, runWorldOn } from '../../sim/attendance-hold/world.ts'
import type { WorldRun } from '../../sim/attendance-hold/worldRun.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { type AnvilWorldRun, type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'

const parameters = {
  ...{ sessionSeconds: 300, attestationWindowSeconds: 300, keeperWindowSeconds: 60 },
  ...{ noShowSeconds: 300, lateAfterSeconds: 60, keeperIntervalSeconds: 60 },
}
const LEAD_SECONDS = 180
const PRICE = 100_000_000n

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = attendanceHoldBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: attendanceHoldBinding, actors: ACTORS },
    // Both processes of the keeper's job are the keeper to the contract.
    participantOf: { secondKeeper: 'keeper' },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  const cases = [attendanceHoldParameters.parse(parameters)]
  worlds = await openAnvilWorlds({ world, subjects, cases })
})
afterAll(() => worlds.close())

function paidTo({ observed }: AnvilWorldRun<WorldRun>, holder: string): bigint {
  return observed
    .flatMap(({ transfers }) => transfers)
    .filter(({ from, to }) => from === 'escrow' && to === holder)
    .reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
}

const lessonOf = (
  policy: WorldOptions['policy'],
  behaviour: Partial<WorldOptions['behaviour']> = {},
): WorldOptions => ({
  ...{ ...BOOKED_LESSON, policy, parameters, leadSeconds: LEAD_SECONDS },
  behaviour: { ...BOOKED_LESSON.behaviour, ...behaviour },
})

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(REGIME_NAMES)(
    '%s: the same run but for fees, and the contract agrees',
    async (regime) => {
      for (const [run, profile] of ['l1', 'l2', 'l1'].entries()) {
        const terms = { parameters, leadSeconds: LEAD_SECONDS, profile }
        const options: WorldOptions = { policy, regime, seed: 9, run, ...terms }
        const real = await worlds.run(options)
        const modelled = runWorld(options)
        expect(modelled.steps.length).toBeGreaterThan(0)
        expect(withoutFees(real.run)).toEqual(withoutFees(modelled))
        expectAsPredicted(real)
      }
    },
  )

  test('a lesson of 100.00 pays 70.00 and 30.00', async () => {
    const real = await worlds.run(lessonOf(policy))
    const receiver = policy === 'hardened' ? 'referrer0' : 'platform'
    expect([paidTo(real, 'teacher0'), paidTo(real, receiver)]).toEqual([70_000_000n, 30_000_000n])
    expectAsPredicted(real)
  })

  test('a student who did not come has 100.00 back', async () => {
    const real = await worlds.run(lessonOf(policy, { studentVisits: [] }))
    expect([paidTo(real, 'student0'), paidTo(real, 'teacher0')]).toEqual([PRICE, 0n])
    expectAsPredicted(real)
  })

  test('nobody came: the keeper refunds after the no-show time', async () => {
    const real = await worlds.run(lessonOf(policy, { studentVisits: [], teacherVisits: [] }))
    expect(real.run.milestones.resolution).toBe('unfinished')
    expect(paidTo(real, 'student0')).toBe(PRICE)
    expectAsPredicted(real)
  })

  test('a student who comes back is there twice, and that is paid only hardened', async () => {
    const visits = [
      { fromBps: 0, untilBps: 6_000 },
      { fromBps: 7_000, untilBps: 8_500 },
    ]
    const real = await worlds.run(lessonOf(policy, { studentVisits: visits, isReferred: false }))
    expect(paidTo(real, policy === 'hardened' ? 'teacher0' : 'student0')).toBe(PRICE)
    expectAsPredicted(real)
  })
})

describe('hardened, on the real contract', () => {
  test('two keepers of one account, and both sides without any, resolve it once', async () => {
    const both = await worlds.run(lessonOf('hardened', { phaseBps: 5_000, secondPhaseBps: 5_000 }))
    const alone = await worlds.run(lessonOf('hardened', { keepers: 'none' }))
    for (const real of [both, alone]) {
      const accepted = real.run.steps.filter(
        ({ planned }, index) =>
          planned.action === 'process' && real.observed[index]?.outcome.accepted === true,
      )
      expect(accepted.length).toBe(1)
      expect(paidTo(real, 'teacher0') + paidTo(real, 'referrer0')).toBe(PRICE)
      expectAsPredicted(real)
    }
    expect(alone.run.steps.some(({ edge }) => edge === 'Held|process|!NotHeld')).toBe(false)
  })

  test('no forged attestation is accepted, and no forged webhook becomes genuine', async () => {
    const forgeries = [{ atBps: 3_000, ofBps: 0, kind: 'joined' as const, connection: 0 }]
    for (const cheats of CHEATS.filter((cheat) => cheat !== 'no')) {
      const real = await worlds.run(lessonOf('hardened', { cheats, forgeries, studentVisits: [] }))
      const refused = real.run.steps.flatMap(({ planned }, index) =>
        planned.args.attestation === cheats ? (real.observed[index]?.outcome.error ?? '') : [],
      )
      expect(refused).toContain('InvalidAttestation')
      expect(paidTo(real, 'student0')).toBe(PRICE)
      expectAsPredicted(real)
    }
  })
})
