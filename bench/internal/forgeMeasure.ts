/**
 * Measures one protocol on both sides: the rate on the sound contracts, then the hunts.
 *
 * One process a side at a time, held on one core where the system can, its own children included:
 * so both sides have the same core, and one after the other.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Canary } from '../../contracts/canaries/canary.ts'
import { playerOf } from '../../property-tests/players.ts'
import { comparedCanaries, harnessOf, invariantName } from './forgeHarness.ts'
import {
  createForgeProject,
  type ForgeOrder,
  type ForgeProject,
  type ForgeResult,
  forgeBinary,
  forgeResult,
} from './forgeProject.ts'
import type { HuntRow, ProtocolRecord, Rate, RateRow } from './forgeRecord.ts'
import type { Hunt, HuntsOrder, HuntsResult } from './hunts.ts'
import { machineFacts, spread, versionOf } from './measure.ts'
import { campaignResult, canPin, startCampaign, startProgram } from './processes.ts'
import { subjectNamed } from './subjects.ts'

export interface ForgeOptions {
  /** Where all processes run. */
  readonly core: number
  readonly seconds: number
  readonly repetitions: number
  readonly seeds: number
  readonly limitSeconds: number
  /** Whether Foundry's shrinking is measured too, with the first seed. */
  readonly withShrinking: boolean
  /** Whether the rates are measured. */
  readonly withRates: boolean
  /** Canaries to hunt, by id; null for all, none for none. */
  readonly canaries: readonly string[] | null
  /** Part `at` of `of` of these canaries, so that a protocol can be measured in pieces. */
  readonly slice: { readonly at: number; readonly of: number }
}

const HUNTS = fileURLToPath(new URL('hunts.ts', import.meta.url))

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/**
 * Processor time of all processes that this one has started and that have ended, in seconds; 0
 * where the system does not tell.
 */
function endedCpuSeconds(): number {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[13]) + Number(fields[14])) / 100
  } catch {
    return 0
  }
}

/** Runs forge and tells what it found and used. */
async function forgeRun(project: ForgeProject, order: ForgeOrder) {
  const before = endedCpuSeconds()
  const finished = await project.start(order).finished
  const result = forgeResult(finished)
  return { ...result, wallSeconds: finished.wallSeconds, cpuSeconds: endedCpuSeconds() - before }
}

/** A search with shrinking, which knows no limit; null when it was ended for taking too long. */
async function forgeShrink(project: ForgeProject, order: ForgeOrder): Promise<ForgeResult | null> {
  const running = project.start({ ...order, isShrinking: true })
  const timer = setTimeout(() => running.end(), (order.seconds + START_SECONDS_MAX) * 1_000)
  const finished = await running.finished
  clearTimeout(timer)
  return finished.stdout.includes('finished in') ? forgeResult(finished) : null
}

const START_SECONDS_MAX = 3

/** What a start of forge takes: the same process with a test that does nothing. */
async function forgeStart(project: ForgeProject, protocol: string) {
  const subject = await subjectNamed(protocol, playerOf(protocol).binding.contractNames.hardened)
  const runs: { readonly wallSeconds: number; readonly cpuSeconds: number }[] = []
  for (let run = 0; run < 3; run += 1) {
    runs.push(await forgeRun(project, { subject, test: 'test_start', seed: 1, seconds: 1 }))
  }
  return {
    wallSeconds: spread(runs.map(({ wallSeconds }) => wallSeconds)).median,
    cpuSeconds: spread(runs.map(({ cpuSeconds }) => cpuSeconds)).median,
  }
}

