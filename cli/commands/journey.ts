/** `meterproof journey`: from the match to the bank, over three contracts on Anvil. */
import { type Command, Option } from 'commander'
import type { RunRecord } from '../../reports/record.ts'
import { formatSummary } from '../../reports/summary.ts'
import { REGIME_NAMES, type RegimeName } from '../../sim/faults/regimes.ts'
import { loadJourneys } from '../campaigns.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'
import { OUT_DEFAULT, parseRegimes, SEED_DEFAULT } from '../options.ts'
import { parseFirst, parseRuns, parseSeed } from '../parseOption.ts'
import { progressOn, reportWorld } from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof journey
  meterproof journey --regime disconnect,mixed --runs 50 --seed 7
  meterproof journey --regime mixed --seed 7 --first 12 --runs 1
  meterproof journey --json > run.json
`

const ABOUT = `
A journey is a match at a locked rate, a call with a drop, its settlement, a credential and ratings,
earnings, and their withdrawal to the bank: real transactions to three contracts. Not every journey
goes all the way: a quote can expire, a tutor can earn too little to withdraw.

Exit codes: 0 all held; 1 a claim is violated, or model and contract differ; 2 a claim was never put
to the test, or in some regime no journey went all the way; 130 interrupted
`
const RUNS_DEFAULT = 10

interface JourneyFlags extends SharedOptions {
  readonly regime: readonly RegimeName[]
  readonly seed: number
  readonly first: number
  readonly runs: number
  readonly out: string
}

export function addJourneyCommand(program: Command, host: Host): void {
  const command = program
    .command('journey')
    .description('play whole journeys over three contracts, from the match to the bank')
    .addOption(
      new Option('--regime <names>', `${REGIME_NAMES.join(', ')}, or all`)
        .argParser(parseRegimes)
        .default(REGIME_NAMES, 'all'),
    )
    .option('--runs <n>', 'journeys of each regime', parseRuns, RUNS_DEFAULT)
    .option('--first <n>', 'number of the first journey of each regime', parseFirst, 0)
    .option('--seed <n>', 'seed of everything random, decimal or 0x…', parseSeed, SEED_DEFAULT)
    .option('--out <dir>', 'folder that runs are written to', OUT_DEFAULT)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', ABOUT)
  withSharedOptions(command).action((flags: JourneyFlags) => journey(host, flags))
}

/** How far the journeys of each regime went, as a table. */
function stagesText({ metrics = [] }: RunRecord): readonly string[] {
  const regimes = [...new Set(metrics.map(({ regime }) => regime))]
  const value = (regime: string, metric: string) => {
    return metrics.find((each) => each.regime === regime && each.metric === metric)?.value ?? 0
  }
  const columns = [
    ['unmatched', 'journeys that ended unmatched'],
    ['settled', 'journeys that ended settled'],
    ['asked', 'journeys that ended asked'],
    ['paid', 'journeys that ended paid'],
    ['cut', 'calls cut by the drop'],
    ['match', 'journeys with faults in the match'],
    ['call', 'journeys with faults in the call'],
    ['rating', 'journeys with faults in the rating'],
    ['payout', 'journeys with faults in the withdrawal'],
  ] as const
  const head = ['journeys ended', ...columns.map(([name]) => name)]
  const rows = regimes.map((regime) => {
    return [regime, ...columns.map(([, metric]) => String(value(regime, metric)))]
  })
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
  return [line(head), ...rows.map(line), 'The last four: journeys with faults of the regime there.']
}

function journey(host: Host, flags: JourneyFlags): Promise<void> {
  return runCommand(host, flags, async (context) => {
    const { terminal, signal } = context
    const { regime: regimes, seed, first, runs } = flags
    terminal.note('contracts  matchmaking, session escrow, withdrawal  (hardened)')
    terminal.note(`regimes    ${regimes.join(', ')}`)
    terminal.note(`amount     ${runs} journeys each  from ${first}  seed ${seed}`)
    const { journeyRecord } = await loadJourneys()
    const progress = progressOn(terminal)
    const onProgress = progress.show
    const record = await journeyRecord({ regimes, seed, first, runs, signal, onProgress }).finally(
      progress.end,
    )
    return reportWorld({
      ...{ record, protocols: [], outDir: flags.out, context },
      lines({ htmlPath }) {
        const width = terminal.columns()
        const colour = terminal.colors.isColorSupported
        const summary = formatSummary(record, { width, colour, reportPath: htmlPath })
        return [...stagesText(record), '', ...summary.trimEnd().split('\n')]
      },
    })
  })
}
