/**
 * Every attempt worth trying in a state of withdrawal, and the setups from which all its edges can
 * be reached: the input of the paths campaign.
 *
 * That a payment of the bank counts once can only be seen beside another withdrawal; in the setup
 * that shows it a second one, of another teacher, is completed before the first begins. That money
 * is asked for twice needs a second one of the same teacher, pending when the first begins.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { HORIZON_SECONDS, type Moment, type RunSetup, START_SECONDS } from '../kit/player.ts'
import {
  agreementsOf,
  amountUnits,
  availableUnits,
  completerOf,
  type DrawnWithdrawal,
  deadline,
  grossFor,
  onAccount,
  TOKEN_KINDS,
} from './moves.ts'

const plain: DrawnWithdrawal = { teacher: 0, apart: 0, amount: 0 }
const BELOW_MINIMUM = 3
/** The reference with which the second withdrawal is completed. */
const USED_REFERENCE = 9n

function setupOf(caseIndex: number, kind: string, drawn: readonly DrawnWithdrawal[]): RunSetup {
  return { caseIndex, agreements: agreementsOf(caseIndex, TOKEN_KINDS.indexOf(kind), drawn) }
}

export const withdrawalPathSetups: readonly RunSetup[] = [
  setupOf(0, 'plain6', [plain]),
  setupOf(0, 'refusesAll', [plain]),
  setupOf(1, 'feeOnLargePull', [plain]),
  setupOf(0, 'plain6', [{ ...plain, amount: BELOW_MINIMUM }]),
  setupOf(0, 'plain6', [plain, { ...plain, teacher: 1 }]),
  setupOf(0, 'plain6', [plain, plain]),
]

/** Moments of time worth trying: now, a while later, and around the end of the bank's time. */
function times(moment: Moment, view: AgreementView): number[] {
  const { nowSeconds } = moment
  const end = deadline(moment, view)
  const around = end === null ? [] : [end - 1, end, end + 1]
  const ahead = around.filter((at) => at > nowSeconds && at < START_SECONDS + HORIZON_SECONDS)
  return [...new Set([nowSeconds, nowSeconds + 20, ...ahead])]
}

/** Whether the second withdrawal asks for money of the same teacher, in the same token. */
function isOverlapping({ cast: { agreements } }: Moment): boolean {
  const [first, second] = agreements
  return first?.roles.teacher === second?.roles.teacher && first?.token === second?.token
}

/**
 * What brings the second withdrawal to where the first one begins: pending if it is of the same
 * teacher, completed otherwise.
 */
function before(moment: Moment): readonly PlannedStep[] {
  const { cast, population, nowSeconds: atSeconds } = moment
  const second = cast.agreements[1]
  const view = population.view.agreements[1]
  if (second === undefined || view === undefined) return []
  const step = (action: string, by: string, args: PlannedStep['args'] = {}) => [
    { agreement: 1, action, by, atSeconds, args },
  ]
  switch (view.state) {
    case 'None':
      return availableUnits(moment, second) < amountUnits(second)
        ? step('credit', 'platform', { grossUnits: grossFor(moment, amountUnits(second)) })
        : step('request', second.roles.teacher as string)
    case 'Pending':
      return isOverlapping(moment) ? [] : step('approve', 'admin0')
    case 'Processing':
      if (isOverlapping(moment)) return []
      return step('complete', completerOf(cast.policy), { reference: USED_REFERENCE })
    default:
      return []
  }
}

export function withdrawalAlphabet(moment: Moment): readonly PlannedStep[] {
  const first = before(moment)
  if (first.length > 0) return first
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const participants = [agreement.roles.teacher as string, 'admin0', 'bank', 'platform', 'stranger']
  const steps: PlannedStep[] = []
  for (const atSeconds of times(moment, view)) {
    const add = (action: string, by: string, args: PlannedStep['args'] = {}) =>
      steps.push({ agreement: 0, action, by, atSeconds, args })
    for (const by of participants) {
      for (const action of ['request', 'approve', 'reject', 'bankFailed', 'cancel']) add(action, by)
      for (const reference of [1n, 0n, USED_REFERENCE]) add('complete', by, { reference })
      add('credit', by, { grossUnits: grossFor(moment, amountUnits(agreement)) })
      for (const to of ['elsewhere', 'nobody', by]) {
        for (const action of ['withdrawCommission', 'claim']) add(action, by, { to })
      }
    }
    add('approve', 'admin1')
    if (isOverlapping(moment)) {
      steps.push({ agreement: 1, action: 'approve', by: 'admin1', atSeconds, args: {} })
    }
    for (const grossUnits of [0n, 3n, 1_000_000n, AMOUNT_UNITS_MAX]) {
      add('credit', 'platform', { grossUnits })
    }
  }
  return steps
}

/** Withdrawals that agree in this are the same to the paths campaign. */
export function withdrawalAbstraction(moment: Moment): string {
  const { cast, population, nowSeconds } = moment
  const withdrawals = population.view.agreements.map((view) => {
    const isLate = nowSeconds >= (deadline(moment, view) ?? Number.POSITIVE_INFINITY)
    return `${view.state} ${(view.figures.claimBank ?? 0n) > 0n ? 'claim' : ''} ${isLate}`
  })
  const agreement = cast.agreements[0] as Agreement
  const available = availableUnits(moment, agreement)
  const covers = available >= amountUnits(agreement) ? 'covers' : 'short'
  const commission = onAccount(moment, agreement, 'commission') > 0n ? 'y' : 'n'
  return `${withdrawals.join(' / ')} ${covers} ${commission}`
}
