/**
 * `npm run bench:lanes`: steps per second of both lanes, end to end and per stage.
 *
 * A step is one attempt by a participant: one contract call. Stages are measured as processor time,
 * which other work on the machine disturbs least; end to end is wall time of the campaign itself,
 * on as many processes as the machine has cores (at most two), each with an Anvil of its own.
 * Prints Markdown, or JSON with `--json`; writes nothing.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { LaneKind } from '../sim/chain/lane.ts'
import {
  machineFacts,
  machineText,
  type Spread,
  spread,
  spreadText,
  table,
} from './internal/measure.ts'
import { campaignResult, split, startCampaign } from './internal/processes.ts'
import { measureStages, STAGES, type StageTimes } from './internal/stages.ts'
import { openExecution } from './internal/subjects.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '15' },
    repetitions: { type: 'string', default: '5' },
    runs: { type: 'string', default: '600' },
  },
})
const SECONDS = Number(values.seconds)
const REPETITIONS = Number(values.repetitions)
const PROCESSES = Math.min(2, availableParallelism())
/** The mined lane is a hundred times slower, and its stages differ only in `execute`. */
const RUNS: Readonly<Record<LaneKind, number>> = { batch: Number(values.runs), mined: 15 }
const WIDTH = 25
const CONTRACTS = ['SessionEscrowAsDescribed', 'SessionEscrowHardened'] as const
const LANES = ['batch', 'mined'] as const

interface Row {
  readonly contract: string
  readonly lane: LaneKind
  /** Microseconds of processor time per step. */
  readonly stages: Readonly<Record<string, Spread>>
  readonly anvil: Spread
  readonly blocksPerStep: number
  readonly probesPerStep: number
  /** Of the campaign, all processes together. */
  readonly stepsPerSecond: Spread
  readonly cpuMicrosPerStep: Spread
}

async function stagesOf(contract: string, lane: LaneKind): Promise<StageTimes[]> {
  const execution = await openExecution({ protocol: 'session-escrow', contract, lane })
  try {
    const all: StageTimes[] = []
    // The first passes warm the compiler of the JavaScript engine up; they do not count.
    const warmUps = lane === 'batch' ? 2 : 1
    for (let pass = 0; pass < REPETITIONS + warmUps; pass += 1) {
      const options = { seed: 1 + pass, runs: RUNS[lane], width: WIDTH }
      const times = await measureStages(execution, options)
      if (pass >= warmUps) all.push(times)
    }
    return all
  } finally {
    await execution.testbed.close()
  }
}

async function endToEnd(contract: string, lane: LaneKind, seed: number) {
  const order = { protocol: 'session-escrow', contract, lane, seed, seconds: SECONDS }
  const running = split(order, PROCESSES).map(startCampaign)
  const finished = await Promise.all(running.map(async (each) => each.finished))
  const results = finished.map(campaignResult)
  const calls = results.reduce((sum, result) => sum + result.calls, 0)
  const cpuSeconds = results.reduce((sum, result) => sum + result.cpuSeconds, 0)
  return {
    stepsPerSecond: results.reduce((sum, result) => sum + result.calls / result.seconds, 0),
    cpuMicrosPerStep: (cpuSeconds * 1e6) / calls,
  }
}

async function measureRow(contract: string, lane: LaneKind): Promise<Row> {
  process.stderr.write(`${contract}, ${lane} lane\n`)
  const passes = await stagesOf(contract, lane)
  const whole: Awaited<ReturnType<typeof endToEnd>>[] = []
  const repetitions = lane === 'batch' ? REPETITIONS : 1
  for (let seed = 1; seed <= repetitions; seed += 1) {
    whole.push(await endToEnd(contract, lane, seed))
  }
  const steps = passes.reduce((sum, pass) => sum + pass.steps, 0)
  const sum = (pick: (pass: StageTimes) => number) =>
    passes.reduce((total, pass) => total + pick(pass), 0) / steps
  const stages = STAGES.map((stage) => [
    stage,
    spread(passes.map(({ microsPerStep }) => microsPerStep[stage])),
  ])
  return {
    contract,
    lane,
    stages: Object.fromEntries(stages),
    anvil: spread(passes.map(({ anvilMicrosPerStep }) => anvilMicrosPerStep)),
    blocksPerStep: sum(({ blocks }) => blocks),
    probesPerStep: sum(({ probes }) => probes),
    stepsPerSecond: spread(whole.map((each) => each.stepsPerSecond)),
    cpuMicrosPerStep: spread(whole.map((each) => each.cpuMicrosPerStep)),
  }
}

function markdown(rows: readonly Row[], machine: string): string {
  const head = ['', ...rows.map(({ contract, lane }) => `${contract}, ${lane}`)]
  const lines = [
    ['steps/s, end to end', ...rows.map((row) => spreadText(row.stepsPerSecond))],
    [
      'µs of processor time per step, end to end',
      ...rows.map((r) => spreadText(r.cpuMicrosPerStep)),
    ],
    ...STAGES.map((stage) => [
      `${stage}, µs per step`,
      ...rows.map(({ stages }) => spreadText(stages[stage] as Spread, 1)),
    ]),
    ['Anvil in execute, µs per step', ...rows.map(({ anvil }) => spreadText(anvil, 1))],
    ['blocks per step', ...rows.map(({ blocksPerStep }) => blocksPerStep.toFixed(2))],
    ['probes per step', ...rows.map(({ probesPerStep }) => probesPerStep.toFixed(2))],
  ]
  return [
    `${machine}.`,
    `${PROCESSES} processes × ${SECONDS} s end to end; stages warm, in one process; `,
    `${REPETITIONS} repetitions, medians (ranges).`,
    '',
    table(head, lines),
    '',
  ].join('\n')
}

const machine = machineFacts()
const rows: Row[] = []
for (const contract of CONTRACTS) {
  for (const lane of LANES) rows.push(await measureRow(contract, lane))
}
const record = { machine, seconds: SECONDS, repetitions: REPETITIONS, processes: PROCESSES, rows }
process.stdout.write(
  `${values.json ? JSON.stringify(record) : markdown(rows, machineText(machine))}\n`,
)
