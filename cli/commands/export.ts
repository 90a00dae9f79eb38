/** `meterproof export <file>`: a trace as a test for Foundry, or as a script for viem. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { MeterproofError } from '../../models/kit/error.ts'
import { readTraceFile } from '../../reports/traceFile.ts'
import { loadExports } from '../campaigns.ts'
import { findProtocols } from '../catalogue.ts'
import { EXIT_CODE } from '../exitCode.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'
import { nearest } from '../nearest.ts'
import { checkedContract } from '../options.ts'
import { refused } from '../parseOption.ts'

const EXAMPLES = `Examples:
  meterproof export INV-CAP.trace.json --to foundry --out handover
  meterproof export INV-CAP.trace.json --to viem
  meterproof export INV-CAP.trace.json --to foundry --contract edited/SessionEscrowHardened.sol
`

const AFTER = `
foundry writes a project that needs Foundry and nothing else; viem a script for Node and Anvil.
Where model and contract part, the test expects the model; where the mechanism as described breaks
a claim, the test says that this must not happen again. Findings that no single run of calls can
show (relations between runs, claims about delivered service) are refused.

Exit codes: 0 written, 64 the finding cannot be a test
`

const FORMATS = ['foundry', 'viem'] as const
type Format = (typeof FORMATS)[number]

interface ExportFlags extends SharedOptions {
  readonly to: Format
  readonly out?: string
  readonly contract?: string
}

/** @throws MeterproofError `MP_OPTION_TO` */
function parseFormat(typed: string): Format {
  const known = FORMATS.find((format) => format === typed)
  if (known !== undefined) return known
  throw refused('MP_OPTION_TO', '--to', typed, FORMATS.join(', '), nearest(typed, FORMATS))
}

export function addExportCommand(program: Command, host: Host): void {
  const command = program
    .command('export')
    .description('write a trace file as a Foundry test or as a viem script')
    .argument('<file>', 'a *.trace.json file')
    .addOption(
      new Option('--to <format>', FORMATS.join(' or '))
        .argParser(parseFormat)
        .makeOptionMandatory(),
    )
    .option('--contract <path>', 'an edited .sol file, or a folder of them, instead of ours')
    .option('--out <dir>', 'folder to write to (default: named after the file)')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', AFTER)
  withSharedOptions(command).action((path: string, flags: ExportFlags) =>
    runCommand(host, flags, async ({ terminal }) => {
      const file = readTraceFile(path)
      findProtocols([file.protocol])
      const contract = flags.contract === undefined ? null : checkedContract(flags.contract)
      const { exportTrace } = await loadExports()
      const name = basename(path).replace(/\.trace\.json$|\.json$/, '')
      const { files, fails, kind, subject } = await exportTrace(file, {
        ...{ to: flags.to, name, contract },
      })
      const out = flags.out ?? `${name}-${flags.to}`
      writeAll(out, files)
      const [first = ''] = files.keys()
      const main = join(out, first)
      if (flags.json === true) {
        const written = [...files.keys()]
        terminal.document(JSON.stringify({ file: path, out, files: written, main, kind, fails }))
      }
      terminal.result(`${fails ? 'fails' : 'passes'} on ${subject}: ${main}`)
      const next = flags.to === 'foundry' ? `forge test --root ${out}` : `node ${main}`
      terminal.note(`next: ${next}`)
      return EXIT_CODE.held
    }),
  )
}

function writeAll(out: string, files: ReadonlyMap<string, string>): void {
  try {
    for (const [name, content] of files) {
      const path = join(out, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  } catch (cause) {
    throw new MeterproofError('MP_EXPORT_WRITE', `The export cannot be written to ${out}.`, {
      facts: { folder: out, reason: cause instanceof Error ? cause.message : String(cause) },
      hint: 'Name another folder with --out.',
      cause,
    })
  }
}
