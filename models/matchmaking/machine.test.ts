/**
 * The lifecycle of matchmaking against its words: every action is answered in every state, every
 * refusal has a name and a meaning, what binds a tutor ends in the second that the README names,
 * and the claims say of each example what the README says.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { POLICIES, type Policy } from '../kit/trace.ts'
import { createMatchmakingMachine } from './machine.ts'
import { matchmaking } from './protocol.ts'
import { play, RATE_UNITS, START, TTL, WINDOW } from './testRequests.ts'
import { matchmakingErrors } from './words.ts'

const ACTIONS = matchmaking.actions.map(({ name }) => name)
const ONLY_IN: Readonly<Record<Policy, readonly string[]>> = {
  'as-described': ['InvalidRecipient'],
  hardened: [
    ...['TutorBusy', 'ProposalOver', 'ProposalOpen', 'RateAboveMax', 'QuoteExpired', 'QuoteUsed'],
    ...['InvalidQuote', 'DepositWindowOver', 'DepositWindowOpen', 'WrongRate', 'NotParty'],
    ...['AlreadyRated', 'Soulbound'],
  ],
}
const STATES = [
  ...['None', 'Searching', 'Proposed', 'AwaitingDeposit', 'Matched', 'Completed', 'NoMatch'],
  ...['Waitlisted', 'Booked', 'Expired', 'Cancelled'],
]

describe.each(POLICIES)('%s', (policy) => {
  const machine = createMatchmakingMachine(policy)
  const edges = declaredEdges(machine)

  test('every action is answered in every state, last of all without a condition', () => {
    for (const state of Object.values(machine.root.states)) {
      for (const action of ACTIONS) {
        const answers = state.transitions.get(action) ?? []
        expect(answers.length, `${state.key} ${action}`).toBeGreaterThan(0)
        expect(answers.at(-1)?.guard, `${state.key} ${action}`).toBeUndefined()
      }
      expect([...state.transitions.keys()].sort()).toEqual(ACTIONS.toSorted())
    }
  })

  test('refuses with names that have a meaning, and uses every name', () => {
    const used = new Set(edges.flatMap(({ rejection }) => rejection ?? []))
    const other = policy === 'hardened' ? 'as-described' : 'hardened'
    const promised = Object.keys(matchmakingErrors).filter((name) => !ONLY_IN[other].includes(name))
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has its states, and no way out of those in which a request has ended', () => {
    expect(declaredStates(machine)).toEqual(STATES)
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const leaving = accepted.filter(({ from, to }) => from !== to).map(({ from }) => from)
    for (const terminal of matchmaking.terminalStates) expect(leaving).not.toContain(terminal)
  })

  test('a student is matched, learns, has a credential, and both rate', () => {
    const run = play({ policy })
    expect([run.request(), run.propose(), run.accept(), run.consume()]).toEqual(
      Array(4).fill('accepted'),
    )
    expect(run.complete(60)).toBe('accepted')
    const rate = (by: string, score: number) => run.attempt({ by, action: 'rate', args: { score } })
    expect([rate('student0', 0), rate('student0', 6)]).toEqual(['InvalidScore', 'InvalidScore'])
    expect([rate('student0', 5), rate('tutor0', 1)]).toEqual(['accepted', 'accepted'])
    expect(run.figures()).toMatchObject({ credentials: 1n, ratingStudent: 5n, ratingTutor: 1n })
    expect(run.figures()).toMatchObject({ rate: RATE_UNITS, tutor: 3n, holder: 1n, boundUntil: 0n })
    expect(run.broken()).toEqual([])
  })

  test('who was not matched may wait, or book a time, and then searches anew', () => {
    const run = play({ policy })
    const byStudent = (action: string, at?: number) =>
      run.attempt({ by: 'student0', action, ...(at === undefined ? {} : { args: { at } }) })
    run.request()
    expect(run.attempt({ by: 'matchmaker', action: 'noMatch' })).toBe('accepted')
    expect(byStudent('waitlist')).toBe('accepted')
    expect(run.propose()).toBe('accepted')
    expect(run.attempt({ by: 'tutor0', action: 'decline' })).toBe('accepted')
    run.attempt({ by: 'matchmaker', action: 'noMatch' })
    expect(byStudent('book', START)).toBe('BookingPassed')
    expect(byStudent('book', START + 100)).toBe('accepted')
    expect(run.figures()).toMatchObject({ attempts: 0n })
    expect(run.propose('tutor0', 0, 99)).toBe('TooEarly')
    expect(run.propose('tutor0', 0, 100)).toBe('accepted')
    expect(byStudent('cancel')).toBe('accepted')
    expect(run.broken()).toEqual([])
  })
})

describe('as-described breaks', () => {
  const policy = 'as-described'
  const accepted = () => {
    const run = play({ policy })
    run.request()
    run.propose()
    run.accept()
    return run
  }
  const completed = () => {
    const run = accepted()
    run.consume()
    run.complete(60)
    return run
  }

  test('INV-ONE-STUDENT: two proposals race, and both are accepted', () => {
    const run = play({ policy, students: ['student0', 'student1'] })
    for (const on of [0, 1]) run.request(on)
    for (const on of [0, 1]) expect(run.propose('tutor0', on)).toBe('accepted')
    expect(run.broken()).toEqual(['INV-ONE-STUDENT'])
    for (const on of [0, 1]) expect(run.accept({}, on)).toBe('accepted')
    expect(run.broken()).toEqual(['INV-ONE-STUDENT'])
  })

  test('INV-TTL: a proposal is taken back before its time, or accepted after it', () => {
    const early = play({ policy })
    early.request()
    early.propose()
    expect(early.lapse()).toBe('accepted')
    expect(early.broken()).toEqual(['INV-TTL'])
    const late = play({ policy })
    late.request()
    late.propose()
    expect(late.accept({}, 0, TTL)).toBe('accepted')
    expect(late.broken()).toEqual(['INV-TTL'])
  })

  test('INV-DEPOSIT-WINDOW: only the matchmaker releases, however long the tutor waits', () => {
    const run = accepted()
    expect(run.attempt({ by: 'tutor0', action: 'release', at: WINDOW })).toBe('NotMatchmaker')
    expect(run.broken()).toEqual(['INV-DEPOSIT-WINDOW'])
  })

  test('INV-ATTEMPTS: a search goes on for ever', () => {
    const run = play({ policy, maxAttempts: 1 })
    run.request()
    run.propose()
    run.attempt({ by: 'tutor0', action: 'decline' })
    expect(run.propose()).toBe('accepted')
    expect(run.broken()).toEqual(['INV-ATTEMPTS'])
  })

  test('INV-RATE-LOCKED and INV-QUOTE-ONCE: any rate is taken, and taken again', () => {
    const run = accepted()
    expect(run.consume(RATE_UNITS + 1n)).toBe('accepted')
    expect(run.broken()).toEqual(['INV-RATE-LOCKED'])
    const again = accepted()
    again.consume()
    expect(again.consume()).toBe('accepted')
    expect(again.broken()).toEqual(['INV-QUOTE-ONCE'])
  })

  test('the claims about credentials and ratings, each with one call after the session', () => {
    const again = completed()
    expect(again.complete(60)).toBe('accepted')
    expect(again.broken()).toEqual(['INV-CREDENTIAL-ONCE'])
    const short = accepted()
    short.consume()
    short.complete(59)
    expect(short.broken()).toEqual(['INV-CREDENTIAL-EARNED'])
    const sold = completed()
    const to = { to: 'elsewhere' }
    expect(sold.attempt({ by: 'student0', action: 'transferCredential', args: to })).toBe(
      'accepted',
    )
    expect(sold.broken()).toEqual(['INV-SOULBOUND'])
    const rated = completed()
    const score = { score: 1 }
    expect(rated.attempt({ by: 'stranger', action: 'rate', args: score })).toBe('accepted')
    expect(rated.broken()).toEqual(['INV-RATING-ONCE'])
  })
})

describe('hardened', () => {
  const policy = 'hardened'
  const students = ['student0', 'student1']

  function proposed() {
    const run = play({ policy, students })
    for (const on of [0, 1]) run.request(on)
    run.propose()
    return run
  }

  test('a proposal binds its tutor for the ttl alone, although nobody lets it lapse', () => {
    const run = proposed()
    expect(run.propose('tutor0', 1, TTL - 1)).toBe('TutorBusy')
    expect(run.propose('tutor1', 1)).toBe('accepted')
    expect(run.attempt({ by: 'tutor1', action: 'decline', on: 1 })).toBe('accepted')
    expect(run.propose('tutor0', 1, TTL)).toBe('accepted')
    expect(run.accept({}, 0)).toBe('ProposalOver')
    expect(run.accept({}, 1)).toBe('accepted')
    expect(run.attempt({ by: 'stranger', action: 'lapse' })).toBe('accepted')
    expect(run.propose('tutor0', 0)).toBe('TutorBusy')
    expect(run.broken()).toEqual([])
  })

  test('an acceptance binds for the window or its quote’s time; a match until its end', () => {
    const run = proposed()
    expect(run.accept({ expiry: START + 50 }, 0, TTL - 1)).toBe('accepted')
    expect(run.propose('tutor0', 1, 49)).toBe('TutorBusy')
    expect(run.attempt({ by: 'stranger', action: 'release' })).toBe('DepositWindowOpen')
    expect(run.propose('tutor0', 1, 50)).toBe('accepted')
    expect(run.consume(RATE_UNITS, 0)).toBe('QuoteExpired')
    expect(run.attempt({ by: 'stranger', action: 'release' })).toBe('accepted')
    expect(run.accept({}, 1)).toBe('accepted')
    expect(run.consume(RATE_UNITS, 1, 49 + WINDOW)).toBe('accepted')
    expect(run.figures(1)).toMatchObject({ boundUntil: (1n << 64n) - 1n })
    expect(run.complete(59, 1)).toBe('accepted')
    expect(run.figures(1)).toMatchObject({ credentials: 0n, boundUntil: 0n })
    const to = { to: 'elsewhere' }
    const gives = { by: 'student1', action: 'transferCredential', args: to, on: 1 }
    expect(run.attempt(gives)).toBe('NotMinted')
    expect(run.complete(60, 1)).toBe('NotMatched')
    expect(run.broken()).toEqual([])
  })

  test('who is proposed to somebody else binds nobody before that', () => {
    const run = proposed()
    run.attempt({ by: 'tutor0', action: 'decline' })
    run.propose('tutor1')
    expect(run.propose('tutor0', 1)).toBe('accepted')
    expect(run.broken()).toEqual([])
  })

  test('a deposit counts once, in the window, for its student and at its rate', () => {
    const run = proposed()
    run.accept()
    const consume = (student: string, rateUnits: bigint, at?: number) =>
      run.attempt({
        by: 'sessionEscrow',
        action: 'consume',
        args: { student, rateUnits },
        ...(at === undefined ? {} : { at }),
      })
    expect(consume('student1', RATE_UNITS)).toBe('WrongStudent')
    expect(consume('student0', RATE_UNITS - 1n)).toBe('WrongRate')
    const cap = (capUnits: bigint) =>
      run.attempt({ by: 'student0', action: 'reduceCap', args: { capUnits } })
    expect([cap(36_000_000n), cap(RATE_UNITS - 1n)]).toEqual(['CapNotLess', 'CapBelowRate'])
    expect(cap(RATE_UNITS)).toBe('accepted')
    expect(run.consume(RATE_UNITS, 0, WINDOW - 1)).toBe('accepted')
    expect(run.consume()).toBe('NotAwaiting')
    expect(run.attempt({ by: 'student0', action: 'cancel' })).toBe('NotCancellable')
    expect(run.broken()).toEqual([])
    const late = proposed()
    late.accept()
    expect(late.consume(RATE_UNITS, 0, WINDOW)).toBe('DepositWindowOver')
    expect(late.broken()).toEqual([])
  })

  test('a quote binds within the maximum, before it expires, and its nonce once', () => {
    const run = proposed()
    expect(run.accept({ rateUnits: RATE_UNITS + 1n })).toBe('RateAboveMax')
    expect(run.accept({ rateUnits: 0n })).toBe('ZeroRate')
    expect(run.accept({ expiry: START })).toBe('QuoteExpired')
    expect(run.accept({ quote: 'forged' })).toBe('InvalidQuote')
    expect(run.accept({ quote: null })).toBe('InvalidQuote')
    expect(run.accept({ tutor: 'tutor1' })).toBe('InvalidQuote')
    expect(run.accept({ nonce: 7n })).toBe('accepted')
    run.attempt({ by: 'student0', action: 'cancel' })
    run.propose('tutor0', 1)
    expect(run.accept({ nonce: 7n }, 1)).toBe('QuoteUsed')
    expect(run.accept({ nonce: 8n }, 1)).toBe('accepted')
    expect(run.broken()).toEqual([])
  })

  test('after the last attempt the student is asked, whatever the tutor does', () => {
    const run = play({ policy, maxAttempts: 2 })
    run.request()
    run.propose()
    expect(run.attempt({ by: 'tutor0', action: 'decline' })).toBe('accepted')
    expect(run.state()).toBe('Searching')
    run.propose('tutor1')
    expect(run.lapse(0, TTL - 1)).toBe('ProposalOpen')
    expect(run.lapse(0, TTL)).toBe('accepted')
    expect(run.state()).toBe('NoMatch')
    expect(run.broken()).toEqual([])
  })

  test('a credential stays with its student, and a party rates once', () => {
    const run = proposed()
    run.accept()
    run.consume()
    run.complete(60)
    const give = (by: string) =>
      run.attempt({ by, action: 'transferCredential', args: { to: 'elsewhere' } })
    expect([give('tutor0'), give('student0')]).toEqual(['NotHolder', 'Soulbound'])
    const rate = (by: string) => run.attempt({ by, action: 'rate', args: { score: 3 } })
    expect([rate('student0'), rate('student0')]).toEqual(['accepted', 'AlreadyRated'])
    expect([rate('tutor1'), rate('tutor0')]).toEqual(['NotParty', 'accepted'])
    expect(run.broken()).toEqual([])
  })
})

test.each(POLICIES)('%s: a request that could not pay one second is refused', (policy) => {
  expect(play({ policy, maxRateUnits: 0n }).request()).toBe('ZeroRate')
  expect(play({ policy, capUnits: RATE_UNITS - 1n }).request()).toBe('CapBelowRate')
  expect(play({ policy, capUnits: RATE_UNITS }).request()).toBe('accepted')
})
