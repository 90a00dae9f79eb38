/**
 * Runs work on one or several workers and gives the results in the order of the work.
 *
 * With one worker everything happens in this thread. With several, piscina keeps the threads. A
 * worker that dies costs the piece that it held, which is run again once; finished pieces are never
 * lost. Knows nothing of what the work is.
 */
import { Piscina } from 'piscina'
import { MeterproofError } from '../../models/kit/error.ts'

export interface Threads<Work, Result> {
  /** Undefined stands for a piece that an interruption kept from starting. */
  runAll(
    work: readonly Work[],
    options: {
      readonly mayStart: () => boolean
      onResult(result: Result, work: Work, index: number): void
    },
  ): Promise<readonly (Result | undefined)[]>
  close(): Promise<void>
}

export interface ThreadsOptions<Work, Result> {
  readonly workers: number
  /** Does the work in this thread. */
  readonly inThread: () => { run(work: Work): Promise<Result>; close(): Promise<void> }
  /** Module of a worker, without its extension, and the function in it that does the work. */
  readonly module: { readonly url: URL; readonly name: string }
}

/** Whether this runs from TypeScript sources, where worker threads need the loader named. */
export const IN_CHECKOUT = import.meta.url.endsWith('.ts')

export function createThreads<Work, Result>(
  options: ThreadsOptions<Work, Result>,
): Threads<Work, Result> {
  if (options.workers <= 1) {
    const runner = options.inThread()
    return {
      runAll: (work, watch) => inOrder(work, 1, watch, (each) => runner.run(each)),
      close: () => runner.close(),
    }
  }
  const { workers, module } = options
  const piscina = new Piscina({
    filename: new URL(`${module.url.href}${IN_CHECKOUT ? '.ts' : '.js'}`).href,
    name: module.name,
    minThreads: workers,
    maxThreads: workers,
    // Threads do not inherit the loader that the checkout runs under.
    execArgv: IN_CHECKOUT ? ['--import', import.meta.resolve('tsx')] : [],
  })
  return {
    runAll: (work, watch) => inOrder(work, workers, watch, (each) => runOnce(piscina, each)),
    // A thread that ends closes the pipe that its Anvil, if any, lives by.
    close: () => piscina.destroy(),
  }
}

/** A MeterproofError as it crosses threads. */
export interface FailedWork {
  readonly code: string
  readonly message: string
  readonly facts: MeterproofError['facts']
  readonly hint: string | undefined
  readonly class: MeterproofError['class']
}

type Answer<Result> = { readonly result: Result } | { readonly failed: FailedWork }

/** For a worker: an expected error becomes data, as a class does not survive between threads. */
export async function answerOf<Result>(work: () => Result | Promise<Result>) {
  try {
    return { result: await work() }
  } catch (error) {
    if (!(error instanceof MeterproofError)) throw error
    const { code, message, facts, hint, class: kind } = error
    return { failed: { code, message, facts, hint, class: kind } }
  }
}

/** An error thrown in a worker arrives as plain data; a lost worker as an error of piscina's. */
async function runOnce<Work, Result>(piscina: Piscina, work: Work): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = (await piscina.run(work)) as Answer<Result>
      if ('failed' in answer) throw revived(answer.failed)
      return answer.result
    } catch (error) {
      if (error instanceof MeterproofError || attempt > 1) throw error
    }
  }
}

function revived({ code, message, facts, hint, class: kind }: FailedWork): MeterproofError {
  return new MeterproofError(code, message, {
    facts,
    class: kind,
    ...(hint === undefined ? {} : { hint }),
  })
}

async function inOrder<Work, Result>(
  work: readonly Work[],
  width: number,
  watch: Parameters<Threads<Work, Result>['runAll']>[1],
  run: (work: Work) => Promise<Result>,
): Promise<readonly (Result | undefined)[]> {
  const results: (Result | undefined)[] = new Array(work.length).fill(undefined)
  let next = 0
  const lane = async () => {
    while (next < work.length && watch.mayStart()) {
      const index = next
      next += 1
      const piece = work[index] as Work
      const result = await run(piece)
      results[index] = result
      watch.onResult(result, piece, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, work.length) }, lane))
  return results
}
