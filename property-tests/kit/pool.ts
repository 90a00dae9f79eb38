/**
 * The workers of a check: threads that run jobs, each with an Anvil of its own.
 *
 * The threads live as long as the check and serve one protocol after the other, as loading the
 * campaigns costs a thread more than most jobs do.
 */
import { createJobRunners, type Job, type JobReport, type JobSetting, type Piece } from './jobs.ts'
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
}

export interface JobPools {
  /** The pool for jobs of one setting; jobs of different settings must not overlap. */
  of(setting: JobSetting): JobPool
  close(): Promise<void>
}

export function createJobPools(workers: number): JobPools {
  const threads = createThreads<Piece, JobReport>({
    workers,
    inThread: createJobRunners,
    module: { url: new URL('./worker', import.meta.url), name: 'runPiece' },
  })
  return {
    of: (setting) => ({
      runAll: (jobs, { mayStart, onReport }) =>
        threads.runAll(
          jobs.map((job) => ({ setting, job })),
          { mayStart, onResult: (report, { job }) => onReport(report, job) },
        ),
    }),
    close: threads.close,
  }
}
