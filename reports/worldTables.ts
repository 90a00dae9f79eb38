/**
 * What `simulate` and `sweep` print: the numbers of the simulated world as tables of text.
 *
 * Pure. A number that the sample cannot carry is shown as a dash, never as a guess; intervals stand
 * in brackets beside what they are about, and every row says on how many samples it rests.
 */
import { actionMeans, gweiText, livenessSentence, unitsPerRun } from './costs.ts'
import type {
  Cost,
  Exposure,
  Latency,
  Leakage,
  Metric,
  RunRecord,
  Scope,
  ServiceLevel,
  Sweep,
} from './record.ts'
import { groupDigits } from './stepRows.ts'

const NONE = '–'

/** Aligned columns: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
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
export function timeText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 600_000) return `${(Math.round(ms / 100) / 10).toFixed(1)} s`
  return `${(Math.round(ms / 6_000) / 10).toFixed(1)} min`
}

/** Integers with groups of digits, others with what matters of their decimals. */
export function numberText(value: number | bigint | null | undefined): string {
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

function leakageRow(entry: Leakage): string {
  const { n, unit, causes, postDropMax, allowance, about = 'after a drop' } = entry
  if (n === 0) return `  leakage (${about}): no session had any chance of it`
  const amount = (value: number) =>
    unit === 'ms' ? timeText(value) : `${numberText(value)} ${unit}`
  const sum = causes.reduce((all, { total }) => all + total, 0)
  const split = causes.map(({ cause, total }) => {
    const percent = sum === 0 ? 0 : Math.round((total * 100) / sum)
    return `${cause} ${percent} %`
  })
  const bound = allowance === null ? '' : `, bound ${amount(allowance)}`
  const worst = `worst ${amount(postDropMax)}${bound}`
  return `  leakage (${about}): ${n} sessions, ${worst}; ${split.join(', ')}`
}

const percentText = (share: number) => `${Math.round(share * 1_000) / 10} %`

function serviceRows(levels: readonly ServiceLevel[]): readonly string[] {
  const [first] = levels
  if (first === undefined) return []
  const rows = levels.map((level) => {
    const { name, withinMs, n, met, late, failed, undecided, probability } = level
    const counts = [`${met}/${n}`, `${late}/${failed}/${undecided}`]
    if (probability === null) return [name, timeText(withinMs), ...counts, NONE]
    const { value, low, high } = probability
    const interval = `[${percentText(low)}, ${percentText(high)}]`
    return [name, timeText(withinMs), ...counts, `${percentText(value)} ${interval}`]
  })
  const block = `service level, blocks of ${timeText(first.blockIntervalMs)}`
  return aligned([[block, 'within', 'met', 'late/failed/undecided', 'probability'], ...rows])
}

/** Base units as tokens with at most six decimals, rounded down. */
export function tokensText(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0')
  const whole = groupDigits(BigInt(digits.slice(0, digits.length - decimals)))
  const rest = decimals === 0 ? '' : digits.slice(-decimals).slice(0, 6).replace(/0+$/, '')
  return rest === '' ? whole : `${whole}.${rest}`
}

function costRows(cost: Cost): readonly string[] {
  const { token, prices, runs, gas, livenessGas, protectedUnits } = cost
  const isAlive = protectedUnits !== null
  const actions = actionMeans(cost).map(({ action, isLiveness, gasEach, countMean, gasMean }) => [
    `${action}${isLiveness ? ' (sign of life)' : ''}`,
    numberText(countMean),
    numberText(gasEach),
    numberText(gasMean),
  ])
  const amount = (units: bigint) => tokensText(unitsPerRun(units, cost), token.decimals)
  const priced = prices.map(({ gwei, costUnits, livenessUnits, settledBps }) => [
    gweiText(gwei),
    amount(costUnits),
    settledBps === null ? NONE : percentText(settledBps / 10_000),
    ...(isAlive ? [amount(livenessUnits)] : []),
  ])
  const alive = isAlive ? [`signs of life (${token.name})`] : []
  const price = `price, 1 ether = ${groupDigits(cost.tokensPerEther)} tokens`
  const sentence = livenessSentence(cost)
  const guarded = isAlive ? `, protected ${amount(protectedUnits)} ${token.name}` : ''
  const signs = livenessGas === 0 ? '' : `, signs of life ${numberText(livenessGas / runs)}`
  return [
    `  cost of a session: gas ${numberText(gas / runs)}${signs}${guarded}`,
    ...aligned([['action', 'times', 'gas each', 'gas'], ...actions]),
    ...aligned([[price, token.name, 'of what was settled', ...alive], ...priced]),
    ...(sentence === null ? [] : [`  ${sentence}`]),
  ]
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

type Place = Scope & { readonly profile?: string | undefined }

const isIn = (place: Place) => (item: Place) =>
  item.protocol === place.protocol &&
  item.policy === place.policy &&
  item.regime === place.regime &&
  item.profile === place.profile

/** `, chain l2`, where a record says which. */
const chainText = ({ profile }: Place) => (profile === undefined ? '' : `, chain ${profile}`)

/** Latency, service levels, leakage, exposure, metrics and costs wherever there are any. */
export function simulationText(record: RunRecord): readonly string[] {
  const { regimes = [], latency = [], leakage = [], exposure = [], metrics = [] } = record
  const { serviceLevels = [], costs = [] } = record
  return regimes.flatMap((regime) => {
    const own = isIn(regime)
    const { protocol, policy } = regime
    return [
      '',
      `${protocol}, ${policy}, regime ${regime.regime}${chainText(regime)}: ${regime.runs} runs`,
      `  ${regime.summary}`,
      ...latencyRows(latency.filter(own)),
      ...serviceRows(serviceLevels.filter(own)),
      ...leakage.filter(own).map(leakageRow),
      ...exposureRows(exposure.filter(own)),
      ...metricRows(metrics.filter(own)),
      ...costs.filter(own).flatMap(costRows),
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
  return sweep.flatMap((each) => {
    const { points, objectives = [], axes = [] } = each
    const head = `${each.protocol}, ${each.policy}, regime ${each.regime}${chainText(each)}`
    const names = Object.keys(points[0]?.parameters ?? {})
    const heads = objectives.map((name) => {
      const axis = axes.find((known) => known.name === name)
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
    if (points.length === 0) return ['', `${head}: no point yet`]
    return [
      '',
      `${head}: ${points.length} points of ${runs} runs`,
      ...aligned([['', ...names, ...heads, bad > 0 ? 'violated' : ''], ...rows]),
      `  ★ Pareto set: ${best}   ✗ infeasible (a claim is violated): ${bad}`,
    ]
  })
}
