/**
 * The flags of the commands that simulate the world, and how their results reach the user.
 */
import { availableParallelism } from 'node:os'
import { type Command, Option } from 'commander'
import { POLICIES, type Policy } from '../models/kit/trace.ts'
import { formatRunRecord } from '../reports/readRun.ts'
import type { RunRecord } from '../reports/record.ts'
import type { TraceFile } from '../reports/traceFile.ts'
import { runName, type WrittenRun, writeRun } from '../reports/writeRun.ts'
import { CHAIN_PROFILES } from '../sim/chain/modelProfiles.ts'
import { REGIME_NAMES, type RegimeName } from '../sim/faults/regimes.ts'
import { hasWorld, worldOf } from '../sim/worlds.ts'
import { findProtocols } from './catalogue.ts'
import type { ExitCode } from './exitCode.ts'
import type { CommandContext, SharedOptions } from './host.ts'
import { OUT_DEFAULT, parseRegimes, SEED_DEFAULT } from './options.ts'
import { parsePolicies, parseRuns, parseSeed, parseWords, parseWorkers } from './parseOption.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Terminal } from './terminal.ts'

const WORKERS_DEFAULT_MAX = 8
const PROFILES = Object.keys(CHAIN_PROFILES)

export interface WorldFlags extends SharedOptions {
  readonly policy: readonly Policy[]
  readonly regime: readonly RegimeName[]
  /** Absent: the chain that each protocol is meant for. */
  readonly profile?: readonly string[]
  readonly seed: number
  readonly runs: number
  readonly workers: number
  readonly out: string
}

export interface WorldDefaults {
  readonly policies: readonly Policy[]
  readonly regimes: readonly RegimeName[]
  readonly runs: number
  /** What `--runs` counts. */
  readonly runsOf: string
}

/** `all`, or names separated by commas. @throws MeterproofError `MP_OPTION_PROFILE` */
export function parseProfiles(typed: string): readonly string[] {
  if (typed.trim() === 'all') return PROFILES
  const [code, flag] = ['MP_OPTION_PROFILE', '--profile']
  return parseWords({ code, flag, typed, allowed: PROFILES })
}

/** Adds the flags of `simulate` and `sweep`. */
export function withWorldOptions(command: Command, defaults: WorldDefaults): Command {
  const workers = Math.min(WORKERS_DEFAULT_MAX, availableParallelism())
  const isAll = defaults.regimes.length === REGIME_NAMES.length
  return command
    .addOption(
      new Option('--policy <names>', POLICIES.join(', '))
        .argParser(parsePolicies)
        .default(defaults.policies, defaults.policies.join(',')),
    )
    .addOption(
      new Option('--regime <names>', `${REGIME_NAMES.join(', ')}, or all`)
        .argParser(parseRegimes)
        .default(defaults.regimes, isAll ? 'all' : defaults.regimes.join(',')),
    )
    .option('--runs <n>', `runs of each ${defaults.runsOf}`, parseRuns, defaults.runs)
    .option('--seed <n>', 'seed of everything random, decimal or 0x…', parseSeed, SEED_DEFAULT)
    .addOption(
      new Option(
        '--profile <names>',
        `chains: ${PROFILES.join(', ')}, or all (default: the protocol's own)`,
      ).argParser(parseProfiles),
    )
    .option('--workers <n>', 'parallel workers; results do not depend on it', parseWorkers, workers)
    .option('--out <dir>', 'folder that runs are written to', OUT_DEFAULT)
}

/** Collects a flag that may be repeated. */
export function appended(typed: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, typed]
}

/** The protocols that can be simulated, of those that were named or of all. */
export function simulatedProtocols(named: readonly string[]): readonly string[] {
  const known = findProtocols(named).map(({ id }) => id)
  return named.length === 0 ? known.filter(hasWorld) : known.map((id) => worldOf(id).protocol)
}

export function progressOn(terminal: Terminal): Progress {
  return createProgress({
    write: terminal.write,
    animated: terminal.animated,
    quiet: terminal.options.quiet,
    columns: terminal.columns,
    nowMs: () => performance.now(),
  })
}

/** Writes the run directory and shows the result, its last line last. */
export async function reportWorld(options: {
  readonly record: RunRecord
  readonly protocols: readonly string[]
  readonly outDir: string
  readonly context: CommandContext
  /** Name of the run directory. @defaultValue from the command, the protocols and the seed */
  readonly name?: string
  readonly traceFiles?: ReadonlyMap<string, TraceFile>
  lines(written: WrittenRun): readonly string[]
}): Promise<ExitCode> {
  const { record, protocols, outDir, context, traceFiles = new Map() } = options
  const { command, seed } = record
  const name = options.name ?? runName({ command, protocols, seed })
  const written = await writeRun({ record, outDir, name, traceFiles })
  const { terminal } = context
  if (terminal.options.json) terminal.document(formatRunRecord(record))
  const lines = options.lines(written)
  const shown = terminal.options.quiet ? lines.slice(-1) : lines
  for (const line of shown) terminal.result(line)
  return record.summary.exitCode as ExitCode
}
