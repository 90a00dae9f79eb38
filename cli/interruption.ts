/**
 * Ctrl-C: the first asks the running command to stop and to write what it has; the second quits.
 *
 * npm forwards the signal to a process that has already had it from the terminal, so a second
 * signal counts as a second wish only after a moment.
 */
import { EXIT_CODE } from './exitCode.ts'

const SAME_WISH_MS = 400

/** A signal that aborts on the first SIGINT or SIGTERM. Call once in a process. */
export function watchInterruptions(): AbortSignal {
  const controller = new AbortController()
  let firstAtMs = Number.POSITIVE_INFINITY
  const onSignal = () => {
    if (!controller.signal.aborted) {
      firstAtMs = performance.now()
      controller.abort()
    } else if (performance.now() - firstAtMs > SAME_WISH_MS) {
      process.exit(EXIT_CODE.interrupted)
    }
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

/** Settles when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
