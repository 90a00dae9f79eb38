/**
 * What `simulate` and `sweep` print: the numbers of the simulated world as tables of text.
 *
 * Pure. A number that the sample cannot carry is shown as a dash, never as a guess; intervals stand
 * in brackets beside what they are about, and every row says on how many samples it rests.
 */
import type { Exposure, Latency, Leakage, Metric, RunRecord, Scope, Sweep } from './record.ts'
import { groupDigits } from './stepRows.ts'

const NONE = '–'

/** Aligned columns: the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    })
    return `  ${cells.join('  ')}`.trimEnd()
  })
}

/** Milliseconds as a reader takes them in: `850 ms`, `47.2 s`, `12.5 min`. */
function timeText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 600_000) return `${(Math.round(ms / 100) / 10).toFixed(1)} s`
  return `${(Math.round(ms / 6_000) / 10).toFixed(1)} min`
}

/** Integers with groups of digits, others with what matters of their decimals. */
function numberText(value: number | bigint | null | undefined): string {
  if (value === null || value === undefined) return NONE
  if (typeof value === 'bigint' || Number.isInteger(value)) return groupDigits(value)
  const size = Math.abs(value)
  if (size >= 100) return groupDigits(Math.round(value))
  return size >= 1 ? value.toFixed(1) : value.toFixed(4)
}

function quantileText(entry: Latency, q: number, withInterval: boolean): string {
  const found = entry.quantiles.find((each) => each.q === q)
  if (found === undefined) return NONE
  const { valueMs, lowMs, highMs } = found
  if (!withInterval) return timeText(valueMs)
  return `${timeText(valueMs)} [${timeText(lowMs)}, ${timeText(highMs)}]`
}

function latencyRows(entries: readonly Latency[]): readonly string[] {
  const rows = entries.map((entry) => [
    entry.stage,
    String(entry.n),
    `${entry.failed}/${entry.undecided}`,
    quantileText(entry, 0.5, true),
    quantileText(entry, 0.95, true),
    quantileText(entry, 0.99, false),
    quantileText(entry, 1, false),
  ])
  return aligned([['latency', 'n', 'failed/undecided', 'p50', 'p95', 'p99', 'max'], ...rows])
}

function leakageRow({ n, causes, postDropMaxMs, allowanceMs }: Leakage): string {
  if (n === 0) return '  leakage after a drop: no session had a drop'
  const total = causes.reduce((sum, { totalMs }) => sum + totalMs, 0)
  const split = causes.map(({ cause, totalMs }) => {
    const percent = total === 0 ? 0 : Math.round((totalMs * 100) / total)
    return `${cause} ${percent} %`
  })
  const bound = allowanceMs === null ? '' : `, bound ${timeText(allowanceMs)}`
  const worst = `worst ${timeText(postDropMaxMs)}${bound}`
  return `  leakage after a drop: ${n} sessions, ${worst}; ${split.join(', ')}`
}

function exposureRows(entries: readonly Exposure[]): readonly string[] {
  return entries.map(({ party, worstUnits, boundUnits, breaches = 0, runs = 0 }) => {
    const bound = boundUnits === null ? '' : `, largest bound ${numberText(boundUnits)}`
    const broken = `over its bound in ${breaches} of ${runs} runs`
    return `  ${party} exposure: worst ${numberText(worstUnits)} base units${bound}, ${broken}`
  })
}

function metricRows(metrics: readonly Metric[]): readonly string[] {
  return aligned(
    metrics.map(({ metric, unit, n, value, low, high }) => [
      metric,
      `${numberText(value)} ${unit}`,
      low === null && high === null ? '' : `[${numberText(low)}, ${numberText(high)}]`,
      `n ${n}`,
    ]),
  )
}

const isIn = (scope: Scope) => (item: Scope) =>
  item.protocol === scope.protocol && item.policy === scope.policy && item.regime === scope.regime

/** Latency, leakage, exposure and metrics of every policy and regime. */
export function simulationText(record: RunRecord): readonly string[] {
  const { regimes = [], latency = [], leakage = [], exposure = [], metrics = [] } = record
  return regimes.flatMap((regime) => {
    const own = isIn(regime)
    return [
      '',
      `${regime.protocol}, ${regime.policy}, regime ${regime.regime}: ${regime.runs} runs`,
      `  ${regime.summary}`,
      ...latencyRows(latency.filter(own)),
      ...leakage.filter(own).map(leakageRow),
      ...exposureRows(exposure.filter(own)),
      ...metricRows(metrics.filter(own)),
    ]
  })
}

function outcomeText(point: Sweep['points'][number], name: string): string {
  const value = point.outcomes[name]
  const interval = point.intervals?.[name]
  if (value === undefined) return NONE
  if (interval === undefined) return numberText(value)
  return `${numberText(value)} [${numberText(interval.low)}, ${numberText(interval.high)}]`
}

/** All points of a sweep in the order of the grid; those of the Pareto set bear a star. */
export function sweepText({ sweep = [] }: RunRecord): readonly string[] {
  return sweep.flatMap(({ protocol, policy, regime, points, objectives = [], axes = [] }) => {
    const names = Object.keys(points[0]?.parameters ?? {})
    const heads = objectives.map((name) => {
      const axis = axes.find((each) => each.name === name)
      return `${name} (${axis?.unit ?? ''}, ${axis?.better === 'more' ? 'max' : 'min'})`
    })
    const rows = points.map((point) => [
      point.pareto ? '★' : point.feasible ? '·' : '✗',
      ...names.map((name) => String(point.parameters[name])),
      ...objectives.map((name) => outcomeText(point, name)),
      (point.violated ?? []).join(' '),
    ])
    const best = points.filter(({ pareto }) => pareto).length
    const bad = points.filter(({ feasible }) => !feasible).length
    const runs = points[0]?.n ?? 0
    if (points.length === 0) return ['', `${protocol}, ${policy}, regime ${regime}: no point yet`]
    return [
      '',
      `${protocol}, ${policy}, regime ${regime}: ${points.length} points of ${runs} runs`,
      ...aligned([['', ...names, ...heads, bad > 0 ? 'violated' : ''], ...rows]),
      `  ★ Pareto set: ${best}   ✗ infeasible (a claim is violated): ${bad}`,
    ]
  })
}
