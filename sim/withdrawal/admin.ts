/**
 * An admin: at work it sees the same queue as the other, thinks about each request for a while and
 * approves or rejects it. What it has decided goes on while it is at home.
 *
 * As described it also tells the bank to pay whatever it means to have approved, waits for the
 * answer, tells it again when none comes, and reports the payment to the contract. It does not
 * know of the other's orders. Hardened, that is between the bank and the contract.
 */
import type { Moment } from '../world/actors.ts'
import { NEVER, wakeFor } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  ADMINS,
  type Effect,
  type Input,
  type Intent,
  type Item,
  type Message,
  type Step,
  type WithdrawalView,
} from './actors.ts'
import type { AdminBehaviour } from './behaviour.ts'
import { completeIntent, plainIntent } from './intents.ts'
import type { PlannedWithdrawal, WorldSetup } from './options.ts'
import { nextAtWorkMs } from './workingHours.ts'

const SECOND_MS = 1000

export interface AdminConfig extends WorldSetup {
  readonly admin: number
  readonly own: AdminBehaviour
}

interface Note {
  /** Monotonic time at which it will have thought about it. */
  thoughtMs: number
  isDecided: boolean
  orders: number
  orderedMs: number
  reference: bigint | null
  isReturned: boolean
  /** The contract has refused to hear of a failure. */
  isStuck: boolean
}

export interface AdminState {
  readonly view: WithdrawalView | null
  readonly wakesMs: number
  readonly wallet: Wallet
  readonly notes: readonly Note[]
}

export function adminConfig(setup: WorldSetup, admin: number): AdminConfig {
  const { admin0, admin1 } = setup.behaviour
  return { ...setup, admin, own: admin === 0 ? admin0 : admin1 }
}

export function initialAdmin({ withdrawals }: WorldSetup): AdminState {
  const notes = withdrawals.map(() => ({
    ...{ thoughtMs: NEVER, isDecided: false, orders: 0, orderedMs: 0 },
    ...{ reference: null, isReturned: false, isStuck: false },
  }))
  return { view: null, wakesMs: 0, wallet: EMPTY_WALLET, notes }
}

function approves({ admin }: AdminConfig, { request }: PlannedWithdrawal): boolean {
  return request.verdict === 'approve' || (request.verdict === 'split' && admin === 0)
}

/** Thinks about a request, at work only. */
function think(config: AdminConfig, item: Item, note: Note, now: Moment) {
  const { wallMs, monotonicMs } = now
  const atWorkMs = nextAtWorkMs(config.own, wallMs)
  if (item.state !== 'Pending' || note.isDecided) return { decides: false, wakesAt: NEVER }
  if (atWorkMs > wallMs) return { decides: false, wakesAt: atWorkMs }
  note.thoughtMs = Math.min(note.thoughtMs, monotonicMs + config.own.thinkMs)
  if (monotonicMs >= note.thoughtMs) return { decides: true, wakesAt: NEVER }
  return { decides: false, wakesAt: wallMs + note.thoughtMs - monotonicMs }
}

/** as-described: tells the bank to pay what it takes for approved by itself. */
function order(config: AdminConfig, planned: PlannedWithdrawal, note: Note, now: Moment) {
  const { adminPatienceMs, adminRetries } = config.behaviour
  const { monotonicMs, wallMs } = now
  const isAnswered = note.reference !== null || note.isReturned
  if (isAnswered || note.orders > adminRetries) return { effects: [], wakesAt: NEVER }
  const leftMs = note.orderedMs + adminPatienceMs - monotonicMs
  if (note.orders > 0 && leftMs > 0) return { effects: [], wakesAt: wallMs + leftMs }
  note.orders += 1
  note.orderedMs = monotonicMs
  const message: Message = {
    ...{ kind: 'transfer', withdrawal: planned.index, units: planned.amountUnits, key: null },
    from: ADMINS[config.admin] as (typeof ADMINS)[number],
  }
  const effects: readonly Effect[] = [{ kind: 'send', to: 'rail', message }]
  return { effects, wakesAt: wallMs + adminPatienceMs }
}

function desire(config: AdminConfig, { view, notes }: AdminState): Intent | null {
  if (view === null) return null
  for (const planned of config.withdrawals) {
    const note = notes[planned.index] as Note
    const { state } = view.items[planned.index] as Item
    if (state === 'Pending' && note.isDecided) {
      return plainIntent(approves(config, planned) ? 'approve' : 'reject', planned.index)
    }
    if (config.policy === 'hardened' || state !== 'Processing') continue
    if (note.reference !== null) return completeIntent(planned.index, note.reference)
    if (note.isReturned && !note.isStuck) return plainIntent('bankFailed', planned.index)
  }
  return null
}

/** A failure that was told the contract in vain is not told again. */
function learn({ view, wallet, notes }: AdminState): void {
  if (view === null || wallet.key === null || view.nonce <= wallet.nonce) return
  const [action, number] = wallet.key.split(':')
  if (action === 'bankFailed') (notes[Number(number)] as Note).isStuck = true
}

function work(config: AdminConfig, { view, notes }: AdminState, now: Moment) {
  const effects: Effect[] = []
  const wakes: number[] = []
  const { adminsIdle, nobodyEnds } = config.defects
  if (view === null || adminsIdle === true || nobodyEnds === true) return { effects, wakes }
  for (const planned of config.withdrawals) {
    const item = view.items[planned.index] as Item
    const note = notes[planned.index] as Note
    const { decides, wakesAt } = think(config, item, note, now)
    wakes.push(wakesAt)
    if (decides) {
      note.isDecided = true
      effects.push({ kind: 'mark', mark: { kind: 'decided', withdrawal: planned.index } })
    }
    const isOrderer = config.policy === 'as-described' && item.state === 'Processing'
    if (!isOrderer || !note.isDecided || !approves(config, planned)) continue
    const ordered = order(config, planned, note, now)
    effects.push(...ordered.effects)
    wakes.push(ordered.wakesAt)
  }
  return { effects, wakes }
}

function pursued(config: AdminConfig, state: AdminState, now: Moment): Step<AdminState> {
  const { view } = state
  if (view === null) return [state, []]
  learn(state)
  const { effects, wakes } = work(config, state, now)
  const seconds = wakes.filter((wallMs) => wallMs < NEVER).map((wallMs) => wallMs / SECOND_MS)
  const [wakesMs, timers] = wakeFor(state.wakesMs, seconds, now)
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent: desire(config, state), nonce: view.nonce },
    ...{ monotonicMs: now.monotonicMs, resendAfterMs: config.profile.resendAfterMs },
  })
  return [{ ...state, wakesMs, wallet }, [...effects, ...timers, ...sends]]
}

function onMessage({ notes }: AdminState, message: Message): void {
  const note = notes[message.withdrawal] as Note
  if (message.kind === 'settled') note.reference ??= message.reference
  if (message.kind === 'returned') note.isReturned = true
}

/** One step of an admin. */
export function reduceAdmin(
  config: AdminConfig,
  state: AdminState,
  input: Input,
  now: Moment,
): Step<AdminState> {
  switch (input.kind) {
    case 'view':
      return pursued(config, { ...state, view: input.view }, now)
    case 'message':
      onMessage(state, input.message)
      return pursued(config, state, now)
    case 'timer':
      return pursued(config, state, now)
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
