/**
 * What was really earned, credited, asked for and paid, step by step and over time: the figures
 * that the accounts of the contract are held against. Reckoned from transfers, outcomes and
 * payments, never from the contract's accounts or its machine.
 */
import { ESCROW } from '../../models/kit/trace.ts'
import { TEACHERS } from './actors.ts'
import { netUnits } from './options.ts'
import type { Course, WorldRun } from './worldRun.ts'

/** What is known of the chain after a block; amounts by teacher, those of its open ones last. */
export interface LedgerEntry {
  readonly atMs: number
  readonly block: number
  readonly netUnits: readonly bigint[]
  readonly withdrawnUnits: readonly bigint[]
  readonly openUnits: readonly bigint[]
  /** Tokens that have reached the bank. */
  readonly bankUnits: bigint
}

type Part = Pick<WorldRun, 'steps' | 'parameters' | 'courses'>

interface Sums {
  readonly net: bigint[]
  readonly withdrawn: bigint[]
  readonly open: bigint[]
  bank: bigint
}

function add(sums: bigint[], teacher: number, units: bigint): void {
  sums[teacher] = (sums[teacher] ?? 0n) + units
}

function post(sums: Sums, { steps, parameters }: Part, at: number, course: Course): void {
  const { planned, transfers } = steps[at] as WorldRun['steps'][number]
  const { teacher, amountUnits } = course
  for (const { from, to, amountUnits: units } of transfers) {
    if (to === ESCROW) add(sums.net, teacher, netUnits(units, parameters.commissionBps as number))
    const isToBank = planned.action === 'complete' || planned.action === 'claim'
    if (from === ESCROW && isToBank) sums.bank += units
  }
  switch (planned.action) {
    case 'request':
      add(sums.open, teacher, amountUnits)
      return
    case 'complete':
      add(sums.withdrawn, teacher, amountUnits)
      add(sums.open, teacher, -amountUnits)
      return
    case 'reject':
    case 'bankFailed':
    case 'cancel':
      add(sums.open, teacher, -amountUnits)
  }
}

/** One entry for each block that holds a call, oldest first. */
export function ledgerOf(run: Part): readonly LedgerEntry[] {
  const none = () => TEACHERS.map(() => 0n)
  const sums: Sums = { net: none(), withdrawn: none(), open: none(), bank: 0n }
  const entries: LedgerEntry[] = []
  for (const [at, { planned, outcome, includedMs: atMs, block }] of run.steps.entries()) {
    const course = run.courses[planned.agreement]
    if (outcome.accepted && course !== undefined) post(sums, run, at, course)
    if (run.steps[at + 1]?.block === block) continue
    entries.push({
      ...{ atMs, block, bankUnits: sums.bank },
      ...{ netUnits: [...sums.net], withdrawnUnits: [...sums.withdrawn] },
      openUnits: [...sums.open],
    })
  }
  return entries
}

/** The newest entry at a time; undefined before the first. */
export function entryAt(ledger: readonly LedgerEntry[], atMs: number): LedgerEntry | undefined {
  return ledger.findLast((entry) => entry.atMs <= atMs)
}

/** What the bank has paid by a time, to a teacher, or to all. */
export function paidUnitsBy(
  { payments, courses }: Pick<WorldRun, 'payments' | 'courses'>,
  atMs: number,
  teacher?: number,
): bigint {
  return payments.reduce((sum, payment) => {
    const isTheirs = teacher === undefined || courses[payment.withdrawal]?.teacher === teacher
    return isTheirs && payment.atMs <= atMs ? sum + payment.units : sum
  }, 0n)
}
