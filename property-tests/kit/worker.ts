/**
 * A worker thread's end of the pool: runs jobs with a runner of its own.
 */
import { workerData } from 'piscina'
import { createJobRunner, type Job, type JobSetting } from './jobs.ts'
import { answerOf } from './threads.ts'

const runner = createJobRunner(workerData as JobSetting)

/** Runs one job. */
export function runJob(job: Job) {
  return answerOf(() => runner.run(job))
}
