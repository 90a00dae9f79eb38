/**
 * What would come next in a download of checkpoint-download: drawn far more often than anything
 * else, so that runs reach several checkpoints, failed payments and completions.
 */
import { seedersOf } from '../../models/checkpoint-download/cast.ts'
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import type { Moment } from '../kit/player.ts'
import { type Course, claimants, courseOf, type Move } from './moves.ts'

/** Stands for whoever may report, which depends on the seeder whose progress it is. */
export const REPORTER = 'reporter'
const REPORT: Move = ['reportProgress', REPORTER]
const reports = (count: number): readonly Move[] => Array(count).fill(REPORT)

function servingMoves(course: Course, downloader: string, seeder: string): readonly Move[] {
  const complete: readonly Move[] = [
    ['complete', downloader],
    ['complete', seeder],
  ]
  if (!course.isWhole) {
    return [
      ...reports(24),
      ['cancel', downloader],
      ...reports(8),
      ['complete', seeder],
      ['pay', downloader],
      ...reports(6),
      ['cancel', seeder],
    ]
  }
  const pay: readonly Move[] = course.dueUnits > 0n ? [['pay', downloader]] : []
  return [...pay, ...complete, ...pay, ...complete, ['cancel', seeder], ...complete, REPORT]
}

function waitingMoves(course: Course, downloader: string, seeder: string): readonly Move[] {
  const pay: Move = ['pay', downloader]
  const confirm: Move = ['confirm', seeder]
  const [next, other] = course.isPending ? [confirm, pay] : [pay, confirm]
  return [
    ...Array<Move>(16).fill(next),
    ['cancel', downloader],
    other,
    ...Array<Move>(16).fill(next),
    ['cancel', seeder],
    REPORT,
    ['complete', downloader],
  ]
}

/** Leaving downloads that have locked what this one lacks. */
function reliefs({ cast, population }: Moment, { roles, token }: Agreement): readonly Move[] {
  return cast.agreements.flatMap((other): readonly Move[] => {
    const { locked = 0n } = population.view.agreements[other.index]?.figures ?? {}
    const isSame = other.token === token && other.roles.downloader === roles.downloader
    return isSame && locked > 0n ? [['cancel', roles.downloader as string, other.index]] : []
  })
}

/** Moves that bring a download forward; the earlier ones are the simpler ones. */
export function progress(
  moment: Moment,
  agreement: Agreement,
  view: AgreementView,
): readonly Move[] {
  const downloader = agreement.roles.downloader as string
  const [seeder = 'stranger'] = seedersOf(agreement)
  const course = courseOf(moment, agreement.index)
  const claims = claimants(agreement, view)
  switch (view.state) {
    case 'None':
      return [...Array<Move>(7).fill(['open', downloader]), ['open', 'stranger']]
    case 'Serving':
      return [...servingMoves(course, downloader, seeder), ...claims, ...claims, ...claims]
    case 'WaitingForPayment':
      return [...waitingMoves(course, downloader, seeder), ...claims, ...claims, ...claims]
    case 'PaymentFailed':
      return [
        ['retryPayment', downloader],
        ...claims,
        ...reliefs(moment, agreement),
        ['retryPayment', downloader],
        ...claims,
        ['cancel', downloader],
        ...reliefs(moment, agreement),
        ['retryPayment', downloader],
        ['cancel', seeder],
      ]
    default:
      return claims
  }
}
