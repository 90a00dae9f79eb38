/**
 * `npm run bench:forge`: a Foundry invariant test and our conformance campaign of the same
 * contract, for the same time, on the same cores, in one command.
 *
 * Counts calls: one action by one participant is one call on both sides; what either reads to judge
 * it is not counted. Then both hunt five canaries with several seeds. Prints Markdown, or JSON with
 * `--json`; writes nothing into the project.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import {
  createForgeProject,
  type ForgeProject,
  forgeBinary,
  forgeResult,
} from './internal/forgeProject.ts'
import {
  machineFacts,
  machineText,
  type Spread,
  spread,
  spreadText,
  table,
  versionOf,
} from './internal/measure.ts'
import { campaignResult, type Finished, split, startCampaign } from './internal/processes.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    repetitions: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '5' },
    limit: { type: 'string', default: '60' },
  },
})
const SECONDS = Number(values.seconds)
const REPETITIONS = Number(values.repetitions)
const SEEDS = Number(values.seeds)
/** A hunt that takes longer counts as missed. */
const LIMIT_SECONDS = Number(values.limit)
/** Processes on each side: Foundry checks one invariant on one core. */
const PROCESSES = Math.min(2, availableParallelism())

const RATED = [
  ['SessionEscrowAsDescribed', 'AsDescribedBench'],
  ['SessionEscrowHardened', 'HardenedBench'],
] as const
const HUNTED = [
  'CapForgotten',
  'SettleTwice',
  'FeeOfDeposit',
  'StartByOneParty',
  'DustLeftBehind',
] as const

/** One side of one measurement, its processes together. */
interface Rate {
  readonly callsPerSecond: number
  /** Calls for each second of processor time. */
  readonly callsPerCpuSecond: number
}

async function ourRate(contract: string, seed: number): Promise<Rate> {
  const order = { contract, lane: 'batch', seed, seconds: SECONDS, untilFound: false } as const
  const running = split(order, PROCESSES).map(startCampaign)
  const results = await Promise.all(running.map(async ({ finished }) => finished))
  return rateOf(results.map(campaignResult))
}

async function foundryRate(project: ForgeProject, test: string, seed: number): Promise<Rate> {
  const running = Array.from({ length: PROCESSES }, (_, index) =>
    project.start({ test, seed: seed * 100 + index, seconds: SECONDS }),
  )
  const results = await Promise.all(
    running.map(async ({ finished }) => {
      const done = await finished
      return { ...forgeResult(done), cpuSeconds: done.cpuSeconds }
    }),
  )
  return rateOf(results)
}

function rateOf(
  sides: readonly {
    readonly calls: number
    readonly seconds: number
    readonly cpuSeconds: number
  }[],
): Rate {
  const callsPerSecond = sides.reduce((sum, { calls, seconds }) => sum + calls / seconds, 0)
  const calls = sides.reduce((sum, side) => sum + side.calls, 0)
  const cpuSeconds = sides.reduce((sum, side) => sum + side.cpuSeconds, 0)
  return { callsPerSecond, callsPerCpuSecond: cpuSeconds > 0 ? calls / cpuSeconds : Number.NaN }
}

/** Seconds until the first of the processes has a finding, start included; null for a miss. */
async function firstFinding(
  running: readonly { readonly finished: Promise<Finished>; end(): void }[],
  foundIn: (finished: Finished) => string | null,
): Promise<number | null> {
  let seconds: number | null = null
  await Promise.all(
    running.map(async ({ finished }) => {
      const done = await finished
      // The others are ended then, and have nothing to say.
      if (seconds !== null || foundIn(done) === null) return
      seconds = done.wallSeconds
      for (const each of running) each.end()
    }),
  )
  return seconds
}

function ourHunt(contract: string, seed: number): Promise<number | null> {
  const order = { contract, lane: 'batch', seed, seconds: LIMIT_SECONDS, untilFound: true } as const
  const running = split(order, PROCESSES).map(startCampaign)
  return firstFinding(running, (finished) => campaignResult(finished).found)
}

function foundryHunt(project: ForgeProject, contract: string, seed: number) {
  const running = Array.from({ length: PROCESSES }, (_, index) =>
    project.start({ test: `${contract}Bench`, seed: seed * 100 + index, seconds: LIMIT_SECONDS }),
  )
  return firstFinding(running, (finished) => forgeResult(finished).found)
}

interface RateRow {
  readonly contract: string
  readonly ours: Spread
  readonly foundry: Spread
  readonly ratio: Spread
  readonly oursPerCpu: Spread
  readonly foundryPerCpu: Spread
}

