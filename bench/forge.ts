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
import {
  campaignResult,
  type Finished,
  type Running,
  split,
  startCampaign,
} from './internal/processes.ts'

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

/** How long the first of the processes took to a finding. */
interface Hunt {
  /** From the start of the process. */
  readonly wholeSeconds: number
  /** Without the start: from the prepared Anvil, or what Foundry says that the test took. */
  readonly searchSeconds: number
}

interface Told {
  readonly found: string | null
  readonly seconds: number
}

/** Null for a miss. */
async function firstFinding(
  running: readonly Running[],
  told: (finished: Finished) => Told,
): Promise<Hunt | null> {
  let hunt: Hunt | null = null
  await Promise.all(
    running.map(async ({ finished }) => {
      const done = await finished
      // The others are ended then, and have nothing to say.
      if (hunt !== null) return
      const { found, seconds } = told(done)
      if (found === null) return
      hunt = { wholeSeconds: done.wallSeconds, searchSeconds: seconds }
      for (const each of running) each.end()
    }),
  )
  return hunt
}

function ourHunt(contract: string, seed: number): Promise<Hunt | null> {
  const order = { contract, lane: 'batch', seed, seconds: LIMIT_SECONDS, untilFound: true } as const
  return firstFinding(split(order, PROCESSES).map(startCampaign), campaignResult)
}

function foundryHunt(project: ForgeProject, contract: string, seed: number): Promise<Hunt | null> {
  const running = Array.from({ length: PROCESSES }, (_, index) =>
    project.start({ test: `${contract}Bench`, seed: seed * 100 + index, seconds: LIMIT_SECONDS }),
  )
  return firstFinding(running, forgeResult)
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
  readonly ours: readonly (Hunt | null)[]
  readonly foundry: readonly (Hunt | null)[]
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
    const ours: (Hunt | null)[] = []
    const foundry: (Hunt | null)[] = []
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      note(`${canary}: seed ${seed} of ${SEEDS}`)
      foundry.push(await foundryHunt(project, canary, seed))
      ours.push(await ourHunt(canary, seed))
      const told = [foundry, ours].map((all) => all.at(-1)?.wholeSeconds.toFixed(1) ?? 'missed')
      note(`  Foundry ${told[0]} s, ours ${told[1]} s`)
    }
    rows.push({ canary, ours, foundry })
  }
  return rows
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

function huntText(hunts: readonly (Hunt | null)[], what: keyof Hunt): string {
  const missed = hunts.filter((hunt) => hunt === null).length
  // A miss took at least the whole time, so it belongs into the median.
  const text = spreadText(spread(hunts.map((hunt) => hunt?.[what] ?? LIMIT_SECONDS)), 2)
  return missed === 0 ? text : `${text}, ${missed} of ${hunts.length} missed`
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
  const huntRows = hunts.map(({ canary, foundry, ours }) => [
    canary,
    huntText(foundry, 'wholeSeconds'),
    huntText(ours, 'wholeSeconds'),
    huntText(foundry, 'searchSeconds'),
    huntText(ours, 'searchSeconds'),
  ])
  const head = ['contract', 'Foundry calls/s', 'ours calls/s', 'ours / Foundry']
  return [
    `${machine}, ${versionOf(forgeBinary())}.`,
    `${PROCESSES} processes a side, ${REPETITIONS} × ${SECONDS} s, medians (ranges).`,
    '',
    table([...head, 'Foundry calls per CPU s', 'ours calls per CPU s'], rateRows),
    '',
    `Seconds to the first finding, with and without the start of the processes, ${SEEDS} seeds.`,
    '',
    table(
      ['canary', 'Foundry s', 'ours s', 'Foundry s, search alone', 'ours s, search alone'],
      huntRows,
    ),
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
