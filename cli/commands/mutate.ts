/** `meterproof mutate [protocol…]`: small changes of each contract, and whether checks notice. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { POLICIES, type Policy } from '../../models/kit/trace.ts'
import { OPERATOR_NAMES, type OperatorName } from '../../property-tests/mutate/operator.ts'
import { mutationText } from '../../reports/mutationText.ts'
import type { RunRecord } from '../../reports/record.ts'
import { VERDICT_LOOKS } from '../../reports/verdict.ts'
import { findProtocols } from '../catalogue.ts'
import { EXIT_CODE, type ExitCode } from '../exitCode.ts'
import type { SharedOptions } from '../host.ts'
import { type CommandContext, type Host, runCommand, withSharedOptions } from '../host.ts'
import { OUT_DEFAULT, SEED_DEFAULT } from '../options.ts'
import {
  parseBudgetMs,
  parsePolicies,
  parseRuns,
  parseSeed,
  parseWords,
  parseWorkers,
  refused,
} from '../parseOption.ts'
import { progressOn, reportWorld } from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof mutate session-escrow
  meterproof mutate session-escrow --only guard,boundary --runs 300
  meterproof mutate token-job --list
  meterproof mutate --budget 10m            as far as ten minutes go
  meterproof mutate --budget 10m --resume   and on from there
`

const EPILOGUE = `
A mutant is the contract with one small change. It is killed when a plan that the model made finds
an invariant violated, or the contract doing something else than the model; most are killed in the
first few plans. What survives is shown as a diff with what is known of it. Results are kept in
mutants.jsonl in the folder of runs; --resume takes over those whose contract and plans are the
same, so leave it out after a change of the checks.

Operators: ${OPERATOR_NAMES.join(', ')}

Exit codes: 0 every contract reaches the threshold with all its mutants tried, and every explained
mutant still survives; 2 not; 130 interrupted
`

const POLICY_DEFAULT: readonly Policy[] = ['hardened']
const SEQUENCES_DEFAULT = 200
const THRESHOLD_DEFAULT = 0.95
const WORKERS_MAX = 8
/** File of finished mutants, in the folder of all runs: any later command finds them there. */
const STORE_FILE = 'mutants.jsonl'

interface MutateFlags extends SharedOptions {
  readonly policy: readonly Policy[]
  readonly only?: readonly OperatorName[]
  readonly shared?: boolean
  readonly runs: number
  readonly seed: number
  readonly threshold: number
  readonly budget?: number
  readonly workers: number
  readonly resume?: boolean
  readonly list?: boolean
  readonly out: string
}

/** @throws MeterproofError `MP_OPTION_OPERATOR` */
export function parseOperators(typed: string): readonly OperatorName[] {
  const [code, flag] = ['MP_OPTION_OPERATOR', '--only']
  return parseWords({ code, flag, typed, allowed: OPERATOR_NAMES }) as OperatorName[]
}

/** Per cent, from 0 to 100. @throws MeterproofError `MP_OPTION_THRESHOLD` */
export function parseThreshold(typed: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,3})?)%?$/.exec(typed)
  const percent = match === null ? Number.NaN : Number(match[1])
  if (percent <= 100) return percent / 100
  throw refused('MP_OPTION_THRESHOLD', '--threshold', typed, 'per cent from 0 to 100')
}

export function addMutateCommand(program: Command, host: Host): void {
  const workers = Math.min(WORKERS_MAX, availableParallelism())
  const command = program
    .command('mutate')
    .description('mutants of the contracts, and whether the checks kill them')
    .argument('[protocol...]', 'protocols (default: all)')
    .option('--policy <names>', POLICIES.join(', '), parsePolicies, POLICY_DEFAULT)
    .option('--only <operators>', 'these operators only', parseOperators)
    .option('--shared', 'also the sources that protocols share, such as TokenMover')
    .option('--runs <n>', 'drawn sequences for each mutant', parseRuns, SEQUENCES_DEFAULT)
    .option('--seed <n>', 'seed of everything random, decimal or 0x…', parseSeed, SEED_DEFAULT)
    .option('--threshold <percent>', 'killed at least', parseThreshold, THRESHOLD_DEFAULT)
    .option('--budget <time>', 'wall time after which nothing new is begun: 90s, 2m', parseBudgetMs)
    .option('--resume', 'take over finished mutants from an earlier command')
    .option('--list', 'list the mutants and try none')
    .option('--workers <n>', 'parallel workers; results do not depend on it', parseWorkers, workers)
    .option('--out <dir>', 'folder that runs are written to', OUT_DEFAULT)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EPILOGUE)
  withSharedOptions(command).action((protocolIds: readonly string[], flags: MutateFlags) =>
    runCommand(host, flags, (context) => mutate(context, protocolIds, flags)),
  )
}

