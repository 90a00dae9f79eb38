/**
 * The two tables of a run for spreadsheets: `invariants.csv` and `steps.csv`.
 *
 * `steps.csv` holds every step of every failure and of the record's sample runs, told apart by the
 * columns `kind` and `id`; the other runs of a campaign are counted in the record and not stored.
 * Amounts are decimal strings in base units. Text that a spreadsheet would run as a formula is
 * defused with a leading apostrophe.
 */
import { stringify } from 'csv-stringify/sync'
import type { RunRecord } from './record.ts'
import { stepRows } from './stepRows.ts'
import type { StoredTrace } from './traceSchema.ts'
import { claimOutcome } from './verdict.ts'

export type Row = Readonly<Record<string, string | number | bigint | boolean | null>>

/** Rows under a line of column names. */
export function table(columns: readonly string[], rows: readonly Row[]): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    cast: { boolean: String, bigint: String },
  })
}

const INVARIANT_COLUMNS = [
  'protocol',
  'policy',
  'regime',
  'invariant',
  'statement',
  'formula',
  'verdict',
  'expected',
  'outcome',
  'witnesses',
  'checks',
  'counterexample',
  'note',
]

/** One row for each claim. */
export function invariantsCsv(record: RunRecord): string {
  return table(
    INVARIANT_COLUMNS,
    record.claims.map((claim) => ({ ...claim, outcome: claimOutcome(claim) })),
  )
}

const STEP_COLUMNS = [
  'kind',
  'id',
  'protocol',
  'policy',
  'regime',
  'run',
  'step',
  'agreement',
  'atSeconds',
  'by',
  'role',
  'action',
  'args',
  'edge',
  'predictedAccepted',
  'predictedError',
  'observedAccepted',
  'observedError',
  'stateAfter',
  'transfers',
  'gasUsed',
  'differs',
]

/** JSON in which amounts are decimal strings, as everywhere in CSV. */
function argsText(args: StoredTrace['steps'][number]['planned']['args']): string {
  return JSON.stringify(args, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))
}

interface TraceRows {
  readonly kind: 'failure' | 'sample'
  readonly id: string
  readonly regime: string
  readonly run: number
  readonly trace: StoredTrace
}

function traceRows({ kind, id, regime, run, trace }: TraceRows): readonly Row[] {
  return stepRows(trace).map((row, index) => {
    const step = trace.steps[index] as StoredTrace['steps'][number]
    const { predicted, observed, planned } = step
    return {
      kind,
      id,
      protocol: trace.protocol,
      policy: trace.policy,
      regime,
      run,
      step: row.number,
      agreement: row.agreement,
      atSeconds: row.atSeconds,
      by: row.by,
      role: row.role,
      action: row.action,
      args: argsText(planned.args),
      edge: row.edge,
      predictedAccepted: predicted.outcome.accepted,
      predictedError: predicted.outcome.error,
      observedAccepted: observed.outcome.accepted,
      observedError: observed.outcome.error,
      stateAfter: row.stateAfter,
      transfers: observed.transfers
        .map(({ token, from, to, amountUnits }) => `${from}>${to}:${amountUnits}:${token}`)
        .join(' '),
      gasUsed: row.gasUsed,
      differs: row.differs,
    }
  })
}

/** One row for each step of each failure and each sample run. */
export function stepsCsv(record: RunRecord): string {
  const failures = record.failures.flatMap((failure) =>
    traceRows({ ...failure, kind: 'failure', id: failure.id }),
  )
  const samples = record.samples.flatMap((sample) =>
    traceRows({ ...sample, kind: 'sample', id: `${sample.campaign}-${sample.run}` }),
  )
  return table(STEP_COLUMNS, [...failures, ...samples])
}
