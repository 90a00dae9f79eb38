/**
 * Claims about the world of matchmaking: judged on who really held whom, what tutors really offered
 * and what was really deposited, not on what the contract believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with. Those about time are in `timeInvariants.ts`.
 */
import { minBig } from '../../models/kit/money.ts'
import { VACUOUS, type WorldInvariantOf, type WorldJudgement } from '../world/worldInvariant.ts'
import { STUDENTS, TUTORS } from './actors.ts'
import { goneBoundMs } from './allowance.ts'
import { timeInvariants } from './timeInvariants.ts'
import { holdsOf, suits } from './truth.ts'
import type { Course, Deposit, WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

const SECOND_MS = 1000

interface Compared {
  readonly atMs: number
  readonly units: bigint
  readonly boundUnits: bigint
  readonly what: string
}

/** Each amount against its own bound: the one that comes nearest to it, or passes it furthest. */
function atMost(all: readonly Compared[]): WorldJudgement {
  const [first, ...others] = all
  if (first === undefined) return VACUOUS
  const worse = (a: Compared, b: Compared) => {
    const isOver = (each: Compared) => each.units > each.boundUnits
    if (isOver(a) !== isOver(b)) return isOver(a) ? a : b
    return b.units * a.boundUnits > a.units * b.boundUnits ? b : a
  }
  const { atMs, units, boundUnits, what } = others.reduce(worse, first)
  const evidence = `${what}: ${units} > ${boundUnits} base units`
  const violation = units > boundUnits ? { atMs, evidence } : null
  return { witnesses: all.length, violation, observed: Number(units), bound: Number(boundUnits) }
}

const oneStudent: WorldInvariant = {
  id: 'INV-W-ONE-STUDENT',
  statement:
    'At no instant is a tutor held by two requests: proposed within its time, accepted within ' +
    'its window, or in a call.',
  formula: '#{r: r holds T at t} ≤ 1',
  witness: 'a tutor that is held by a request after another has held it',
  judge(run) {
    const holds = [...holdsOf(run)].sort((a, b) => a.fromMs - b.fromMs)
    let witnesses = 0
    let violation: WorldJudgement['violation'] = null
    for (const [at, hold] of holds.entries()) {
      const before = holds
        .slice(0, at)
        .filter(({ tutor, request }) => tutor === hold.tutor && request !== hold.request)
      witnesses += before.length > 0 ? 1 : 0
      const other = before.find(({ untilMs }) => untilMs > hold.fromMs)
      if (other === undefined || hold.untilMs <= hold.fromMs || violation !== null) continue
      const evidence =
        `${TUTORS[hold.tutor]} was held by request ${other.request} (${other.state}) ` +
        `and by request ${hold.request} (${hold.state})`
      violation = { atMs: hold.fromMs, evidence }
    }
    return { witnesses, violation }
  },
}

/** What the tutor of a deposit wanted a second, as it said itself. */
function offeredUnits(run: WorldRun, course: Course, { atMs }: Deposit): bigint | null {
  const accepted = course.acceptances.findLast((each) => each.atMs <= atMs)
  const offer = run.offers.findLast(({ request, quote, atMs: offeredMs }) => {
    const isThis = request === course.index && quote.tutor === accepted?.tutor
    const isSigned = accepted?.expirySeconds === null || quote.nonce === accepted?.nonce
    return isThis && isSigned && offeredMs <= accepted.atMs
  })
  return offer?.ownRateUnits ?? null
}

const rateLocked: WorldInvariant = {
  id: 'INV-W-RATE-LOCKED',
  statement:
    'No student is ever charged a higher rate than its tutor wanted for this request, nor a ' +
    'higher one than it said it would pay at most.',
  formula: 'rate(deposit) ≤ min(rate that the tutor wanted, max rate)',
  witness: 'a deposit',
  unit: 'base units',
  judge: (run) =>
    atMost(
      run.courses.flatMap((course) =>
        course.deposits.map((deposit) => {
          const wantedUnits = offeredUnits(run, course, deposit) ?? 0n
          const boundUnits = minBig(wantedUnits, course.maxRateUnits)
          const what = `request ${course.index} was charged more than was offered`
          return { atMs: deposit.atMs, units: deposit.rateUnits, boundUnits, what }
        }),
      ),
    ),
}

/** What is wrong with a deposit beside its amount. */
function misuse(run: WorldRun, course: Course, deposit: Deposit): string | null {
  const own = STUDENTS[course.student] as string
  if (deposit.student !== own) return `made for ${deposit.student} and not for ${own}`
  const accepted = course.acceptances.findLast(({ atMs }) => atMs <= deposit.atMs)
  if (accepted === undefined) return 'made before any acceptance'
  const { expirySeconds, nonce, tutor } = accepted
  if (expirySeconds === null) return null
  const expiryMs = (expirySeconds - run.epochSeconds) * SECOND_MS
  if (deposit.atMs >= expiryMs) return `made ${deposit.atMs - expiryMs} ms after the quote's expiry`
  const uses = run.courses
    .flatMap(({ acceptances }) => acceptances)
    .filter((each) => each.tutor === tutor && each.nonce === nonce)
  return uses.length > 1 ? `its quote was accepted ${uses.length} times` : null
}

const quoteOnce: WorldInvariant = {
  id: 'INV-W-QUOTE-ONCE',
  statement:
    'An acceptance is deposited for once, by its student, within the cap and before the quote ' +
    'expires, whatever the clocks say.',
  formula: 'Σ deposits(request) ≤ cap; student(deposit) = student(request); t < expiry',
  witness: 'a request for which somebody has deposited',
  unit: 'base units',
  judge(run) {
    const paid = run.courses.filter(({ deposits }) => deposits.length > 0)
    for (const course of paid) {
      for (const deposit of course.deposits) {
        const said = misuse(run, course, deposit)
        if (said === null) continue
        const evidence = `deposit for request ${course.index}: ${said}`
        return { witnesses: paid.length, violation: { atMs: deposit.atMs, evidence } }
      }
    }
    return atMost(
      paid.map(({ index, deposits, capUnits: boundUnits }) => {
        const units = deposits.reduce((sum, deposit) => sum + deposit.units, 0n)
        const what = `${deposits.length} deposits for request ${index}`
        return { atMs: deposits.at(-1)?.atMs ?? 0, units, boundUnits, what }
      }),
    )
  },
}

const attempts: WorldInvariant = {
  id: 'INV-W-ATTEMPTS',
  statement: 'Each search proposes at most so many tutors as the parameter says.',
  formula: '#proposals since request, waitlist, book ≤ N',
  witness: 'a search that has used up all its attempts',
  judge(run) {
    const most = run.parameters.maxAttempts as number
    const proposals = run.courses.flatMap(({ index, stays }) =>
      stays.filter(({ state }) => state === 'Proposed').map((stay) => ({ index, ...stay })),
    )
    const witnesses = proposals.filter(({ attempt }) => attempt === most).length
    const over = proposals.find(({ attempt }) => attempt > most)
    if (over === undefined) return { witnesses, violation: null }
    const evidence = `request ${over.index} was proposed ${over.attempt} times, at most ${most}`
    return { witnesses, violation: { atMs: over.fromMs, evidence } }
  },
}

/** How long the tutor had been gone when it was proposed; infinite if it never came. */
function goneMs({ online }: WorldRun, tutor: number, atMs: number): number {
  const shift = online[tutor]?.findLast(({ fromMs }) => fromMs <= atMs)
  return shift === undefined ? Number.POSITIVE_INFINITY : Math.max(0, atMs - shift.untilMs)
}

const fits: WorldInvariant = {
  id: 'INV-W-FITS',
  statement:
    'Only tutors are proposed who speak the language, know enough, are certified where that is ' +
    'asked for, are listed at no more than the student pays, and take students or have gone only ' +
    'just now; and only to students who had the cap when they asked.',
  formula: 'proposed ⇒ suits ∧ listed ≤ max rate ∧ gone ≤ word + lost + I ∧ balance ≥ cap',
  witness: 'a proposal',
  unit: 'ms',
  judge(run) {
    let witnesses = 0
    let worst = { gone: 0, bound: 1 }
    for (const course of run.courses) {
      for (const { state, tutor, fromMs: atMs } of course.stays) {
        if (state !== 'Proposed') continue
        witnesses += 1
        const name = `${TUTORS[tutor]} for request ${course.index}`
        const fail = (evidence: string) => ({ witnesses, violation: { atMs, evidence } })
        if (!suits(run, course, tutor)) return fail(`${name} does not suit`)
        if (course.purseUnits < course.capUnits) return fail(`${name}: the student is short`)
        const gone = goneMs(run, tutor, atMs)
        const bound = goneBoundMs(run, tutor, {
          fromMs: atMs - Math.min(gone, atMs),
          untilMs: atMs,
        })
        if (gone > bound) return { ...fail(`${name} had gone ${gone} ms before`), bound }
        if (gone * worst.bound > worst.gone * bound) worst = { gone, bound }
      }
    }
    return { witnesses, violation: null, observed: worst.gone, bound: worst.bound }
  },
}

/** What is wrong with the record of a session that is over; null for nothing. */
function wrongRecord(run: WorldRun, course: Course): string | null {
  const { reports, credentials, holder, ratings, student, stays } = course
  const own = STUDENTS[student] as string
  const tutor = TUTORS[stays.at(-1)?.tutor ?? -1] ?? ''
  const [report] = reports
  const least = run.parameters.credentialSeconds as number
  const due = (report?.billedSeconds ?? 0) >= least ? 1 : 0
  if (credentials !== due) {
    return `${credentials} credentials for ${report?.billedSeconds} s, ${reports.length} reports`
  }
  if (credentials > 0 && holder !== own) return `the credential is ${holder}'s`
  const rated = ratings.map(({ by }) => by)
  const other = rated.find((by, at) => (by !== own && by !== tutor) || rated.indexOf(by) !== at)
  return other === undefined ? null : `rated by ${rated.join(', ')}`
}

const records: WorldInvariant = {
  id: 'INV-W-RECORD',
  statement:
    'A session that is over has one credential of its student if it was long enough, and none ' +
    'otherwise; student and tutor rate it once each, and nobody else does.',
  formula: 'credentials = [billed ≥ minimum]; holder = student; raters ⊆ parties, once',
  witness: 'a session that is over',
  judge(run) {
    const over = run.courses.filter(({ reports }) => reports.length > 0)
    for (const course of over) {
      const said = wrongRecord(run, course)
      if (said === null) continue
      const atMs = course.reports.at(-1)?.atMs ?? 0
      const evidence = `request ${course.index}: ${said}`
      return { witnesses: over.length, violation: { atMs, evidence } }
    }
    return { witnesses: over.length, violation: null }
  },
}

/** All claims about the world of matchmaking. */
export const matchmakingWorldInvariants: readonly WorldInvariant[] = [
  oneStudent,
  rateLocked,
  quoteOnce,
  attempts,
  fits,
  records,
  ...timeInvariants,
]

/** Claims that the mechanism as described cannot keep. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-ONE-STUDENT',
  'INV-W-RATE-LOCKED',
  'INV-W-QUOTE-ONCE',
  'INV-W-ATTEMPTS',
  'INV-W-RECORD',
  'INV-W-TTL',
  'INV-W-DEPOSIT-WINDOW',
]
