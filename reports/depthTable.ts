/**
 * How deeply each protocol was checked, one row each, from run records: the table of the README.
 *
 * A figure that no record has is missing in its row and shown as a dash, and never as zero. Rows
 * are about the hardened policy, which makes the promises; canaries are of both, mutants of each.
 */
import { z } from 'zod'
import { pairFacts } from './coverageFacts.ts'
import type { RunRecord } from './record.ts'

const shareSchema = z.object({ reached: z.int().nonnegative(), of: z.int().nonnegative() })

export const depthRowSchema = z.object({
  protocol: z.string(),
  /** Edges of the machine, refusals included. */
  edges: shareSchema.optional(),
  /** Edges that followed each other, of those that meet in a state. */
  pairs: shareSchema.optional(),
  /** Killed mutants of those that are not equivalent to the contract. */
  mutants: shareSchema.optional(),
  /** The same of the contract as described. */
  mutantsAsDescribed: shareSchema.optional(),
  canaries: shareSchema.optional(),
  /** Actions of the counterexamples of all canaries that were caught, the median. */
  actionsMedian: z.number().nonnegative().optional(),
  /** Greatest depth of which everything was tried; null when nothing was left to try. */
  depth: z.int().nonnegative().nullable().optional(),
  /**
   * Conformance steps for each second of processor time, predicted, executed and judged; the median
   * of the repetitions.
   */
  stepsPerCpuSecond: z.number().nonnegative().optional(),
  /** These against the calls of Foundry's invariant tests on the same contract. */
  timesFoundry: z.number().nonnegative().optional(),
})

export type DepthRow = z.infer<typeof depthRowSchema>

/** What a measurement beside Foundry says of one protocol. */
export interface RatePair {
  readonly protocol: string
  readonly ours: readonly number[]
  readonly foundry: readonly number[]
}

/** What the records say, by protocol in the order in which they name them; later ones win. */
export function depthRows(
  records: readonly RunRecord[],
  rates: readonly RatePair[] = [],
): readonly DepthRow[] {
  const rows = new Map<string, DepthRow>()
  const add = (protocol: string, facts: Omit<DepthRow, 'protocol'>) => {
    rows.set(protocol, { protocol, ...rows.get(protocol), ...facts })
  }
  for (const record of records) {
    // An exploration reaches what its depth allows; edges are the campaigns' business.
    const campaigned = record.exploration === undefined ? record.coverage : []
    for (const coverage of campaigned.filter(isHardened)) {
      const reached = coverage.edges.filter(({ hits }) => hits > 0).length
      const pairs = pairFacts(coverage)
      add(coverage.protocol, {
        edges: { reached, of: coverage.edges.length },
        ...(pairs === null ? {} : { pairs: sumOf(pairs.accepted, pairs.refused) }),
      })
    }
    for (const mutation of record.mutations ?? []) {
      const mutants = mutantsOf(mutation)
      add(mutation.protocol, isHardened(mutation) ? { mutants } : { mutantsAsDescribed: mutants })
    }
    for (const protocol of new Set(record.canaries.map((canary) => canary.protocol))) {
      add(protocol, canariesOf(record, protocol))
    }
    for (const [protocol, depth] of depthsOf(record)) add(protocol, { depth })
  }
  for (const { protocol, ours, foundry } of rates) {
    const [stepsPerCpuSecond, calls] = [medianOf(ours), medianOf(foundry)]
    if (stepsPerCpuSecond === null || calls === null || calls === 0) continue
    add(protocol, { stepsPerCpuSecond, timesFoundry: stepsPerCpuSecond / calls })
  }
  return [...rows.values()]
}

/** Rows of an older table with what is newer put in its place. */
export function mergedRows(old: readonly DepthRow[], more: readonly DepthRow[]): DepthRow[] {
  const names = new Set([...old, ...more].map(({ protocol }) => protocol))
  const of = (rows: readonly DepthRow[], name: string) =>
    rows.find(({ protocol }) => protocol === name)
  return [...names].map((protocol) => ({ protocol, ...of(old, protocol), ...of(more, protocol) }))
}

