/**
 * A side's client in the call: enters and leaves when its person does, comes back by itself when
 * its line or its process does, and says so until the room answers.
 */
import { NO_EFFECTS } from '../world/actors.ts'
import type { Effect, Effects, Input, Mark, Message, Side, Step } from './actors.ts'

/** First pause before a client repeats what was not answered; it doubles up to the most. */
const REPEAT_LEAST_MS = 1_000
export const REPEAT_MOST_MS = 4_000
/** After so many repeats nothing is lost by chance any more, and it repeats itself rarely. */
const REPEATS_AT_ONCE = 8
export const REPEAT_RARELY_MS = 30_000

export interface VisitorConfig {
  readonly side: Side
  /** Number of visits that are planned. */
  readonly visits: number
  /** Ends the call for everybody with its last visit. */
  readonly closes: boolean
}

export interface VisitorState {
  readonly isIn: boolean
  readonly isClosed: boolean
  /** Visits that are over. */
  readonly left: number
  /** Number of the newest word to the room, and of the newest that was answered. */
  readonly said: number
  readonly answered: number
  /** Times that the newest word was repeated. */
  readonly repeats: number
}

export const INITIAL_VISITOR: VisitorState = {
  ...{ isIn: false, isClosed: false, left: 0 },
  ...{ said: 0, answered: 0, repeats: 0 },
}

function word(config: VisitorConfig, { isIn, left, said: count }: VisitorState): Effect {
  const closes = config.closes && left >= config.visits
  const kind = isIn ? 'enter' : closes ? 'close' : 'leave'
  const message: Message = { kind, from: config.side, count }
  return { kind: 'send', to: 'room', message }
}

/** Says how it stands now, and again until that is answered. */
function say(config: VisitorConfig, before: VisitorState, mark: Mark | null): Step<VisitorState> {
  const state = { ...before, said: before.said + 1, repeats: 0 }
  const marks: Effects = mark === null ? NO_EFFECTS : [{ kind: 'mark', mark }]
  const repeat: Effect = { kind: 'timer', name: 'repeat', afterMs: REPEAT_LEAST_MS }
  return [state, [...marks, word(config, state), repeat]]
}

function onRepeat(config: VisitorConfig, state: VisitorState): Step<VisitorState> {
  if (state.isClosed || state.answered >= state.said) return [state, NO_EFFECTS]
  const repeats = state.repeats + 1
  const soonMs = Math.min(REPEAT_LEAST_MS * 2 ** repeats, REPEAT_MOST_MS)
  const afterMs = repeats < REPEATS_AT_ONCE ? soonMs : REPEAT_RARELY_MS
  return [{ ...state, repeats }, [word(config, state), { kind: 'timer', name: 'repeat', afterMs }]]
}

/** One step in the call; `mayEnter` says whether there is a lesson at all. */
export function reduceVisitor(
  config: VisitorConfig,
  state: VisitorState,
  input: Input,
  mayEnter: boolean,
): Step<VisitorState> {
  if (input.kind === 'message') {
    const { message } = input
    if (message.kind === 'answered') {
      return [{ ...state, answered: Math.max(state.answered, message.count) }, NO_EFFECTS]
    }
    if (message.kind !== 'closed' || state.isClosed) return [state, NO_EFFECTS]
    return [{ ...state, isIn: false, isClosed: true }, NO_EFFECTS]
  }
  if (input.kind !== 'timer') return [state, NO_EFFECTS]
  switch (input.name) {
    case 'enter': {
      if (state.isClosed || state.isIn || !mayEnter) return [state, NO_EFFECTS]
      return say(config, { ...state, isIn: true }, { kind: 'enters' })
    }
    case 'leave': {
      const left = state.left + 1
      if (!state.isIn) return [{ ...state, left }, NO_EFFECTS]
      return say(config, { ...state, isIn: false, left }, { kind: 'leaves' })
    }
    case 'line':
      // Its line or its process is back: the room may have taken it for gone, or not have heard.
      return state.isIn || state.answered < state.said
        ? say(config, state, null)
        : [state, NO_EFFECTS]
    case 'repeat':
      return onRepeat(config, state)
    default:
      return [state, NO_EFFECTS]
  }
}
