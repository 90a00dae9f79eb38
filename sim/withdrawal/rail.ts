/**
 * The rail: what really moves money between bank accounts, and answers as it likes.
 *
 * An order under a key is carried out once, whatever is said again; an order without a key is
 * carried out each time. What becomes of a payment is drawn for each withdrawal beforehand
 * (`behaviour.ts`). Jobs are changed in place.
 */
import type { Moment } from '../world/actors.ts'
import type { Actor, Effect, Input, Message, Step } from './actors.ts'
import type { PlannedWithdrawal, WorldSetup } from './options.ts'

/** The second of two answers follows the first after this long. */
const TWICE_AFTER_MS = 5_000

/** Something to be done at a monotonic time: pay, or answer. */
interface Job {
  readonly dueMs: number
  readonly withdrawal: number
  readonly paysUnits: bigint
  readonly answer: { readonly to: Actor; readonly message: Message } | null
  /** The order under a key that this brings to its end. */
  readonly concludes: { readonly name: string; readonly message: Message } | null
}

const PLAIN = { paysUnits: 0n, answer: null, concludes: null } as const

export interface RailState {
  readonly jobs: Job[]
  /** What orders under a key came to; null while they are under way. */
  readonly byKey: Map<string, Message | null>
  /** By withdrawal: orders that were taken, and whether a question is being looked into. */
  readonly orders: number[]
  readonly checking: boolean[]
  references: bigint
}

export function initialRail({ withdrawals }: WorldSetup): RailState {
  return {
    ...{ jobs: [], byKey: new Map(), references: 1n },
    orders: withdrawals.map(() => 0),
    checking: withdrawals.map(() => false),
  }
}

/** Puts an answer on the list as often and as late as this withdrawal's are. */
function answer(
  state: RailState,
  { index, request }: PlannedWithdrawal,
  job: Pick<Job, 'dueMs' | 'answer'>,
): void {
  const { answers, lateMs } = request
  if (answers === 'never') return
  const dueMs = job.dueMs + (answers === 'late' ? lateMs : 0)
  const said: Job = { ...PLAIN, ...job, dueMs, withdrawal: index }
  state.jobs.push(said)
  if (answers === 'twice') state.jobs.push({ ...said, dueMs: dueMs + TWICE_AFTER_MS })
}

function onCheck(state: RailState, planned: PlannedWithdrawal, nowMs: number): void {
  const { index, request } = planned
  if (state.checking[index] === true) return
  state.checking[index] = true
  const message: Message = { kind: 'checked', withdrawal: index, isPayable: !request.isClosed }
  const dueMs = nowMs + request.checkMs
  answer(state, planned, { dueMs, answer: { to: 'bank', message } })
}

function onTransfer(
  state: RailState,
  planned: PlannedWithdrawal,
  { key, units, from }: Extract<Message, { kind: 'transfer' }>,
  nowMs: number,
): void {
  const { index, request } = planned
  const name = key === null ? null : `${index}:${key}`
  if (name !== null && state.byKey.has(name)) {
    const message = state.byKey.get(name) ?? null
    if (message !== null) answer(state, planned, { dueMs: nowMs, answer: { to: from, message } })
    return
  }
  const order = state.orders[index] as number
  state.orders[index] = order + 1
  if (name !== null) state.byKey.set(name, null)
  if (request.answers === 'mute') return
  const dueMs = nowMs + request.settleMs
  const isReturned = request.isClosed || order < request.returns
  const reference = state.references
  const message: Message = isReturned
    ? { kind: 'returned', withdrawal: index, key }
    : { kind: 'settled', withdrawal: index, key, reference }
  if (!isReturned) state.references += 1n
  const concludes = name === null ? null : { name, message }
  const paysUnits = isReturned ? 0n : units
  state.jobs.push({ ...PLAIN, dueMs, withdrawal: index, paysUnits, concludes })
  answer(state, planned, { dueMs, answer: { to: from, message } })
}

/** Does what is due, in the order in which it came up. */
function perform(state: RailState, nowMs: number): readonly Effect[] {
  const due = state.jobs.filter(({ dueMs }) => dueMs <= nowMs)
  if (due.length === 0) return []
  state.jobs.splice(0, state.jobs.length, ...state.jobs.filter(({ dueMs }) => dueMs > nowMs))
  return due.flatMap((job): readonly Effect[] => {
    const { withdrawal, paysUnits: units, concludes } = job
    if (concludes !== null) state.byKey.set(concludes.name, concludes.message)
    if (job.answer?.message.kind === 'checked') state.checking[withdrawal] = false
    const paid: Effect = { kind: 'mark', mark: { kind: 'paid', withdrawal, units } }
    const said: readonly Effect[] = job.answer === null ? [] : [{ kind: 'send', ...job.answer }]
    return units > 0n ? [paid, ...said] : said
  })
}

/** One step of the rail. */
export function reduceRail(
  { withdrawals }: WorldSetup,
  state: RailState,
  input: Input,
  { monotonicMs }: Moment,
): Step<RailState> {
  if (input.kind === 'timer') return [state, perform(state, monotonicMs)]
  if (input.kind !== 'message') return [state, []]
  const { message } = input
  const planned = withdrawals[message.withdrawal]
  if (planned === undefined) return [state, []]
  const before = state.jobs.length
  if (message.kind === 'check') onCheck(state, planned, monotonicMs)
  if (message.kind === 'transfer') onTransfer(state, planned, message, monotonicMs)
  const added = state.jobs.slice(before)
  const timers = added.map(({ dueMs }): Effect => {
    return { kind: 'timer', name: 'work', afterMs: dueMs - monotonicMs }
  })
  return [state, timers]
}
