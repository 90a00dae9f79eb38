/**
 * What all benchmarks share: the facts of the machine, processor time, medians and ranges.
 *
 * Absolute times mean nothing without the machine, and wall time means little on a machine that
 * does other work, so processor time is told beside it where the system tells it (Linux).
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'

/** Microseconds in one tick of /proc; the kernel's USER_HZ is 100 on all common systems. */
const TICK_US = 10_000

export interface MachineFacts {
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** Load of the last minute when the benchmark began; other work makes wall time worse. */
  readonly loadAverage: number
}

export function machineFacts(): MachineFacts {
  const cores = cpus()
  return {
    processor: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadAverage: loadavg()[0] ?? 0,
  }
}

/** First line of `<binary> --version`. */
export function versionOf(binary: string): string {
  return execFileSync(binary, ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? 'unknown'
}

/** Processor time of a process so far, in microseconds; 0 where the system does not tell. */
export function cpuMicrosOf(pid: number): number {
  const fields = statOf(pid)
  return fields === null ? 0 : (Number(fields[11]) + Number(fields[12])) * TICK_US
}

/** Processes that this one has started, and those that they have started, and so on. */
export function descendantsOf(pid: number): number[] {
  let all: { readonly pid: number; readonly parent: number }[]
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    all = pids.map((name) => ({ pid: Number(name), parent: Number(statOf(Number(name))?.[1]) }))
  } catch {
    return []
  }
  const childrenOf = (parent: number): number[] =>
    all
      .filter((each) => each.parent === parent)
      .flatMap((each) => [each.pid, ...childrenOf(each.pid)])
  return childrenOf(pid)
}

/** Fields of /proc/<pid>/stat after the name: state, parent, …, utime (11), stime (12). */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** Median and range of a few measurements. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  const lower = sorted[middle - 1] ?? upper
  const median = sorted.length % 2 === 1 ? upper : (lower + upper) / 2
  return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN }
}

/** `median (least–most)` with this many decimals. */
export function spreadText({ median, least, most }: Spread, decimals = 0): string {
  const text = (value: number) =>
    value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return `${text(median)} (${text(least)}–${text(most)})`
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** The facts as one line of Markdown. */
export function machineText(facts: MachineFacts): string {
  const { processor, cores, memoryGiB, system, node, loadAverage } = facts
  const load = loadAverage.toFixed(1)
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, load ${load}`
}
