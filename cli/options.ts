/**
 * The flags of everything that runs campaigns, and their way from text to `CheckOptions`.
 *
 * Whatever a user can get wrong is found here, before any Anvil is started.
 */
import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { MeterproofError } from '../models/kit/error.ts'
import type { Protocol } from '../models/kit/protocol.ts'
import { POLICIES, type Policy } from '../models/kit/trace.ts'
import type { CheckOptions } from '../property-tests/check.ts'
import type { LaneKind } from '../sim/chain/lane.ts'
import { REGIME_NAMES, type RegimeName } from '../sim/faults/regimes.ts'
import { findProtocols, PROTOCOLS } from './catalogue.ts'
import type { SharedOptions } from './host.ts'
import { nearest } from './nearest.ts'
import {
  parseBudgetMs,
  parsePolicies,
  parseRuns,
  parseSeed,
  parseWords,
  parseWorkers,
  refused,
} from './parseOption.ts'

/** Where runs are written, relative to the working directory. */
export const OUT_DEFAULT = join('reports', 'out')

/** Where failures are stored when the working directory has such a folder. */
const FAILURES_DEFAULT = 'failures'

export const SEED_DEFAULT = 1
const WORKERS_DEFAULT_MAX = 8
const LANES = ['batch', 'mined'] as const
const REGIMES = REGIME_NAMES

export interface CampaignFlags extends SharedOptions {
  readonly seed: number
  readonly runs?: number
  readonly budget?: number
  readonly policy?: readonly Policy[]
  readonly regime?: readonly string[]
  readonly lane: LaneKind
  readonly only?: readonly string[]
  readonly workers: number
  readonly canaries?: boolean
  readonly canariesOnly?: boolean
  readonly solidityCoverage?: boolean
  readonly contract?: string
  readonly failures?: string
  readonly out: string
}

/** What a command does when a flag is absent. */
export interface CampaignDefaults {
  readonly runs: number | null
  /** Sequences that the protocols share. @defaultValue `runs` for each */
  readonly runsInAll?: number
  readonly budgetMs: number | null
  readonly canaries: boolean
}

/** @throws MeterproofError `MP_OPTION_LANE` */
export function parseLane(typed: string): LaneKind {
  const known = LANES.find((lane) => lane === typed)
  if (known !== undefined) return known
  const meant = nearest(typed, LANES)
  throw refused('MP_OPTION_LANE', '--lane', typed, LANES.join(', '), meant)
}

/** `all`, or names separated by commas. @throws MeterproofError `MP_OPTION_REGIME` */
export function parseRegimes(typed: string): readonly RegimeName[] {
  if (typed.trim() === 'all') return REGIMES
  const [code, flag] = ['MP_OPTION_REGIME', '--regime']
  return parseWords({ code, flag, typed, allowed: REGIMES }) as RegimeName[]
}

const append = (typed: string, previous: readonly string[] = []) => [...previous, typed]

/** Adds the flags of `run` and `check`. */
export function withCampaignOptions(command: Command): Command {
  const workers = Math.min(WORKERS_DEFAULT_MAX, availableParallelism())
  return command
    .option('--seed <n>', 'seed of everything random, decimal or 0x…', parseSeed, SEED_DEFAULT)
    .option('--runs <n>', 'sequences of each random campaign', parseRuns)
    .option('--budget <time>', 'wall time after which nothing new is begun: 90s, 2m', parseBudgetMs)
    .option('--policy <names>', `${POLICIES.join(', ')} (default: all)`, parsePolicies)
    .option('--only <ids>', 'judge these invariants only; may be repeated', append)
    .addOption(
      new Option(
        '--regime <names>',
        `fault regimes: ${REGIMES.join(', ')} (default: all)`,
      ).argParser(parseRegimes),
    )
    .addOption(
      new Option('--lane <lane>', 'batch (fast) or mined (real transactions)')
        .argParser(parseLane)
        .default('batch'),
    )
    .option('--workers <n>', 'parallel workers; results do not depend on it', parseWorkers, workers)
    .option('--canaries', 'check that each deliberately broken contract is caught')
    .option('--no-canaries', 'leave the broken contracts out')
    .addOption(
      new Option('--canaries-only', 'hunt the broken contracts and nothing else').conflicts([
        'contract',
        'only',
      ]),
    )
    .option('--solidity-coverage', 'trace which lines and branches of Solidity are executed')
    .option('--contract <path>', 'an edited .sol file, or a folder of them, instead of ours')
    .option(
      '--failures <dir>',
      `folder of stored failures, replayed first (default: ${FAILURES_DEFAULT}, if there is one)`,
    )
    .option('--out <dir>', 'folder that runs are written to', OUT_DEFAULT)
}