const isHardened = ({ policy }: { readonly policy: string }) => policy === 'hardened'

type Share = z.infer<typeof shareSchema>

function sumOf(a: Share, b: Share): Share {
  return { reached: a.reached + b.reached, of: a.of + b.of }
}

type Mutation = NonNullable<RunRecord['mutations']>[number]

function mutantsOf({ counts, explainedEquivalent }: Mutation): Share {
  const { killed = 0, survived = 0 } = counts
  return { reached: killed, of: killed + survived - explainedEquivalent }
}

function canariesOf(record: RunRecord, protocol: string): Omit<DepthRow, 'protocol'> {
  const own = record.canaries.filter((canary) => canary.protocol === protocol)
  const caught = own.filter((canary) => canary.caught)
  // Defects of the simulated world have runs and no sequences of calls.
  const actions = caught.flatMap(({ traceFile, actions: count }) =>
    traceFile === null || count === null ? [] : [count],
  )
  const actionsMedian = medianOf(actions)
  return {
    canaries: { reached: caught.length, of: own.length },
    ...(actionsMedian === null ? {} : { actionsMedian }),
  }
}

/** Of the world of one agreement, by protocol; null when it was exhausted. */
function depthsOf(record: RunRecord): ReadonlyMap<string, number | null> {
  const own = record.exploration?.filter(isHardened).filter(({ world }) => world === 'one') ?? []
  return new Map(
    own.map(({ protocol, ending, explored }) => [
      protocol,
      ending === 'exhausted' ? null : explored,
    ]),
  )
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1].map((at) => sorted[at])
  return low === undefined || high === undefined ? null : (low + high) / 2
}

const COLUMNS: readonly (readonly [heading: string, cell: (row: DepthRow) => string])[] = [
  ['protocol', ({ protocol }) => `\`${protocol}\``],
  ['edges', ({ edges }) => shareText(edges)],
  ['pairs', ({ pairs }) => shareText(pairs)],
  ['mutants killed', ({ mutants }) => shareText(mutants) + percentText(mutants)],
  [
    'as described',
    (row) => shareText(row.mutantsAsDescribed) + percentText(row.mutantsAsDescribed),
  ],
  ['canaries caught', ({ canaries }) => shareText(canaries)],
  ['actions, median', ({ actionsMedian }) => numberText(actionsMedian)],
  ['depth exhausted', ({ depth }) => (depth === null ? 'all' : numberText(depth))],
  ['steps/CPU s', ({ stepsPerCpuSecond }) => numberText(stepsPerCpuSecond, 0)],
  ['× Foundry', ({ timesFoundry }) => numberText(timesFoundry, 2)],
]

const NOTHING = '–'

function shareText(share: Share | undefined): string {
  return share === undefined ? NOTHING : `${share.reached}/${share.of}`
}

/** Rounded down, so that only all of them are 100 %. */
function percentText(share: Share | undefined): string {
  if (share === undefined || share.of === 0) return ''
  return ` (${(Math.floor((1000 * share.reached) / share.of) / 10).toFixed(1)} %)`
}

function numberText(value: number | undefined, digits?: number): string {
  if (value === undefined) return NOTHING
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits ?? 0,
    maximumFractionDigits: digits ?? 1,
  })
}

/** The table in Markdown. */
export function depthTable(rows: readonly DepthRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(COLUMNS.map(([heading]) => heading)),
    line(COLUMNS.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(COLUMNS.map(([, cell]) => cell(row)))),
  ].join('\n')
}

export const TABLE_BEGIN = '<!-- depth: made by npm run docs:depth, from docs/depth.json -->'
export const TABLE_END = '<!-- depth: end -->'

/**
 * A document with the table between its marks.
 *
 * @throws Error when the marks are not there
 */
export function withDepthTable(document: string, rows: readonly DepthRow[]): string {
  const [before, rest] = document.split(TABLE_BEGIN)
  const after = rest?.split(TABLE_END)[1]
  if (before === undefined || after === undefined) throw new Error('the marks are missing')
  return `${before}${TABLE_BEGIN}\n\n${depthTable(rows)}\n\n${TABLE_END}${after}`
}
