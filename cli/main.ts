/**
 * Entry of the command line. Only wires the process to `runCli`: signals, closed pipes, exit code.
 *
 * Node ends with code 1 on an uncaught error, and 1 is a verdict here. So errors are caught, those
 * while loading included, which is why the program is imported after the handlers are in place.
 */
import { EXIT_CODE } from './exitCode.ts'
import { watchInterruptions } from './interruption.ts'
import { flush, ignoreClosedReaders } from './terminal.ts'

function crash(thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const debug = process.argv.includes('--debug')
  const hint = 'Hint: Run the command again with --debug for the stack trace, and please report it.'
  const message = `Meterproof stopped on an unexpected error: ${error.message} [MP_INTERNAL]`
  process.stderr.write(`${message}\n${debug ? error.stack : hint}\n`)
  process.exit(EXIT_CODE.internal)
}

process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)
ignoreClosedReaders()

const { runCli } = await import('./program.ts')
const exitCode = await runCli(process.argv.slice(2), watchInterruptions())
await flush()
process.exit(exitCode)
