/**
 * A worker thread's end of the pool of mutants.
 */
import { answerOf } from '../kit/threads.ts'
import { createMutationRunner, type MutationPiece } from './mutationRunner.ts'

const runner = createMutationRunner()

/** Tries the mutants of one piece. */
export function runMutants(piece: MutationPiece) {
  return answerOf(() => runner.run(piece))
}