/** Measures a sound contract on both sides in turns, and counts what the harness reaches. */
async function measureRate(
  project: ForgeProject,
  where: { readonly protocol: string; readonly contract: string; readonly startCpu: number },
  { seconds, repetitions, core }: ForgeOptions,
): Promise<{ readonly row: RateRow; readonly ourStarts: readonly number[] }> {
  const { protocol, contract, startCpu } = where
  const subject = await subjectNamed(protocol, contract)
  const ours: Rate[] = []
  const foundry: Rate[] = []
  const ourStarts: number[] = []
  const order = { subject, test: 'invariant_claims', seconds }
  for (let seed = 1; seed <= repetitions; seed += 1) {
    const theirs = await forgeRun(project, { ...order, seed })
    if (theirs.found !== null) throw new Error(`${contract} breaks ${theirs.found} in Foundry`)
    const cpuSeconds = theirs.cpuSeconds - startCpu
    foundry.push(rateOf({ ...theirs, cpuSeconds }))
    const lane = 'batch'
    const campaign = startCampaign({ protocol, contract, lane, seed, seconds, ...ALONE }, core)
    const finished = await campaign.finished
    const result = campaignResult(finished)
    ours.push(rateOf(result))
    ourStarts.push(finished.wallSeconds - result.seconds)
    const told = [foundry, ours].map((side) => side.at(-1)?.callsPerSecond.toFixed(0))
    note(`  ${contract}: Foundry ${told[0]} calls/s, ours ${told[1]} calls/s`)
  }
  const reached = await reachOf(project, { ...order, seed: 1 })
  return { row: { contract, ours, foundry, reached }, ourStarts }
}

/** How often the harness has each action accepted. */
async function reachOf(project: ForgeProject, order: ForgeOrder) {
  project.reached()
  const counted = await forgeRun(project, { ...order, isCounting: true })
  const reached = project.reached()
  const { name } = order.subject
  note(`  ${name}: of ${counted.calls} calls accepted: ${JSON.stringify(reached)}`)
  if (counted.found !== null) throw new Error(`${name} breaks ${counted.found} in Foundry`)
  const actions = Object.keys(reached)
  const never = actions.filter((action) => reached[action] === 0)
  if (actions.length === 0 || never.length > 0) {
    throw new Error(`${name} never accepted ${never} in the harness, which is not fair`)
  }
  return reached
}

/** Whether the harness is sound: no violation on the sound contracts, and every action reached. */
export async function checkHarness(
  protocol: string,
  { seconds, core }: ForgeOptions,
): Promise<void> {
  note(protocol)
  const project = createForgeProject(harnessOf(protocol).name, core)
  for (const contract of Object.values(playerOf(protocol).binding.contractNames)) {
    const subject = await subjectNamed(protocol, contract)
    await reachOf(project, { subject, test: 'invariant_claims', seed: 1, seconds })
  }
}

const ALONE = { offset: 0, stride: 1 } as const

function rateOf(side: {
  readonly calls: number
  readonly seconds: number
  readonly cpuSeconds: number
}): Rate {
  const { calls, seconds, cpuSeconds } = side
  const callsPerCpuSecond = cpuSeconds > 0 ? calls / cpuSeconds : Number.NaN
  return { calls, callsPerSecond: calls / seconds, callsPerCpuSecond }
}

async function ourHunts(order: HuntsOrder, core: number): Promise<HuntsResult> {
  const running = startProgram(HUNTS, order, core)
  const { stdout, stderr } = await running.finished
  const line = stdout.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(`the hunts ended without a result: ${stderr}`)
  return JSON.parse(line) as HuntsResult
}

interface HuntSetting {
  readonly seed: number
  readonly limitSeconds: number
  readonly isShrinking: boolean
}

/** One search of Foundry's, and if asked once more with shrinking. */
async function foundryHunt(
  project: ForgeProject,
  hunted: { readonly protocol: string; readonly canary: Canary; readonly startCpu: number },
  { seed, limitSeconds, isShrinking }: HuntSetting,
): Promise<Hunt | null> {
  const { protocol, canary, startCpu } = hunted
  const subject = await subjectNamed(protocol, canary.contract)
  const test = invariantName(canary.caughtBy)
  const order = { subject, test, seed, seconds: limitSeconds }
  const found = await forgeRun(project, order)
  if (found.found === null) return null
  const shrunk = isShrinking ? await forgeShrink(project, order) : null
  return {
    searchSeconds: found.seconds,
    searchCpuSeconds: Math.max(0, found.cpuSeconds - startCpu),
    calls: found.calls,
    shrunkSeconds: shrunk?.seconds ?? null,
    shrunkCalls: shrunk?.shownCalls ?? null,
  }
}

