/**
 * What every command stands on: the shared flags, a terminal, the interruption signal, and one
 * place where its exit code or its failure ends up.
 *
 * Commands return an exit code and throw errors; they never call `process.exit`.
 */
import type { Command } from 'commander'
import type { ExitCode } from './exitCode.ts'
import { exitCodeOf, failureDocument, failureText, toMeterproofError } from './failure.ts'
import { createTerminal, type Terminal } from './terminal.ts'

export interface SharedOptions {
  readonly json?: boolean
  readonly plain?: boolean
  readonly quiet?: boolean
  readonly color: boolean
  readonly debug?: boolean
}

export interface CommandContext {
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** Collects the exit code of the one command that runs. */
export interface Host {
  readonly signal: AbortSignal
  exitCode: ExitCode
}

/** Adds the flags that each command has. */
export function withSharedOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on standard output, progress on standard error')
    .option('--plain', 'no colour and no redrawn lines')
    .option('--quiet', 'no progress; the verdict only')
    .option('--no-color', 'no colour (NO_COLOR and TERM=dumb are obeyed too)')
    .option('--debug', 'print the stack trace of an error')
}

/** Runs the body of a command and leaves its exit code with the host. */
export async function runCommand(
  host: Host,
  options: SharedOptions,
  body: (context: CommandContext) => Promise<ExitCode>,
): Promise<void> {
  const { json = false, plain = false, quiet = false, color, debug = false } = options
  const terminal = createTerminal({ json, plain, quiet, color })
  try {
    host.exitCode = await body({ terminal, signal: host.signal })
  } catch (thrown) {
    const error = toMeterproofError(thrown)
    terminal.write(`${failureText(error, debug)}\n`)
    if (json) terminal.document(failureDocument(error))
    host.exitCode = exitCodeOf(error)
  }
}
