/**
 * Runs jobs on one or several workers and gives their reports in the order of the jobs.
 *
 * With one worker everything happens in this thread. With several, piscina keeps the threads; each
 * has an Anvil of its own. A worker that dies costs the job that it held, which is run again once;
 * finished jobs are never lost.
 */
import { Piscina } from 'piscina'
import { MeterproofError } from '../../models/kit/error.ts'
import { createJobRunner, type Job, type JobReport, type JobSetting } from './jobs.ts'

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
  return workers <= 1 ? inThread(setting) : onThreads(setting, workers)
}

function inThread(setting: JobSetting): JobPool {
  const runner = createJobRunner(setting)
  return {
    runAll: (jobs, options) => inOrder(jobs, 1, options, (job) => runner.run(job)),
    close: () => runner.close(),
  }
}

function onThreads(setting: JobSetting, workers: number): JobPool {
  const inCheckout = import.meta.url.endsWith('.ts')
  const piscina = new Piscina({
    filename: new URL(inCheckout ? './worker.ts' : './worker.js', import.meta.url).href,
    name: 'runJob',
    minThreads: workers,
    maxThreads: workers,
    workerData: setting,
    // Threads do not inherit the loader that the checkout runs under.
    execArgv: inCheckout ? ['--import', import.meta.resolve('tsx')] : [],
  })
  return {
    runAll: (jobs, options) => inOrder(jobs, workers, options, (job) => runOnce(piscina, job)),
    // A thread that ends closes the pipe that its Anvil lives by.
    close: () => piscina.destroy(),
  }
}

/** An error thrown in a worker arrives as plain data; a lost worker as an error of piscina's. */
async function runOnce(piscina: Piscina, job: Job): Promise<JobReport> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = (await piscina.run(job)) as JobReport | { readonly failed: FailedJob }
      if ('failed' in answer) throw revived(answer.failed)
      return answer
    } catch (error) {
      if (error instanceof MeterproofError || attempt > 1) throw error
    }
  }
}

/** A MeterproofError as it crosses threads. */
export interface FailedJob {
  readonly code: string
  readonly message: string
  readonly facts: MeterproofError['facts']
  readonly hint: string | undefined
  readonly class: MeterproofError['class']
}

function revived({ code, message, facts, hint, class: kind }: FailedJob): MeterproofError {
  return new MeterproofError(code, message, {
    facts,
    class: kind,
    ...(hint === undefined ? {} : { hint }),
  })
}

async function inOrder(
  jobs: readonly Job[],
  width: number,
  options: Parameters<JobPool['runAll']>[1],
  run: (job: Job) => Promise<JobReport>,
): Promise<readonly (JobReport | undefined)[]> {
  const reports: (JobReport | undefined)[] = new Array(jobs.length).fill(undefined)
  let next = 0
  const lane = async () => {
    while (next < jobs.length && options.mayStart()) {
      const index = next
      next += 1
      const job = jobs[index] as Job
      const report = await run(job)
      reports[index] = report
      options.onReport(report, job)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, lane))
  return reports
}
