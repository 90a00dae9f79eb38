/**
 * Faults as data: what is refused and how the refusal reads; what a regime draws.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MeterproofError } from '../../models/kit/error.ts'
import { drawFaultPlan, FAULT_HORIZON_MS } from './drawFaultPlan.ts'
import { FAULT_KINDS, type Fault, parseFaultPlan } from './fault.ts'
import { REGIME_NAMES, REGIMES, regimeNamed } from './regimes.ts'
import type { FaultTargets } from './targets.ts'

const drop: Fault = {
  kind: 'link-down',
  target: 'student',
  atMs: 300_000,
  durationMs: 60_000,
  magnitude: 1,
}

const TARGETS: FaultTargets = {
  access: ['student', 'tutor'],
  clocked: ['student', 'tutor', 'service', 'relayer'],
  senders: ['student', 'tutor', 'relayer'],
  keepers: ['relayer'],
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
    const error = refusalOf(() => parseFaultPlan(plan, TARGETS))
    expect(error.code).toBe(code)
    expect(error.facts.field).toBe(field)
    expect(error.class).toBe('usage')
  })

  test('in full', () => {
    const error = refusalOf(() => parseFaultPlan([{ ...drop, target: 'janitor' }], TARGETS))
    const text = error.format().replace(Object.keys(FAULT_KINDS).join(', '), '(all of them)')
    expect(text).toMatchInlineSnapshot(`
      "A link-down fault cannot hit "janitor". [MP_FAULT_TARGET_UNKNOWN]
        field:   faults[0].target
        targets: student, tutor, student.up, student.down, tutor.up, tutor.down
      Hint: Kinds of faults: (all of them)."
    `)
  })

  test('a target that another world has is not one of this', () => {
    const throttle = { ...drop, kind: 'timer-throttle', target: 'tutor', magnitude: 60_000 }
    const error = refusalOf(() => parseFaultPlan([throttle], TARGETS))
    expect([error.code, error.facts.targets]).toEqual([
      'MP_FAULT_TARGET_UNKNOWN',
      'none in this world',
    ])
    const tabs = { ...TARGETS, throttled: ['tutor'] }
    expect(parseFaultPlan([throttle], tabs)).toEqual([throttle])
    expect(refusalOf(() => parseFaultPlan([{ ...throttle, magnitude: 999 }], tabs)).code).toBe(
      'MP_FAULT_MAGNITUDE_INVALID',
    )
  })

  test('jumps one after the other, and on different clocks, are accepted', () => {
    const plan = [jump, { ...jump, atMs: 360_000 }, { ...jump, target: 'tutor' }]
    expect(parseFaultPlan(plan, TARGETS)).toEqual(plan)
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
      const counts = Array.from({ length: 50 }, (_, run) =>
        drawFaultPlan(name, { seed: 1, run }, TARGETS),
      )
      const some = counts.filter((plan) => plan.length > 0).length
      if (name === 'none') expect(some).toBe(0)
      else expect(some).toBeGreaterThan(25)
    }
  })

  test('a drawn plan is valid, and the same for the same seed and run', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REGIME_NAMES), fc.nat(), fc.nat(1000), (name, seed, run) => {
        const plan = drawFaultPlan(name, { seed, run }, TARGETS)
        expect(parseFaultPlan(plan, TARGETS)).toEqual(plan)
        expect(drawFaultPlan(name, { seed, run }, TARGETS)).toEqual(plan)
      }),
      { numRuns: 100 },
    )
  })

  test('mixed holds the link outages of disconnect: families do not disturb one another', () => {
    for (let run = 0; run < 20; run += 1) {
      const links = (name: 'mixed' | 'disconnect') =>
        drawFaultPlan(name, { seed: 3, run }, TARGETS).filter(({ kind }) => kind === 'link-down')
      expect(links('mixed')).toEqual(links('disconnect'))
    }
  })

  test("a world's own targets are drawn for; others' draws stay as they are", () => {
    const tabs = { ...TARGETS, throttled: ['tutor', 'student.wallet'] }
    let throttles = 0
    for (let run = 0; run < 20; run += 1) {
      const plan = drawFaultPlan('mixed', { seed: 3, run }, tabs)
      const added = plan.filter(({ kind }) => kind === 'timer-throttle')
      throttles += added.length
      expect(added.every(({ target }) => tabs.throttled.includes(target))).toBe(true)
      const rest = plan.filter(({ kind }) => kind !== 'timer-throttle')
      expect(rest).toEqual(drawFaultPlan('mixed', { seed: 3, run }, TARGETS))
    }
    expect(throttles).toBeGreaterThan(10)
  })

  test('faults begin before the horizon, however far that is', () => {
    const latest = (horizonMs: number) =>
      Math.max(
        ...Array.from({ length: 20 }, (_, run) =>
          drawFaultPlan('mixed', { seed: 4, run }, TARGETS, horizonMs).map(({ atMs }) => atMs),
        ).flat(),
      )
    const short = latest(FAULT_HORIZON_MS)
    expect(short).toBeLessThan(FAULT_HORIZON_MS)
    expect(latest(8 * FAULT_HORIZON_MS)).toBeGreaterThan(FAULT_HORIZON_MS)
  })
})
