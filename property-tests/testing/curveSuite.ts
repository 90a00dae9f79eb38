/**
 * What tests of design curves share: finding a series, and playing every point on the contract.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Parameters, POLICIES, type StepAccount } from '../../models/kit/trace.ts'
import type { Curve } from '../../reports/record.ts'
import { firstDivergence } from '../kit/compare.ts'
import { executePlan } from '../kit/execute.ts'
import type { Plan } from '../kit/plan.ts'
import { openTestbed, type Testbed } from '../kit/testbed.ts'
import { playerOf } from '../players.ts'
import { type CheckedSubject, checkedSubjects } from '../subjects.ts'

/** A finder of series; a test that asks for one that there is not fails. */
export function seriesIn(curves: readonly Curve[]) {
  return (id: string, policy: string, name: string): Curve['series'][number] => {
    const curve = curves.find((each) => each.id === id)
    const found = curve?.series.find((each) => each.policy === policy && each.name === name)
    if (found === undefined) throw new Error(`${id} has a series ${name} of ${policy}`)
    return found
  }
}

/** Executes every play on the real contract: same steps, and from its accounts the same curves. */
export function describeCurvesOnContract<Play>(options: {
  readonly protocol: string
  /** The deployment on which all plays run. */
  readonly parameters: Parameters
  /** The plays of all points, by key. */
  readonly plans: ReadonlyMap<string, Plan>
  readonly playKey: (play: Play) => string
  /** The curves of the machine, and how they are made of accounts. */
  readonly curves: readonly Curve[]
  readonly curvesOf: (accountsOf: (play: Play) => readonly StepAccount[]) => readonly Curve[]
  readonly playsMin: number
}): void {
  const { protocol, parameters, plans, playKey, curves, curvesOf, playsMin } = options
  const player = playerOf(protocol)
  let testbed: Testbed | undefined
  let subjects: readonly CheckedSubject[] = []

  beforeAll(async () => {
    subjects = await checkedSubjects({ player, policies: POLICIES, path: null })
    testbed = await openTestbed({ binding: player.binding, subjects, cases: [parameters] })
  })
  afterAll(() => testbed?.close())

  test('contract › every play goes as the machine has it, and gives the same curves', async () => {
    const observed = new Map<string, readonly StepAccount[]>()
    const executed = [...plans].map(async ([key, plan]) => {
      const subject = subjects.find(({ policy }) => policy === plan.cast.policy)
      if (testbed === undefined || subject === undefined) throw new Error('contracts are deployed')
      const trace = await executePlan({ testbed, lane: testbed.batch, player, subject }, plan)
      expect(firstDivergence(trace), key).toBeNull()
      observed.set(
        key,
        trace.steps.map((step) => step.observed),
      )
    })
    await Promise.all(executed)
    const ofContract = curvesOf((play) => observed.get(playKey(play)) ?? [])

    expect(observed.size).toBeGreaterThan(playsMin)
    expect(ofContract).toEqual(curves)
  })
}
