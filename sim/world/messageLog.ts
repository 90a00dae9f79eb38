/**
 * Every message of a run: always in the fingerprint and the count, kept only when asked for.
 */
import type { Digest } from '../kernel/digest.ts'
import type { AnyMessage } from './actors.ts'
import type { LossReason, MessageRecord } from './records.ts'

export interface MessageLog<Message extends AnyMessage, Shown> {
  /** A message arrived at `arrivedMs`, or was lost. */
  add(
    from: string,
    to: string,
    message: Message,
    sentMs: number,
    lost: LossReason | null,
    arrivedMs: number | null,
  ): void
  readonly count: number
  /** Of these, how many did not arrive. */
  readonly lostCount: number
  /** Empty unless every message is kept. */
  readonly records: readonly MessageRecord<Shown>[]
}

export interface MessageLogOptions<Message extends AnyMessage, Shown> {
  readonly digest: Digest
  readonly actors: readonly string[]
  /** What the record of a message says besides its kind and times. */
  readonly show: (message: Message) => Shown
  /** A number that tells messages of one kind apart in the fingerprint; −1 for none. */
  readonly numberOf: (message: Message) => number
  readonly isKept: boolean
}

class CountingLog<Message extends AnyMessage, Shown> implements MessageLog<Message, Shown> {
  readonly #options: MessageLogOptions<Message, Shown>
  readonly #indexOf: Readonly<Record<string, number>>
  readonly #stride: number
  readonly records: MessageRecord<Shown>[] = []
  count = 0
  lostCount = 0

  constructor(options: MessageLogOptions<Message, Shown>) {
    this.#options = options
    const { actors } = options
    this.#indexOf = Object.fromEntries(actors.map((actor, index) => [actor, index]))
    this.#stride = 8 * Math.max(8, actors.length)
  }

  add(
    from: string,
    to: string,
    message: Message,
    sentMs: number,
    lost: LossReason | null,
    arrivedMs: number | null,
  ): void {
    const { digest, numberOf, show, isKept } = this.#options
    this.count += 1
    if (lost !== null) this.lostCount += 1
    digest.addNumber(sentMs)
    digest.addNumber(arrivedMs ?? -1)
    digest.addNumber(numberOf(message))
    digest.addNumber((this.#indexOf[from] ?? 0) * this.#stride + (this.#indexOf[to] ?? 0) * 8)
    digest.addText(lost ?? message.kind)
    if (!isKept) return
    const { kind } = message
    this.records.push({ from, to, kind, ...show(message), sentMs, arrivedMs, lost })
  }
}

/** An empty log. */
export function createMessageLog<Message extends AnyMessage, Shown>(
  options: MessageLogOptions<Message, Shown>,
): MessageLog<Message, Shown> {
  return new CountingLog(options)
}
