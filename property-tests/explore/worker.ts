/**
 * A worker thread's end of an exploration: runs jobs with runners of its own.
 */
import { answerOf } from '../kit/threads.ts'
import { createExploreRunners, type ExplorePiece } from './exploreJobs.ts'

const runners = createExploreRunners()

/** Runs one job. */
export function runExplorePiece(piece: ExplorePiece) {
  return answerOf(() => runners.run(piece))
}
