/**
 * The claim that nobody gets in while tokens move, on traces that are written by hand.
 */
import { expect, test } from 'vitest'
import type { Reentry, Trace, TraceStep } from '../kit/trace.ts'
import { GUARD_ERROR, reentry } from './reentry.ts'

const claim = reentry({ 'as-described': ['pay'], hardened: ['pay', 'close'] })

function traceOf(
  policy: Trace['policy'],
  ...tried: readonly (readonly Reentry[] | undefined)[]
): Trace {
  const after = { agreements: [{ state: 'Open', figures: {} }], balances: {} }
  const steps = tried.map((reentries): TraceStep => {
    const outcome = { accepted: true, error: null }
    const account = { outcome, transfers: [], logs: [], after }
    return {
      planned: { agreement: 0, action: 'pay', by: 'payer0', atSeconds: 1, args: {} },
      ...{ role: 'payer', edge: 'Open|pay|Open', predicted: account, gasUsed: 0n },
      observed: reentries === undefined ? account : { ...account, reentries },
    }
  })
  return { protocol: 'p', policy, parameters: {}, agreements: [], initial: after, steps }
}

const pay = (error: string | null) => ({ action: 'pay', error })
const close = (error: string | null) => ({ action: 'close', error })

test('every guarded action that was tried is a witness, whoever else was tried', () => {
  const trace = traceOf('as-described', undefined, [pay(GUARD_ERROR), close(null)], [])
  expect(claim.judge(trace)).toEqual({ witnesses: 1, violation: null })
})

test.each([
  [pay(null), 'pay from inside a movement: accepted, not by the guard'],
  [close('NotOpen'), 'close from inside a movement: refused as NotOpen, not by the guard'],
])('%o breaks it', (answer, evidence) => {
  const trace = traceOf('hardened', [pay(GUARD_ERROR)], [pay(GUARD_ERROR), answer])
  expect(claim.judge(trace).violation).toEqual({ stepIndex: 1, evidence })
})
