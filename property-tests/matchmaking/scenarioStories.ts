/**
 * What people do in a run of the matchmaking world, as stories.
 *
 * A campaign takes the stories in turn. The last is anything; each of the others puts a few claims
 * to the test in nearly every run, so that fifteen runs decide all of them: students who want the
 * same tutor; a pair that wants each other; tutors who decline, say nothing or come later; people
 * who are slow on slow blocks. All shrink towards few, small, early.
 */
import fc from 'fast-check'
import { FALLBACKS, STRANGER_ATTEMPTS } from '../../sim/matchmaking/behaviour.ts'
import { chance, seconds } from '../kit/scenarioArbitraries.ts'

type Arbitraries = Readonly<Record<string, fc.Arbitrary<unknown>>>

export interface Story {
  readonly parts: Arbitraries
  /** The deployment and the chain that it is told on; any when absent. */
  readonly caseIndex?: number
  readonly profile?: string
  /** Faults are few and short. */
  readonly isMild: boolean
}

/** Deployments by what they are good for; `scenario.ts` has them in this order. */
export const SHORT_CASE = 0
export const LONG_CASE = 1

/** The first value, or, with so many chances in a hundred, one of the others. */
function rarely<Value>(usual: Value, percent: number, other: fc.Arbitrary<Value>) {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight: 100 - percent },
    { arbitrary: other, weight: percent },
  )
}
/** Seconds that shrink towards the most: who is patient does less. */
const longSeconds = (least: number, most: number) =>
  seconds(0, most - least).map((lessMs) => most * 1_000 - lessMs)
/** Those who give up at once make runs short: seldom drawn, and what the others shrink to. */
const patience = (shortSeconds: number, others: fc.Arbitrary<number>) =>
  rarely(shortSeconds * 1_000, 97, others)
const bps = (least: number, most: number) => fc.integer({ min: least, max: most })

/** Patience is shrunk first: it makes most of what follows short. */
const anyRequest: Arbitraries = {
  patienceMs: patience(7, longSeconds(60, 1_800)),
  student: rarely(0, 50, fc.constant(1)),
  atMs: seconds(1, 120),
  maxRateBps: rarely(10_000, 40, fc.constantFrom(15_000, 9_000, 1)),
  capSeconds: fc.constantFrom(600, 60, 3_600),
  language: rarely(0, 15, fc.constant(1)),
  level: rarely(0, 30, fc.constantFrom(1, 2)),
  needsCredential: chance(15),
  purseBps: rarely(10_000, 10, bps(0, 9_999)),
  leftBps: rarely(10_000, 15, fc.constantFrom(0, 1, 5_000, 9_999)),
  failures: rarely(0, 20, fc.integer({ min: 1, max: 2 })),
  depositMs: seconds(1, 60),
  depositsTwice: chance(20),
  fallback: fc.constantFrom(...[...FALLBACKS].reverse()),
  bookMs: seconds(30, 600),
  callMs: fc.oneof(seconds(0, 59), seconds(60, 1_800)),
  endsTwice: chance(20),
  studentScore: fc.nat(5),
  tutorScore: fc.nat(5),
}
/** Somebody whom every tutor suits, who can pay and stays. */
const plainRequest: Arbitraries = {
  ...anyRequest,
  maxRateBps: fc.constant(10_000),
  language: fc.constant(0),
  level: fc.constant(0),
  needsCredential: fc.constant(false),
  purseBps: fc.constant(10_000),
  leftBps: rarely(10_000, 10, fc.constant(5_000)),
  failures: rarely(0, 15, fc.constant(1)),
  patienceMs: patience(7, longSeconds(1_200, 1_800)),
}

const shifts = fc
  .tuple(
    fc.integer({ min: 0, max: 300 }),
    fc.array(fc.integer({ min: 10, max: 900 }), { maxLength: 3 }),
  )
  .map(([first, spans]) => {
    let atMs = first * 1_000
    return [atMs, ...spans.map((span) => (atMs += span * 1_000))]
  })
const answers = (percent: number, ...others: readonly string[]) =>
  fc.array(rarely('accept', percent, fc.constantFrom(...others)), { minLength: 1, maxLength: 4 })

