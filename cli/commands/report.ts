/** `meterproof report <dir>`: every format again from the record of a run, and its verdict. */

import { realpathSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { lifecycleLayouts } from '../../reports/lifecycleLayout.ts'
import { readRun } from '../../reports/readRun.ts'
import { writeRun } from '../../reports/writeRun.ts'
import { printResult } from '../checkAndReport.ts'
import { EXIT_CODE } from '../exitCode.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'
import { readCanaryTraces } from '../readCanaryTraces.ts'

const EXAMPLES = `Examples:
  meterproof report reports/out/latest
  meterproof report reports/out/check-session-escrow-seed7 --json
`

export function addReportCommand(program: Command, host: Host): void {
  const command = program
    .command('report')
    .description('render the reports of a run again')
    .argument('<dir>', 'folder of a run')
    .addHelpText('before', EXAMPLES)
  withSharedOptions(command).action((dir: string, options: SharedOptions) =>
    runCommand(host, options, async ({ terminal }) => {
      const record = readRun(dir)
      // The pointer `latest` is followed, as writing replaces the folder that is named.
      const directory = realpathSync(resolve(dir))
      const traceFiles = readCanaryTraces(record, directory)
      const [outDir, name] = [dirname(directory), basename(directory)]
      const layouts = await lifecycleLayouts(record)
      const written = writeRun({ record, traceFiles, layouts, outDir, name })
      printResult(record, written, terminal)
      return EXIT_CODE.held
    }),
  )
}
