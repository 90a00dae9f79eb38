/**
 * The one event queue of a world: a binary heap ordered by (time, sequence).
 *
 * Sequence numbers are given in the order of scheduling, so events of one millisecond happen in the
 * order in which they were caused. That makes the order total, and a run reproducible.
 */
import { assert } from '../../models/kit/error.ts'

/**
 * More events at once than any scenario needs; a scenario that reaches it schedules in a circle.
 */
export const PENDING_EVENTS_MAX = 1_000_000

export interface EventQueue<Item> {
  /** Schedules `item`; `atMs` must not lie before the event that was taken last. */
  push(atMs: number, item: Item): void
  /** Takes the earliest event; undefined when there is none. `nowMs` becomes its time. */
  pop(): Item | undefined
  /** Time of the event that was taken last. */
  readonly nowMs: number
  /** Time of the earliest pending event; undefined when there is none. */
  peekMs(): number | undefined
  readonly size: number
}

class HeapQueue<Item> implements EventQueue<Item> {
  readonly #timesMs: number[] = []
  readonly #sequences: number[] = []
  readonly #items: Item[] = []
  #sequence = 0
  nowMs = 0

  get size(): number {
    return this.#items.length
  }

  peekMs(): number | undefined {
    return this.#timesMs[0]
  }

  push(atMs: number, item: Item): void {
    assert(Number.isSafeInteger(atMs), 'virtual time is whole milliseconds')
    assert(atMs >= this.nowMs, 'no event is scheduled in the past')
    assert(this.#items.length < PENDING_EVENTS_MAX, 'pending events stay below their bound')
    const sequence = this.#sequence++
    let index = this.#items.length
    // Parents that come later move down until the new event's place is found.
    while (index > 0) {
      const parent = (index - 1) >> 1
      if ((this.#timesMs[parent] as number) <= atMs) break
      this.#move(parent, index)
      index = parent
    }
    this.#place(index, atMs, sequence, item)
  }

  pop(): Item | undefined {
    const size = this.#items.length
    if (size === 0) return undefined
    const first = this.#items[0] as Item
    this.nowMs = this.#timesMs[0] as number
    const atMs = this.#timesMs.pop() as number
    const sequence = this.#sequences.pop() as number
    const item = this.#items.pop() as Item
    if (size > 1) this.#sink(atMs, sequence, item)
    return first
  }

  #sink(atMs: number, sequence: number, item: Item): void {
    const size = this.#items.length
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= size) break
      if (child + 1 < size && this.#isBefore(child + 1, child)) child += 1
      const childMs = this.#timesMs[child] as number
      const childFirst =
        childMs < atMs || (childMs === atMs && (this.#sequences[child] as number) < sequence)
      if (!childFirst) break
      this.#move(child, index)
      index = child
    }
    this.#place(index, atMs, sequence, item)
  }

  #isBefore(left: number, right: number): boolean {
    const leftMs = this.#timesMs[left] as number
    const rightMs = this.#timesMs[right] as number
    if (leftMs !== rightMs) return leftMs < rightMs
    return (this.#sequences[left] as number) < (this.#sequences[right] as number)
  }

  #move(from: number, to: number): void {
    this.#place(
      to,
      this.#timesMs[from] as number,
      this.#sequences[from] as number,
      this.#items[from] as Item,
    )
  }

  #place(index: number, atMs: number, sequence: number, item: Item): void {
    this.#timesMs[index] = atMs
    this.#sequences[index] = sequence
    this.#items[index] = item
  }
}

/** An empty queue at time 0. */
export function createEventQueue<Item>(): EventQueue<Item> {
  return new HeapQueue<Item>()
}
