/** `meterproof check [protocol…]`: campaigns against the contracts, a report, a verdict. */
import type { Command } from 'commander'
import { checkAndReport } from '../checkAndReport.ts'
import { type Host, runCommand, withSharedOptions } from '../host.ts'
import { type CampaignFlags, toCheckOptions, withCampaignOptions } from '../options.ts'

const EXAMPLES = `Examples:
  meterproof check
  meterproof check session-escrow --policy hardened --seed 7 --runs 500
  meterproof check session-escrow --contract edited/SessionEscrowHardened.sol --policy hardened
  meterproof check --budget 2m --workers 2 --json > run.json
`

const DEFAULTS = { runs: 500, budgetMs: null, canaries: false } as const

export function addCheckCommand(program: Command, host: Host): void {
  const command = program
    .command('check')
    .description('check protocols against their contracts')
    .argument('[protocol...]', 'protocols (default: all)')
    .addHelpText('before', EXAMPLES)
  withSharedOptions(withCampaignOptions(command)).action(
    (protocolIds: readonly string[], flags: CampaignFlags) =>
      runCommand(host, flags, async (context) => {
        const options = toCheckOptions({ command: 'check', protocolIds, flags, defaults: DEFAULTS })
        const { exitCode } = await checkAndReport(options, context)
        return exitCode
      }),
  )
}
