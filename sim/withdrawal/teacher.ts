/**
 * A teacher: asks for its money when it wants it and there is enough on its account, waits for as
 * long as it can bear, then takes the request back; and asks once more for what came back.
 *
 * Of the time it knows what its own clock says. What it keeps of each withdrawal is changed in
 * place.
 */
import type { Moment } from '../world/actors.ts'
import { heldUntilMs, isReached, NEVER, wakeFor } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  type Effect,
  type Effects,
  type Input,
  type Intent,
  type Item,
  isOpen,
  type Step,
  VOID_STATES,
  type WithdrawalView,
} from './actors.ts'
import { plainIntent } from './intents.ts'
import type { PlannedWithdrawal, WorldSetup } from './options.ts'

const SECOND_MS = 1000

export interface TeacherConfig extends WorldSetup {
  readonly teacher: number
  /** Its own: those that ask again first, then in order of time. */
  readonly own: readonly PlannedWithdrawal[]
}

interface Note {
  /** Monotonic time at which it was first seen open. */
  openSinceMs: number
  wanted: boolean
  isImpatient: boolean
  /** The contract has refused the request for good, or the wish to take it back. */
  isRefused: boolean
  isBound: boolean
  /** Monotonic time until which a cancellation waits that came too early. */
  heldUntilMs: number
}

export interface TeacherState {
  readonly view: WithdrawalView | null
  /** First requests whose time has come. */
  readonly begunCount: number
  readonly wakesMs: number
  readonly wallet: Wallet
  readonly notes: ReadonlyMap<number, Note>
}

export function teacherConfig(setup: WorldSetup, teacher: number): TeacherConfig {
  const mine = setup.withdrawals.filter((each) => each.teacher === teacher)
  const again = mine.filter(({ againOf }) => againOf !== null)
  const first = mine.filter(({ againOf }) => againOf === null).sort((a, b) => a.atMs - b.atMs)
  return { ...setup, teacher, own: [...again, ...first] }
}

export function initialTeacher({ own }: TeacherConfig): TeacherState {
  const note = (): Note => ({
    ...{ openSinceMs: NEVER, wanted: false, isImpatient: false },
    ...{ isRefused: false, isBound: false, heldUntilMs: 0 },
  })
  const notes = new Map(own.map(({ index }) => [index, note()]))
  return { view: null, begunCount: 0, wakesMs: 0, wallet: EMPTY_WALLET, notes }
}

function itemOf(view: WithdrawalView, withdrawal: number): Item {
  return view.items[withdrawal] as Item
}

/** First second in which an approved withdrawal can be taken back. */
function backFromSeconds({ parameters }: WorldSetup, { approvedAtSeconds }: Item): number {
  return approvedAtSeconds + parameters.processingTimeoutSeconds
}

/** Whether the teacher would take this one back now, if the contract let it. */
function wantsBack(config: TeacherConfig, item: Item, note: Note, now: Moment): boolean {
  if (!note.isImpatient || note.isBound || !isOpen(item)) return false
  if (config.policy === 'as-described' || item.state === 'Pending') return true
  return now.monotonicMs >= note.heldUntilMs && isReached(backFromSeconds(config, item), now)
}

/** Whether the time for this one has come. */
function isDue(
  config: TeacherConfig,
  { view, begunCount }: TeacherState,
  { againOf, index }: PlannedWithdrawal,
): boolean {
  if (againOf !== null) {
    return VOID_STATES.includes(itemOf(view as WithdrawalView, againOf).state)
  }
  const first = config.own.filter((each) => each.againOf === null)
  return first.findIndex((each) => each.index === index) < begunCount
}

function desire(config: TeacherConfig, state: TeacherState, now: Moment): Intent | null {
  const { view, notes } = state
  if (view === null) return null
  const { teacherNeverCancels, nobodyEnds } = config.defects
  for (const { index } of config.own) {
    if (teacherNeverCancels === true || nobodyEnds === true) break
    const note = notes.get(index) as Note
    if (wantsBack(config, itemOf(view, index), note, now)) return plainIntent('cancel', index)
  }
  const atHandUnits = view.availableUnits[config.teacher] ?? 0n
  const asked = config.own.find((planned) => {
    const { index, amountUnits } = planned
    const isOpenYet = itemOf(view, index).state === 'None' && !(notes.get(index) as Note).isRefused
    return isOpenYet && amountUnits <= atHandUnits && isDue(config, state, planned)
  })
  return asked === undefined ? null : plainIntent('request', asked.index)
}

