/** `meterproof sweep [protocol…]`: parameters over ranges, and which settings nothing beats. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { MeterproofError } from '../../models/kit/error.ts'
import { namesOfOutcomes, parseObjective } from '../../property-tests/simulation/objectives.ts'
import type { RunRecord } from '../../reports/record.ts'
import { VERDICT_LOOKS } from '../../reports/verdict.ts'
import { sweepText } from '../../reports/worldTables.ts'
import { parseAxis, SWEEP_PARAMETERS, type SweepAxis } from '../../sim/sweep.ts'
import { loadSimulations } from '../campaigns.ts'
import { findProtocols } from '../catalogue.ts'
import { type Host, runCommand, withSharedOptions } from '../host.ts'
import { progressOn, reportWorld, type WorldFlags, withWorldOptions } from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof sweep --param heartbeatIntervalSeconds=5,10,15 --param silenceTimeoutSeconds=10..30:5
  meterproof sweep --param evidenceWindowSeconds=0..120:30 --objective unbilled.p95 \\
    --objective settle.p95:min --regime mixed --runs 200
  meterproof sweep --param profile=l1,l2,fast --objective leakage.p95 --objective gas
`

const DEFAULTS = {
  policies: ['hardened'] as const,
  regimes: ['mixed'] as const,
  runs: 200,
  runsOf: 'point',
}
const OBJECTIVES_DEFAULT = ['leakage.p95', 'settle.p95', 'gas.mean']
/** File of finished points, in the folder of all runs: any later sweep finds them there. */
const STORE_FILE = 'sweep-points.jsonl'

interface SweepFlags extends WorldFlags {
  readonly param?: readonly SweepAxis[]
  readonly objective?: readonly ReturnType<typeof parseObjective>[]
}

function helpOfNames(): string {
  const width = Math.max(...SWEEP_PARAMETERS.map(({ name }) => name.length))
  const rows = SWEEP_PARAMETERS.map(({ name, about, allowed }) => {
    return `  ${name.padEnd(width)}  ${about}; ${allowed}`
  })
  return `\nParameters:\n${rows.join('\n')}\n\nObjectives:\n  ${namesOfOutcomes()}\n`
}

export function addSweepCommand(program: Command, host: Host): void {
  const append =
    <Value>(parse: (typed: string) => Value) =>
    (typed: string, previous: readonly Value[] = []) => [...previous, parse(typed)]
  const command = program
    .command('sweep')
    .description('sweep parameters over ranges; which settings are best')
    .argument('[protocol...]', 'protocols (default: all)')
    .option('--param <name=values>', '5,10,15 or 10..30:5; may be repeated', append(parseAxis))
    .option(
      '--objective <name:min|max>',
      `what to optimise; may be repeated (default: ${OBJECTIVES_DEFAULT.join(', ')})`,
      append(parseObjective),
    )
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', helpOfNames())
  withSharedOptions(withWorldOptions(command, DEFAULTS)).action(
    (protocolIds: readonly string[], flags: SweepFlags) => sweep(host, protocolIds, flags),
  )
}

function sweep(host: Host, protocolIds: readonly string[], flags: SweepFlags): Promise<void> {
  return runCommand(host, flags, async (context) => {
    const { terminal, signal } = context
    const protocols = findProtocols(protocolIds).map(({ id }) => id)
    const { policy: policies, regime: regimes, profile, seed, runs, workers } = flags
    const axes = requiredAxes(flags)
    const objectives = flags.objective ?? OBJECTIVES_DEFAULT.map(parseObjective)
    for (const { name, values } of axes) terminal.note(`param      ${name}  ${values.join(', ')}`)
    terminal.note(`design     ${policies.join(', ')}  regime ${regimes.join(', ')}`)
    terminal.note(`amount     ${runs} runs a point  seed ${seed}  workers ${workers}`)
    const { sweepRecord } = await loadSimulations()
    const progress = progressOn(terminal)
    const storePath = join(flags.out, STORE_FILE)
    const onProgress = progress.show
    const record = await sweepRecord({
      ...{ policies, regimes, profile, seed, runs, workers, signal, onProgress },
      ...{ axes, objectives, storePath },
    }).finally(progress.end)
    return reportWorld({
      ...{ record, protocols, outDir: flags.out, context },
      lines: ({ htmlPath }) => [
        ...sweepText(record),
        ...record.notes.map((note) => `note: ${note}`),
        '',
        ...record.summary.reasons.map((reason) => `- ${reason}`),
        `report: ${htmlPath}`,
        verdictLine(record),
      ],
    })
  })
}

/** @throws MeterproofError `MP_OPTION_PARAM` */
function requiredAxes({ param }: SweepFlags): readonly SweepAxis[] {
  if (param !== undefined) return param
  throw new MeterproofError('MP_OPTION_PARAM', 'A sweep needs a parameter to sweep over.', {
    facts: {
      given: 'no --param',
      allowed: SWEEP_PARAMETERS.map(({ name }) => name).join(', '),
    },
    hint: 'For instance: meterproof sweep --param silenceTimeoutSeconds=10..30:5',
  })
}

function verdictLine({ summary, sweep = [], wall }: RunRecord): string {
  const points = sweep.flatMap((each) => each.points)
  const best = points.filter(({ pareto }) => pareto).length
  const infeasible = points.filter(({ feasible }) => !feasible).length
  const { glyph } = VERDICT_LOOKS[summary.verdict]
  const word = { interrupted: 'interrupted', inconclusive: 'inconclusive' }[
    summary.verdict as string
  ]
  const counts = `${points.length} points, ${best} in the Pareto set, ${infeasible} infeasible`
  const seconds = (wall.durationMs / 1000).toFixed(1)
  return `${glyph} ${word ?? 'swept'}: ${counts} in ${seconds} s   exit ${summary.exitCode}`
}
