/**
 * How an error reaches the user: its sentence, its facts, one hint, and never exit code 1.
 *
 * A stack trace is for whoever debugs Meterproof, so it is printed with `--debug` only.
 */
import { CommanderError } from 'commander'
import { MeterproofError } from '../models/kit/error.ts'
import { EXIT_CODE, type ExitCode } from './exitCode.ts'

/** Any thrown thing as an error of ours. */
export function toMeterproofError(thrown: unknown): MeterproofError {
  if (thrown instanceof MeterproofError) return thrown
  if (thrown instanceof CommanderError) return fromCommander(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new MeterproofError('MP_INTERNAL', `Something went wrong inside Meterproof: ${message}`, {
    class: 'internal',
    hint: 'Run the command again with --debug for the stack trace, and please report it.',
    cause: thrown,
  })
}

export function exitCodeOf(error: MeterproofError): ExitCode {
  return error.class === 'usage' ? EXIT_CODE.usage : EXIT_CODE.internal
}

/** What stands on standard error. */
export function failureText(error: MeterproofError, debug: boolean): string {
  return debug ? `${error.format()}\n${stackOf(error)}` : error.format()
}

/** What stands on standard output with `--json`. */
export function failureDocument(error: MeterproofError): string {
  const facts = Object.fromEntries(
    Object.entries(error.facts).map(([key, fact]) => [
      key,
      typeof fact === 'bigint' ? { '#bigint': String(fact) } : fact,
    ]),
  )
  return JSON.stringify({
    schema: 'meterproof.error/1',
    code: error.code,
    message: error.message,
    facts,
    hint: error.hint ?? null,
    exitCode: exitCodeOf(error),
  })
}

/** Commander's words in our shape; `--help` and `--version` are no failures. */
function fromCommander(error: CommanderError): MeterproofError {
  const text = error.message.replace(/^error: /, '')
  const [first = '', ...rest] = text.split('\n')
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}.`.replace(/([.?])\.$/, '$1')
  const meant = rest.join(' ').replace(/^\(|\)$/g, '')
  return new MeterproofError('MP_USAGE', sentence, {
    hint: meant === '' ? 'Run `meterproof --help`.' : meant,
  })
}

function stackOf(error: Error): string {
  const stacks: string[] = []
  for (let next: unknown = error; next instanceof Error && stacks.length < 10; next = next.cause) {
    stacks.push(next.stack ?? String(next))
  }
  return stacks.join('\ncaused by: ')
}
