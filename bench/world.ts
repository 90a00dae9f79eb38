/**
 * `npm run bench:world`: simulated sessions and events per second and core.
 *
 * Two tables: the world under each regime, with and without judging; and one plain hour, pings
 * every 5 s and no faults, in the world and in the same model as a loop of XState actors.
 * Processor time of this process, as other work on the machine disturbs that least. Prints
 * Markdown, or JSON with `--json`; writes nothing.
 */
import { parseArgs } from 'node:util'
import { CHAIN_PROFILES } from '../sim/chain/modelProfiles.ts'
import { REGIME_NAMES } from '../sim/faults/regimes.ts'
import type { WorldOptions } from '../sim/session-escrow/options.ts'
import { runWorld } from '../sim/session-escrow/world.ts'
import { sessionEscrowWorldInvariants } from '../sim/session-escrow/worldInvariants.ts'
import type { WorldRun } from '../sim/session-escrow/worldRun.ts'
import { runActors } from './internal/actorWorld.ts'
import {
  machineFacts,
  machineText,
  type Spread,
  spread,
  spreadText,
  table,
} from './internal/measure.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '150' },
    repetitions: { type: 'string', default: '7' },
  },
})
const RUNS = Number(values.runs)
const REPETITIONS = Number(values.repetitions)

interface Rates {
  readonly name: string
  readonly sessionsPerSecond: Spread
  readonly eventsPerSecond: Spread
  readonly eventsPerSession: number
}

interface Candidate {
  readonly name: string
  readonly runs: number
  /** Runs one session and returns the number of its events. */
  readonly session: (run: number) => number
}

/** Passes over all candidates take turns, so that other work on the machine meets all of them. */
function measure(candidates: readonly Candidate[]): readonly Rates[] {
  const seconds = candidates.map((): number[] => [])
  const events = candidates.map(() => 0)
  // The first pass warms the compiler of the JavaScript engine up; it does not count.
  for (let pass = 0; pass <= REPETITIONS; pass += 1) {
    for (const [index, { runs, session }] of candidates.entries()) {
      const before = process.cpuUsage()
      events[index] = 0
      for (let run = 0; run < runs; run += 1) events[index] += session(run)
      const { user, system } = process.cpuUsage(before)
      if (pass > 0) seconds[index]?.push((user + system) / 1e6)
    }
  }
  return candidates.map(({ name, runs }, index) => ({
    name,
    sessionsPerSecond: spread((seconds[index] ?? []).map((each) => runs / each)),
    eventsPerSecond: spread((seconds[index] ?? []).map((each) => (events[index] ?? 0) / each)),
    eventsPerSession: (events[index] ?? 0) / runs,
  }))
}

function judged(run: WorldRun): number {
  for (const { judge } of sessionEscrowWorldInvariants) judge(run)
  return run.eventCount
}

function regimeRates(): readonly Rates[] {
  const candidates = REGIME_NAMES.flatMap((regime): Candidate[] => {
    const options = (run: number): WorldOptions => ({ policy: 'hardened', regime, seed: 1, run })
    const world = (run: number) => runWorld(options(run)).eventCount
    const judging = (run: number) => judged(runWorld(options(run)))
    return [
      { name: regime, runs: RUNS, session: world },
      { name: `${regime}, judged`, runs: RUNS, session: judging },
    ]
  })
  return measure(candidates)
}

function plainHour(run: number): WorldRun {
  const profile = { ...CHAIN_PROFILES.l1, inclusionBps: 10_000, skippedSlotBps: 0 }
  return runWorld({
    ...{ policy: 'as-described', regime: 'none', seed: 1, run, profile },
    depositUnits: 360_000_000n,
    behaviour: {
      ...{ depositAtMs: 0, studentJoinDelayMs: 1_000, tutorJoinDelayMs: 1_000, topsUp: false },
      ...{ studentComes: true, tutorComes: true, patienceMs: 600_000, tutorForges: 'no' },
      ...{ callMs: 3_600_000, hangsUp: 'student', stranger: [] },
    },
  })
}

/** Both did the same: the same bill and the same pings. */
function checkSame(world: WorldRun): void {
  const actors = runActors(world)
  const pingCount = world.pings.student.length + world.pings.tutor.length
  const expected = `${world.endState.state} ${world.endState.billedSeconds} ${pingCount}`
  const found = `${actors.state} ${actors.billedSeconds} ${actors.pingCount}`
  if (found !== expected)
    throw new Error(`the actors end with ${found}, the world with ${expected}`)
}

function hourRates(): readonly Rates[] {
  const hour = plainHour(0)
  checkSame(hour)
  const world = (run: number) => plainHour(run).eventCount
  const actors = () => runActors(hour).eventCount
  return measure([
    { name: 'world, with records and fingerprint', runs: 40, session: world },
    { name: 'plain XState actors, without', runs: 5, session: actors },
  ])
}

const facts = machineFacts()
const regimes = regimeRates()
const hours = hourRates()
if (values.json) {
  process.stdout.write(`${JSON.stringify({ facts, regimes, hours }, null, 2)}\n`)
} else {
  const row = ({ name, sessionsPerSecond, eventsPerSecond, eventsPerSession }: Rates) => {
    const events = eventsPerSession.toLocaleString('en', { maximumFractionDigits: 0 })
    return [name, spreadText(sessionsPerSecond), spreadText(eventsPerSecond), events]
  }
  const head = (what: string) => [what, 'sessions/s/core', 'events/s/core', 'events/session']
  const text = [
    `${machineText(facts)}; median (least–most) of ${REPETITIONS} repetitions`,
    table(head('regime, policy hardened, 12 s blocks'), regimes.map(row)),
    table(head('one plain hour, policy as-described'), hours.map(row)),
  ]
  process.stdout.write(`${text.join('\n\n')}\n`)
}
