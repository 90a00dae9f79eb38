/**
 * The hand-over from matchmaking to the session escrow, on a real Anvil: a deposit needs the quote
 * that was accepted, and the end of the session frees the tutor.
 */
import type { Address, Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallResult } from '../../sim/chain/lane.ts'
import {
  accountOf,
  CAP_UNITS,
  CREDENTIAL_SECONDS,
  escrowAbi,
  escrowEvents,
  held,
  matchmakingAbi,
  type QuotedEscrow,
  RATE_UNITS,
  readAs,
  refusalOf,
  requestIdOf,
  SETTLED,
  type SessionTerms,
  STARTING_UNITS,
  STOPPED,
  sessionIdOf,
  startQuotedEscrow,
  stepTo,
  tokenAbi,
} from './quotedEscrow.ts'

let on: QuotedEscrow

beforeAll(async () => {
  on = await startQuotedEscrow()
}, 240_000)

afterAll(() => on?.stop())

const AWAITING = 3
const MATCHED = 4
const COMPLETED = 5

interface RequestRead {
  readonly status: number
  readonly billedSeconds: number
  readonly credentials: number
}
const requestIn = (result: CallResult | undefined) =>
  readAs<RequestRead>(matchmakingAbi, 'matchRequest', result)
const sessionIn = (result: CallResult | undefined) => readAs(escrowAbi, 'session', result)

test('matchmaking and escrow are deployed with each other’s address', async () => {
  for (const name of ['sound', 'broken'] as const) {
    const { pair, ofMatchmaking, ofEscrow } = on.pairNamed(name)
    const [escrow, matchmaking] = await on.play([
      ofMatchmaking(1, 'stranger', 'escrow', []),
      ofEscrow(2, 'stranger', 'matchmaking', []),
    ])
    expect(readAs<Address>(matchmakingAbi, 'escrow', escrow).toLowerCase()).toBe(
      pair.escrow.toLowerCase(),
    )
    expect(readAs<Address>(escrowAbi, 'matchmaking', matchmaking).toLowerCase()).toBe(
      pair.matchmaking.toLowerCase(),
    )
  }
})

test('a deposit on the accepted quote locks the amount and matches the request', async () => {
  const { pair, ofMatchmaking, ofEscrow, accepted } = on.pairNamed()
  const terms = on.sessionTerms()
  const results = await on.play([
    ...(await accepted()),
    ofEscrow(4, 'student0', 'depositQuoted', [on.requestId, terms, CAP_UNITS]),
    ofEscrow(5, 'stranger', 'session', [sessionIdOf(terms)]),
    ofMatchmaking(6, 'stranger', 'matchRequest', [on.requestId]),
    ofMatchmaking(7, 'stranger', 'boundTo', [terms.tutor]),
    stepTo(on.token, tokenAbi)(8, 'stranger', 'balanceOf', [pair.escrow]),
  ])
  expect(results.map(refusalOf)).toEqual(results.map(() => null))
  expect(sessionIn(results[4])).toMatchObject({ status: 1, deposit: CAP_UNITS })
  expect(requestIn(results[5]).status).toBe(MATCHED)
  expect(readAs(matchmakingAbi, 'boundTo', results[6])).toBe(on.requestId)
  expect(readAs(tokenAbi, 'balanceOf', results[7])).toBe(CAP_UNITS)
})

/** A deposit that differs in one thing from the one that is due. */
interface Wrong {
  readonly what: string
  readonly error: string
  readonly by?: string
  readonly terms?: () => Partial<SessionTerms>
  readonly amountUnits?: bigint
  readonly after?: number
  readonly validSeconds?: number
}

const OF_OTHER_STUDENT = () => ({ student: accountOf('student1') })
const OF_OTHER_TUTOR = () => ({ tutor: accountOf('tutor1') })
const WRONG: readonly Wrong[] = [
  { what: 'a lower rate', error: 'WrongRate', terms: () => ({ ratePerSecond: RATE_UNITS - 1n }) },
  { what: 'a higher rate', error: 'WrongRate', terms: () => ({ ratePerSecond: RATE_UNITS + 1n }) },
  { what: 'another student', error: 'WrongStudent', by: 'student1', terms: OF_OTHER_STUDENT },
  { what: 'another tutor', error: 'QuoteMismatch', terms: OF_OTHER_TUTOR },
  { what: 'another token', error: 'QuoteMismatch', terms: () => ({ token: on.otherToken }) },
  { what: 'one unit above the cap', error: 'AboveCap', amountUnits: CAP_UNITS + 1n },
  { what: 'less than a second', error: 'DepositBelowRate', amountUnits: RATE_UNITS - 1n },
  { what: 'a stranger’s hand in the allowance', error: 'NotStudent', by: 'stranger' },
  { what: 'a quote that just expired', error: 'QuoteExpired', validSeconds: 10, after: 13 },
  { what: 'the window just over', error: 'DepositWindowOver', after: 123 },
]

