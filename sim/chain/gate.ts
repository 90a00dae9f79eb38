/**
 * A gate between many readers and one writer: reads overlap, a write has the node to itself.
 *
 * The batch lane only reads the base state, while the mined lane changes and then restores it; both
 * may work on one Anvil. Whoever came first goes first, so that neither starves.
 */
export interface Gate {
  /** Runs `task` beside other shared tasks. */
  shared<Result>(task: () => Promise<Result>): Promise<Result>
  /** Runs `task` with no other task beside it. */
  exclusive<Result>(task: () => Promise<Result>): Promise<Result>
}

interface Waiting {
  readonly kind: 'shared' | 'exclusive'
  readonly start: () => void
}

/** An open gate. */
export function createGate(): Gate {
  const queue: Waiting[] = []
  let sharedCount = 0
  let isExclusive = false

  function admit(): void {
    for (let next = queue[0]; next !== undefined && !isExclusive; next = queue[0]) {
      if (next.kind === 'exclusive' && sharedCount > 0) return
      queue.shift()
      if (next.kind === 'exclusive') isExclusive = true
      else sharedCount += 1
      next.start()
    }
  }

  async function pass<Result>(kind: Waiting['kind'], task: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((start) => {
      queue.push({ kind, start })
      admit()
    })
    try {
      return await task()
    } finally {
      if (kind === 'exclusive') isExclusive = false
      else sharedCount -= 1
      admit()
    }
  }

  return {
    shared: (task) => pass('shared', task),
    exclusive: (task) => pass('exclusive', task),
  }
}
