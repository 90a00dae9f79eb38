/**
 * A worker thread's end of the pool: runs jobs with a runner of its own.
 */
import { createJobRunners, type Piece } from './jobs.ts'
import { answerOf } from './threads.ts'

const runners = createJobRunners()

/** Runs one job. */
export function runPiece(piece: Piece) {
  return answerOf(() => runners.run(piece))
}
