/**
 * What the command line asks of the campaigns: the shape of a check, of its progress, of a replay.
 *
 * Types only. Commands are written against these, and tests of them can hand in any implementation.
 */
import type { Policy } from '../models/kit/trace.ts'
import type { RunRecord } from '../reports/record.ts'
import type { TraceFile } from '../reports/traceFile.ts'

export type LaneName = 'batch' | 'mined'

export interface CheckOptions {
  /** Subcommand, as the record names it. */
  readonly command: string
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  /** Fault regimes of the simulated world. */
  readonly regimes: readonly string[]
  readonly seed: number
  /** Sequences of each campaign; null leaves it to the budget. */
  readonly runs: number | null
  /** Wall time after which no new work is begun, in milliseconds; null is no limit. */
  readonly budgetMs: number | null
  /** Ids of invariants; all when empty. */
  readonly only: readonly string[]
  readonly lane: LaneName
  readonly workers: number
  readonly canaries: boolean
  /** Path of a user's edited Solidity file or folder; null is the contract that ships. */
  readonly contract: string | null
  /** Folder that runs are written to; replay commands name files in it. */
  readonly outDir: string
  readonly signal: AbortSignal
  onProgress(event: ProgressEvent): void
}

export type ProgressEvent =
  | { readonly kind: 'phase'; readonly label: string }
  | {
      readonly kind: 'pulse'
      readonly label: string
      readonly done: number
      readonly total: number | null
      readonly stepsPerSecond: number
      /** What is counted. @defaultValue 'steps' */
      readonly unit?: string
    }
  | { readonly kind: 'finding'; readonly invariant: string; readonly evidence: string }
  | { readonly kind: 'notice'; readonly text: string }

export interface CheckResult {
  readonly record: RunRecord
  /** Trace files by name that the record does not hold itself: those of canaries. */
  readonly traceFiles: ReadonlyMap<string, TraceFile>
}

export interface ReplayStep {
  /** Number, time, participant and call. */
  readonly attempt: string
  readonly predicted: string
  readonly observed: string
}

export interface ReplayResult {
  readonly sameVerdict: boolean
  /** Whether the contract is byte for byte the one that the trace was recorded on. */
  readonly sameBytecode: boolean
  /** Verdict as recorded: `held`, `violated` or `undecided`. */
  readonly recorded: string
  readonly observed: string
  /** What broke this time; empty when nothing did. */
  readonly evidence: string
  readonly steps: readonly ReplayStep[]
}

export interface ReplayOptions {
  readonly lane: LaneName
  readonly contract: string | null
  readonly signal: AbortSignal
}

/** The two things that campaigns do for the command line. */
export interface Campaigns {
  runCheck(options: CheckOptions): Promise<CheckResult>
  replayTrace(file: TraceFile, options: ReplayOptions): Promise<ReplayResult>
}
