/**
 * The host: streams answers, proves what it delivered, ends jobs of silent users, takes its pay.
 *
 * As described it counts what it sent. Hardened it counts what the user has signed for, and never
 * streams further than one interval past the last receipt nor two past what the chain shows as
 * proven: that is what bounds its loss. In both it stops where the deposit ends.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { type Moment, NO_EFFECTS } from '../world/actors.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import {
  type Effect,
  type Effects,
  hasEnded,
  type Input,
  type Intent,
  type JobView,
  type Message,
  type Step,
} from './actors.ts'
import type { Behaviour } from './behaviour.ts'
import { payoutIntent, plainIntent, proofIntent } from './intents.ts'

/** Tokens of one piece of an answer; the first piece has one, as soon as there is one. */
export const PIECE_TOKENS = 16
/** Hardened: intervals that may be streamed past what is proven; one is on its way to the chain. */
export const LAG_INTERVALS = 2
const MINUTE_MS = 60_000

export interface HostConfig {
  readonly policy: Policy
  readonly behaviour: Behaviour
  readonly intervalTokens: number
  readonly affordableTokens: number
  /** Seconds from the job's start in which a running job takes proofs. */
  readonly openSeconds: number
  readonly account: string
  readonly resendAfterMs: number
  /** Defects, each for a canary. */
  readonly streamsPastDeposit: boolean
  readonly streamsWithoutReceipts: boolean
  readonly neverProves: boolean
  readonly neverEnds: boolean
}

/** What was asked, sent and acknowledged; changed in place. */
interface StreamBook {
  prompt: number
  answerEnd: number
  sent: number
  /** Newest receipt. */
  held: number
  /** Largest number for which a proof was due. */
  due: number
  /** The user has said its last word. */
  isDone: boolean
  isStreaming: boolean
  /** Monotonic time of the user's last word, or of the last piece. */
  heardMs: number
}

export interface HostState {
  readonly view: JobView | null
  readonly phase: 'waiting' | 'serving' | 'leaving' | 'gone'
  readonly settleFromMs: number
  /** Nonce of the forgery, once it was tried. */
  readonly forgeryNonce: number | null
  readonly book: StreamBook
  readonly wallet: Wallet
}

/** A host that was asked nothing yet. */
export const initialHost = (): HostState => ({
  view: null,
  phase: 'waiting',
  settleFromMs: 0,
  forgeryNonce: null,
  book: {
    ...{ prompt: -1, answerEnd: 0, sent: 0, held: 0, due: 0 },
    ...{ isDone: false, isStreaming: false, heardMs: 0 },
  },
  wallet: EMPTY_WALLET,
})

function claimed({ behaviour }: HostConfig, tokens: number): number {
  return Math.floor((tokens * (10_000 + behaviour.overClaimsBps)) / 10_000)
}

/** Tokens for which the host has, or says that it has, a right to be paid. */
function countOf(config: HostConfig, { book }: HostState): number {
  return config.policy === 'hardened' ? book.held : claimed(config, book.sent)
}

/** Tokens beyond which the host does not stream for now. */
function limitOf(config: HostConfig, { book, view }: HostState): number {
  const { policy, intervalTokens } = config
  const paid = config.streamsPastDeposit ? Number.POSITIVE_INFINITY : config.affordableTokens
  if (policy !== 'hardened' || config.streamsWithoutReceipts) return paid
  const proven = view?.provenTokens ?? 0
  return Math.min(paid, book.held + intervalTokens, proven + LAG_INTERVALS * intervalTokens)
}

/** Whether the contract still takes a proof, as far as the host can see. */
function takesProof(config: HostConfig, view: JobView): boolean {
  if (view.state === 'Ending') return view.headSeconds < view.endsAtSeconds
  return view.headSeconds <= view.startedAtSeconds + config.openSeconds
}

/** The proof that is wanted, in tokens; 0 for none. */
function dueTokens(config: HostConfig, state: HostState): number {
  const view = state.view as JobView
  const count = countOf(config, state)
  if (count <= view.provenTokens || config.neverProves || !takesProof(config, view)) return 0
  const { book, phase } = state
  const isUsed = book.sent >= config.affordableTokens
  const isLast = book.isDone || isUsed || phase === 'leaving' || view.state === 'Ending'
  return isLast || count - view.provenTokens >= config.intervalTokens ? count : 0
}

function forges(config: HostConfig, { view, forgeryNonce }: HostState): boolean {
  if (config.policy !== 'hardened' || config.behaviour.overClaimsBps === 0) return false
  return forgeryNonce === null || forgeryNonce === view?.nonce
}

