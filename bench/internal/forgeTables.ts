/**
 * The figures of `bench:forge` as Markdown, for the terminal and for the README between its
 * markers.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { canariesOf } from '../../property-tests/canaries.ts'
import { FORGE_DEPTH, FORGE_SHRINK_RUNS } from './forgeProject.ts'
import type { ForgeRecord, HuntRow, ProtocolRecord, Rate } from './forgeRecord.ts'
import type { Hunt } from './hunts.ts'
import { machineText, spread, spreadText, table } from './measure.ts'

const README = fileURLToPath(new URL('../README.md', import.meta.url))
const FROM = '<!-- bench:forge, written by --readme -->'
const TO = '<!-- end of bench:forge -->'

/** @throws Error when the README has no markers */
export function writeIntoReadme(record: ForgeRecord): void {
  const text = readFileSync(README, 'utf8')
  const [before, rest = ''] = text.split(FROM)
  const after = rest.split(TO)[1]
  if (before === undefined || after === undefined) throw new Error('the README has no markers')
  writeFileSync(README, `${before}${FROM}\n\n${recordMarkdown(record)}\n\n${TO}${after}`)
}

export function recordMarkdown(record: ForgeRecord): string {
  const entries = Object.entries(record).filter(
    ([, { rates, hunts }]) => rates.length + hunts.length > 0,
  )
  if (entries.length === 0) return 'No figures yet.'
  return [
    ...conditions(entries.map(([, each]) => each)),
    '',
    rateTable(entries),
    '',
    'Seconds of the search alone, medians (ranges) over all canaries and seeds; a miss counts as',
    `the whole limit. Quicker is who needs ${EVEN_SECONDS} s of processor time less, by the ` +
      'medians.',
    '',
    huntTable(entries),
    '',
    ...losses(entries),
    '',
    'Canary by canary, medians of the search in seconds of wall time, and of processor time.',
    '',
    canaryTable(entries),
    '',
    ...uncompared(entries),
  ].join('\n')
}

type Entry = [string, ProtocolRecord]

function conditions(records: readonly ProtocolRecord[]): string[] {
  const lines = records.map((each) => {
    const { machine, forge, isPinned, seconds, repetitions, limitSeconds, measuredOn } = each
    const seeds = each.hunts[0]?.ours.length ?? 0
    const loadless = machineText({ ...machine, loadAverage: 0 }).replace(/, load .*$/, '')
    const core = isPinned ? 'each side alone on one core' : 'each side on all cores'
    return (
      `${loadless}, ${forge}; measured on ${measuredOn}, ${core}; ` +
      (each.rates.length > 0 ? `rates ${repetitions} × ${seconds} s, ` : 'no rates, ') +
      `hunts of at most ${limitSeconds} s, seeds: ${seeds}.`
    )
  })
  const loads = spread(records.map(({ machine }) => machine.loadAverage))
  return [
    ...new Set(lines),
    `Load of the machine when a protocol began: ${spreadText(loads, 1)}. Foundry makes ` +
      `${FORGE_DEPTH} calls a run and as many runs as fit; its shrinking is off in a search and ` +
      `has its default of ${FORGE_SHRINK_RUNS.toLocaleString('en')} runs where shrinking is told.`,
  ]
}

const rateSpread = (side: readonly Rate[], pick: (rate: Rate) => number) => spread(side.map(pick))

function rateTable(entries: readonly Entry[]): string {
  const rows = entries.flatMap(([, { rates, startSeconds }]) =>
    rates.map(({ contract, foundry, ours }) => {
      const cpu = (rate: Rate) => rate.callsPerCpuSecond
      const ratio = rateSpread(ours, cpu).median / rateSpread(foundry, cpu).median
      return [
        contract,
        spreadText(rateSpread(foundry, (rate) => rate.callsPerSecond)),
        spreadText(rateSpread(ours, (rate) => rate.callsPerSecond)),
        spreadText(rateSpread(foundry, cpu)),
        spreadText(rateSpread(ours, cpu)),
        ratio.toFixed(2),
        `${startSeconds?.foundry.toFixed(1)} / ${startSeconds?.ours.toFixed(1)}`,
      ]
    }),
  )
  const head = ['contract', 'Foundry calls/s', 'ours calls/s']
  const perCpu = ['Foundry calls per CPU s', 'ours calls per CPU s', 'ours / Foundry']
  return table([...head, ...perCpu, 'start s, Foundry / ours'], rows)
}

/** Null when half of the seeds missed, or when it was not measured. */
function medianOf(hunts: readonly (Hunt | null)[], pick: (hunt: Hunt) => number): number | null {
  // A miss took longer than anything that was found.
  const values = hunts.map((hunt) => (hunt === null ? Number.POSITIVE_INFINITY : pick(hunt)))
  const told = values.filter((value) => !Number.isNaN(value))
  const { median } = spread(told)
  return told.length > 0 && Number.isFinite(median) ? median : null
}

const searchOf = (hunt: Hunt) => hunt.searchSeconds
const cpuOf = (hunt: Hunt) => hunt.searchCpuSeconds
const shrunkOf = (hunt: Hunt) => hunt.shrunkSeconds ?? Number.NaN

type Side = 'ours' | 'foundry'

/** Median and range over the canaries and seeds of a protocol; a miss took the whole limit. */
function spreadOf({ hunts, limitSeconds }: ProtocolRecord, side: Side, pick: (h: Hunt) => number) {
  const values = hunts.flatMap((row) =>
    row[side].map((hunt) => (hunt === null ? limitSeconds : pick(hunt))),
  )
  const told = values.filter((value) => !Number.isNaN(value))
  return told.length === 0 ? '–' : spreadText(spread(told), 2)
}

