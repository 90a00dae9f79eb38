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
    const times = this.#timesMs
    const sequences = this.#sequences
    const items = this.#items
    let index = items.length
    // Parents that come later move down until the new event's place is found.
    while (index > 0) {
      const parent = (index - 1) >> 1
      const parentMs = times[parent] as number
      if (parentMs <= atMs) break
      times[index] = parentMs
      sequences[index] = sequences[parent] as number
      items[index] = items[parent] as Item
      index = parent
    }
    times[index] = atMs
    sequences[index] = this.#sequence++
    items[index] = item
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
    const times = this.#timesMs
    const sequences = this.#sequences
    const items = this.#items
    const size = items.length
    let index = 0
    for (let child = 1; child < size; child = 2 * index + 1) {
      let childMs = times[child] as number
      const right = child + 1
      if (right < size) {
        const rightMs = times[right] as number
        const isRightFirst =
          rightMs < childMs ||
          (rightMs === childMs && (sequences[right] as number) < (sequences[child] as number))
        if (isRightFirst) {
          child = right
          childMs = rightMs
        }
      }
      if (childMs > atMs || (childMs === atMs && (sequences[child] as number) > sequence)) break
      times[index] = childMs
      sequences[index] = sequences[child] as number
      items[index] = items[child] as Item
      index = child
    }
    times[index] = atMs
    sequences[index] = sequence
    items[index] = item
  }
}

/** An empty queue at time 0. */
export function createEventQueue<Item>(): EventQueue<Item> {
  return new HeapQueue<Item>()
}
