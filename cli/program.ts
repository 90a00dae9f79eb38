/**
 * The tree of commands, and the one function that runs it.
 *
 * Commander parses; what an option means is in `parseOption.ts` and the commands. Each command's
 * help leads with examples, as that is what most readers want from it.
 */
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { addCheckCommand } from './commands/check.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExploreCommand } from './commands/explore.ts'
import { addExportCommand } from './commands/export.ts'
import { addJourneyCommand } from './commands/journey.ts'
import { addMutateCommand } from './commands/mutate.ts'
import { addProtocolsCommand } from './commands/protocols.ts'
import { addReplayCommand } from './commands/replay.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunCommand } from './commands/run.ts'
import { addServeCommand } from './commands/serve.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { addSweepCommand } from './commands/sweep.ts'
import { EXIT_CODE, type ExitCode } from './exitCode.ts'
import { exitCodeOf, failureDocument, failureText, toMeterproofError } from './failure.ts'
import type { Host } from './host.ts'
import { packageFile } from './packageRoot.ts'

const EXAMPLES = `Examples:
  meterproof run                       check every protocol on real Anvil and write a report
  meterproof check session-escrow --policy hardened --seed 7 --runs 500
  meterproof simulate --regime mixed --runs 500
  meterproof sweep --param silenceTimeoutSeconds=10..30:5 --objective leakage.p95
  meterproof replay reports/out/latest/INV-cap.trace.json
  meterproof serve                     look at the newest report
  meterproof doctor                    see whether this machine has what is needed
`

const EXIT_CODES = `
Exit codes: 0 all held, 1 violated, 2 inconclusive, 64 wrong usage, 70 internal error,
130 interrupted
`

/** Version of the package that this file belongs to. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'))
  return (manifest as { version: string }).version
}

export function createProgram(host: Host): Command {
  const program = new Command('meterproof')
    .description('Checks metered payment protocols: model against contract, on real Anvil.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EXIT_CODES)
  addRunCommand(program, host)
  addCheckCommand(program, host)
  addExploreCommand(program, host)
  addSimulateCommand(program, host)
  addSweepCommand(program, host)
  addJourneyCommand(program, host)
  addMutateCommand(program, host)
  addReplayCommand(program, host)
  addExportCommand(program, host)
  addReportCommand(program, host)
  addServeCommand(program, host)
  addProtocolsCommand(program, host)
  addDoctorCommand(program, host)
  return program
}

/**
 * Runs one command line.
 *
 * @param args without the interpreter and the script
 */
export async function runCli(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const host: Host = { signal, exitCode: EXIT_CODE.held }
  try {
    const program = createProgram(host)
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync([...args], { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT_CODE.held
    const error = toMeterproofError(thrown)
    process.stderr.write(`${failureText(error, args.includes('--debug'))}\n`)
    if (args.includes('--json')) process.stdout.write(`${failureDocument(error)}\n`)
    return exitCodeOf(error)
  }
  return host.exitCode
}
