/** `meterproof doctor`: whether this machine has what a run needs. */
import type { Command } from 'commander'
import { examineMachine } from '../doctorChecks.ts'
import { EXIT_CODE } from '../exitCode.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'
import { OUT_DEFAULT } from '../options.ts'

const EXAMPLES = `Examples:
  meterproof doctor
  meterproof doctor --json
`

interface DoctorOptions extends SharedOptions {
  readonly out: string
}

export function addDoctorCommand(program: Command, host: Host): void {
  const command = program
    .command('doctor')
    .description('see whether this machine has what is needed')
    .option('--out <dir>', 'folder that runs are to be written to', OUT_DEFAULT)
    .addHelpText('before', EXAMPLES)
  withSharedOptions(command).action((options: DoctorOptions) =>
    runCommand(host, options, async ({ terminal }) => {
      const findings = await examineMachine(options.out)
      const healthy = findings.every(({ ok }) => ok)
      const exitCode = healthy ? EXIT_CODE.held : EXIT_CODE.internal
      const { green, red } = terminal.colors
      for (const { check, ok, detail, hint } of findings) {
        const glyph = ok ? green('✓') : red('✗')
        terminal.result(`${glyph} ${check.padEnd(7)} ${detail}`)
        if (!ok) terminal.result(`          Hint: ${hint}`)
      }
      if (options.json === true) {
        terminal.document(JSON.stringify({ healthy, exitCode, findings }, null, 2))
      }
      terminal.result(healthy ? 'ready: try `meterproof run`' : 'not ready: see the hints above')
      return exitCode
    }),
  )
}