async function mutate(
  context: CommandContext,
  protocolIds: readonly string[],
  flags: MutateFlags,
): Promise<ExitCode> {
  const { terminal, signal } = context
  const protocols = findProtocols(protocolIds).map(({ id }) => id)
  const { policy: policies, only: operators = [], seed, runs: sequences, workers } = flags
  const shared = flags.shared === true
  const chosen = { protocols, policies, operators, shared, seed, sequences }
  const { chosenMutants, runMutate } = await import('../../property-tests/mutate/mutate.ts')
  if (flags.list === true) {
    listMutants(context, await chosenMutants(chosen))
    return EXIT_CODE.held
  }
  const amount = `all paths and ${sequences} sequences a mutant`
  const limit = flags.budget === undefined ? '' : `, at most ${flags.budget / 1000} s`
  terminal.note(`protocols  ${protocols.join(', ')}  (${policies.join(', ')})`)
  terminal.note(`operators  ${operators.length === 0 ? 'all' : operators.join(', ')}`)
  terminal.note(`amount     ${amount}${limit}  seed ${seed}  workers ${workers}`)
  const progress = progressOn(terminal)
  const record = await runMutate({
    ...chosen,
    threshold: flags.threshold,
    budgetMs: flags.budget ?? null,
    workers,
    resume: flags.resume === true,
    storePath: join(flags.out, STORE_FILE),
    signal,
    onProgress: progress.show,
  }).finally(progress.end)
  return reportWorld({
    ...{ record, protocols, outDir: flags.out, context },
    lines: ({ htmlPath }) => [
      ...mutationText(record),
      ...record.wall.notes.map((note) => `time: ${note}`),
      ...record.summary.reasons.map((reason) => `- ${reason}`),
      `report: ${htmlPath}`,
      verdictLine(record),
    ],
  })
}

interface Listed {
  readonly protocol: string
  readonly subject: { readonly policy: Policy }
  readonly mutants: readonly {
    readonly id: string
    readonly operator: string
    readonly within: string
    readonly before: string
    readonly after: string
  }[]
}

function listMutants({ terminal }: CommandContext, contracts: readonly Listed[]): void {
  const rows = contracts.flatMap(({ protocol, subject, mutants }) =>
    mutants.map(({ id, operator, within, before, after }) => {
      return { protocol, policy: subject.policy, id, operator, within, before, after }
    }),
  )
  if (terminal.options.json) terminal.document(JSON.stringify(rows, null, 2))
  for (const { policy, id, within, before, after } of rows) {
    terminal.result(`${policy}  ${id}  ${within}  ${before} -> ${after || '(nothing)'}`)
  }
  terminal.result(`${rows.length} mutants`)
}

function verdictLine({ summary, mutations = [], wall }: RunRecord): string {
  const sum = (status: 'killed' | 'survived' | 'untried') =>
    mutations.reduce((total, { counts }) => total + counts[status], 0)
  const left = sum('untried') === 0 ? '' : `, ${sum('untried')} not tried`
  const counts = `${sum('killed')} killed, ${sum('survived')} survived${left}`
  const { glyph, text } = VERDICT_LOOKS[summary.verdict]
  const seconds = (wall.durationMs / 1000).toFixed(1)
  return `${glyph} ${text}: ${counts} in ${seconds} s   exit ${summary.exitCode}`
}
