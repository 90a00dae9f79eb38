import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AnyMachineSnapshot, initialTransition, transition } from 'xstate'
import { createSessionEscrowMachine } from '../session-escrow/machine.ts'
import type { SessionEvent, SessionInput } from '../session-escrow/machineTypes.ts'
import { initialSnapshot, step } from './step.ts'
import { POLICIES } from './trace.ts'

const input: SessionInput = {
  token: 'plain6',
  ratePerSecondUnits: 3n,
  feeBps: 1_000n,
  silenceTimeoutSeconds: 5,
  startWindowSeconds: 40,
  evidenceWindowSeconds: 30,
  tutorIsValid: true,
}

const oneOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
const ping = fc.option(fc.record({ atSeconds: fc.bigInt(0n, 90n), authentic: oneOf(true, false) }))
const pays = fc.record({ student: fc.boolean(), tutor: fc.boolean(), platform: fc.boolean() })
const anyEvent: fc.Arbitrary<Omit<SessionEvent, 'atSeconds'>> = fc.record({
  type: oneOf('deposit', 'join', 'join', 'topUp', 'stop', 'settle', 'cancel', 'claim'),
  by: oneOf('student', 'student', 'tutor', 'tutor', 'platform', 'relayer', 'stranger'),
  amountUnits: fc.bigInt(0n, 200n),
  transferIn: oneOf('received', 'received', 'received', 'failed', 'short'),
  pings: fc.record({ student: ping, tutor: ping }),
  pays,
  claimTo: fc.record({ holder: fc.constant('elsewhere'), valid: oneOf(true), paid: fc.boolean() }),
})
const anyEvents = fc.array(fc.tuple(anyEvent, fc.nat(12)), { maxLength: 25, size: 'max' })

/** What `transition()` of XState says, in the words of a step. */
function reference(snapshot: AnyMachineSnapshot, event: SessionEvent) {
  const [next, actions] = transition(snapshot.machine, snapshot, event as never)
  const declared = actions.map(({ type, params }) => ({ type, params }) as Record<string, unknown>)
  const of = (type: string) => declared.filter((each) => each.type === type)
  return { next: next as AnyMachineSnapshot, rejected: of('reject'), logged: of('emitLog') }
}

test.each(POLICIES)('%s: a step is what XState’s own transition gives', (policy) => {
  const machine = createSessionEscrowMachine(policy)
  const reached = new Set<string>()
  const property = fc.property(anyEvents, (events) => {
    let snapshot = initialSnapshot(machine, input)
    const [expectedInitial] = initialTransition(machine, input)
    expect(snapshot.context).toEqual(expectedInitial.context)
    let atSeconds = 10
    for (const [drawn, waitSeconds] of events) {
      atSeconds += waitSeconds
      const event: SessionEvent = { ...drawn, atSeconds }
      const expected = reference(snapshot, event)
      const taken = step(machine, snapshot, event)
      expect(taken.snapshot.value).toBe(expected.next.value)
      expect(taken.snapshot.context).toEqual(expected.next.context)
      const rejected = taken.rejection === null ? [] : [{ error: taken.rejection }]
      expect(rejected).toEqual(expected.rejected.map(({ params }) => params))
      expect(taken.logs).toEqual(expected.logged.map(({ params }) => params))
      snapshot = taken.snapshot
      reached.add(taken.edge)
    }
  })
  fc.assert(property, { seed: 1, numRuns: 600 })
  expect([...reached].filter((edge) => edge.includes('|claim|')).length).toBeGreaterThan(3)
  expect(reached.size).toBeGreaterThan(45)
})