test.each(WRONG)('a deposit with $what is refused: $error', async (wrong) => {
  const { by = 'student0', amountUnits = CAP_UNITS, after = 4 } = wrong
  const { ofMatchmaking, ofEscrow, accepted } = on.pairNamed()
  const terms = on.sessionTerms(wrong.terms?.())
  const results = await on.play([
    ...(await accepted(wrong.validSeconds)),
    ofEscrow(after, by, 'depositQuoted', [on.requestId, terms, amountUnits]),
    ofMatchmaking(after + 1, 'stranger', 'matchRequest', [on.requestId]),
    ofEscrow(after + 2, 'stranger', 'session', [sessionIdOf(terms)]),
  ])
  expect(results.slice(0, 4).map(refusalOf)).toEqual([null, null, null, wrong.error])
  expect(requestIn(results[4]).status).toBe(AWAITING)
  expect(sessionIn(results[5])).toMatchObject({ status: 0, deposit: 0n })
})

test.each([
  ['quote', 10, 12],
  ['window', 1_000, 122],
])('the last second of the %s is still in time', async (_what, validSeconds, after) => {
  const { ofEscrow, accepted } = on.pairNamed()
  const results = await on.play([
    ...(await accepted(validSeconds)),
    ofEscrow(after, 'student0', 'depositQuoted', [on.requestId, on.sessionTerms(), CAP_UNITS]),
  ])
  expect(results.map(refusalOf)).toEqual([null, null, null, null])
})

test('a quote is used once, and nobody deposits without one', async () => {
  const { ofEscrow, accepted } = on.pairNamed()
  const terms = on.sessionTerms()
  const deposit = (after: number, agreed: SessionTerms) =>
    ofEscrow(after, 'student0', 'depositQuoted', [on.requestId, agreed, CAP_UNITS])
  const results = await on.play([
    ...(await accepted()),
    ofEscrow(4, 'student0', 'deposit', [terms, CAP_UNITS]),
    deposit(5, terms),
    deposit(6, terms),
    deposit(7, on.sessionTerms({ salt: 1n })),
  ])
  const refusals = ['QuoteRequired', null, 'NotAwaiting', 'NotAwaiting']
  expect(results.slice(3).map(refusalOf)).toEqual(refusals)
})

test('a deposit that the token refuses uses nothing, and is tried again with less', async () => {
  const { ofMatchmaking, ofEscrow, accepted } = on.pairNamed()
  const halfUnits = CAP_UNITS / 2n
  const spent = [accountOf('stranger'), STARTING_UNITS - halfUnits]
  const deposit = (after: number, units: bigint) =>
    ofEscrow(after, 'student0', 'depositQuoted', [on.requestId, on.sessionTerms(), units])
  const results = await on.play([
    ...(await accepted()),
    stepTo(on.token, tokenAbi)(4, 'student0', 'transfer', spent),
    deposit(5, CAP_UNITS),
    ofMatchmaking(6, 'student0', 'reduceCap', [on.requestId, halfUnits]),
    deposit(7, halfUnits + 1n),
    deposit(8, halfUnits),
  ])
  const refusals = [null, 'DepositFailed', null, 'AboveCap', null]
  expect(results.slice(3).map(refusalOf)).toEqual(refusals)
})

