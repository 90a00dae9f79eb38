/**
 * A trace as rows to read: each step with what the model predicted beside what the contract did.
 *
 * Shared by every format, so that the terminal, the table and the page tell the same story. A fact
 * is listed when the step changed it or when the two accounts disagree about it; everything else
 * would only hide what matters.
 */
import type { StoredAccount, StoredDatum, StoredTrace, StoredWorldView } from './traceSchema.ts'

export interface StepFact {
  /** For instance `state of 0`, `transfers`, `plain6 of tutor0`. */
  readonly label: string
  /** Before the step; null for facts that belong to the step itself. */
  readonly before: string | null
  readonly predicted: string
  readonly observed: string
  readonly differs: boolean
}

export interface StepRow {
  /** From 1, as people count. */
  readonly number: number
  readonly agreement: number
  readonly atSeconds: number
  /** Seconds since the first step. */
  readonly sinceStartSeconds: number
  readonly by: string
  readonly role: string
  readonly action: string
  /** The attempt as a call, for instance `deposit(amount 100)`. */
  readonly call: string
  readonly edge: string
  readonly gasUsed: bigint
  /** Short outcome of either side: `accepted` or `refused: NotParty`. */
  readonly predicted: string
  readonly observed: string
  readonly stateAfter: string
  readonly facts: readonly StepFact[]
  /** Whether model and contract disagree about anything. */
  readonly differs: boolean
}

/** An integer in groups of three digits. */
export function groupDigits(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A term or argument for reading; long hexadecimal strings are shortened. */
export function datumText(value: StoredDatum): string {
  if (typeof value === 'bigint') return groupDigits(value)
  if (typeof value === 'string') {
    return /^0x[0-9a-f]{17,}$/i.test(value) ? `${value.slice(0, 8)}…${value.slice(-4)}` : value
  }
  if (typeof value !== 'object' || value === null) return String(value)
  return `{${namedText(value)}}`
}

function namedText(values: Readonly<Record<string, StoredDatum>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${datumText(value)}`)
    .join(', ')
}

export function stepRows(trace: StoredTrace): readonly StepRow[] {
  const startSeconds = trace.steps[0]?.planned.atSeconds ?? 0
  let before = trace.initial
  return trace.steps.map((step, index) => {
    const { planned, predicted, observed } = step
    const facts = stepFacts(before, predicted, observed)
    before = observed.after
    return {
      number: index + 1,
      agreement: planned.agreement,
      atSeconds: planned.atSeconds,
      sinceStartSeconds: planned.atSeconds - startSeconds,
      by: planned.by,
      role: step.role,
      action: planned.action,
      call: `${planned.action}(${namedText(planned.args)})`,
      edge: step.edge,
      gasUsed: step.gasUsed,
      predicted: outcomeText(predicted),
      observed: outcomeText(observed),
      stateAfter: observed.after.agreements[planned.agreement]?.state ?? '',
      facts,
      differs: facts.some(({ differs }) => differs),
    }
  })
}

function outcomeText({ outcome }: StoredAccount): string {
  return outcome.accepted ? 'accepted' : `refused: ${outcome.error ?? 'without a name'}`
}

const transfersText = ({ transfers }: StoredAccount) =>
  transfers
    .map(({ token, from, to, amountUnits }) => {
      return `${from} → ${to} ${groupDigits(amountUnits)} ${token}`
    })
    .join('; ')

const logsText = ({ logs }: StoredAccount) =>
  logs.map(({ name, args }) => `${name}(${namedText(args)})`).join('; ')

function stepFacts(
  before: StoredWorldView,
  predicted: StoredAccount,
  observed: StoredAccount,
): readonly StepFact[] {
  const own = (label: string, text: (account: StoredAccount) => string): StepFact => {
    const pair = { predicted: text(predicted), observed: text(observed) }
    return { label, before: null, ...pair, differs: pair.predicted !== pair.observed }
  }
  const ownFacts = [
    own('outcome', outcomeText),
    own('transfers', transfersText),
    own('events', logsText),
  ].filter((fact) => fact.predicted !== '' || fact.observed !== '')
  return [...ownFacts, ...viewFacts(before, predicted.after, observed.after)]
}

function viewFacts(
  before: StoredWorldView,
  predicted: StoredWorldView,
  observed: StoredWorldView,
): readonly StepFact[] {
  const [was, model, contract] = [flatten(before), flatten(predicted), flatten(observed)]
  const labels = new Set([...was.keys(), ...model.keys(), ...contract.keys()])
  return [...labels].flatMap((label) => {
    const [old, left, right] = [was, model, contract].map((view) => view.get(label) ?? 'none')
    if (old === undefined || left === undefined || right === undefined) return []
    if (old === left && left === right) return []
    return [{ label, before: old, predicted: left, observed: right, differs: left !== right }]
  })
}

/** Every observable by a readable name. */
function flatten(view: StoredWorldView): ReadonlyMap<string, string> {
  const agreements = view.agreements.flatMap(({ state, figures }, index) => [
    [`state of agreement ${index}`, state] as const,
    ...Object.entries(figures).map(
      ([name, figure]) => [`${name} of agreement ${index}`, groupDigits(figure)] as const,
    ),
  ])
  const balances = Object.entries(view.balances).flatMap(([token, holders]) =>
    Object.entries(holders).map(
      ([holder, units]) => [`${token} held by ${holder}`, groupDigits(units)] as const,
    ),
  )
  const accounts = Object.entries(view.accounts ?? {}).flatMap(([token, byName]) =>
    Object.entries(byName).map(
      ([name, units]) => [`${token} on account ${name}`, groupDigits(units)] as const,
    ),
  )
  return new Map([...agreements, ...balances, ...accounts])
}