/** What the contract said no to, as far as a new view tells. */
function learn(config: TeacherConfig, state: TeacherState, now: Moment): void {
  const { view, wallet, notes } = state
  if (view === null || wallet.key === null || view.nonce <= wallet.nonce) return
  const [action, number] = wallet.key.split(':')
  const index = Number(number)
  const note = notes.get(index) as Note
  const item = itemOf(view, index)
  const planned = config.own.find((each) => each.index === index) as PlannedWithdrawal
  if (action === 'request') {
    const isSmall = planned.amountUnits < BigInt(config.parameters.minimumUnits)
    if (item.state === 'None' && isSmall) note.isRefused = true
    return
  }
  if (!isOpen(item)) return
  if (config.policy === 'as-described') note.isBound = true
  else if (item.state === 'Processing') {
    const intent = plainIntent('cancel', index)
    const fromSeconds = backFromSeconds(config, item)
    note.heldUntilMs = heldUntilMs({ wallet, view, intent, fromSeconds }, now)
  }
}

/** Marks what has come to be wanted, and says when the next thing may. */
function watch(config: TeacherConfig, state: TeacherState, now: Moment) {
  const { view, notes } = state
  const marks: Effect[] = []
  const wakes: number[] = []
  if (view === null) return { marks, wakes }
  const { monotonicMs, wallMs } = now
  const wallSeconds = (atMonotonicMs: number) => (wallMs + atMonotonicMs - monotonicMs) / SECOND_MS
  for (const { index } of config.own) {
    const note = notes.get(index) as Note
    const item = itemOf(view, index)
    if (!isOpen(item)) continue
    note.openSinceMs = Math.min(note.openSinceMs, monotonicMs)
    const tiredMs = note.openSinceMs + config.behaviour.teacherPatienceMs
    if (monotonicMs < tiredMs) wakes.push(wallSeconds(tiredMs))
    else if (!note.isImpatient) {
      note.isImpatient = true
      marks.push({ kind: 'mark', mark: { kind: 'impatient', withdrawal: index } })
    }
    if (note.isImpatient && item.state === 'Processing' && config.policy === 'hardened') {
      wakes.push(backFromSeconds(config, item))
      if (note.heldUntilMs > monotonicMs) wakes.push(wallSeconds(note.heldUntilMs))
    }
  }
  return { marks, wakes }
}

function pursued(config: TeacherConfig, state: TeacherState, now: Moment): Step<TeacherState> {
  const { view, notes } = state
  if (view === null) return [state, []]
  learn(config, state, now)
  const { marks, wakes } = watch(config, state, now)
  const intent = desire(config, state, now)
  if (intent?.action === 'request') {
    const withdrawal = intent.agreement as number
    const note = notes.get(withdrawal) as Note
    if (!note.wanted) marks.push({ kind: 'mark', mark: { kind: 'wanted', withdrawal } })
    note.wanted = true
  }
  const [wakesMs, timers] = wakeFor(state.wakesMs, wakes, now)
  const [wallet, sends] = pursue({
    ...{ wallet: state.wallet, intent, nonce: view.nonce, monotonicMs: now.monotonicMs },
    resendAfterMs: config.profile.resendAfterMs,
  })
  const effects: Effects = [...marks, ...timers, ...sends]
  return [{ ...state, wakesMs, wallet }, effects]
}

/** One step of a teacher. */
export function reduceTeacher(
  config: TeacherConfig,
  state: TeacherState,
  input: Input,
  now: Moment,
): Step<TeacherState> {
  switch (input.kind) {
    case 'view':
      return pursued(config, { ...state, view: input.view }, now)
    case 'timer': {
      const isBegin = input.name === 'begin'
      const begunCount = state.begunCount + (isBegin ? 1 : 0)
      return pursued(config, isBegin ? { ...state, begunCount } : state, now)
    }
    case 'message':
      return [state, []]
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