describe('the end', () => {
  test.each([
    [CREDENTIAL_SECONDS - 1, 0],
    [CREDENTIAL_SECONDS, 1],
  ])('of a session of %d s is reported with them, for %d credentials', async (seconds, count) => {
    const { pair, ofMatchmaking, ofEscrow } = on.pairNamed()
    const terms = on.sessionTerms()
    const results = await on.play([
      ...(await held(on, 'sound', seconds)),
      ofMatchmaking(100, 'stranger', 'matchRequest', [on.requestId]),
      ofMatchmaking(101, 'stranger', 'credentialHolder', [on.requestId]),
      ofMatchmaking(102, 'stranger', 'boundTo', [terms.tutor]),
      ofMatchmaking(103, 'student0', 'rate', [on.requestId, 5]),
      ofEscrow(104, 'stranger', 'requestOf', [sessionIdOf(terms)]),
    ])
    expect(results.map(refusalOf)).toEqual(results.map(() => null))
    expect(escrowEvents(results[SETTLED], pair.escrow)).toEqual(['Settled', 'EndReported'])
    const ended = { status: COMPLETED, billedSeconds: seconds, credentials: count }
    expect(requestIn(results[8])).toMatchObject(ended)
    const holder = readAs<Address>(matchmakingAbi, 'credentialHolder', results[9]).toLowerCase()
    expect(holder === accountOf('student0')).toBe(count === 1)
    expect(BigInt(readAs<Hex>(matchmakingAbi, 'boundTo', results[10]))).toBe(0n)
    expect(BigInt(readAs<Hex>(escrowAbi, 'requestOf', results[12]))).toBe(0n)
  })

  test('frees the tutor, who is bound until then', async () => {
    const { ofMatchmaking } = on.pairNamed()
    const other = on.requestTerms(8n, 'student1')
    const propose = (after: number) =>
      ofMatchmaking(after, 'matchmaker', 'propose', [requestIdOf(other), accountOf('tutor0')])
    const steps = await held(on, 'sound', 70)
    const results = await on.play([
      ...steps.slice(0, STOPPED),
      ofMatchmaking(7, 'student1', 'requestMatch', [other]),
      propose(8),
      ...steps.slice(STOPPED),
      propose(100),
    ])
    const refusals = results.map(refusalOf)
    expect(refusals).toEqual(refusals.map((_, index) => (index === 7 ? 'TutorBusy' : null)))
  })

  test('of a session that nobody joined is reported as well, with nothing billed', async () => {
    const { pair, ofMatchmaking, ofEscrow } = on.pairNamed()
    const results = await on.play([
      ...(await held(on, 'sound', 1)).slice(0, 4),
      ofEscrow(5, 'student0', 'cancel', [sessionIdOf(on.sessionTerms())]),
      ofMatchmaking(6, 'stranger', 'matchRequest', [on.requestId]),
      ofMatchmaking(7, 'stranger', 'boundTo', [accountOf('tutor0')]),
    ])
    expect(escrowEvents(results[4], pair.escrow)).toEqual(['Cancelled', 'EndReported'])
    const ended = { status: COMPLETED, billedSeconds: 0, credentials: 0 }
    expect(requestIn(results[5])).toMatchObject(ended)
    expect(BigInt(readAs<Hex>(matchmakingAbi, 'boundTo', results[6]))).toBe(0n)
  })

  test('is paid even if a broken matchmaking refuses to hear of it', async () => {
    const { pair, ofMatchmaking, ofEscrow } = on.pairNamed('broken')
    const results = await on.play([
      ...(await held(on, 'broken', 10)),
      ofEscrow(100, 'stranger', 'session', [sessionIdOf(on.sessionTerms())]),
      ofMatchmaking(101, 'stranger', 'matchRequest', [on.requestId]),
    ])
    expect(escrowEvents(results[SETTLED], pair.escrow)).toEqual(['Settled', 'EndNotReported'])
    expect(sessionIn(results[8])).toMatchObject({ status: 6, claimTutor: 0n })
    expect(requestIn(results[9]).status).toBe(MATCHED)
  })

  test.each([CREDENTIAL_SECONDS - 1, CREDENTIAL_SECONDS])(
    'of a session of %d s is reported or not settled at all, whatever gas is supplied',
    async (seconds) => {
      const { pair } = on.pairNamed()
      const steps = await held(on, 'sound', seconds)
      const { gasUsed } = await on.lastWithGas(steps, 1_000_000)
      const seen = { refused: 0, reported: 0 }
      for (let gas = Number(gasUsed) / 4; gas < Number(gasUsed) * 1.4; gas += 300) {
        const result = await on.lastWithGas(steps, Math.floor(gas))
        const events = escrowEvents(result, pair.escrow)
        if (result.ok) expect(events.at(-1)).toBe('EndReported')
        seen[result.ok ? 'reported' : 'refused'] += 1
      }
      expect(seen.refused).toBeGreaterThan(100)
      expect(seen.reported).toBeGreaterThan(10)
    },
    120_000,
  )
})
