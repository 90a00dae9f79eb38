/**
 * `meterproof run`: the main job, every protocol with its canaries; with `--serve`, the page too.
 */
import type { Command } from 'commander'
import { checkAndReport } from '../checkAndReport.ts'
import { type Host, runCommand, withSharedOptions } from '../host.ts'
import { type CampaignFlags, toCheckOptions, withCampaignOptions } from '../options.ts'
import { type ServeOptions, serveUntilInterrupted, withServeOptions } from './serve.ts'

const EXAMPLES = `Examples:
  meterproof run
  meterproof run --serve
  meterproof run --budget 10m --seed 0x5f21c0de
`

/** A number of runs and no budget, so that the same seed gives the same bytes everywhere. */
const DEFAULTS = { runs: 300, budgetMs: null, canaries: true } as const

interface RunFlags extends CampaignFlags, ServeOptions {
  readonly serve?: boolean
}

export function addRunCommand(program: Command, host: Host): void {
  const command = program
    .command('run')
    .description('check every protocol on real Anvil and write one report')
    .option('--serve', 'serve the report afterwards, until Ctrl-C')
    .addHelpText('before', EXAMPLES)
  withSharedOptions(withServeOptions(withCampaignOptions(command))).action((flags: RunFlags) =>
    runCommand(host, flags, async (context) => {
      const options = toCheckOptions({
        command: 'run',
        protocolIds: [],
        flags,
        defaults: DEFAULTS,
      })
      const { exitCode, directory } = await checkAndReport(options, context)
      if (flags.serve === true && !context.signal.aborted) {
        await serveUntilInterrupted(directory, flags, context)
      }
      return exitCode
    }),
  )
}
