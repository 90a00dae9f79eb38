/**
 * `meterproof run`: the main job, every protocol with its canaries; with `--serve`, the page too.
 */
import { join } from 'node:path'
import type { Command } from 'commander'
import { runName } from '../../reports/writeRun.ts'
import { checkAndReport } from '../checkAndReport.ts'
import type { ExitCode } from '../exitCode.ts'
import { type CommandContext, type Host, runCommand, withSharedOptions } from '../host.ts'
import { untilAborted } from '../interruption.ts'
import { createLiveFeed } from '../liveFeed.ts'
import { type CampaignFlags, toCheckOptions, withCampaignOptions } from '../options.ts'
import { type ServeOptions, startServing, withServeOptions } from './serve.ts'

const EXAMPLES = `Examples:
  meterproof run
  meterproof run --serve
  meterproof run --budget 10m --seed 0x5f21c0de
`

/** A number of runs and no budget, so that the same seed gives the same bytes everywhere. */
const DEFAULTS = { runs: null, runsInAll: 1000, budgetMs: null, canaries: true } as const

interface RunFlags extends CampaignFlags, ServeOptions {
  readonly serve?: boolean
}

export function addRunCommand(program: Command, host: Host): void {
  const command = program
    .command('run')
    .description('check every protocol on real Anvil and write one report')
    .option('--serve', 'serve the run while it goes on, and its report until Ctrl-C')
    .addHelpText('before', EXAMPLES)
  withSharedOptions(withServeOptions(withCampaignOptions(command))).action((flags: RunFlags) =>
    runCommand(host, flags, async (context) => {
      const options = toCheckOptions({
        command: 'run',
        protocolIds: [],
        flags,
        defaults: DEFAULTS,
      })
      if (flags.serve === true) return await runAndServe(options, flags, context)
      return (await checkAndReport(options, context)).exitCode
    }),
  )
}

/** The page is there from the start; it follows the run and then shows its report. */
async function runAndServe(
  options: Parameters<typeof checkAndReport>[0],
  flags: ServeOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const live = createLiveFeed(options, () => performance.now())
  const directory = join(options.outDir, runName(options))
  const server = await startServing(directory, flags, context, live)
  try {
    const { exitCode } = await checkAndReport(options, context, live.show)
    live.end()
    await untilAborted(context.signal)
    return exitCode
  } finally {
    await server.close()
  }
}
