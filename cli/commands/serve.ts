/** `meterproof serve [dir]`: a report in the browser, on 127.0.0.1 only, until Ctrl-C. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { latestRun } from '../../reports/readRun.ts'
import { EXIT_CODE } from '../exitCode.ts'
import {
  type CommandContext,
  type Host,
  runCommand,
  type SharedOptions,
  withSharedOptions,
} from '../host.ts'
import { untilAborted } from '../interruption.ts'
import { openInBrowser } from '../openInBrowser.ts'
import { OUT_DEFAULT } from '../options.ts'
import { parsePort } from '../parseOption.ts'
import {
  type DirectoryServer,
  type LiveSource,
  PORT_DEFAULT,
  serveDirectory,
} from '../serveDirectory.ts'

const EXAMPLES = `Examples:
  meterproof serve
  meterproof serve reports/out/latest --port 8080 --no-open
`

export interface ServeOptions {
  readonly port?: number
  readonly open: boolean
}

/** Adds the flags of everything that serves. */
export function withServeOptions(command: Command): Command {
  return command
    .option(
      '--port <port>',
      `port on 127.0.0.1 (default: ${PORT_DEFAULT}, or a free one)`,
      parsePort,
    )
    .option('--no-open', 'do not open a browser (none is opened without a terminal)')
}

export function addServeCommand(program: Command, host: Host): void {
  const command = program
    .command('serve')
    .description('serve a report on 127.0.0.1 until Ctrl-C')
    .argument('[dir]', 'folder of a run (default: the newest)')
    .addHelpText('before', EXAMPLES)
  withServeOptions(withSharedOptions(command)).action(
    (dir: string | undefined, options: ServeOptions & SharedOptions) =>
      runCommand(host, options, async (context) => {
        const newest = () => latestRun(OUT_DEFAULT) ?? join(OUT_DEFAULT, 'latest')
        const directory = dir ?? newest()
        await serveUntilInterrupted(directory, options, context, (url) => {
          if (options.json === true) context.terminal.document(JSON.stringify({ url, directory }))
        })
        return EXIT_CODE.held
      }),
  )
}

/** Starts to serve and says where; with `live` a run that has not written its folder yet. */
export async function startServing(
  directory: string,
  options: ServeOptions,
  { terminal }: Pick<CommandContext, 'terminal'>,
  live?: LiveSource,
): Promise<DirectoryServer> {
  const port = options.port ?? null
  const server = await serveDirectory({ directory, port, ...(live === undefined ? {} : { live }) })
  // Not a result and not mere progress either: nobody could find the page without this line.
  terminal.write(`serving ${directory} at ${server.url}  (Ctrl-C to stop)\n`)
  if (options.open && terminal.animated) openInBrowser(server.url)
  return server
}

/** Serves, says where, and returns after Ctrl-C. */
export async function serveUntilInterrupted(
  directory: string,
  options: ServeOptions,
  context: CommandContext,
  onListening: (url: string) => void = () => {},
): Promise<void> {
  const server = await startServing(directory, options, context)
  onListening(server.url)
  await untilAborted(context.signal)
  await server.close()
}
