/**
 * What a check collects on its way, and how its jobs are run with progress.
 */
import type { TraceFile } from '../reports/traceFile.ts'
import { runName } from '../reports/writeRun.ts'
import type { CheckOptions } from './check.ts'
import type { Job, JobReport } from './kit/jobs.ts'
import type { JobPool, JobPools } from './kit/pool.ts'
import { replayArguments } from './replay.ts'

/** What a run collects on its way. */
export interface Run {
  readonly pools: JobPools
  readonly options: CheckOptions
  /** When the protocol that is being checked begins nothing new any more. */
  deadlineMs: number
  /** Sequences left for further rounds, of all protocols together. */
  furtherRuns: number
  readonly notices: string[]
  steps: number
  readonly traceFiles: Map<string, TraceFile>
}

/** How a user replays a trace file of this check. */
export function replayCommand({ outDir, command, protocols, seed, contract }: CheckOptions) {
  const directory = `${outDir}/${runName({ command, protocols: [...protocols], seed })}`
  return (traceFile: string) => replayArguments(`${directory}/${traceFile}`, contract)
}

export type Reports = readonly (JobReport | undefined)[]

/** Jobs, and what their reports say together. */
export interface Part<Made> {
  readonly jobs: readonly Job[]
  /** @param reports in the order of the jobs; undefined after an interruption */
  made(reports: Reports): Made | Promise<Made>
}

/** What each part has made, by name. */
type Made<Parts extends Readonly<Record<string, Part<unknown>>>> = {
  readonly [Name in keyof Parts]: Awaited<ReturnType<Parts[Name]['made']>>
}

/** Runs parts as one, so that no worker waits for the end of a part. */
export async function runParts<Parts extends Readonly<Record<string, Part<unknown>>>>(
  run: Run,
  pool: JobPool,
  label: string,
  parts: Parts,
): Promise<Made<Parts>> {
  const all = Object.entries(parts)
  const jobs = all.flatMap(([, part]) => part.jobs)
  const reports = jobs.length === 0 ? [] : await runJobs(run, pool, label, jobs, false)
  const made: Record<string, unknown> = {}
  let from = 0
  for (const [name, part] of all) {
    made[name] = await part.made(reports.slice(from, from + part.jobs.length))
    from += part.jobs.length
  }
  return made as Made<Parts>
}

/** Runs jobs with progress; nothing new begins after an interruption or the end of the budget. */
export async function runJobs(
  run: Run,
  pool: JobPool,
  label: string,
  jobs: readonly Job[],
  bounded = true,
): Promise<Reports> {
  const { onProgress, signal, budgetMs } = run.options
  onProgress({ kind: 'phase', label })
  const startedAtMs = Date.now()
  let done = 0
  let steps = 0
  const total = budgetMs !== null && bounded ? null : jobs.length
  return pool.runAll(jobs, {
    mayStart: () => !signal.aborted && (!bounded || Date.now() < run.deadlineMs),
    onReport(report) {
      done += 1
      for (const text of report.notices) {
        run.notices.push(text)
        onProgress({ kind: 'notice', text })
      }
      const { result } = report
      if ('steps' in result && typeof result.steps === 'number') {
        steps += result.steps
        run.steps += result.steps
      }
      if ('findings' in result) {
        for (const { id, evidence } of result.findings) {
          onProgress({ kind: 'finding', invariant: id, evidence })
        }
      }
      const seconds = Math.max(0.001, (Date.now() - startedAtMs) / 1000)
      onProgress({ kind: 'pulse', label, done, total, stepsPerSecond: steps / seconds })
    },
  })
}
