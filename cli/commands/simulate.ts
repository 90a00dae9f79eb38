/** `meterproof simulate [protocol…]`: Monte-Carlo runs of the world, and what they cost whom. */
import type { Command } from 'commander'
import { POLICIES } from '../../models/kit/trace.ts'
import { formatSummary } from '../../reports/summary.ts'
import { simulationText } from '../../reports/worldTables.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { loadSimulations } from '../campaigns.ts'
import { type Host, runCommand, withSharedOptions } from '../host.ts'
import {
  appended,
  progressOn,
  reportWorld,
  simulatedProtocols,
  type WorldFlags,
  withWorldOptions,
} from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof simulate
  meterproof simulate session-escrow --regime disconnect,mixed --policy hardened --runs 1000
  meterproof simulate session-escrow --param silenceTimeoutSeconds=20 --param feeBps=250
  meterproof simulate --profile l1,l2 --seed 7 --json > run.json
`

const DEFAULTS = {
  policies: POLICIES,
  regimes: REGIME_NAMES,
  runs: 200,
  runsOf: 'policy, regime and chain',
}

interface SimulateFlags extends WorldFlags {
  readonly param?: readonly string[]
}

export function addSimulateCommand(program: Command, host: Host): void {
  const command = program
    .command('simulate')
    .description('simulate sessions: latency, service levels, leakage, exposure, cost')
    .argument('[protocol...]', 'protocols (default: all)')
    .option('--param <name=value>', 'another setting than the default; may be repeated', appended)
    .addHelpText('before', EXAMPLES)
  withSharedOptions(withWorldOptions(command, DEFAULTS)).action(
    (protocolIds: readonly string[], flags: SimulateFlags) => simulate(host, protocolIds, flags),
  )
}

function simulate(host: Host, protocolIds: readonly string[], flags: SimulateFlags): Promise<void> {
  return runCommand(host, flags, async (context) => {
    const { terminal, signal } = context
    const protocols = simulatedProtocols(protocolIds)
    const { policy: policies, regime: regimes, seed, runs, workers, param: settings = [] } = flags
    const profiles = flags.profile ?? null
    const chains = profiles === null ? 'each its own' : profiles.join(', ')
    terminal.note(`protocols  ${protocols.join(', ')}  (${policies.join(', ')})`)
    terminal.note(`regimes    ${regimes.join(', ')}  chain ${chains}`)
    if (settings.length > 0) terminal.note(`settings   ${settings.join(', ')}`)
    terminal.note(`amount     ${runs} runs each  seed ${seed}  workers ${workers}`)
    const { simulateRecord } = await loadSimulations()
    const progress = progressOn(terminal)
    const onProgress = progress.show
    const record = await simulateRecord({
      ...{ protocols, policies, regimes, profiles, settings },
      ...{ seed, runs, workers, signal, onProgress },
    }).finally(progress.end)
    return reportWorld({
      ...{ record, protocols, outDir: flags.out, context },
      lines({ htmlPath }) {
        const width = terminal.columns()
        const colour = terminal.colors.isColorSupported
        const summary = formatSummary(record, { width, colour, reportPath: htmlPath })
        return [...simulationText(record), '', ...summary.trimEnd().split('\n')]
      },
    })
  })
}
