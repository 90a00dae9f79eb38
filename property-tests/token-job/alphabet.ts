/**
 * Every attempt worth trying in a state of token-job, and the setups from which all its edges can
 * be reached: the input of the paths campaign.
 *
 * Accounts go on over all jobs of a host, so a job without a proof can still be the one by way of
 * which earnings are withdrawn. In the setup that shows this a second job comes before the first.
 */
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { JOB_PARTICIPANTS, RECEIPT_KINDS } from '../../models/token-job/cast.ts'
import { HORIZON_SECONDS, type Moment, type RunSetup, START_SECONDS } from '../kit/player.ts'
import {
  affordable,
  agreementsOf,
  type DrawnJob,
  deadline,
  ENDLESS_UNITS,
  onAccount,
  TOKEN_KINDS,
} from './moves.ts'

const plain: DrawnJob = { user: 0, host: 0, token: 0, price: 0, deposit: 0, duration: 0 }
const tokenNamed = (kind: string) => TOKEN_KINDS.indexOf(kind)
const refusing = { ...plain, token: tokenNamed('refusesAll') }

export const jobPathSetups: readonly RunSetup[] = [
  [plain],
  [refusing, refusing],
  [{ ...plain, token: tokenNamed('feeOnTransfer') }],
  ...[2, 3, 4].map((host) => [{ ...plain, host }]),
  [{ ...plain, price: 5 }],
  [{ ...plain, duration: 4 }],
  [{ ...plain, deposit: 5 }],
].map((drawn) => ({ caseIndex: 0, agreements: agreementsOf(drawn) }))

/** Moments of time worth trying: now, a while later, and around the next deadline. */
function times(moment: Moment, agreement: Agreement, view: AgreementView): number[] {
  const { nowSeconds } = moment
  const end = deadline(moment, agreement, view)
  const around = end === null ? [] : [end - 1, end, end + 1]
  const ahead = around.filter((at) => at > nowSeconds && at < START_SECONDS + HORIZON_SECONDS)
  return [...new Set([nowSeconds, nowSeconds + 20, ...ahead])]
}

/** What brings the second job to its first proof, after which the first one begins. */
function before(moment: Moment): readonly PlannedStep[] {
  const { cast, population, nowSeconds: atSeconds } = moment
  const second = cast.agreements[1]
  const view = population.view.agreements[1]
  if (second === undefined || view === undefined || view.figures.provenTokens !== 0n) return []
  const { user, host } = second.roles as { user: string; host: string }
  const step = (action: string, by: string, args: PlannedStep['args'] = {}) => [
    { agreement: 1, action, by, atSeconds, args },
  ]
  if (view.state === 'None') {
    return step('approve', user, { amountUnits: second.terms.depositUnits as bigint })
  }
  if (view.state === 'Approved') return step('createSession', user)
  return step('submitProof', host, { cumulativeTokens: 100n, receipt: 'genuine' })
}

export function jobAlphabet(moment: Moment): readonly PlannedStep[] {
  const first = before(moment)
  if (first.length > 0) return first
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const { user, host } = agreement.roles as { user: string; host: string }
  const everyone = [user, host, 'treasury', 'stranger']
  const participants = everyone.filter((by) => JOB_PARTICIPANTS.includes(by as never))
  const deposit = agreement.terms.depositUnits as bigint
  const steps: PlannedStep[] = []
  for (const atSeconds of times(moment, agreement, view)) {
    const add = (action: string, by: string, args: PlannedStep['args'] = {}) =>
      steps.push({ agreement: 0, action, by, atSeconds, args })
    for (const by of participants) {
      for (const action of ['createSession', 'endSession', 'timeout']) add(action, by)
      add('approve', by, { amountUnits: deposit })
      for (const to of ['elsewhere', 'nobody', by]) {
        for (const action of ['withdrawEarnings', 'withdrawTreasury', 'claim']) {
          add(action, by, { to })
        }
      }
    }
    for (const amountUnits of [0n, deposit - 1n, ENDLESS_UNITS]) {
      if (amountUnits >= 0n) add('approve', user, { amountUnits })
    }
    const proven = view.figures.provenTokens ?? 0n
    const most = affordable(agreement)
    for (const cumulativeTokens of [proven, proven + 1n, most, most + 1n]) {
      if (participants.includes(host)) {
        add('submitProof', host, { cumulativeTokens, receipt: 'genuine' })
      }
    }
    for (const kind of RECEIPT_KINDS) {
      const cumulativeTokens = proven + 1n
      add('submitProof', host, { cumulativeTokens, receipt: kind })
    }
    add('submitProof', host, { cumulativeTokens: proven + 1n, receipt: null })
    add('submitProof', 'stranger', { cumulativeTokens: proven + 1n, receipt: 'genuine' })
  }
  return steps.filter(({ by }) => JOB_PARTICIPANTS.includes(by as never))
}

/** Jobs that agree in this are the same to the paths campaign. */
export function jobAbstraction(moment: Moment): string {
  const { cast, population, nowSeconds } = moment
  const jobs = population.view.agreements.map(({ state, figures }, index) => {
    const flag = (name: string) => ((figures[name] ?? 0n) > 0n ? 'y' : 'n')
    const open = state === 'Ending' && (figures.endsAt ?? 0n) > BigInt(nowSeconds)
    const deposit = cast.agreements[index]?.terms.depositUnits as bigint
    const short = state === 'Approved' && (figures.allowance ?? 0n) < deposit
    return `${state} ${flag('provenTokens')}${flag('claimUser')} ${open} ${short}`
  })
  const agreement = cast.agreements[0] as Agreement
  const accounts = [`earnings:${agreement.roles.host}`, 'treasury'].map((name) =>
    onAccount(moment, agreement, name) > 0n ? 'y' : 'n',
  )
  return `${jobs.join(' / ')} ${accounts.join('')}`
}