interface HuntRow {
  readonly canary: string
  readonly oursSeconds: readonly (number | null)[]
  readonly foundrySeconds: readonly (number | null)[]
}

async function measureRates(project: ForgeProject): Promise<RateRow[]> {
  const rows: RateRow[] = []
  for (const [contract, test] of RATED) {
    const pairs: { readonly ours: Rate; readonly foundry: Rate }[] = []
    for (let repetition = 1; repetition <= REPETITIONS; repetition += 1) {
      note(`${contract}: ${repetition} of ${REPETITIONS}, ${SECONDS} s each side`)
      const foundry = await foundryRate(project, test, repetition)
      const ours = await ourRate(contract, repetition)
      pairs.push({ foundry, ours })
      const told = [foundry, ours].map(({ callsPerSecond }) => callsPerSecond.toFixed(0))
      note(`  Foundry ${told[0]} calls/s, ours ${told[1]} calls/s`)
    }
    const of = (pick: (pair: (typeof pairs)[number]) => number) => spread(pairs.map(pick))
    rows.push({
      contract,
      ours: of(({ ours }) => ours.callsPerSecond),
      foundry: of(({ foundry }) => foundry.callsPerSecond),
      ratio: of(({ ours, foundry }) => ours.callsPerSecond / foundry.callsPerSecond),
      oursPerCpu: of(({ ours }) => ours.callsPerCpuSecond),
      foundryPerCpu: of(({ foundry }) => foundry.callsPerCpuSecond),
    })
  }
  return rows
}

async function measureHunts(project: ForgeProject): Promise<HuntRow[]> {
  const rows: HuntRow[] = []
  for (const canary of HUNTED) {
    const oursSeconds: (number | null)[] = []
    const foundrySeconds: (number | null)[] = []
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      note(`${canary}: seed ${seed} of ${SEEDS}`)
      foundrySeconds.push(await foundryHunt(project, canary, seed))
      oursSeconds.push(await ourHunt(canary, seed))
      const told = [foundrySeconds, oursSeconds].map((all) => all.at(-1)?.toFixed(1) ?? 'missed')
      note(`  Foundry ${told[0]} s, ours ${told[1]} s`)
    }
    rows.push({ canary, oursSeconds, foundrySeconds })
  }
  return rows
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

function huntText(seconds: readonly (number | null)[]): string {
  const found = seconds.filter((each) => each !== null)
  const missed = seconds.length - found.length
  // A miss took at least the whole time, so it belongs into the median.
  const text = spreadText(spread(seconds.map((each) => each ?? LIMIT_SECONDS)), 1)
  return missed === 0 ? text : `${text}, ${missed} of ${seconds.length} missed`
}

function markdown(rates: readonly RateRow[], hunts: readonly HuntRow[], machine: string): string {
  const rateRows = rates.map((row) => [
    row.contract,
    spreadText(row.foundry),
    spreadText(row.ours),
    spreadText(row.ratio, 2),
    spreadText(row.foundryPerCpu),
    spreadText(row.oursPerCpu),
  ])
  const huntRows = hunts.map(({ canary, foundrySeconds, oursSeconds }) => {
    const ratio =
      spread(oursSeconds.map((each) => each ?? LIMIT_SECONDS)).median /
      spread(foundrySeconds.map((each) => each ?? LIMIT_SECONDS)).median
    return [canary, huntText(foundrySeconds), huntText(oursSeconds), ratio.toFixed(2)]
  })
  const head = ['contract', 'Foundry calls/s', 'ours calls/s', 'ours / Foundry']
  return [
    `${machine}, ${versionOf(forgeBinary())}.`,
    `${PROCESSES} processes a side, ${REPETITIONS} × ${SECONDS} s, medians (ranges).`,
    '',
    table([...head, 'Foundry calls per CPU s', 'ours calls per CPU s'], rateRows),
    '',
    `Seconds to the first finding, start of the processes included, ${SEEDS} seeds.`,
    '',
    table(['canary', 'Foundry s', 'ours s', 'ours / Foundry'], huntRows),
    '',
  ].join('\n')
}

const machine = machineFacts()
const project = createForgeProject()
try {
  const rates = await measureRates(project)
  const hunts = await measureHunts(project)
  const record = { machine, seconds: SECONDS, repetitions: REPETITIONS, rates, hunts }
  const text = values.json ? JSON.stringify(record) : markdown(rates, hunts, machineText(machine))
  process.stdout.write(`${text}\n`)
} finally {
  project.remove()
}
