/**
 * The desk of the bank. Hardened it acts on what it reads on the chain, in the one order in which
 * neither clock, crash nor late answer can pay for what the teacher has taken back:
 *
 * 1. approved: it asks the rail whether this account can be paid; nothing moves yet;
 * 2. it cannot: `bankFailed`. It can: `complete`, by which the tokens are the bank's. The teacher
 *    may have been faster, then this is refused and nothing was paid;
 * 3. only when the completion is final and the tokens have come it orders the payment, always under
 *    the key of the withdrawal and the attempt, so that asking again never pays again.
 *
 * From step 2 on the teacher has the bank's word and no contract's; what a bank does that breaks it
 * (`mute`) nothing on the chain can mend. As described the bank is told what to do by admins and
 * the desk only fetches tokens whose payment had failed. Notes are changed in place.
 */

import { divCeil } from '../../models/kit/money.ts'
import { ELSEWHERE } from '../../models/kit/trace.ts'
import type { Moment } from '../world/actors.ts'
import { NEVER } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import { FINAL_BLOCKS } from '../world/worldChain.ts'
import type { Effect, Input, Intent, Item, Message, Step, WithdrawalView } from './actors.ts'
import { completeIntent, payoutIntent, plainIntent } from './intents.ts'
import type { PlannedWithdrawal, WorldSetup } from './options.ts'

/** An unanswered question is repeated after a pause that doubles from the least to the most. */
export const AGAIN_LEAST_MS = 60_000
export const AGAIN_MOST_MS = 3_600_000
/** Orders of one attempt after which the bank takes its own rail for broken. */
const ORDERS_MAX = 12
/** A fee that nobody has agreed to, as a part of the amount; only a defect takes it. */
const FEE_PART = 100n
const WHOLE_BPS = 10_000n
/** Refusals after which it tries no more to report a payment. */
const REFUSALS_MAX = 3
/** A reference is never 0, and no two withdrawals have the same. */
const FIRST_REFERENCE = 7_001n

interface Note {
  isPayable: boolean | null
  checks: number
  /** Block with news in which the completion was first seen, and the tokens were there. */
  completeIn: number | null
  attempt: number
  orders: number
  isPaid: boolean
  refusals: number
  /** Monotonic time of the next question. */
  againMs: number
}

export interface BankState {
  readonly view: WithdrawalView | null
  readonly wakesMs: number
  readonly looksAtMs: number
  readonly wallet: Wallet
  readonly notes: readonly Note[]
}

export function initialBank({ withdrawals }: WorldSetup): BankState {
  const notes = withdrawals.map(() => ({
    ...{ isPayable: null, checks: 0, completeIn: null, attempt: 0, orders: 0 },
    ...{ isPaid: false, refusals: 0, againMs: 0 },
  }))
  return { view: null, wakesMs: 0, looksAtMs: 0, wallet: EMPTY_WALLET, notes }
}

function pauseMs(asked: number): number {
  return Math.min(AGAIN_MOST_MS, AGAIN_LEAST_MS * 2 ** (asked - 1))
}

/** Distinguishes attempts to pay one withdrawal; the same one again bears the same key. */
function keyOf({ defects }: WorldSetup, { attempt, orders }: Note): number {
  return defects.bankForgetsKeys === true ? attempt * (ORDERS_MAX + 1) + orders : attempt
}

/** What was asked for, but for a defect. */
function orderedUnits({ defects, parameters }: WorldSetup, amountUnits: bigint): bigint {
  if (defects.bankDeductsFee === true) return amountUnits - divCeil(amountUnits, FEE_PART)
  if (defects.bankPaysGross !== true) return amountUnits
  return (amountUnits * WHOLE_BPS) / BigInt(Math.max(1, 10_000 - parameters.commissionBps))
}

function orderOf(setup: WorldSetup, planned: PlannedWithdrawal, note: Note): Effect {
  const units = orderedUnits(setup, planned.amountUnits)
  const key = keyOf(setup, note)
  const message: Message = {
    ...{ kind: 'transfer', withdrawal: planned.index, units, key, from: 'bank' },
  }
  return { kind: 'send', to: 'rail', message }
}

/** Asks the rail whether it can pay, and says when it will ask again. */
function check(planned: PlannedWithdrawal, note: Note, monotonicMs: number, effects: Effect[]) {
  if (monotonicMs < note.againMs) return note.againMs
  note.checks += 1
  note.againMs = monotonicMs + pauseMs(note.checks)
  effects.push({ kind: 'send', to: 'rail', message: { kind: 'check', withdrawal: planned.index } })
  return note.againMs
}

function pay(
  setup: WorldSetup,
  planned: PlannedWithdrawal,
  note: Note,
  monotonicMs: number,
  effects: Effect[],
): number {
  if (note.isPaid || note.orders >= ORDERS_MAX) return NEVER
  if (note.orders > 0 && monotonicMs < note.againMs) return note.againMs
  note.orders += 1
  note.againMs = monotonicMs + pauseMs(note.orders)
  effects.push(orderOf(setup, planned, note))
  return note.againMs
}