interface Hunting {
  readonly options: ForgeOptions
  readonly startCpu: number
  readonly onRows: (rows: readonly HuntRow[]) => void
}

async function measureHunts(
  project: ForgeProject,
  protocol: string,
  { options, startCpu, onRows }: Hunting,
): Promise<HuntRow[]> {
  const { limitSeconds, canaries, slice, core } = options
  const compared = comparedCanaries(protocol)
    .compared.filter(({ id }) => canaries === null || canaries.includes(id))
    .filter((_, index) => index % slice.of === slice.at)
  if (compared.length === 0) return []
  const seeds = Array.from({ length: options.seeds }, (_, index) => index + 1)
  const ids = compared.map(({ id }) => id)
  const ours = await ourHunts({ protocol, canaries: ids, seeds, limitSeconds }, core)
  const rows: HuntRow[] = []
  for (const canary of compared) {
    const foundry: (Hunt | null)[] = []
    for (const seed of seeds) {
      const hunted = { protocol, canary, startCpu }
      const isShrinking = options.withShrinking && seed === 1
      foundry.push(await foundryHunt(project, hunted, { seed, limitSeconds, isShrinking }))
    }
    const row = { canary: canary.id, claim: canary.caughtBy, ours: ours[canary.id] ?? [], foundry }
    rows.push(row)
    onRows(rows)
    const told = [row.foundry, row.ours].map((side) =>
      side.map((hunt) => hunt?.searchSeconds.toFixed(2) ?? 'missed').join(' '),
    )
    note(`  ${canary.id}: Foundry ${told[0]}, ours ${told[1]}`)
  }
  return rows
}

function startsOf(ours: readonly number[], foundry: number) {
  return ours.length === 0 ? null : { ours: spread(ours).median, foundry }
}

/**
 * Everything about one protocol, told as it grows: a measurement takes long and may be ended.
 *
 * @param onPart called with what there is, after the rates and after each canary
 */
export async function measureProtocol(
  protocol: string,
  options: ForgeOptions,
  onPart: (record: ProtocolRecord) => void,
): Promise<ProtocolRecord> {
  note(protocol)
  const machine = machineFacts()
  const project = createForgeProject(harnessOf(protocol).name, options.core)
  const start = await forgeStart(project, protocol)
  const rates: RateRow[] = []
  const ourStarts: number[] = []
  const { seconds, repetitions, limitSeconds } = options
  const recordWith = (hunts: readonly HuntRow[]): ProtocolRecord => ({
    measuredOn: new Date().toISOString().slice(0, 10),
    machine,
    forge: versionOf(forgeBinary()),
    isPinned: canPin,
    seconds,
    repetitions,
    limitSeconds,
    startSeconds: startsOf(ourStarts, start.wallSeconds),
    rates,
    hunts,
    notExpressed: comparedCanaries(protocol).others.map(({ canary }) => ({
      canary: canary.id,
      claim: canary.caughtBy,
    })),
  })
  const contracts = Object.values(playerOf(protocol).binding.contractNames)
  for (const contract of options.withRates ? contracts : []) {
    const where = { protocol, contract, startCpu: start.cpuSeconds }
    const rate = await measureRate(project, where, options)
    rates.push(rate.row)
    ourStarts.push(...rate.ourStarts)
  }
  onPart(recordWith([]))
  const onRows = (rows: readonly HuntRow[]) => onPart(recordWith(rows))
  const hunting = { options, startCpu: start.cpuSeconds, onRows }
  return recordWith(await measureHunts(project, protocol, hunting))
}
