/**
 * Every attempt worth trying in a state of progressive-escrow, and the setups from which all its
 * edges can be reached: the input of the paths campaign.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { PROGRESSIVE_PARTICIPANTS } from '../../models/progressive-escrow/cast.ts'
import type { Moment, RunSetup } from '../kit/player.ts'
import {
  agreementOf,
  type DrawnSession,
  isWithinRun,
  otherCountsUntil,
  TOKEN_KINDS,
  timesOf,
} from './moves.ts'

/** The deployment in which a sign holds for an hour, so that paths need few of them. */
const PATHS_CASE = 2

const SIMPLEST: DrawnSession = { student: 0, mentor: 0, token: 0, total: 0, duration: 0, nonce: 1 }

function pathSetup(...sessions: readonly Partial<DrawnSession>[]): RunSetup {
  const agreements = sessions.map((given, index) => agreementOf(index, { ...SIMPLEST, ...given }))
  return { caseIndex: PATHS_CASE, agreements }
}

const tokens = ['plain6', 'refusesAll', 'refusesPayers', 'refusesProviders', 'refusesPlatform']

export const progressivePathSetups: readonly RunSetup[] = [
  ...tokens.map((kind) => pathSetup({ token: TOKEN_KINDS.indexOf(kind) })),
  pathSetup({ token: TOKEN_KINDS.indexOf('feeOnTransfer') }),
  ...[2, 3, 4].map((mentor) => pathSetup({ mentor })),
  pathSetup({ total: 2 }),
  pathSetup({ total: 7 }),
  pathSetup({ duration: 5 }),
  // More than student1 has.
  pathSetup({ student: 1, total: 5 }),
  // Two sessions with one nonce.
  pathSetup({ nonce: 0 }, { nonce: 0, total: 1 }),
]

/** Moments of time worth trying: now, a second later, and around all that changes later. */
function times(moment: Moment, agreement: Agreement, view: AgreementView): readonly number[] {
  const { nowSeconds } = moment
  const { student, mentor } = agreement.roles as { student: string; mentor: string }
  const boundaries = [
    ...Object.values(timesOf(moment, agreement, view)),
    otherCountsUntil(moment, agreement, view, student),
    otherCountsUntil(moment, agreement, view, mentor),
  ]
  const around = boundaries.flatMap((at) => [at - 1, at, at + 1])
  const ahead = around.filter((at) => isWithinRun(at, nowSeconds))
  return [...new Set([nowSeconds, nowSeconds + 1, ...ahead])]
}

const PLAIN_ACTIONS = [
  'create',
  'start',
  'heartbeat',
  'release',
  'pause',
  'resume',
  'pauseOnTimeout',
  'autoComplete',
  'cancel',
]

export function progressiveAlphabet(moment: Moment): readonly PlannedStep[] {
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const student = agreement.roles.student as string
  const everyone = [student, agreement.roles.mentor as string, 'platform', 'owner', 'stranger']
  const participants = everyone.filter((by) => PROGRESSIVE_PARTICIPANTS.includes(by as never))
  const { total = 0n, released = 0n } = view.figures
  const left = total > released ? total - released : 0n
  const steps: PlannedStep[] = []
  for (const atSeconds of times(moment, agreement, view)) {
    const add = (action: string, by: string, args: PlannedStep['args'] = {}, index = 0) =>
      steps.push({ agreement: index, action, by, atSeconds, args })
    for (const by of participants) {
      for (const action of PLAIN_ACTIONS) add(action, by)
      for (const rating of [5n, 0n]) add('complete', by, { rating, feedbackHash: 0n })
      for (const to of ['elsewhere', 'nobody', student]) add('claim', by, { to })
      add('emergencyRelease', by, { amountUnits: left / 3n + 1n })
    }
    for (const amountUnits of [0n, left, left + 1n, AMOUNT_UNITS_MAX]) {
      if (amountUnits > AMOUNT_UNITS_MAX) continue
      add('emergencyRelease', 'owner', { amountUnits })
    }
    cast.agreements.slice(1).forEach(({ roles, index }) => {
      add('create', roles.student as string, {}, index)
    })
  }
  return steps
}

/** Sessions that agree in this are the same to the paths campaign. */
export function progressiveAbstraction(moment: Moment): string {
  const { cast, population, nowSeconds } = moment
  return population.view.agreements
    .map((view, index) => {
      const { state, figures } = view
      const has = (name: string) => (figures[name] ?? 0n) > 0n
      const agreement = cast.agreements[index] as Agreement
      const claims = has('claimStudent') || has('claimMentor') || has('claimPlatform')
      const signs = state === 'Created' && `${has('studentSeenAt')} ${has('mentorSeenAt')}`
      const silent = state === 'Active' && nowSeconds > timesOf(moment, agreement, view).silentAfter
      return `${state} ${signs} ${silent} ${claims}`
    })
    .join(' / ')
}