function proofOf(config: HostConfig, state: HostState, due: number): Intent {
  const { policy, behaviour } = config
  const tokens = claimed(config, state.book.sent)
  if (forges(config, state) && tokens > due) {
    return proofIntent(policy, 'forgery', { tokens, receipt: behaviour.forgery })
  }
  // A last proof does not wait for its turn behind an older one.
  const key = state.view?.state === 'Ending' ? 'last-proof' : 'proof'
  return proofIntent(policy, key, { tokens: due, receipt: 'genuine' })
}

/** What the host wants from the chain now. */
function desire(config: HostConfig, state: HostState, nowMs: number): Intent | null {
  const { view, phase } = state
  if (view === null || phase === 'gone') return null
  switch (view.state) {
    case 'None':
    case 'Approved':
      return null
    case 'Active':
    case 'Ending': {
      const due = dueTokens(config, state)
      if (due > 0) return proofOf(config, state, due)
      const isEnding = view.state === 'Ending' && nowMs >= state.settleFromMs
      const mayEnd = (phase === 'leaving' || isEnding) && !config.neverEnds
      return mayEnd ? plainIntent('endSession') : null
    }
    default:
      return view.earningsUnits > 0n ? payoutIntent('withdrawEarnings', config.account) : null
  }
}

function pursued(config: HostConfig, state: HostState, now: Moment, effects: Effects) {
  const { view, book } = state
  if (view === null) return [state, effects] as const
  const { monotonicMs } = now
  const intent = desire(config, state, monotonicMs)
  const isForgery = intent?.key === 'forgery' && state.forgeryNonce === null
  const next = isForgery ? { ...state, forgeryNonce: view.nonce } : state
  const marks: Effect[] = []
  if (intent?.action === 'submitProof') {
    const tokens = Number(intent.args.cumulativeTokens)
    if (tokens > book.due && !isForgery) {
      book.due = tokens
      marks.push({ kind: 'mark', mark: { kind: 'due', tokens } })
    }
  }
  const [wallet, sends] = pursue({
    ...{ wallet: next.wallet, intent, monotonicMs, nonce: view.nonce },
    resendAfterMs: config.resendAfterMs,
  })
  if (wallet === next.wallet && next === state && marks.length === 0) {
    return [state, effects] as const
  }
  return [{ ...next, wallet }, [...effects, ...marks, ...sends]] as const
}

function piece(config: HostConfig, { book }: HostState): Effect {
  const claimedTokens = claimed(config, book.sent)
  const message: Message = { kind: 'piece', untilTokens: book.sent, claimedTokens }
  return { kind: 'send', to: 'user', message }
}

/** Goes on streaming if there is something to stream and leave to do so. */
function stream(config: HostConfig, state: HostState, afterMs?: number): Effects {
  const { book, phase, view } = state
  if (book.isStreaming || phase !== 'serving' || view?.state !== 'Active') return NO_EFFECTS
  const most = Math.min(book.answerEnd, limitOf(config, state))
  if (book.sent >= most) return NO_EFFECTS
  book.isStreaming = true
  const tokens = Math.min(PIECE_TOKENS, most - book.sent)
  const pieceMs = Math.ceil((tokens * MINUTE_MS) / config.behaviour.tokensPerMinute)
  return [{ kind: 'timer', name: 'piece', afterMs: afterMs ?? pieceMs }]
}

function onPiece(config: HostConfig, state: HostState, now: Moment): Step<HostState> {
  const { book, phase, view } = state
  book.isStreaming = false
  if (phase !== 'serving' || view?.state !== 'Active') return [state, NO_EFFECTS]
  const { prompts, hostVanishesAfterTokens } = config.behaviour
  const isFirst = book.sent === book.answerEnd - (prompts[book.prompt]?.tokens ?? 0)
  const most = Math.min(book.answerEnd, limitOf(config, state))
  const sent = Math.min(book.sent + (isFirst ? 1 : PIECE_TOKENS), most)
  if (sent <= book.sent) return [state, NO_EFFECTS]
  book.sent = sent
  book.heardMs = now.monotonicMs
  const mark: Effect = { kind: 'mark', mark: { kind: 'sent', tokens: sent } }
  const effects = [mark, piece(config, state)]
  if (hostVanishesAfterTokens > 0 && sent >= hostVanishesAfterTokens) {
    const left: Effect = { kind: 'mark', mark: { kind: 'left', reason: 'vanished' } }
    return [{ ...state, phase: 'gone' }, [...effects, left]]
  }
  return [state, [...effects, ...stream(config, state)]]
}

