/**
 * What `run` and `check` have in common: campaigns with progress, the report on disk, the verdict.
 *
 * An interruption is no error: whatever had been found until then is written and shown, and the
 * exit code says that it is not the whole story.
 */

import { join } from 'node:path'
import type { CheckOptions, CheckResult, ProgressEvent } from '../property-tests/check.ts'
import { lifecycleLayouts } from '../reports/lifecycleLayout.ts'
import { formatRunRecord } from '../reports/readRun.ts'
import type { RunRecord } from '../reports/record.ts'
import { storeFailures } from '../reports/regressionStore.ts'
import { formatSummary } from '../reports/summary.ts'
import { runName, type WrittenRun, writeRun } from '../reports/writeRun.ts'
import { loadCampaigns } from './campaigns.ts'
import type { ExitCode } from './exitCode.ts'
import type { CommandContext } from './host.ts'
import { createProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

export interface FinishedRun {
  readonly exitCode: ExitCode
  readonly directory: string
}

/** Runs, writes, prints. @throws MeterproofError of the campaigns, and `MP_REPORT_WRITE` */
export async function checkAndReport(
  options: Omit<CheckOptions, 'signal' | 'onProgress'>,
  { terminal, signal }: CommandContext,
  observe: (event: ProgressEvent) => void = () => {},
): Promise<FinishedRun> {
  printPlan(options, terminal)
  const { runCheck } = await loadCampaigns()
  const progress = createProgress({
    write: terminal.write,
    animated: terminal.animated,
    quiet: terminal.options.quiet,
    columns: terminal.columns,
    nowMs: () => performance.now(),
  })
  const { record, traceFiles } = await runCheck({
    ...options,
    signal,
    onProgress: (event) => {
      progress.show(event)
      observe(event)
    },
  }).finally(progress.end)
  const { outDir } = options
  const layouts = await lifecycleLayouts(record)
  const written = writeRun({ record, traceFiles, layouts, outDir, name: runName(options) })
  keepFailures({ record, traceFiles }, options.failures ?? null, terminal)
  printResult(record, written, terminal)
  return { exitCode: record.summary.exitCode as ExitCode, directory: written.directory }
}

/** New failures are stored, so that the next run looks at them first. */
function keepFailures(
  { record, traceFiles }: CheckResult,
  folder: string | null,
  terminal: Terminal,
): void {
  if (folder === null) return
  for (const name of storeFailures({ record, traceFiles, folder })) {
    terminal.note(`stored     ${join(folder, name)}`)
  }
}

/** The record on disk as text, JSON or one line; the verdict comes last. */
export function printResult(record: RunRecord, written: WrittenRun, terminal: Terminal): void {
  const { json, quiet } = terminal.options
  if (json) terminal.document(formatRunRecord(record))
  const text = formatSummary(record, {
    width: terminal.columns(),
    colour: terminal.colors.isColorSupported,
    reportPath: written.htmlPath,
  }).trimEnd()
  terminal.result(quiet ? (text.split('\n').at(-1) ?? '') : text)
}

/** What will be done, before it is: the drawn configuration makes a run repeatable. */
function printPlan(options: Omit<CheckOptions, 'signal' | 'onProgress'>, terminal: Terminal): void {
  const { seed, runs, runsInAll, budgetMs, lane, workers, protocols, policies, canaries } = options
  const amount = [
    ...(runs === null ? [] : [`${runs} sequences a campaign`]),
    ...(runsInAll === null
      ? []
      : [`${runsInAll} sequences a campaign, shared by what is undecided`]),
    ...(budgetMs === null ? [] : [`at most ${budgetMs / 1000} s`]),
  ]
  terminal.note(`protocols  ${protocols.join(', ')}  (${policies.join(', ')})`)
  terminal.note(`amount     ${amount.join(', ')}${canaries ? ', with canaries' : ''}`)
  terminal.note(`seed       ${seed}  lane ${lane}  workers ${workers}`)
}
