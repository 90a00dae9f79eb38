/**
 * A worker thread's end of the pool: runs jobs with a runner of its own.
 */
import { workerData } from 'piscina'
import { MeterproofError } from '../../models/kit/error.ts'
import { createJobRunner, type Job, type JobReport, type JobSetting } from './jobs.ts'
import type { FailedJob } from './pool.ts'

const runner = createJobRunner(workerData as JobSetting)

/** Runs one job; an expected error becomes data, as a class does not survive between threads. */
export async function runJob(job: Job): Promise<JobReport | { readonly failed: FailedJob }> {
  try {
    return await runner.run(job)
  } catch (error) {
    if (!(error instanceof MeterproofError)) throw error
    const { code, message, facts, hint, class: kind } = error
    return { failed: { code, message, facts, hint, class: kind } }
  }
}
