/**
 * What would come next in a session of progressive-escrow: drawn far more often than anything else,
 * so that runs reach releases, interruptions and completions.
 */
import type { Agreement, AgreementView } from '../../models/kit/trace.ts'
import type { Moment } from '../kit/player.ts'
import { claimants, type Move, quieter, timesOf } from './moves.ts'

const endings = (student: string): readonly Move[] => [
  ['complete', student],
  ['autoComplete', 'stranger'],
  ['emergencyRelease', 'owner'],
]
const resumptions = (first: string, second: string): readonly Move[] => [
  ['resume', first],
  ['resume', second],
  ['resume', first],
  ['resume', first],
  ['resume', second],
  ['resume', first],
  ['resume', first],
  ['resume', second],
]

function activeMoves(moment: Moment, agreement: Agreement, view: AgreementView): readonly Move[] {
  const student = agreement.roles.student as string
  const mentor = agreement.roles.mentor as string
  const [first, second] = quieter(agreement, view)
  const { silentAfter, releaseFrom } = timesOf(moment, agreement, view)
  if (moment.nowSeconds > silentAfter) {
    return [
      ['pauseOnTimeout', 'stranger'],
      ['pause', second],
      ['pauseOnTimeout', mentor],
      ['release', mentor],
      ['pauseOnTimeout', 'stranger'],
      ['pause', first],
      ['heartbeat', first],
      ['pauseOnTimeout', student],
      ...endings(student),
    ]
  }
  const beat: Move = ['heartbeat', first]
  // Where silence comes before the next release, signs are what brings it closer.
  const releases: Move[] = [
    ['release', mentor],
    ['release', student],
  ]
  const towards = releaseFrom > silentAfter ? [beat, beat] : releases
  return [
    beat,
    ...towards,
    beat,
    ['heartbeat', second],
    ...towards,
    beat,
    ['pause', student],
    ...towards,
    beat,
    ...releases,
    ['pause', mentor],
    ...towards,
    ['pauseOnTimeout', 'stranger'],
    ...endings(student),
  ]
}

/** Moves that bring a session forward; the earlier ones are the simpler ones. */
export function progress(
  moment: Moment,
  agreement: Agreement,
  view: AgreementView,
): readonly Move[] {
  const student = agreement.roles.student as string
  const mentor = agreement.roles.mentor as string
  const [first, second] = quieter(agreement, view)
  const claims = claimants(agreement, view)
  switch (view.state) {
    case 'None':
      return [['create', student]]
    case 'Created': {
      const begin: Move[] = [
        ['start', first],
        ['start', first],
        ['start', first],
        ['start', second],
        ['start', first],
      ]
      const rare: Move[] = [
        ['emergencyRelease', 'owner'],
        ['cancel', student],
        ['start', first],
        ['cancel', mentor],
      ]
      return [...begin, ...begin, ...begin, ...begin, ...rare, ...claims]
    }
    case 'Active':
      return [...activeMoves(moment, agreement, view), ...claims]
    case 'Paused':
      return [...resumptions(first, second), ...endings(student), ...claims]
    default:
      return claims
  }
}
