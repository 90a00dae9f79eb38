/**
 * Bundles requests that come while others are under way, so that they share one exchange.
 *
 * An HTTP exchange with Anvil costs as much as the simulation of several blocks. Nothing waits for
 * a timer: with room in flight a request leaves as soon as the current turn of the event loop is
 * over, and whatever gathers in the meantime leaves together.
 */

/** Exchanges in flight; two keep Anvil busy while answers are read. */
const EXCHANGES_MAX = 2
/** Requests in one exchange; more gain nothing and make answers of many megabytes. */
const REQUESTS_PER_EXCHANGE_MAX = 8

/** Sends several requests in one exchange; answers come in order. */
export type SendAll<Request, Answer> = (
  requests: readonly Request[],
) => Promise<readonly PromiseSettledResult<Answer>[]>

interface Waiting<Request, Answer> {
  readonly request: Request
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** @returns a function that sends one request, alone or in company. */
export function createBundler<Request, Answer>(
  sendAll: SendAll<Request, Answer>,
): (request: Request) => Promise<Answer> {
  const queue: Waiting<Request, Answer>[] = []
  let exchanges = 0
  let isFlushing = false

  async function exchange(bundle: readonly Waiting<Request, Answer>[]): Promise<void> {
    exchanges += 1
    try {
      const answers = await sendAll(bundle.map(({ request }) => request))
      for (const [index, { resolve, reject }] of bundle.entries()) {
        const answer = answers[index] as PromiseSettledResult<Answer>
        if (answer.status === 'fulfilled') resolve(answer.value)
        else reject(answer.reason)
      }
    } catch (error) {
      for (const { reject } of bundle) reject(error)
    } finally {
      exchanges -= 1
      flushSoon()
    }
  }

  function flush(): void {
    isFlushing = false
    while (exchanges < EXCHANGES_MAX && queue.length > 0) {
      const share = Math.ceil(queue.length / (EXCHANGES_MAX - exchanges))
      void exchange(queue.splice(0, Math.min(share, REQUESTS_PER_EXCHANGE_MAX)))
    }
  }

  function flushSoon(): void {
    if (isFlushing || queue.length === 0) return
    isFlushing = true
    setImmediate(flush)
  }

  return (request) =>
    new Promise<Answer>((resolve, reject) => {
      queue.push({ request, resolve, reject })
      flushSoon()
    })
}
