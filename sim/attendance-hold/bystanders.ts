/**
 * Those who are neither in the lesson nor run a service: owners of a commission, who fetch it when
 * it could not be sent to them; and the stranger, who forges webhooks and tries what should not
 * work, each attempt once.
 */
import type { CallEvent } from '../../models/attendance-hold/attendanceReducer.ts'
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import {
  type Effect,
  type HoldView,
  type Input,
  type Intent,
  isResolved,
  type Step,
} from './actors.ts'
import type { Behaviour, StrangerAttempt } from './behaviour.ts'
import { atOnce, type Caller, failed, INITIAL_CALLER, seek } from './caller.ts'
import { claimIntent, finishIntent, plainIntent, processIntent, recordIntent } from './intents.ts'
import { bookedEndSeconds, lessonMs, type WorldSetup } from './options.ts'

const SECOND_MS = 1000

export interface OwnerState {
  readonly view: HoldView | null
  readonly caller: Caller
}
export const INITIAL_OWNER: OwnerState = { view: null, caller: INITIAL_CALLER }

/** One step of the referrer or of the platform. */
export function reduceOwner(
  setup: WorldSetup,
  owner: 'referrer' | 'platform',
  before: OwnerState,
  input: Input,
  now: Moment,
): Step<OwnerState> {
  if (input.kind === 'send-failed') {
    const [caller, effects] = failed(before.caller, now)
    return [{ ...before, caller }, effects]
  }
  const view = input.kind === 'view' ? input.view : before.view
  if (view === null) return [before, NO_EFFECTS]
  const waits = isResolved(view) && view.claimUnits[owner] > 0n
  const wishes = waits ? [atOnce(claimIntent('elsewhere'))] : []
  const { resendAfterMs } = setup.profile
  const [caller, effects] = seek(before.caller, view, { wishes }, now, resendAfterMs)
  return [{ view, caller }, effects]
}

/** What the stranger does, in order of time. */
export type Mischief =
  | { readonly atMs: number; readonly attempt: StrangerAttempt }
  | { readonly atMs: number; readonly forged: CallEvent }

const KIND_OF = {
  joined: 'participant_joined',
  left: 'participant_left',
  finished: 'room_finished',
} as const

/** A webhook by somebody who is not the call platform, about a connection of the student. */
function forgery(setup: WorldSetup, index: number, told: Behaviour['forgeries'][number]): Mischief {
  const { startsAtSeconds, startMs } = setup
  const ofMs = lessonMs(setup, told.ofBps) - startMs
  const isEnd = told.kind === 'finished'
  const forged: CallEvent = {
    ...{ id: `forged${index}`, kind: KIND_OF[told.kind], who: isEnd ? null : 'student' },
    connection: isEnd ? '' : `forged${told.connection}`,
    ...{ atSeconds: startsAtSeconds + Math.floor(ofMs / SECOND_MS), isSigned: false },
  }
  return { atMs: lessonMs(setup, told.atBps), forged }
}

export function mischiefOf(setup: WorldSetup): readonly Mischief[] {
  const { forgeries, stranger } = setup.behaviour
  const forged = forgeries.map((each, index) => forgery(setup, index, each))
  return [...stranger, ...forged].sort((a, b) => a.atMs - b.atMs)
}

export interface StrangerState {
  readonly view: HoldView | null
  readonly doneCount: number
  readonly sentCount: number
}
export const INITIAL_STRANGER: StrangerState = { view: null, doneCount: 0, sentCount: 0 }

function attemptOf(setup: WorldSetup, attempt: StrangerAttempt, view: HoldView | null): Intent {
  const { policy, startsAtSeconds } = setup
  const joinedAtSeconds = startsAtSeconds
  switch (attempt) {
    case 'purchase':
      return plainIntent(attempt)
    case 'record': {
      if (policy === 'as-described') {
        const args = { kind: 'joined', at: joinedAtSeconds }
        return { action: 'recordAttendance', key: attempt, args }
      }
      const record = { joinedAtSeconds, leftAtSeconds: joinedAtSeconds + 1 }
      return recordIntent(view?.intervals ?? 0, record, 'forged')
    }
    case 'finish':
      return policy === 'as-described'
        ? plainIntent('finishSession')
        : finishIntent(bookedEndSeconds(setup), 'forged')
    case 'process':
      return processIntent(policy, attempt, true)
    case 'refund':
      return plainIntent('refundUnfinished')
    case 'claim':
      return claimIntent('stranger')
  }
}

/** One step of the stranger; `mischief` in the order of its timers. */
export function reduceStranger(
  setup: WorldSetup,
  mischief: readonly Mischief[],
  state: StrangerState,
  input: Input,
): Step<StrangerState> {
  if (input.kind === 'view') return [{ ...state, view: input.view }, NO_EFFECTS]
  const next = mischief[state.doneCount]
  if (input.kind !== 'timer' || next === undefined) return [state, NO_EFFECTS]
  const doneCount = state.doneCount + 1
  if ('forged' in next) {
    const message = { kind: 'webhook', event: next.forged } as const
    return [{ ...state, doneCount }, [{ kind: 'send', to: 'attestor', message }]]
  }
  const { view, sentCount } = state
  if (view !== null && isResolved(view)) return [{ ...state, doneCount }, NO_EFFECTS]
  const made = attemptOf(setup, next.attempt, view)
  const intent = { ...made, key: `${made.key}:${sentCount}` }
  const submission: Effect = { kind: 'submit', intent, nonce: view?.nonce ?? 0, attempt: 0 }
  return [{ ...state, doneCount, sentCount: sentCount + 1 }, [submission]]
}