/**
 * Checks what single flags cannot know of each other, and fills in the defaults.
 *
 * @throws MeterproofError `MP_UNKNOWN_PROTOCOL`, `MP_OPTION_ONLY` or `MP_OPTION_CONTRACT`
 */
export function toCheckOptions(options: {
  readonly command: string
  readonly protocolIds: readonly string[]
  readonly flags: CampaignFlags
  readonly defaults: CampaignDefaults
}): Omit<CheckOptions, 'signal' | 'onProgress'> {
  const { command, protocolIds, flags, defaults } = options
  const protocols = findProtocols(protocolIds)
  if (flags.contract !== undefined) requireOneProtocol(flags.contract, protocolIds)
  const { seed, lane, workers } = flags
  // A budget without a number of runs means: as many as fit.
  const runs = flags.runs ?? (flags.budget === undefined ? defaults.runs : null)
  // A number of runs without a budget means: all of them, so that the result is reproducible.
  const budgetMs = flags.budget ?? (flags.runs === undefined ? defaults.budgetMs : null)
  const isShared = flags.runs === undefined && flags.budget === undefined
  const runsInAll = isShared ? (defaults.runsInAll ?? null) : null
  return {
    ...{ command, seed, runs, runsInAll, budgetMs, lane, workers },
    protocols: protocols.map(({ id }) => id),
    policies: flags.policy ?? POLICIES,
    regimes: flags.regime ?? REGIMES,
    only: flags.only === undefined ? [] : checkedIds(flags.only.join(','), protocols),
    canaries: flags.canariesOnly === true || (flags.canaries ?? defaults.canaries),
    canariesOnly: flags.canariesOnly ?? false,
    solidityCoverage: flags.solidityCoverage ?? false,
    outDir: flags.out,
    contract: flags.contract === undefined ? null : checkedContract(flags.contract),
    failures: failuresFolder(flags.failures),
  }
}

/**
 * The folder of stored failures; one that is asked for is made when there is something to store.
 *
 * @throws MeterproofError `MP_OPTION_FAILURES`
 */
function failuresFolder(asked: string | undefined): string | null {
  const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory()
  if (asked === undefined) return isFolder(FAILURES_DEFAULT) ? FAILURES_DEFAULT : null
  if (!existsSync(asked) || isFolder(asked)) return asked
  throw new MeterproofError('MP_OPTION_FAILURES', `'${asked}' is no folder.`, {
    facts: { given: asked, allowed: 'a folder of *.trace.json files, or a name for one' },
    hint: 'Name the folder that the files are in.',
  })
}

/** @throws MeterproofError `MP_OPTION_CONTRACT` when it is not said what the contract implements */
export function requireOneProtocol(contract: string, protocolIds: readonly string[]): void {
  if (protocolIds.length === 1) return
  const known = PROTOCOLS.map(({ id }) => id).join(', ')
  throw new MeterproofError('MP_OPTION_CONTRACT', 'A contract implements one protocol.', {
    facts: { given: protocolIds.join(', ') || '(no protocol)', contract, known },
    hint: `For instance: meterproof check ${PROTOCOLS[0]?.id} --contract ${contract}`,
  })
}

function checkedIds(typed: string, protocols: readonly Protocol[]): readonly string[] {
  const ids = protocols.flatMap(({ invariants }) => invariants.map(({ id }) => id))
  return parseWords({ code: 'MP_OPTION_ONLY', flag: '--only', typed, allowed: [...new Set(ids)] })
}

/** @throws MeterproofError `MP_OPTION_CONTRACT` */
export function checkedContract(path: string): string {
  const usable = existsSync(path) && (path.endsWith('.sol') || statSync(path).isDirectory())
  if (usable) return path
  throw new MeterproofError('MP_OPTION_CONTRACT', `There is no contract at '${path}'.`, {
    facts: { given: path, allowed: 'a .sol file, or a folder of .sol files' },
    hint: 'Copy the contract that ships, edit the copy, and name the copy here.',
  })
}
