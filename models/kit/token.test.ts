/**
 * The twins of the test tokens: what arrives, what is refused, and that nothing is made of nothing.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SESSION_TOKENS } from '../session-escrow/cast.ts'
import { applyTransfers, pays, type TokenProfile, transferIn } from './token.ts'

function tokenOf(kind: string): TokenProfile {
  const token = SESSION_TOKENS.find((each) => each.kind === kind)
  if (token === undefined) throw new Error(`there is no token ${kind}`)
  return token
}

function taken(kind: string, heldUnits: bigint, amountUnits: bigint) {
  const ledger = { [kind]: { student0: heldUnits } }
  return transferIn({ token: tokenOf(kind), ledger, fromHolder: 'student0', amountUnits })
}

describe('taking tokens in', () => {
  test('works for a plain token up to the last unit, and fails beyond', () => {
    expect(taken('plain6', 100n, 100n)).toBe('received')
    expect(taken('plain6', 100n, 101n)).toBe('failed')
    expect(taken('plain6', 0n, 0n)).toBe('received')
  })

  test('comes up short with a fee on transfer, which rounds up to one unit at least', () => {
    expect(taken('feeOnTransfer', 100n, 1n)).toBe('short')
    expect(taken('feeOnTransfer', 100n, 100n)).toBe('short')
    expect(taken('feeOnTransfer', 100n, 101n)).toBe('failed')
  })

  test('comes up short with the fee on large pulls from its limit on only', () => {
    expect(taken('feeOnLargePull', 9_999_999n, 999_999n)).toBe('received')
    expect(taken('feeOnLargePull', 9_999_999n, 1_000_000n)).toBe('short')
  })
})

test('a hostile token refuses exactly the owners that its name says', () => {
  const owners = ['student0', 'student1', 'tutor0', 'tutor1', 'platform', 'elsewhere']
  const refusedBy = (kind: string) => owners.filter((owner) => !pays(tokenOf(kind), owner))
  expect(refusedBy('plain6')).toEqual([])
  expect(refusedBy('refusesPayers')).toEqual(['student0', 'student1'])
  expect(refusedBy('refusesProviders')).toEqual(['tutor0', 'tutor1'])
  expect(refusedBy('returnsFalse')).toEqual(['tutor0', 'tutor1'])
  expect(refusedBy('refusesPlatform')).toEqual(['platform'])
  expect(refusedBy('refusesAll')).toEqual(owners.slice(0, 5))
})

test('transfers keep the sum of every token, and the ledger that they start from', () => {
  const holder = fc.constantFrom('student0', 'tutor0', 'escrow')
  const transfer = fc.record({
    token: fc.constantFrom('plain6', 'plain8'),
    from: holder,
    to: holder,
    amountUnits: fc.bigInt({ min: 0n, max: 1n << 130n }),
  })
  const ledger = { plain6: { student0: 7n, escrow: 5n }, plain8: { tutor0: 3n } }
  const sums = (of: Readonly<Record<string, Readonly<Record<string, bigint>>>>) =>
    Object.values(of).map((held) => Object.values(held).reduce((sum, units) => sum + units, 0n))
  const property = fc.property(fc.array(transfer), (transfers) => {
    expect(sums(applyTransfers(ledger, transfers))).toEqual([12n, 3n])
    expect(ledger).toEqual({ plain6: { student0: 7n, escrow: 5n }, plain8: { tutor0: 3n } })
  })
  fc.assert(property, { seed: 1 })
})
