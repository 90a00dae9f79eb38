/**
 * What can be asked of the chain after each step of a trace, and what the answer should be.
 *
 * Balances whenever they move; states, figures and accounts where model and contract part, since
 * that is what a finding is about and a test of everything would hide it.
 */
import type { Holder, StepAccount, Trace, TraceStep, WorldView } from '../../models/kit/trace.ts'
import type { Place, Reader } from './reader.ts'

export type Check = {
  /** What is asked for, in words. */
  readonly what: string
  readonly value: bigint
  /** Whether model and contract give different answers. */
  readonly differs: boolean
} & (
  | { readonly kind: 'balance'; readonly token: string; readonly holder: Holder }
  | { readonly kind: 'word'; readonly place: Place }
)

type Side = 'predicted' | 'observed'

export interface ChecksOptions {
  readonly trace: Trace
  readonly reader: Reader
  /** Whose answers are expected. */
  readonly side: Side
  /** Step after which everything that its agreement shows is asked for. */
  readonly wholeAt?: number
}

/** The checks after each step. */
export function checksOf({ trace, reader, side, wholeAt }: ChecksOptions): readonly Check[][] {
  let before: Both = { predicted: trace.initial, observed: trace.initial }
  return trace.steps.map((step, index) => {
    const after = { predicted: step.predicted.after, observed: step.observed.after }
    const moment = { before, after, side, reader }
    const checks = [
      ...balanceChecks(moment),
      ...(index === wholeAt ? wholeChecks(moment, step) : differenceChecks(moment)),
    ]
    before = after
    return checks
  })
}

type Both = Readonly<Record<Side, WorldView>>

interface Moment {
  readonly before: Both
  readonly after: Both
  readonly side: Side
  readonly reader: Reader
}

/** A number of the picture, on both sides. */
interface Reading {
  readonly expected: bigint | undefined
  readonly differs: boolean
  /** Whether it has changed on either side. */
  readonly moved: boolean
}

function readingOf(
  { before, after, side }: Moment,
  pick: (view: WorldView) => bigint | undefined,
): Reading {
  const moved = (['predicted', 'observed'] as const).some(
    (each) => pick(before[each]) !== pick(after[each]),
  )
  const differs = pick(after.predicted) !== pick(after.observed)
  return { expected: pick(after[side]), differs, moved }
}

function balanceChecks(moment: Moment): Check[] {
  const balances = moment.after.predicted.balances
  return Object.entries(balances).flatMap(([token, holders]) =>
    Object.keys(holders).flatMap((holder): Check[] => {
      const { expected, differs, moved } = readingOf(
        moment,
        (view) => view.balances[token]?.[holder],
      )
      if (!moved || expected === undefined) return []
      const what = `balance of ${holder} in ${token}`
      return [{ kind: 'balance', token, holder, what, value: expected, differs }]
    }),
  )
}

/** States, figures and accounts on which the two sides have just begun to differ. */
function differenceChecks(moment: Moment): Check[] {
  const { after, reader } = moment
  const ofAgreements = after.predicted.agreements.flatMap((_, index) => [
    ...stateChecks(moment, index).filter(({ differs }) => differs),
    ...figureChecks(moment, index).filter(({ differs }) => differs),
  ])
  const ofAccounts = Object.entries(after.predicted.accounts ?? {}).flatMap(([token, accounts]) =>
    Object.keys(accounts).flatMap((name): Check[] => {
      const { expected, differs, moved } = readingOf(
        moment,
        (view) => view.accounts?.[token]?.[name],
      )
      const place = differs && moved ? reader.account(token, name) : null
      if (place === null || expected === undefined) return []
      return [{ kind: 'word', what: `${name} in ${token}`, place, value: expected, differs }]
    }),
  )
  return [...ofAgreements, ...ofAccounts]
}

function wholeChecks(moment: Moment, { planned }: TraceStep): Check[] {
  const { agreement } = planned
  return [...stateChecks(moment, agreement, true), ...figureChecks(moment, agreement, true)]
}

function stateChecks(moment: Moment, index: number, always = false): Check[] {
  const { before, after, side, reader } = moment
  const stateOf = (view: WorldView) => view.agreements[index]?.state ?? ''
  const differs = stateOf(after.predicted) !== stateOf(after.observed)
  const moved = (['predicted', 'observed'] as const).some(
    (each) => stateOf(before[each]) !== stateOf(after[each]),
  )
  if (!always && !(moved && differs)) return []
  const state = stateOf(after[side])
  const found = reader.state(index, state)
  if (found === null) return []
  const what = `state of #${index}, ${state}`
  return [{ kind: 'word', what, place: found.place, value: found.value, differs }]
}

function figureChecks(moment: Moment, index: number, always = false): Check[] {
  const figures = moment.after.predicted.agreements[index]?.figures ?? {}
  return Object.keys(figures).flatMap((name): Check[] => {
    const { expected, differs, moved } = readingOf(
      moment,
      (view) => view.agreements[index]?.figures[name],
    )
    if (expected === undefined || !(always || (moved && differs))) return []
    const place = moment.reader.figure(index, name)
    if (place === null) return []
    return [{ kind: 'word', what: `${name} of #${index}`, place, value: expected, differs }]
  })
}

/** Whether the two accounts of a step name different outcomes. */
export function outcomesDiffer(step: {
  readonly predicted: Pick<StepAccount, 'outcome'>
  readonly observed: Pick<StepAccount, 'outcome'>
}): boolean {
  const { accepted, error } = step.predicted.outcome
  return accepted !== step.observed.outcome.accepted || error !== step.observed.outcome.error
}
