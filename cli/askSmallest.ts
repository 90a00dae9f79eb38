/**
 * `meterproof sweep --smallest`: from the flags to the question, and from its record to the user.
 */
import { join } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'
import type { RunRecord } from '../reports/record.ts'
import { smallestText } from '../reports/smallestText.ts'
import { VERDICT_LOOKS } from '../reports/verdict.ts'
import { runName } from '../reports/writeRun.ts'
import { parseSmallest } from '../sim/smallest.ts'
import { parseAxis } from '../sim/sweep.ts'
import type { SimulatedWorld } from '../sim/world/simulated.ts'
import { loadSmallest } from './campaigns.ts'
import type { ExitCode } from './exitCode.ts'
import type { CommandContext } from './host.ts'
import { progressOn, reportWorld, type WorldFlags } from './worldOptions.ts'

export interface SmallestFlags extends WorldFlags {
  readonly param?: readonly string[]
  readonly objective?: readonly string[]
  readonly smallest?: readonly string[]
  readonly loss?: string
}

function refusal(sentence: string, given: string, allowed: string): MeterproofError {
  return new MeterproofError('MP_OPTION_SMALLEST', sentence, {
    facts: { given, allowed },
    hint: 'For instance: meterproof sweep payment-channel --smallest challengeSeconds',
  })
}

/**
 * A loss is what a search for the smallest value is about, and of nothing else.
 *
 * @throws MeterproofError `MP_OPTION_SMALLEST`
 */
export function requireQuestion({ smallest = [], loss }: SmallestFlags): void {
  if (loss === undefined || smallest.length > 0) return
  throw refusal('A loss is of a search for the smallest value.', `--loss ${loss}`, '--smallest')
}

/**
 * What cannot stand together: a search has no objectives, asks for one parameter, and moves it.
 *
 * @throws MeterproofError `MP_OPTION_SMALLEST`, and as `parseSmallest` and `parseAxis`
 */
function parsed(world: SimulatedWorld, flags: SmallestFlags) {
  const { smallest: asked = [], param = [], objective = [], loss = null } = flags
  const [typed = '', more] = asked
  if (more !== undefined) {
    const sentence = 'One parameter is asked for at a time.'
    throw refusal(sentence, asked.join(', '), 'one --smallest')
  }
  if (objective.length > 0) {
    const sentence = 'The smallest safe value is not chosen by objectives.'
    throw refusal(sentence, `--objective ${objective[0]}`, '--smallest with --param')
  }
  const question = parseSmallest(world, typed, loss)
  const axes = param.map((each) => parseAxis(world, each))
  if (axes.some(({ name }) => name === question.parameter)) {
    const sentence = `${question.parameter} cannot be both asked for and given.`
    throw refusal(sentence, `--param ${question.parameter}`, '--param of other parameters')
  }
  return { question, axes }
}

/** Asks, writes the run directory, and shows the answers. */
export async function askSmallest(
  { terminal, signal }: CommandContext,
  world: SimulatedWorld,
  flags: SmallestFlags,
): Promise<ExitCode> {
  const { protocol } = world
  const { policy: policies, regime: regimes, seed, runs, workers, out: outDir } = flags
  const { question, axes } = parsed(world, flags)
  const { range, parameter, measure } = question
  terminal.note(`question   the smallest ${parameter} from ${range.least} to ${range.most}`)
  terminal.note(`loss       ${measure.name}: ${measure.about}`)
  for (const { name, values } of axes) terminal.note(`param      ${name}  ${values.join(', ')}`)
  terminal.note(`design     ${protocol}, ${policies.join(', ')}  regime ${regimes.join(', ')}`)
  terminal.note(`amount     ${runs} runs, and ${runs} fresh ones  seed ${seed}  workers ${workers}`)
  const { replayArguments, smallestRecord } = await loadSmallest()
  const name = runName({ command: 'sweep-smallest', protocols: [protocol], seed })
  const progress = progressOn(terminal)
  const { record, traceFiles } = await smallestRecord({
    ...{ protocol, policies, regimes, profiles: flags.profile ?? null, seed, runs, workers },
    ...{ signal, axes, question, onProgress: progress.show },
    replayCommand: (file) => replayArguments(join(outDir, name, file), null),
  }).finally(progress.end)
  return reportWorld({
    ...{ record, protocols: [protocol], outDir, name, traceFiles },
    context: { terminal, signal },
    lines: ({ htmlPath }) => [
      ...smallestText(record),
      '',
      ...record.notes.map((note) => `note: ${note}`),
      ...record.summary.reasons.map((reason) => `- ${reason}`),
      `report: ${htmlPath}#/sweep`,
      verdictLine(record),
    ],
  })
}

function verdictLine({ summary, smallest = [], wall }: RunRecord): string {
  const { glyph } = VERDICT_LOOKS[summary.verdict]
  const words = {
    ...{ held: 'answered', violated: 'model and contract differ' },
    ...{ inconclusive: 'no safe value', interrupted: 'interrupted' },
  }
  const answered = smallest.filter(({ outcome }) => outcome !== 'open')
  const values = answered.map(({ parameter, value }) => `${parameter} ${value ?? 'none'}`)
  const [only = 'no answer'] = values
  const count = values.length > 1 ? `${values.length} answers` : only
  const seconds = (wall.durationMs / 1000).toFixed(1)
  return `${glyph} ${words[summary.verdict]}: ${count} in ${seconds} s   exit ${summary.exitCode}`
}
