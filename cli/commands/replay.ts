/** `meterproof replay <file>`: one trace, on the model and on the contract; the same verdict? */
import { type Command, Option } from 'commander'
import type { ReplayResult } from '../../property-tests/replay.ts'
import { readTraceFile } from '../../reports/traceFile.ts'
import type { LaneKind } from '../../sim/chain/lane.ts'
import { loadCampaigns } from '../campaigns.ts'
import { findProtocols } from '../catalogue.ts'
import { EXIT_CODE, type ExitCode } from '../exitCode.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'
import { checkedContract, parseLane } from '../options.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `Examples:
  meterproof replay reports/out/latest/INV-cap.trace.json
  meterproof replay finding.trace.json --contract edited/SessionEscrowHardened.sol
`

const EXIT_CODES = `
Exit codes: 0 the claim holds now, 1 it is violated, 2 recorded otherwise on the same bytecode
`

interface ReplayFlags extends SharedOptions {
  readonly lane: LaneKind
  readonly contract?: string
}

export function addReplayCommand(program: Command, host: Host): void {
  const command = program
    .command('replay')
    .description('replay one trace file on the mined lane and compare the verdict')
    .argument('<file>', 'a *.trace.json file')
    .addOption(
      new Option('--lane <lane>', 'mined (real transactions) or batch')
        .argParser(parseLane)
        .default('mined'),
    )
    .option('--contract <path>', 'an edited .sol file, or a folder of them, instead of ours')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EXIT_CODES)
  withSharedOptions(command).action((file: string, flags: ReplayFlags) =>
    runCommand(host, flags, async ({ terminal, signal }) => {
      const trace = readTraceFile(file)
      findProtocols([trace.protocol])
      const contract = flags.contract === undefined ? null : checkedContract(flags.contract)
      const { replayTrace } = await loadCampaigns()
      const result = await replayTrace(trace, { lane: flags.lane, contract, signal })
      const exitCode = exitCodeOfReplay(result)
      if (flags.json === true) terminal.document(JSON.stringify({ file, exitCode, ...result }))
      printReplay(result, terminal)
      return signal.aborted ? EXIT_CODE.interrupted : exitCode
    }),
  )
}

/** A finding that vanishes on the very bytecode that it was recorded on is not to be trusted. */
export function exitCodeOfReplay({ observed, sameVerdict, sameBytecode }: ReplayResult): ExitCode {
  if (observed === 'violated') return EXIT_CODE.violated
  if (observed !== 'held') return EXIT_CODE.inconclusive
  return sameVerdict || !sameBytecode ? EXIT_CODE.held : EXIT_CODE.inconclusive
}

function printReplay(result: ReplayResult, terminal: Terminal): void {
  const { recorded, observed, sameVerdict, sameBytecode, evidence, steps } = result
  const { bold, yellow } = terminal.colors
  if (!terminal.options.quiet) {
    for (const step of steps) {
      const same = step.predicted === step.observed
      const outcome = same
        ? step.observed
        : `model: ${step.predicted}   contract: ${step.observed}   <- differ`
      terminal.result(`  ${step.attempt}   ${outcome}`)
    }
    if (evidence !== '') terminal.result(`  ${evidence}`)
    if (!sameBytecode) terminal.note('note: the contract is not the one that was recorded')
  }
  terminal.result(
    sameVerdict
      ? bold(`same verdict: ${observed}`)
      : bold(yellow(`DIFFERENT verdict: recorded ${recorded}, observed ${observed}`)),
  )
}