/** Takes a receipt that says more than the last. */
function hold(config: HostConfig, { book }: HostState, tokens: number): Effects {
  if (config.policy !== 'hardened' || tokens <= book.held) return NO_EFFECTS
  book.held = tokens
  return [{ kind: 'mark', mark: { kind: 'held', tokens } }]
}

function onPrompt(
  config: HostConfig,
  state: HostState,
  { index, answerTokens, receivedTokens }: Extract<Message, { kind: 'prompt' }>,
): Effects {
  const { book, phase, view } = state
  if (phase !== 'serving' || view?.state !== 'Active') return NO_EFFECTS
  if (index === book.prompt + 1) {
    book.prompt = index
    book.answerEnd += answerTokens
    return stream(config, state, config.behaviour.firstTokenMs)
  }
  // What the user lacks was lost on the way.
  const again = book.sent > receivedTokens ? [piece(config, state)] : []
  return [...again, ...stream(config, state)]
}

function onMessage(
  config: HostConfig,
  state: HostState,
  now: Moment,
  message: Message,
): Step<HostState> {
  if (state.phase === 'gone') return [state, NO_EFFECTS]
  if (message.kind !== 'prompt' && message.kind !== 'receipt' && message.kind !== 'done') {
    return [state, NO_EFFECTS]
  }
  const { book } = state
  book.heardMs = now.monotonicMs
  const held = hold(config, state, message.receiptTokens)
  if (message.kind === 'done') book.isDone = true
  const effects =
    message.kind === 'prompt' ? onPrompt(config, state, message) : stream(config, state)
  return [state, [...held, ...effects]]
}

function onView(config: HostConfig, state: HostState, now: Moment): Step<HostState> {
  const view = state.view as JobView
  const { book, phase } = state
  if (view.state === 'Active' && phase === 'waiting') {
    book.heardMs = now.monotonicMs
    const afterMs = config.behaviour.hostPatienceMs
    return [{ ...state, phase: 'serving' }, [{ kind: 'timer', name: 'patience', afterMs }]]
  }
  if (view.state === 'Ending') {
    // While tokens are unacknowledged, a last receipt may still come.
    const openMs = Math.max(0, view.endsAtSeconds - view.headSeconds) * 1000
    const waitMs = book.held < book.sent ? openMs : 0
    const settleFromMs = now.monotonicMs + waitMs
    return [{ ...state, settleFromMs }, [{ kind: 'timer', name: 'wake', afterMs: waitMs }]]
  }
  return [state, stream(config, state)]
}

/** A user that has said nothing for so long, with nothing being streamed to it, is gone. */
function onPatience(config: HostConfig, state: HostState, now: Moment): Step<HostState> {
  const { book, phase, view } = state
  if (phase !== 'serving' || (view !== null && hasEnded(view))) return [state, []]
  const leftMs = book.heardMs + config.behaviour.hostPatienceMs - now.monotonicMs
  if (leftMs > 0) return [state, [{ kind: 'timer', name: 'patience', afterMs: leftMs }]]
  const mark: Effect = { kind: 'mark', mark: { kind: 'left', reason: 'silence' } }
  return [{ ...state, phase: 'leaving' }, [mark]]
}

function onTimer(config: HostConfig, state: HostState, now: Moment, name: string) {
  if (name === 'piece') return onPiece(config, state, now)
  return name === 'patience' ? onPatience(config, state, now) : ([state, NO_EFFECTS] as const)
}

/** One step of the host. */
export function reduceHost(
  config: HostConfig,
  state: HostState,
  input: Input,
  now: Moment,
): Step<HostState> {
  switch (input.kind) {
    case 'view': {
      if (state.phase === 'gone') return [state, NO_EFFECTS]
      const [next, effects] = onView(config, { ...state, view: input.view }, now)
      return pursued(config, next, now, effects)
    }
    case 'timer': {
      const [next, effects] = onTimer(config, state, now, input.name)
      return pursued(config, next, now, effects)
    }
    case 'message': {
      const [next, effects] = onMessage(config, state, now, input.message)
      return pursued(config, next, now, effects)
    }
    default: {
      const [wallet, effects] = backOff(state.wallet, now.monotonicMs, state.wallet.failures)
      return [{ ...state, wallet }, effects]
    }
  }
}