const anyTutor: Arbitraries = {
  language: rarely(0, 15, fc.constant(1)),
  level: rarely(2, 40, fc.constantFrom(0, 1)),
  hasCredential: rarely(true, 30, fc.constant(false)),
  rateBps: fc.constantFrom(10_000, 9_000, 12_000, 7_777),
  raiseBps: rarely(0, 15, bps(100, 8_000)),
  shiftsMs: rarely([0], 45, shifts),
  answers: answers(35, 'decline', 'silent'),
  thinkMs: longSeconds(0, 30),
  quoteMs: longSeconds(10, 3_600),
}
/** Somebody who suits everybody, is there and accepts. */
const plainTutor: Arbitraries = {
  language: fc.constant(0),
  level: fc.constant(2),
  hasCredential: fc.constant(true),
  rateBps: fc.constantFrom(10_000, 9_000),
  raiseBps: fc.constant(0),
  shiftsMs: fc.constant([0]),
  answers: fc.constant(['accept']),
  thinkMs: longSeconds(0, 20),
  quoteMs: fc.constant(3_600_000),
}
const awayTutor: Arbitraries = { ...plainTutor, shiftsMs: fc.constant([]) }

const stranger = (most: number) =>
  fc.array(
    fc.record({
      atMs: seconds(1, 600),
      request: fc.nat(2),
      attempt: fc.constantFrom(...STRANGER_ATTEMPTS),
    }),
    { maxLength: most },
  )

/** Parts in which the shrinker may drop entries are lists of their own, which may be empty. */
function partsOf(
  requests: readonly [request: Arbitraries, least: number, most: number],
  tutor0: Arbitraries,
  tutor1: Arbitraries,
  strangers = 0,
): Arbitraries {
  const [request, minLength, maxLength] = requests
  const { shiftsMs: shifts0, answers: answers0, ...person0 } = tutor0
  const { shiftsMs: shifts1, answers: answers1, ...person1 } = tutor1
  const lists = { shifts0, answers0, shifts1, answers1 } as Arbitraries
  return {
    requests: fc.array(fc.record({ ...request }), { minLength, maxLength }),
    tutor0: fc.record({ ...person0 }),
    tutor1: fc.record({ ...person1 }),
    ...lists,
    stranger: stranger(strangers),
    token: rarely('plain6', 30, fc.constant('plain18')),
  }
}

const any: Story = {
  parts: partsOf([anyRequest, 1, 4], anyTutor, anyTutor, 3),
  isMild: false,
}
/** A pair that wants each other; calls are often shorter than what earns a credential. */
const pair: Story = {
  parts: partsOf(
    [
      {
        ...plainRequest,
        depositsTwice: chance(60),
        callMs: fc.oneof({ arbitrary: seconds(0, 50), weight: 3 }, seconds(60, 600)),
      },
      1,
      2,
    ],
    plainTutor,
    anyTutor,
    1,
  ),
  caseIndex: LONG_CASE,
  isMild: true,
}
/** Several students who want the same tutor at about the same time. */
const rivals: Story = {
  parts: partsOf(
    [{ ...plainRequest, atMs: seconds(1, 4), callMs: seconds(30, 600) }, 2, 3],
    { ...plainTutor, answers: answers(15, 'decline', 'silent') },
    awayTutor,
  ),
  isMild: true,
}
/** Who says no at once makes runs short. */
const quick: Arbitraries = { thinkMs: seconds(0, 20) }
/** Nobody who is there wants; another comes later. */
const unwilling: Story = {
  parts: partsOf(
    [
      {
        ...plainRequest,
        fallback: fc.constantFrom('waitlist', 'book', 'waitlist', 'cancel'),
        patienceMs: patience(7, longSeconds(30, 400)),
      },
      1,
      2,
    ],
    { ...plainTutor, ...quick, answers: answers(85, 'decline', 'decline', 'silent') },
    {
      ...{ ...plainTutor, ...quick },
      answers: answers(60, 'silent', 'decline'),
      shiftsMs: rarely<number[]>(
        [0],
        60,
        seconds(30, 600).map((atMs) => [atMs]),
      ),
    },
    1,
  ),
  isMild: true,
}
/** Answers that come close to the end of their time, on blocks that come after it. */
const slow: Story = {
  parts: partsOf(
    [
      {
        ...plainRequest,
        leftBps: fc.constant(10_000),
        failures: fc.constant(0),
        depositMs: seconds(12, 19),
        patienceMs: patience(45, longSeconds(1_200, 1_800)),
      },
      1,
      2,
    ],
    {
      ...plainTutor,
      thinkMs: seconds(1, 9),
      raiseBps: fc.constant(5_000),
    },
    awayTutor,
  ),
  caseIndex: SHORT_CASE,
  profile: 'l1',
  isMild: true,
}

/** In the order in which a campaign takes them: those that make short runs come first. */
export const STORIES: readonly Story[] = [rivals, pair, unwilling, slow, any]
/** Which of them is anything. */
export const ANYTHING = STORIES.indexOf(any)
