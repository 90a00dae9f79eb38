/**
 * Where a command writes: results to standard output, everything else to standard error.
 *
 * A reader that goes away (`meterproof … | head`) is no error: what is left is dropped, and the
 * exit code still says how the run went.
 */
import pc from 'picocolors'

const COLUMNS_DEFAULT = 80

export interface TerminalOptions {
  readonly json: boolean
  readonly plain: boolean
  readonly quiet: boolean
  readonly color: boolean
}

export interface Terminal {
  readonly options: TerminalOptions
  readonly colors: ReturnType<typeof pc.createColors>
  /** Whether standard error may be redrawn. */
  readonly animated: boolean
  /** A line of the result. With `--json` it goes to standard error, as JSON stands alone. */
  result(line: string): void
  /** The one document of `--json`. */
  document(text: string): void
  /** A line about what is going on. */
  note(line: string): void
  write(text: string): void
  columns(): number
}

export function createTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, env } = process
  const dumb = env.TERM === 'dumb'
  const wantsColor = options.color && !options.plain && !dumb && (env.NO_COLOR ?? '') === ''
  const note = (line: string) => {
    if (!options.quiet) stderr.write(`${line}\n`)
  }
  return {
    options,
    colors: pc.createColors(wantsColor && stdout.isTTY === true),
    animated: stderr.isTTY === true && !options.plain && !dumb && env.CI === undefined,
    result: options.json ? note : (line) => stdout.write(`${line}\n`),
    document: (text) => stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    note,
    write: (text) => stderr.write(text),
    // A terminal that does not know its width says 0.
    columns: () => stderr.columns || COLUMNS_DEFAULT,
  }
}

/** Ignores a closed reader on both streams. @throws whatever else goes wrong with them */
export function ignoreClosedReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    })
  }
}

/** Waits until all that was written has left the process. */
export async function flush(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.destroyed) continue
    await new Promise<void>((resolve) => stream.write('', () => resolve()))
  }
}
