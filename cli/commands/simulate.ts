/** `meterproof simulate [protocol…]`: Monte-Carlo runs of the world, and what they cost whom. */
import type { Command } from 'commander'
import { POLICIES } from '../../models/kit/trace.ts'
import { formatSummary } from '../../reports/summary.ts'
import { simulationText } from '../../reports/worldTables.ts'
import { REGIME_NAMES } from '../../sim/faults/regimes.ts'
import { loadSimulations } from '../campaigns.ts'
import { findProtocols } from '../catalogue.ts'
import { type Host, runCommand, withSharedOptions } from '../host.ts'
import { progressOn, reportWorld, type WorldFlags, withWorldOptions } from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof simulate
  meterproof simulate session-escrow --regime disconnect,mixed --policy hardened --runs 1000
  meterproof simulate --profile l2 --seed 7 --json > run.json
`

const DEFAULTS = {
  policies: POLICIES,
  regimes: REGIME_NAMES,
  runs: 200,
  runsOf: 'policy and regime',
}

export function addSimulateCommand(program: Command, host: Host): void {
  const command = program
    .command('simulate')
    .description('simulate sessions: latency, leakage, exposure, gas')
    .argument('[protocol...]', 'protocols (default: all)')
    .addHelpText('before', EXAMPLES)
  withSharedOptions(withWorldOptions(command, DEFAULTS)).action(
    (protocolIds: readonly string[], flags: WorldFlags) =>
      runCommand(host, flags, async (context) => {
        const { terminal, signal } = context
        const protocols = findProtocols(protocolIds).map(({ id }) => id)
        const { policy: policies, regime: regimes, profile, seed, runs, workers } = flags
        terminal.note(`protocols  ${protocols.join(', ')}  (${policies.join(', ')})`)
        terminal.note(`regimes    ${regimes.join(', ')}  chain ${profile}`)
        terminal.note(`amount     ${runs} runs each  seed ${seed}  workers ${workers}`)
        const { simulateRecord } = await loadSimulations()
        const progress = progressOn(terminal)
        const onProgress = progress.show
        const record = await simulateRecord({
          ...{ policies, regimes, profile, seed, runs, workers, signal, onProgress },
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
      }),
  )
}
