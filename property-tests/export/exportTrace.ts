/**
 * One trace file as the files of a test, in the format that was asked for.
 */
import type { TraceFile } from '../../reports/traceFile.ts'
import { type ExportedRun, exportedRun } from './exportedRun.ts'
import { foundryProject } from './foundryProject.ts'
import { viemScript } from './viemScript.ts'

export interface ExportOptions {
  readonly to: 'foundry' | 'viem'
  /** Name of the test, without its ending. */
  readonly name: string
  /** Path of a user's contract, or null for the one that the trace names. */
  readonly contract: string | null
}

export interface Exported extends Pick<ExportedRun, 'kind' | 'fails'> {
  /** By path in the folder of the export; the test itself comes first. */
  readonly files: ReadonlyMap<string, string>
  /** Name of the contract that the test is about. */
  readonly subject: string
}

/** @throws MeterproofError `MP_EXPORT_UNSTATED`, and what a replay throws */
export async function exportTrace(file: TraceFile, options: ExportOptions): Promise<Exported> {
  const { to, name, contract } = options
  const run = await exportedRun(file, contract)
  const files =
    to === 'foundry'
      ? await foundryProject(run, name, contract)
      : new Map([[`${name}.mjs`, await viemScript(run)]])
  return { kind: run.kind, fails: run.fails, subject: run.subject.name, files }
}
