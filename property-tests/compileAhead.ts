/**
 * Compiles beforehand, on several workers, what the cache does not have of the shipped contracts.
 *
 * The compiler is synchronous and takes a minute and a half of a fresh checkout; here each worker
 * has one of its own. What comes out is in the cache, where everybody reads it.
 */
import { availableParallelism } from 'node:os'
import { compilePart, type ProjectPart, uncompiledParts } from '../contracts/compile.ts'
import { createThreads } from './kit/threads.ts'

export interface CompileAheadOptions {
  readonly workers: number
  /** Protocols whose canaries are needed; null for all that there are. */
  readonly canariesOf: readonly string[] | null
  readonly mayStart: () => boolean
  onPart?(done: number, total: number): void
}

/**
 * Fills the cache. Where it cannot be written, whoever needs a contract compiles it.
 *
 * @returns how many parts were compiled
 * @throws MeterproofError `MP_COMPILE_…`
 */
export async function compileAhead(options: CompileAheadOptions): Promise<number> {
  const { workers, canariesOf, mayStart, onPart } = options
  const parts = uncompiledParts(
    ({ folder, name }) => folder === 'src' || canariesOf === null || canariesOf.includes(name),
  )
  if (parts.length === 0) return 0
  const threads = createThreads<ProjectPart, true>({
    workers: Math.min(workers, parts.length),
    inThread: () => ({ run: compiled, async close() {} }),
    module: { url: new URL('./compileWorker', import.meta.url), name: 'compileInThread' },
  })
  let done = 0
  try {
    onPart?.(done, parts.length)
    await threads.runAll(parts, {
      mayStart,
      onResult() {
        done += 1
        onPart?.(done, parts.length)
      },
    })
  } finally {
    await threads.close()
  }
  return done
}

/** Everything that is shipped, on all cores. @throws MeterproofError `MP_COMPILE_…` */
export async function compileAllAhead(): Promise<void> {
  await compileAhead({
    workers: availableParallelism(),
    canariesOf: null,
    mayStart: () => true,
  })
}

/** One part, in this thread. */
export async function compiled(part: ProjectPart): Promise<true> {
  await compilePart(part)
  return true
}
