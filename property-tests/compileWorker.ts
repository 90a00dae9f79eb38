/**
 * A worker thread's end of compiling ahead.
 */
import type { ProjectPart } from '../contracts/compile.ts'
import { compiled } from './compileAhead.ts'
import { answerOf } from './kit/threads.ts'

/** Compiles one part into the cache. */
export function compileInThread(part: ProjectPart) {
  return answerOf(() => compiled(part))
}
