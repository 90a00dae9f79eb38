/**
 * Claims about the world of withdrawal: judged on what was really earned and really paid, not on
 * what the contract believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with. Those about time are in `timeInvariants.ts`.
 */
import { VACUOUS, type WorldInvariantOf, type WorldJudgement } from '../world/worldInvariant.ts'
import { TEACHERS } from './actors.ts'
import { earnedUnitsBy, underWayUnits } from './allowance.ts'
import { entryAt, type LedgerEntry, ledgerOf, paidUnitsBy } from './ledger.ts'
import { timeInvariants } from './timeInvariants.ts'
import type { WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

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
  const observed = Math.max(0, Number(units))
  return { witnesses: all.length, violation, observed, bound: Number(boundUnits) }
}

const earned: WorldInvariant = {
  id: 'INV-W-EARNED',
  statement:
    'No teacher is ever paid more money than its sessions had really earned by then, after the ' +
    'commission.',
  formula: 'Σ paid(teacher, t) ≤ Σ earned(teacher, t) − commission',
  witness: 'a payment that reached a bank account',
  unit: 'base units',
  judge: (run) =>
    atMost(
      run.payments.map(({ atMs, withdrawal }) => {
        const { teacher } = run.courses[withdrawal] as WorldRun['courses'][number]
        const what = `${TEACHERS[teacher]} was paid more than it had earned`
        const boundUnits = earnedUnitsBy(run, teacher, atMs)
        return { atMs, units: paidUnitsBy(run, atMs, teacher), boundUnits, what }
      }),
    ),
}

const paidOnce: WorldInvariant = {
  id: 'INV-W-PAID-ONCE',
  statement:
    'Each withdrawal is paid out in money at most once, and no more of it than was asked for, ' +
    'whatever bank and admins do.',
  formula: 'Σ paid(withdrawal) ≤ amount; #payments(withdrawal) ≤ 1',
  witness: 'a withdrawal that was paid out',
  unit: 'base units',
  judge(run) {
    const paid = run.courses.flatMap(({ index, amountUnits }) => {
      const own = run.payments.filter(({ withdrawal }) => withdrawal === index)
      const units = own.reduce((sum, payment) => sum + payment.units, 0n)
      const what = `withdrawal ${index} was paid ${own.length} times`
      const atMs = own.at(-1)?.atMs ?? 0
      return own.length === 0 ? [] : [{ atMs, units, boundUnits: amountUnits, what }]
    })
    return atMost(paid)
  },
}

const notBoth: WorldInvariant = {
  id: 'INV-W-NOT-BOTH',
  statement:
    'What was given back to the account is not paid out as well, however late the bank answers, ' +
    'and neither is what nobody has asked for.',
  formula: 'paid(withdrawal) ⇒ end ∉ {Rejected, Failed, Cancelled} ∧ requested',
  witness: 'a withdrawal that was given back',
  judge(run) {
    const back = run.courses.filter(({ end }) => end !== null && end !== 'Completed')
    const paid = run.payments.find(({ withdrawal }) => {
      const course = run.courses[withdrawal]
      return course?.requestedMs === null || back.some(({ index }) => index === withdrawal)
    })
    const witnesses = back.length
    if (paid === undefined) return { witnesses, violation: null }
    const { end } = run.courses[paid.withdrawal] as WorldRun['courses'][number]
    const evidence = `withdrawal ${paid.withdrawal} (${end ?? 'None'}) was paid ${paid.units}`
    return { witnesses: witnesses + 1, violation: { atMs: paid.atMs, evidence } }
  },
}

const covered: WorldInvariant = {
  id: 'INV-W-COVERED',
  statement: 'The bank never pays out money before it has got as many tokens.',
  formula: 'Σ paid(t) ≤ tokens that reached the bank by t',
  witness: 'a payment that reached a bank account',
  unit: 'base units',
  judge(run) {
    const ledger = ledgerOf(run)
    const what = 'paid out by a bank that had too few tokens'
    const all = run.payments.map(({ atMs }) => {
      const boundUnits = entryAt(ledger, atMs)?.bankUnits ?? 0n
      return { atMs, units: paidUnitsBy(run, atMs), boundUnits, what }
    })
    return atMost(all)
  },
}

function wrongFigure(entry: LedgerEntry, books: WorldRun['books'][number]): string | null {
  for (const [teacher, name] of TEACHERS.entries()) {
    const [net = 0n, withdrawn = 0n, open = 0n] = [
      ...[entry.netUnits[teacher], entry.withdrawnUnits[teacher], entry.openUnits[teacher]],
    ]
    const available = books.availableUnits[teacher] ?? 0n
    const due = net - withdrawn - open
    if (due === available) continue
    return `${name}: ${net} net − ${withdrawn} − ${open} = ${due}, available ${available}`
  }
  return null
}

const booksAddUp: WorldInvariant = {
  id: 'INV-W-BOOKS',
  statement:
    'At every instant the revenue report adds up: what was credited less the commission is net, ' +
    'net less what is withdrawn and pending is available, and never below zero.',
  formula: 'net − withdrawn − pending = available ≥ 0, per teacher, after every block',
  witness: 'a block after which somebody looked',
  judge(run) {
    const ledger = ledgerOf(run)
    let witnesses = 0
    for (const books of run.books) {
      const entry = ledger.find(({ block }) => block === books.block)
      if (entry === undefined) continue
      witnesses += 1
      const evidence = wrongFigure(entry, books)
      const { atMs } = entry
      if (evidence !== null) return { witnesses, violation: { atMs, evidence } }
    }
    return { witnesses, violation: null }
  },
}

const teacherExposure: WorldInvariant = {
  id: 'INV-W-TEACHER-EXPOSURE',
  statement:
    'What was credited and is neither on the account nor paid out is at no instant more than ' +
    'what teachers have asked for and not got yet.',
  formula: 'sup (net − available − paid) ≤ Σ amounts under way',
  witness: 'an instant at which an exposure turns, with something under way',
  unit: 'base units',
  judge(run) {
    const all = run.exposure.flatMap(({ atMs, providerUnits: units }) => {
      const boundUnits = underWayUnits(run, atMs)
      const what = 'neither on account nor paid out nor asked for'
      return boundUnits === 0n && units === 0n ? [] : [{ atMs, units, boundUnits, what }]
    })
    return atMost(all)
  },
}

/** All claims about the world of withdrawal. */
export const withdrawalWorldInvariants: readonly WorldInvariant[] = [
  earned,
  paidOnce,
  notBoth,
  covered,
  booksAddUp,
  teacherExposure,
  ...timeInvariants,
]

/** Claims that the mechanism as described cannot keep. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-EARNED',
  'INV-W-PAID-ONCE',
  'INV-W-NOT-BOTH',
  'INV-W-COVERED',
  'INV-W-BOOKS',
  'INV-W-RESTORED',
  'INV-W-EXIT',
  'INV-W-LIVENESS',
]
