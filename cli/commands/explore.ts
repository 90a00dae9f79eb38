/**
 * `meterproof explore [protocol…]`: every order of attempts up to a depth, on model and contract.
 */
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { POLICIES, type Policy } from '../../models/kit/trace.ts'
import { explorationLines, explorationVerdict } from '../../reports/explorationText.ts'
import { findProtocols } from '../catalogue.ts'
import type { ExitCode } from '../exitCode.ts'
import {
  type CommandContext,
  type Host,
  runCommand,
  type SharedOptions,
  withSharedOptions,
} from '../host.ts'
import { checkedContract, OUT_DEFAULT, requireOneProtocol } from '../options.ts'
import { parseBudgetMs, parsePolicies, parseWorkers, refused } from '../parseOption.ts'
import { progressOn, reportWorld } from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof explore session-escrow
  meterproof explore token-job --policy hardened --depth 4
  meterproof explore payment-channel --budget 2m --json > run.json
  meterproof explore withdrawal --contract edited/WithdrawalHardened.sol --policy hardened
`

const BOUNDS = `
Explored are one agreement on which one call may come twice or late, one whose token pays nobody,
and two agreements beside each other (to depth 4). Every attempt of the protocol's alphabet is made
in every state; the depth counts those that lead on. Without --depth it is 6, or what the budget
allows.

Exit codes: 0 no counterexample within the bounds but expected ones; 1 a claim is violated, or
model and contract differ; 2 the time ended before the depth that was asked for, or no state held a
party that must be able to leave alone; 130 interrupted
`
const WORKERS_DEFAULT_MAX = 8
const DEPTH_DEFAULT = 6
const DEPTH_MAX = 40

interface ExploreFlags extends SharedOptions {
  readonly depth?: number
  readonly budget?: number
  readonly policy?: readonly Policy[]
  readonly workers: number
  readonly contract?: string
  readonly modelOnly?: boolean
  readonly out: string
}

/** @throws MeterproofError `MP_OPTION_DEPTH` */
export function parseDepth(typed: string): number {
  const depth = /^\d{1,2}$/.test(typed) ? Number(typed) : 0
  if (depth >= 1 && depth <= DEPTH_MAX) return depth
  throw refused('MP_OPTION_DEPTH', '--depth', typed, `a whole number from 1 to ${DEPTH_MAX}`)
}

export function addExploreCommand(program: Command, host: Host): void {
  const workers = Math.min(WORKERS_DEFAULT_MAX, availableParallelism())
  const command = program
    .command('explore')
    .description('explore every order of attempts up to a depth')
    .argument('[protocol...]', 'protocols (default: all)')
    .option(
      '--depth <n>',
      `attempts that follow each other (default: ${DEPTH_DEFAULT})`,
      parseDepth,
    )
    .option('--budget <time>', 'wall time after which no depth is begun: 90s, 2m', parseBudgetMs)
    .option('--policy <names>', `${POLICIES.join(', ')} (default: all)`, parsePolicies)
    .option('--workers <n>', 'parallel workers; results do not depend on it', parseWorkers, workers)
    .option('--contract <path>', 'an edited .sol file, or a folder of them, instead of ours')
    .option('--model-only', 'judge what the model foretells; no contract is run')
    .option('--out <dir>', 'folder that runs are written to', OUT_DEFAULT)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', BOUNDS)
  withSharedOptions(command).action((protocolIds: readonly string[], flags: ExploreFlags) =>
    runCommand(host, flags, (context) => explore(context, protocolIds, flags)),
  )
}

async function explore(
  context: CommandContext,
  protocolIds: readonly string[],
  flags: ExploreFlags,
): Promise<ExitCode> {
  const { terminal, signal } = context
  const protocols = findProtocols(protocolIds).map(({ id }) => id)
  if (flags.contract !== undefined) requireOneProtocol(flags.contract, protocolIds)
  const contract = flags.contract === undefined ? null : checkedContract(flags.contract)
  const { depth = null, budget: budgetMs = null, policy: policies = POLICIES } = flags
  const { workers, out: outDir } = flags
  const limit = budgetMs === null ? '' : `, at most ${budgetMs / 1000} s`
  terminal.note(`protocols  ${protocols.join(', ')}  (${policies.join(', ')})`)
  terminal.note(`amount     depth ${depth ?? DEPTH_DEFAULT}${limit}  workers ${workers}`)
  const { runExplore, exploreName } = await import('../../property-tests/explore/explore.ts')
  const progress = progressOn(terminal)
  const record = await runExplore({
    ...{ protocols, policies, depth, budgetMs, contract, workers, outDir, signal, only: [] },
    on: flags.modelOnly === true ? 'model' : 'contract',
    onProgress: progress.show,
  }).finally(progress.end)
  return reportWorld({
    ...{ record, protocols, outDir, context, name: exploreName(protocols) },
    lines: ({ htmlPath }) => [
      ...explorationLines(record),
      `report: ${htmlPath}`,
      explorationVerdict(record),
    ],
  })
}