/** Whether the tokens are the bank's for good. */
function isFinal(view: WithdrawalView, item: Item, note: Note): boolean {
  const isThere = item.state === 'Completed' && item.claimBankUnits === 0n
  if (!isThere) note.completeIn = null
  else note.completeIn ??= view.newsNumber
  return note.completeIn !== null && view.headNumber >= note.completeIn + FINAL_BLOCKS - 1
}

/** What is to be asked and ordered now, and when (monotonic) the next thing is. */
function attend(setup: WorldSetup, state: BankState, now: Moment) {
  const effects: Effect[] = []
  const { view, notes } = state
  const { monotonicMs } = now
  let wakesMs = NEVER
  let looks = false
  if (view === null || setup.policy === 'as-described') return { effects, wakesMs, looks }
  for (const planned of setup.withdrawals) {
    const note = notes[planned.index] as Note
    const item = view.items[planned.index] as Item
    const isAssured = isFinal(view, item, note)
    looks ||= note.completeIn !== null && !isAssured && !note.isPaid
    const isEarly = setup.defects.bankPaysFirst === true && note.isPayable === true
    if (isAssured || isEarly) {
      wakesMs = Math.min(wakesMs, pay(setup, planned, note, monotonicMs, effects))
    } else if (item.state === 'Processing' && note.isPayable === null) {
      wakesMs = Math.min(wakesMs, check(planned, note, monotonicMs, effects))
    }
  }
  return { effects, wakesMs, looks }
}

function desire(setup: WorldSetup, { view, notes }: BankState): Intent | null {
  const { defects } = setup
  if (view === null) return null
  for (const { index } of setup.withdrawals) {
    const { state, claimBankUnits } = view.items[index] as Item
    const { isPayable, isPaid, refusals } = notes[index] as Note
    // As described the contract can owe more than it has; then there is nothing to fetch yet.
    const isClaimable = claimBankUnits > 0n && claimBankUnits <= view.escrowUnits
    if (isClaimable) return payoutIntent('claim', index, ELSEWHERE)
    if (state !== 'Processing' || isPayable === null || defects.nobodyEnds === true) continue
    if (!isPayable && defects.bankHidesFailures === true) continue
    if (!isPayable) return plainIntent('bankFailed', index)
    if (refusals >= REFUSALS_MAX) continue
    if (defects.bankPaysFirst === true && !isPaid) continue
    const number = defects.bankRepeatsReferences === true ? 0 : index
    return completeIntent(index, FIRST_REFERENCE + BigInt(number))
  }
  return null
}

/** Counts what the contract would not hear of. */
function learn({ view, wallet, notes }: BankState): void {
  if (view === null || wallet.key === null || view.nonce <= wallet.nonce) return
  const [action, number] = wallet.key.split(':')
  const index = Number(number)
  if (action !== 'complete' || view.items[index]?.state !== 'Processing') return
  const note = notes[index] as Note
  note.refusals += 1
}

function pursued(setup: WorldSetup, before: BankState, now: Moment): Step<BankState> {
  const { view } = before
  const { monotonicMs } = now
  if (view === null) return [before, []]
  learn(before)
  const { effects, wakesMs: dueMs, looks } = attend(setup, before, now)
  let { wakesMs, looksAtMs } = before
  if (dueMs < NEVER && !(wakesMs > monotonicMs && wakesMs <= dueMs)) {
    wakesMs = dueMs
    effects.push({ kind: 'timer', name: 'wake', afterMs: dueMs - monotonicMs })
  }
  if (looks && looksAtMs <= monotonicMs) {
    // Blocks without news are not announced.
    const afterMs = setup.profile.blockIntervalMs
    looksAtMs = monotonicMs + afterMs
    effects.push({ kind: 'look', afterMs })
  }
  const [wallet, sends] = pursue({
    ...{ wallet: before.wallet, intent: desire(setup, before), nonce: view.nonce, monotonicMs },
    resendAfterMs: setup.profile.resendAfterMs,
  })
  return [{ ...before, wakesMs, looksAtMs, wallet }, [...effects, ...sends]]
}

function onMessage(setup: WorldSetup, { notes }: BankState, message: Message): void {
  const note = notes[message.withdrawal] as Note
  if (message.kind === 'checked') {
    if (note.isPayable !== null) return
    note.isPayable = message.isPayable
    note.againMs = 0
  }
  if (message.kind === 'settled') note.isPaid = true
  // A copy of an older answer says nothing of the attempt that is under way.
  if (message.kind !== 'returned' || message.key !== keyOf(setup, note)) return
  note.attempt += 1
  note.againMs = 0
  note.orders = 0
}

/** One step of the desk. */
export function reduceBank(
  setup: WorldSetup,
  state: BankState,
  input: Input,
  now: Moment,
): Step<BankState> {
  switch (input.kind) {
    case 'view':
      return pursued(setup, { ...state, view: input.view }, now)
    case 'message':
      onMessage(setup, state, input.message)
      return pursued(setup, state, now)
    case 'timer':
      return pursued(setup, state, now)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
