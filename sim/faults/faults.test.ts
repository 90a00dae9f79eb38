/**
 * Faults as data: what is refused and how the refusal reads; what a regime draws.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MeterproofError } from '../../models/kit/error.ts'
import { drawFaultPlan } from './drawFaultPlan.ts'
import { FAULT_KINDS, type Fault, parseFaultPlan } from './fault.ts'
import { REGIME_NAMES, REGIMES, regimeNamed } from './regimes.ts'

const drop: Fault = {
  kind: 'link-down',
  target: 'student',
  atMs: 300_000,
  durationMs: 60_000,
  magnitude: 1,
}

function refusalOf(act: () => unknown): MeterproofError {
  try {
    act()
  } catch (error) {
    if (error instanceof MeterproofError) return error
  }
  throw new Error('nothing was refused')
}

describe('a fault plan is refused with a message that names the field', () => {
  const jump = { ...drop, kind: 'clock-jump', magnitude: 500 }
  const cases: readonly [string, unknown, string, string][] = [
    ['unknown kind', [{ ...drop, kind: 'meteor' }], 'MP_FAULT_KIND_UNKNOWN', 'faults[0].kind'],
    [
      'negative duration',
      [drop, { ...drop, durationMs: -1 }],
      'MP_FAULT_DURATION_INVALID',
      'faults[1].durationMs',
    ],
    ['negative time', [{ ...drop, atMs: -1 }], 'MP_FAULT_TIME_INVALID', 'faults[0].atMs'],
    [
      'unknown target',
      [{ ...drop, target: 'janitor' }],
      'MP_FAULT_TARGET_UNKNOWN',
      'faults[0].target',
    ],
    [
      'magnitude out of range',
      [{ ...drop, kind: 'clock-drift', magnitude: 501 }],
      'MP_FAULT_MAGNITUDE_INVALID',
      'faults[0].magnitude',
    ],
    [
      'overlapping jumps on one clock',
      [jump, { ...jump, atMs: 359_999 }],
      'MP_FAULT_OVERLAP',
      'faults[1].atMs',
    ],
    ['not an array', { ...drop }, 'MP_FAULT_INVALID', 'faults'],
  ]
  test.each(cases)('%s', (_, plan, code, field) => {
    const error = refusalOf(() => parseFaultPlan(plan))
    expect(error.code).toBe(code)
    expect(error.facts.field).toBe(field)
    expect(error.class).toBe('usage')
  })

  test('in full', () => {
    const error = refusalOf(() => parseFaultPlan([{ ...drop, target: 'janitor' }]))
    const text = error.format().replace(Object.keys(FAULT_KINDS).join(', '), '(all of them)')
    expect(text).toMatchInlineSnapshot(`
      "A link-down fault cannot hit "janitor". [MP_FAULT_TARGET_UNKNOWN]
        field:   faults[0].target
        targets: student, tutor, student.up, student.down, tutor.up, tutor.down
      Hint: Kinds of faults: (all of them)."
    `)
  })

  test('jumps one after the other, and on different clocks, are accepted', () => {
    const plan = [jump, { ...jump, atMs: 360_000 }, { ...jump, target: 'tutor' }]
    expect(parseFaultPlan(plan)).toEqual(plan)
  })
})

describe('regimes', () => {
  test('a regime that does not exist is refused by name', () => {
    const error = refusalOf(() => regimeNamed('storm'))
    expect([error.code, error.facts.field]).toEqual(['MP_FAULT_REGIME_UNKNOWN', 'regime'])
    expect(refusalOf(() => regimeNamed('toString')).code).toBe('MP_FAULT_REGIME_UNKNOWN')
  })

  test('every regime states its sources', () => {
    for (const name of REGIME_NAMES) expect(REGIMES[name].source.length).toBeGreaterThan(40)
  })

  test('none draws nothing; all others draw some fault in most runs', () => {
    for (const name of REGIME_NAMES) {
      const counts = Array.from({ length: 50 }, (_, run) => drawFaultPlan(name, { seed: 1, run }))
      const some = counts.filter((plan) => plan.length > 0).length
      if (name === 'none') expect(some).toBe(0)
      else expect(some).toBeGreaterThan(25)
    }
  })

  test('a drawn plan is valid, and the same for the same seed and run', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REGIME_NAMES), fc.nat(), fc.nat(1000), (name, seed, run) => {
        const plan = drawFaultPlan(name, { seed, run })
        expect(parseFaultPlan(plan)).toEqual(plan)
        expect(drawFaultPlan(name, { seed, run })).toEqual(plan)
      }),
      { numRuns: 100 },
    )
  })

  test('mixed holds the link outages of disconnect: families do not disturb one another', () => {
    for (let run = 0; run < 20; run += 1) {
      const links = (name: 'mixed' | 'disconnect') =>
        drawFaultPlan(name, { seed: 3, run }).filter(({ kind }) => kind === 'link-down')
      expect(links('mixed')).toEqual(links('disconnect'))
    }
  })
})
