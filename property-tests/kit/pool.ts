/**
 * The workers of a check: threads that run jobs, each with an Anvil of its own.
 */
import { createJobRunner, type Job, type JobReport, type JobSetting } from './jobs.ts'
import { createThreads } from './threads.ts'

export interface JobPool {
  /**
   * Reports in the order of the jobs; undefined for a job that an interruption kept from starting.
   */
  runAll(
    jobs: readonly Job[],
    options: {
      readonly mayStart: () => boolean
      onReport(report: JobReport, job: Job): void
    },
  ): Promise<readonly (JobReport | undefined)[]>
  close(): Promise<void>
}

export function createJobPool(setting: JobSetting, workers: number): JobPool {
  const threads = createThreads<Job, JobReport>({
    workers,
    inThread: () => createJobRunner(setting),
    module: { url: new URL('./worker', import.meta.url), name: 'runJob' },
    workerData: setting,
  })
  return {
    runAll: (jobs, { mayStart, onReport }) =>
      threads.runAll(jobs, { mayStart, onResult: onReport }),
    close: threads.close,
  }
}
