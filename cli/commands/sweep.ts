/**
 * `meterproof sweep [protocol]`: parameters over ranges, and which settings nothing beats; or how
 * small one parameter may be.
 */
import { join } from 'node:path'
import type { Command } from 'commander'
import { namesOfOutcomes, parseObjective } from '../../property-tests/simulation/objectives.ts'
import type { RunRecord } from '../../reports/record.ts'
import { VERDICT_LOOKS } from '../../reports/verdict.ts'
import { sweepText } from '../../reports/worldTables.ts'
import { questionsOf } from '../../sim/smallest.ts'
import { parseAxis, sweepParametersOf } from '../../sim/sweep.ts'
import type { SimulatedWorld } from '../../sim/world/simulated.ts'
import { WORLDS, worldOf } from '../../sim/worlds.ts'
import { askSmallest, requireQuestion, type SmallestFlags } from '../askSmallest.ts'
import { loadSimulations } from '../campaigns.ts'
import { type Host, runCommand, withSharedOptions } from '../host.ts'
import { sweptWorld } from '../sweptWorld.ts'
import {
  appended,
  progressOn,
  reportWorld,
  simulatedProtocols,
  withWorldOptions,
} from '../worldOptions.ts'

const EXAMPLES = `Examples:
  meterproof sweep payment-channel --smallest challengeSeconds --regime congestion --profile l1
  meterproof sweep payment-channel --smallest challengeSeconds=60..7200 --loss voucherLossOnline
  meterproof sweep session-escrow --param heartbeatIntervalSeconds=5,10,15 \\
    --param silenceTimeoutSeconds=10..30:5
  meterproof sweep session-escrow --param evidenceWindowSeconds=0..120:30 \\
    --objective unbilled.p95 --objective settle.p95:min --regime mixed
  meterproof sweep session-escrow --param profile=l1,l2,fast --objective leakage.p95
`

const DEFAULTS = {
  policies: ['hardened'] as const,
  regimes: ['mixed'] as const,
  runs: 200,
  runsOf: 'point',
}
/** File of finished points, in the folder of all runs: any later sweep finds them there. */
const STORE_FILE = 'sweep-points.jsonl'

const SMALLEST = `
--smallest asks how small a parameter may be before a run loses: the smallest value from which on
no tried value loses in --runs runs, the run that loses one below it (as a trace file for replay),
and 95 % bounds on the loss above it from as many fresh runs. With --param it is asked at each
point.

Exit codes: 0 every point has a setting worth having, or every question its safe value; 1 model and
contract differ; 2 there is a point, or a question, without; 130 interrupted
`

function helpOfQuestions(world: SimulatedWorld): readonly string[] {
  const rows = questionsOf(world).map(({ parameter, measure, setting }) => {
    return `  ${parameter}  loss: ${measure.name}, ${measure.about}; ${setting.allowed}`
  })
  return rows.length === 0 ? [] : [`Parameters for --smallest:\n${rows.join('\n')}`]
}

function helpOfWorld(world: SimulatedWorld): string {
  const parameters = sweepParametersOf(world)
  const width = Math.max(...parameters.map(({ name }) => name.length))
  const rows = parameters.map(({ name, about, allowed }) => {
    return `  ${name.padEnd(width)}  ${about}; ${allowed}`
  })
  const objectives = `Objectives (default: ${world.objectives.join(', ')}):`
  return [
    `\nParameters of ${world.protocol}:\n${rows.join('\n')}`,
    `${objectives}\n  ${namesOfOutcomes(world)}`,
    ...helpOfQuestions(world),
  ].join('\n')
}

export function addSweepCommand(program: Command, host: Host): void {
  const command = program
    .command('sweep')
    .description('sweep parameters over ranges; which settings are best')
    .argument('[protocol]', 'one protocol (default: the one that has the parameters)')
    .option('--param <name=values>', '5,10,15 or 10..30:5; may be repeated', appended)
    .option('--objective <name:min|max>', 'what to optimise; may be repeated', appended)
    .option('--smallest <name>', 'the smallest safe value; also <name>=60..7200', appended)
    .option('--loss <measure>', 'what --smallest is to prevent (default: the first there is)')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', () => `${SMALLEST}${WORLDS.map(helpOfWorld).join('\n')}\n`)
  withSharedOptions(withWorldOptions(command, DEFAULTS)).action(
    (protocolId: string | undefined, flags: SmallestFlags) => sweep(host, protocolId, flags),
  )
}

function sweep(host: Host, protocolId: string | undefined, flags: SmallestFlags): Promise<void> {
  return runCommand(host, flags, async (context) => {
    const { terminal, signal } = context
    const [named] = simulatedProtocols(protocolId === undefined ? [] : [protocolId])
    const worlds = protocolId === undefined ? WORLDS : [worldOf(named ?? '')]
    const asked = flags.smallest ?? []
    requireQuestion(flags)
    const world = sweptWorld(worlds, [...asked, ...(flags.param ?? [])])
    if (asked.length > 0) return askSmallest(context, world, flags)
    const { protocol } = world
    const { policy: policies, regime: regimes, seed, runs, workers, param = [] } = flags
    const profiles = flags.profile ?? null
    const axes = param.map((typed) => parseAxis(world, typed))
    const wanted = flags.objective ?? world.objectives
    const objectives = wanted.map((typed) => parseObjective(world, typed))
    for (const { name, values } of axes) terminal.note(`param      ${name}  ${values.join(', ')}`)
    terminal.note(`design     ${protocol}, ${policies.join(', ')}  regime ${regimes.join(', ')}`)
    terminal.note(`amount     ${runs} runs a point  seed ${seed}  workers ${workers}`)
    const { sweepRecord } = await loadSimulations()
    const progress = progressOn(terminal)
    const storePath = join(flags.out, STORE_FILE)
    const onProgress = progress.show
    const record = await sweepRecord({
      ...{ protocol, policies, regimes, profiles, seed, runs, workers, signal, onProgress },
      ...{ axes, objectives, storePath },
    }).finally(progress.end)
    return reportWorld({
      ...{ record, protocols: [protocol], outDir: flags.out, context },
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