/** How often a side did not find a canary in time, of all hunts. */
function missesOf(rows: readonly HuntRow[], side: Side): string {
  const hunts = rows.flatMap((row) => row[side])
  return `${hunts.filter((hunt) => hunt === null).length} of ${hunts.length}`
}

/** Foundry's start is taken off what it used, which is no surer than this. */
const EVEN_SECONDS = 0.3

interface Comparison {
  readonly foundry: number
  readonly ours: number
  readonly even: number
}

/** On how many canaries a side needed clearly less processor time. */
function winsOf(rows: readonly HuntRow[]): Comparison {
  let foundry = 0
  let ours = 0
  for (const row of rows) {
    const theirs = medianOf(row.foundry, cpuOf) ?? Number.POSITIVE_INFINITY
    const own = medianOf(row.ours, cpuOf) ?? Number.POSITIVE_INFINITY
    if (theirs === own || Math.abs(theirs - own) <= EVEN_SECONDS) continue
    if (theirs < own) foundry += 1
    else ours += 1
  }
  return { foundry, ours, even: rows.length - foundry - ours }
}

function huntTable(entries: readonly Entry[]): string {
  const rows = entries.map(([protocol, record]) => {
    const { hunts } = record
    const wins = winsOf(hunts)
    return [
      protocol,
      `${hunts.length} of ${canariesOf(protocol).length}`,
      spreadOf(record, 'foundry', searchOf),
      spreadOf(record, 'ours', searchOf),
      hunts.some(({ foundry }) => foundry.some((hunt) => hunt?.shrunkSeconds != null))
        ? spreadOf(record, 'foundry', shrunkOf)
        : 'not measured',
      spreadOf(record, 'ours', shrunkOf),
      missesOf(hunts, 'foundry'),
      missesOf(hunts, 'ours'),
      `${wins.foundry} / ${wins.even} / ${wins.ours}`,
    ]
  })
  return table(
    [
      'protocol',
      'canaries measured',
      'Foundry s',
      'ours s',
      'Foundry s, with shrinking',
      'ours s, with shrinking',
      'Foundry missed',
      'ours missed',
      'quicker: Foundry / even / ours',
    ],
    rows,
  )
}

/** Where Foundry does better: computed, so that nobody can leave it out. */
function losses(entries: readonly Entry[]): string[] {
  const slower = entries.flatMap(([, { rates }]) =>
    rates.flatMap(({ contract, ours, foundry }) => {
      const cpu = (rate: Rate) => rate.callsPerCpuSecond
      const ratio = rateSpread(foundry, cpu).median / rateSpread(ours, cpu).median
      return ratio > 1 ? [`${contract} (${ratio.toFixed(1)} times)`] : []
    }),
  )
  const later = entries.flatMap(([protocol, { hunts }]) =>
    hunts.flatMap(({ canary, ours, foundry }) => {
      const theirs = medianOf(foundry, cpuOf)
      const own = medianOf(ours, cpuOf)
      if (theirs === null) return []
      if (own === null) return [`${protocol}/${canary} (not found)`]
      const isLater = own - theirs > EVEN_SECONDS
      return isLater ? [`${protocol}/${canary} (${theirs.toFixed(2)} / ${own.toFixed(2)} s)`] : []
    }),
  )
  const text = (all: readonly string[]) => (all.length === 0 ? 'nowhere' : all.join(', '))
  return [
    '**Where we lose.**',
    '',
    `- Foundry makes more calls per second of processor time: ${text(slower)}.`,
    `- Foundry finds a canary with clearly less of it (Foundry / ours): ${text(later)}.`,
  ]
}

function huntText(hunts: readonly (Hunt | null)[], limitSeconds: number): string {
  const median = medianOf(hunts, searchOf)
  const missed = hunts.filter((hunt) => hunt === null).length
  if (median === null) return `not found in ${limitSeconds} s`
  const cpu = medianOf(hunts, cpuOf)
  const text = `${median.toFixed(2)} (${cpu?.toFixed(2)})`
  return missed === 0 ? text : `${text}, ${missed} of ${hunts.length} missed`
}

function callsText(hunts: readonly (Hunt | null)[]): string {
  const calls = medianOf(hunts, (hunt) => hunt.calls)
  if (calls === null) return '–'
  const shrunk = medianOf(hunts, (hunt) => hunt.shrunkCalls ?? Number.NaN)
  return shrunk === null ? `${calls}` : `${calls} → ${shrunk}`
}

function canaryTable(entries: readonly Entry[]): string {
  const rows = entries.flatMap(([protocol, { hunts, limitSeconds }]) =>
    hunts.map(({ canary, claim, ours, foundry }) => [
      `${protocol}/${canary}`,
      claim,
      huntText(foundry, limitSeconds),
      huntText(ours, limitSeconds),
      callsText(ours),
    ]),
  )
  const head = ['canary', 'claim', 'Foundry s (CPU s)', 'ours s (CPU s)']
  return table([...head, 'our calls → shrunk'], rows)
}

function uncompared(entries: readonly Entry[]): string[] {
  const all = entries.flatMap(([protocol, { notExpressed }]) =>
    notExpressed.map(({ canary, claim }) => `${protocol}/${canary} (${claim})`),
  )
  const names = all.length === 0 ? 'none' : all.join(', ')
  return [`Not compared, as the harness does not express the claim: ${all.length}: ${names}.`]
}
