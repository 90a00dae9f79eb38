/**
 * Model against contract: the first difference, in words.
 *
 * Everything is compared after every step: outcome, error name, transfers, logs, the state and all
 * figures of every agreement, and every balance.
 */
import type {
  AgreementView,
  LogEntry,
  StepAccount,
  Trace,
  Transfer,
  WorldView,
} from '../../models/kit/trace.ts'

/** Id under which a difference between model and contract is reported. */
export const DIVERGENCE = 'DIVERGENCE'

export interface Divergence {
  readonly stepIndex: number
  /** What differs, the model's side first. */
  readonly evidence: string
}

/** The first step at which model and contract differ, or null. */
export function firstDivergence(trace: Trace): Divergence | null {
  let predictedBefore: WorldView = trace.initial
  let observedBefore: WorldView = trace.initial
  for (const [stepIndex, { predicted, observed }] of trace.steps.entries()) {
    const unchanged =
      predicted.after === predictedBefore && observed.after === observedBefore && stepIndex > 0
    const evidence = accountDifference(predicted, observed, unchanged)
    if (evidence !== null) return { stepIndex, evidence }
    predictedBefore = predicted.after
    observedBefore = observed.after
  }
  return null
}

function accountDifference(
  predicted: StepAccount,
  observed: StepAccount,
  viewsUnchanged: boolean,
): string | null {
  const said = ({ outcome }: StepAccount) => (outcome.accepted ? 'accepted' : `!${outcome.error}`)
  if (said(predicted) !== said(observed)) {
    return `outcome: model ${said(predicted)}, contract ${said(observed)}`
  }
  return (
    listDifference('transfers', predicted.transfers, observed.transfers, transferText) ??
    listDifference('logs', predicted.logs, observed.logs, logText) ??
    (viewsUnchanged ? null : viewDifference(predicted.after, observed.after))
  )
}

function listDifference<Item>(
  what: string,
  predicted: readonly Item[],
  observed: readonly Item[],
  text: (item: Item) => string,
): string | null {
  const length = Math.max(predicted.length, observed.length)
  for (let index = 0; index < length; index += 1) {
    const model = predicted[index]
    const contract = observed[index]
    const modelText = model === undefined ? 'nothing' : text(model)
    const contractText = contract === undefined ? 'nothing' : text(contract)
    if (modelText !== contractText) {
      return `${what} #${index + 1}: model ${modelText}, contract ${contractText}`
    }
  }
  return null
}

export function transferText({ token, from, to, amountUnits }: Transfer): string {
  return `${amountUnits} ${token} from ${from} to ${to}`
}

export function logText({ name, args }: LogEntry): string {
  const sorted = Object.keys(args).sort()
  return `${name}(${sorted.map((key) => `${key}: ${String(args[key])}`).join(', ')})`
}

function viewDifference(predicted: WorldView, observed: WorldView): string | null {
  for (const [index, model] of predicted.agreements.entries()) {
    const contract = observed.agreements[index]
    if (contract === undefined) return `agreement ${index}: the contract shows nothing`
    const difference = agreementDifference(model, contract)
    if (difference !== null) return `agreement ${index}: ${difference}`
  }
  return (
    unitsDifference('balance of', predicted.balances, observed.balances) ??
    unitsDifference('account', predicted.accounts, observed.accounts)
  )
}

function unitsDifference(
  what: string,
  predicted: WorldView['accounts'],
  observed: WorldView['accounts'],
): string | null {
  if (predicted === undefined || predicted === observed) return null
  for (const [token, model] of Object.entries(predicted)) {
    const contract = observed?.[token] ?? {}
    for (const [name, units] of Object.entries(model)) {
      if (contract[name] !== units) {
        return `${what} ${name} in ${token}: model ${units}, contract ${contract[name]}`
      }
    }
  }
  return null
}

function agreementDifference(model: AgreementView, contract: AgreementView): string | null {
  if (model.state !== contract.state) {
    return `state: model ${model.state}, contract ${contract.state}`
  }
  for (const [name, figure] of Object.entries(model.figures)) {
    if (contract.figures[name] !== figure) {
      return `${name}: model ${figure}, contract ${contract.figures[name]}`
    }
  }
  return null
}
