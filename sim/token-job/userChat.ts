/**
 * How the user's client talks to its host: prompts, pieces of answers, receipts, the last word.
 *
 * Hardened, it signs for tokens that have reached it and for none besides: at each interval, and
 * when an answer is complete. What is lost on the way is asked for again.
 */
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import {
  type Effect,
  type Effects,
  hasEnded,
  type LeaveReason,
  type Message,
  type Step,
} from './actors.ts'
import {
  COURTESY_MS,
  EARLY_TOKENS,
  REPEATS_MS,
  STALL_MS,
  type TokenBook,
  type UserConfig,
  type UserState,
} from './userState.ts'

export const wake = (afterMs: number): Effect => ({ kind: 'timer', name: 'wake', afterMs })
const toHost = (message: Message): Effect => ({ kind: 'send', to: 'host', message })

/** Signs for what has reached the user; the new number, or null when there is nothing new. */
function sign(config: UserConfig, { book }: UserState): Effects {
  if (config.policy !== 'hardened') return NO_EFFECTS
  const seen = config.signsClaims ? Math.max(book.claimed, book.received) : book.received
  const tokens = seen + config.signsAheadTokens
  if (seen === 0 || tokens <= book.signed) return NO_EFFECTS
  book.signed = tokens
  return [{ kind: 'mark', mark: { kind: 'signed', tokens } }]
}

function ask(config: UserConfig, state: UserState): Effects {
  const { book } = state
  const prompt = config.behaviour.prompts[book.prompt]
  if (prompt === undefined) return NO_EFFECTS
  const [receivedTokens, receiptTokens] = [book.received, book.signed]
  const message: Message = {
    ...{ kind: 'prompt', index: book.prompt, answerTokens: prompt.tokens },
    ...{ receivedTokens, receiptTokens },
  }
  return [toHost(message), ...watch(book)]
}

/** Looks after the answer from time to time; one timer at once. */
function watch(book: TokenBook): Effects {
  if (book.isWatching) return NO_EFFECTS
  book.isWatching = true
  return [{ kind: 'timer', name: 'stall', afterMs: STALL_MS }]
}

export function nextPrompt(config: UserConfig, state: UserState, now: Moment): Step<UserState> {
  const { book } = state
  const prompt = config.behaviour.prompts[book.prompt + 1]
  if (prompt === undefined) return leave(config, state, now, 'satisfied')
  book.prompt += 1
  book.answerEnd += prompt.tokens
  book.isAnswered = false
  book.heardMs = now.monotonicMs
  const mark: Effect = { kind: 'mark', mark: { kind: 'prompted', index: book.prompt } }
  return [state, [mark, ...ask(config, state)]]
}

export function leave(
  config: UserConfig,
  state: UserState,
  now: Moment,
  reason: LeaveReason,
): Step<UserState> {
  if (state.phase === 'leaving' || state.phase === 'gone') return [state, []]
  const mark: Effect = { kind: 'mark', mark: { kind: 'left', reason } }
  if (reason === 'vanished') return [{ ...state, phase: 'gone' }, [mark]]
  const isPolite = reason === 'satisfied' || reason === 'deposit-used'
  const waitMs = isPolite && config.policy === 'as-described' ? COURTESY_MS : 0
  const left = { ...state, phase: 'leaving' as const, endFromMs: now.monotonicMs + waitMs }
  if (!isPolite) return [left, [mark]]
  const signed = sign(config, state)
  const done = toHost({ kind: 'done', receiptTokens: state.book.signed })
  return [left, [mark, ...signed, done, wake(waitMs), ...watch(state.book)]]
}

/** Asks again for what does not come; repeats the last word until the host has acted on it. */
export function onStall(config: UserConfig, state: UserState, now: Moment): Step<UserState> {
  const { book, phase, view } = state
  book.isWatching = false
  if (phase === 'leaving' && view !== null && !hasEnded(view)) {
    const isPolite = book.isAnswered && now.monotonicMs < state.endFromMs + REPEATS_MS
    if (!isPolite) return [state, []]
    const done = toHost({ kind: 'done', receiptTokens: book.signed })
    return [state, [done, ...watch(book)]]
  }
  if (phase !== 'chatting' || book.isAnswered) return [state, []]
  const silentMs = now.monotonicMs - book.heardMs
  if (silentMs >= config.behaviour.userPatienceMs) return leave(config, state, now, 'silence')
  if (silentMs < STALL_MS) return [state, watch(book)]
  return [state, ask(config, state)]
}

/** Why a user leaves that has not got all it asked for. The free rider watches the chain. */
function unsatisfied({ behaviour, intervalTokens }: UserConfig, state: UserState) {
  const { userLeaves, leavesAfterTokens } = behaviour
  const { received } = state.book
  if (userLeaves === 'satisfied' || received < leavesAfterTokens) return null
  if (userLeaves === 'vanishes') return 'vanished'
  const unproven = received - (state.view?.provenTokens ?? 0)
  return unproven >= intervalTokens - EARLY_TOKENS ? 'early' : null
}

export function onPiece(
  config: UserConfig,
  state: UserState,
  now: Moment,
  { untilTokens, claimedTokens }: Extract<Message, { kind: 'piece' }>,
): Step<UserState> {
  const { book, phase } = state
  book.claimed = Math.max(book.claimed, claimedTokens)
  if (untilTokens <= book.received || phase === 'gone') return [state, NO_EFFECTS]
  const { prompts } = config.behaviour
  const answerFrom = book.answerEnd - (prompts[book.prompt]?.tokens ?? 0)
  const effects: Effect[] = []
  if (book.received <= answerFrom && !book.isAnswered) {
    effects.push({ kind: 'mark', mark: { kind: 'first-token', index: book.prompt } })
  }
  book.received = untilTokens
  book.heardMs = now.monotonicMs
  effects.push({ kind: 'mark', mark: { kind: 'received', tokens: untilTokens } })
  if (phase !== 'chatting') return [state, effects]
  const reason = unsatisfied(config, state)
  if (reason !== null) {
    const [left, last] = leave(config, state, now, reason)
    return [left, [...effects, ...last]]
  }
  const isUsed = untilTokens >= config.affordableTokens
  if (isUsed || untilTokens >= book.answerEnd) return onAnswered(config, state, now, effects)
  if (untilTokens - book.signed < config.intervalTokens) return [state, effects]
  const signed = sign(config, state)
  if (signed.length === 0) return [state, effects]
  const receipt = toHost({ kind: 'receipt', receiptTokens: book.signed })
  return [state, [...effects, ...signed, receipt]]
}

function onAnswered(
  config: UserConfig,
  state: UserState,
  now: Moment,
  before: readonly Effect[],
): Step<UserState> {
  const { book } = state
  const { prompts } = config.behaviour
  const isUsed = book.received >= config.affordableTokens
  book.isAnswered = true
  const isComplete = book.received >= book.answerEnd
  const mark: Effect = { kind: 'mark', mark: { kind: 'answered', index: book.prompt } }
  const effects = isComplete ? [...before, mark] : before
  if (isUsed || book.prompt + 1 >= prompts.length) {
    const [left, last] = leave(config, state, now, isUsed ? 'deposit-used' : 'satisfied')
    return [left, [...effects, ...last]]
  }
  const signed = sign(config, state)
  const receipts =
    signed.length === 0 ? [] : [toHost({ kind: 'receipt', receiptTokens: book.signed })]
  const afterMs = prompts[book.prompt]?.thinkMs ?? 0
  return [state, [...effects, ...signed, ...receipts, { kind: 'timer', name: 'think', afterMs }]]
}
