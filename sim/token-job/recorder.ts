/**
 * Writes down what happens in a job and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it.
 */
import type { Digest } from '../kernel/digest.ts'
import type { Span } from '../links.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { lockedCourse } from '../world/money.ts'
import type { TransactionRecord, WorldStep } from '../world/records.ts'
import type { Ending } from '../world/script.ts'
import { runHead } from '../world/setup.ts'
import type { JobReading, JobView, LeaveReason, Mark, Message } from './actors.ts'
import { type Bill, billsOf, settledCourse } from './bills.ts'
import { exposureOf } from './exposure.ts'
import { balancesOf, endStateOf, isOver } from './jobReading.ts'
import type { WorldSetup } from './options.ts'
import type {
  Count,
  Discovery,
  EndState,
  Milestones,
  PromptRecord,
  ShownMessage,
  WorldRun,
} from './worldRun.ts'

export interface Recorder {
  /** A participant reads the chain: notes what the host takes as proven. */
  looked(actor: string, view: JobView, atMs: number): void
  mark(actor: string, mark: Mark, atMs: number): void
  readonly hostIsGone: boolean
  finish(ending: Ending<JobReading, ShownMessage>): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly healedMs: number
  readonly digest: Digest
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }
interface Left {
  readonly atMs: number
  readonly reason: LeaveReason
}

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  switch (message.kind) {
    case 'prompt':
      return { sequence: message.index + 1 }
    case 'receipt':
    case 'done':
      return { sequence: message.receiptTokens }
    case 'piece':
      return { sequence: message.untilTokens }
    default:
      return { sequence: message.attempt }
  }
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  #discovery: Discovery = { outcome: null, attempts: 0, endedMs: null }
  readonly #prompts: Mutable<PromptRecord>[] = []
  readonly #received: Count[] = []
  readonly #signed: Count[] = []
  readonly #held: Count[] = []
  readonly #due: { dueMs: number; tokens: number }[] = []
  readonly #seen: Count[] = []
  readonly #left: Record<string, Left> = {}
  #sentTokens = 0
  #lastSentMs: number | null = null

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get hostIsGone(): boolean {
    return this.#left.host?.reason === 'vanished'
  }

  looked(actor: string, { provenTokens: tokens }: JobView, atMs: number): void {
    if (actor !== 'host' || tokens <= (this.#seen.at(-1)?.tokens ?? 0)) return
    this.#seen.push({ signedMs: atMs, tokens })
  }

  mark(actor: string, mark: Mark, atMs: number): void {
    const { digest } = this.#options
    switch (mark.kind) {
      case 'searched':
        this.#discovery = { outcome: mark.outcome, attempts: mark.attempts, endedMs: atMs }
        return
      case 'left':
        this.#left[actor] ??= { atMs, reason: mark.reason }
        return
      case 'prompted':
        this.#prompts.push({ promptedMs: atMs, firstTokenMs: null, answeredMs: null })
        return
      case 'first-token':
        this.#prompt(mark.index).firstTokenMs ??= atMs
        return
      case 'answered':
        this.#prompt(mark.index).answeredMs ??= atMs
        return
      case 'sent':
        this.#sentTokens = Math.max(this.#sentTokens, mark.tokens)
        this.#lastSentMs = atMs
        return
      case 'due':
        this.#due.push({ dueMs: atMs, tokens: mark.tokens })
        return
    }
    const { tokens } = mark
    const course = { received: this.#received, signed: this.#signed, held: this.#held }[mark.kind]
    course.push({ signedMs: atMs, tokens })
    digest.addNumber(atMs)
    digest.addNumber(tokens)
    digest.addText(mark.kind)
  }

  #prompt(index: number): Partial<Mutable<PromptRecord>> {
    return this.#prompts[index] ?? {}
  }

  finish(ending: Ending<JobReading, ShownMessage>): WorldRun {
    const { setup, digest } = this.#options
    const { side, course, counts, messages } = ending
    const { behaviour, agreement, priceUnits, affordableTokens } = setup
    const { steps } = course
    const bills = billsOf(steps, setup)
    const endState = endStateOf(side, setup)
    const treasuryWaits = behaviour.treasuryEveryMs === 0
    const hasEnded = isOver(side.reading, { hostIsGone: this.hostIsGone, treasuryWaits })
    const milestones = this.#milestones(steps, course.transactions, hasEnded)
    const parts = {
      ...{ protocol: 'token-job' as const, ...runHead(setup), behaviour },
      ...{ agreements: [agreement], priceUnits, affordableTokens, ...course },
      ...{ discovery: this.#discovery, prompts: this.#prompts, served: this.#served() },
      ...{ dueProofs: this.#dueProofs(steps) },
      deliveredTokens: this.#received.at(-1)?.tokens ?? 0,
      ...{ sentTokens: this.#sentTokens, lastSentMs: this.#lastSentMs },
      undoneTokens: this.#undoneTokens(bills),
      ...{ milestones, balances: balancesOf(steps, bills, setup) },
      exposure: this.#exposure(steps, bills, milestones, endState),
      ...{ ...counts, endState },
    }
    // Counts and messages are in the digest already, number by number.
    digest.addText(canonicalJson(parts))
    const [received, signed, held] = [this.#received, this.#signed, this.#held]
    return { ...parts, received, signed, held, messages, hash: digest.hex() }
  }

  /** An answer arrives from its first token to the newest before the next prompt. */
  #served(): readonly Span[] {
    return this.#prompts.flatMap(({ firstTokenMs: fromMs }, index) => {
      if (fromMs === null) return []
      const nextMs = this.#prompts[index + 1]?.promptedMs ?? Number.POSITIVE_INFINITY
      const last = this.#received.findLast(({ signedMs }) => signedMs < nextMs)
      return [{ fromMs, untilMs: Math.max(fromMs, last?.signedMs ?? fromMs) }]
    })
  }

  #dueProofs(steps: readonly WorldStep[]): WorldRun['dueProofs'] {
    const proofs = steps.filter(
      ({ planned, outcome }) => planned.action === 'submitProof' && outcome.accepted,
    )
    return this.#due.map(({ dueMs, tokens }) => {
      const proof = proofs.find(
        ({ planned, includedMs }) =>
          Number(planned.args.cumulativeTokens) >= tokens && includedMs >= dueMs,
      )
      return { dueMs, tokens, includedMs: proof?.includedMs ?? null }
    })
  }

  /** What the host saw proven at some time, less what the chain kept of it. */
  #undoneTokens(bills: readonly Bill[]): number {
    return this.#seen.reduce((most, { signedMs, tokens }) => {
      const kept = bills.findLast(({ includedMs }) => includedMs <= signedMs)?.provenTokens ?? 0
      return Math.max(most, tokens - kept)
    }, 0)
  }

  #milestones(
    steps: readonly WorldStep[],
    transactions: readonly TransactionRecord[],
    isFinished: boolean,
  ): Milestones {
    const becomes = (states: string) => (step: WorldStep) =>
      step.outcome.accepted &&
      new RegExp(`^(Approved|Active|Ending)\\|.*\\|(${states})$`).test(step.edge)
    const creates = ({ planned, outcome }: WorldStep) =>
      planned.action === 'createSession' && outcome.accepted
    const settled = steps.find(becomes('Completed|TimedOut|Abandoned'))
    const settleRecord = transactions.find(
      ({ block, action, accepted }) =>
        block === settled?.block && action === settled?.planned.action && accepted === true,
    )
    const asks = transactions.filter(
      ({ sender, action }) => action === 'endSession' && sender !== 'stranger',
    )
    const { user, host } = this.#left
    return {
      createdMs: steps.find(creates)?.includedMs ?? null,
      userLeftMs: user?.atMs ?? null,
      userReason: user?.reason ?? null,
      hostLeftMs: host?.atMs ?? null,
      hostReason: host?.reason ?? null,
      endAskedMs: asks.length === 0 ? null : Math.min(...asks.map((each) => each.submittedMs)),
      endingMs: steps.find(({ edge }) => edge === 'Active|endSession|Ending')?.includedMs ?? null,
      settledMs: settled?.includedMs ?? null,
      settleConfirmedMs: settleRecord?.confirmedMs ?? null,
      overMs: isFinished ? (this.#lastPayment(steps) ?? settled?.includedMs ?? null) : null,
      healedMs: this.#options.healedMs,
    }
  }

  #lastPayment(steps: readonly WorldStep[]): number | null {
    const pays = ({ transfers }: WorldStep) => transfers.some(({ from }) => from === 'escrow')
    return steps.findLast(pays)?.includedMs ?? null
  }

  #exposure(
    steps: readonly WorldStep[],
    bills: readonly Bill[],
    { createdMs, settledMs }: Milestones,
    { billedTokens }: EndState,
  ): WorldRun['exposure'] {
    const { policy, priceUnits, affordableTokens } = this.#options.setup
    return exposureOf({
      ...{ policy, priceUnits, affordableTokens, createdMs, settledMs, billedTokens },
      ...{ received: this.#received, signed: this.#signed, held: this.#held },
      ...{ settled: settledCourse(bills), locked: lockedCourse(steps) },
    })
  }
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
