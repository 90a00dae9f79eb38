/**
 * Spans and ends that the attestor could be asked to sign, and the second in which they are
 * brought: mostly when they can count, else at the edges of what can.
 */
import type { AgreementView } from '../../models/kit/trace.ts'
import { type Drawn, numberOf } from './commands.ts'
import type { Times } from './moves.ts'

interface Span {
  readonly joinedAt: number
  readonly leftAt: number
}

/** A record, and when it is brought. */
export interface DrawnRecord extends Span {
  readonly index: number
  readonly happens: number
}

/** Spans of these draws are brought at their end or later, as they could not count before. */
const BROUGHT_IN_TIME_TO = 7

export function recordOf(
  drawn: Drawn,
  times: Times,
  { figures }: AgreementView,
  atSeconds: number,
): DrawnRecord {
  const { intervals = 0n, joinedAt = 0n, lastLeftAt = 0n } = figures
  const factor = numberOf(drawn, 'factor')
  const index = Number(intervals)
  if (numberOf(drawn, 'span') === 11 && index > 0) {
    const last = { joinedAt: Number(joinedAt), leftAt: Number(lastLeftAt) }
    return { index: index - 1, ...last, happens: atSeconds }
  }
  const span = spanOf(drawn, times, atSeconds)
  const isInTime = numberOf(drawn, 'span') <= BROUGHT_IN_TIME_TO
  const happens = isInTime ? Math.max(atSeconds, span.leftAt) : atSeconds
  const skipped = factor % 16 === 15 ? 1 : 0
  return { index: index + skipped, ...span, happens }
}

function spanOf(drawn: Drawn, times: Times, atSeconds: number): Span {
  const { nextFrom, missing, endsAt, lateAfter } = times
  const wait = numberOf(drawn, 'wait')
  const factor = numberOf(drawn, 'factor')
  const around = (wait % 3) - 1
  switch (numberOf(drawn, 'span')) {
    case 2:
    case 3:
    case 4:
      return { joinedAt: nextFrom, leftAt: nextFrom + Math.max(2, missing) + around }
    case 5:
      return { joinedAt: nextFrom, leftAt: Math.max(nextFrom + 2, endsAt) + around }
    case 6: {
      const joinedAt = Math.max(nextFrom, lateAfter + around)
      return { joinedAt, leftAt: joinedAt + 1 + factor }
    }
    case 7:
      return { joinedAt: nextFrom, leftAt: nextFrom + 1 + factor * 20 }
    case 8:
      return { joinedAt: nextFrom - 1 - (factor % 60), leftAt: nextFrom + 1 + wait }
    case 9:
      return { joinedAt: nextFrom, leftAt: nextFrom - (factor % 2) }
    case 10:
      return { joinedAt: nextFrom, leftAt: atSeconds + (factor % 3) }
    default: {
      const joinedAt = nextFrom + (factor % 7)
      return { joinedAt, leftAt: joinedAt + 1 + wait }
    }
  }
}

/** When a session ended, and when that is said. */
export function endOf(
  drawn: Drawn,
  { startsAt, endsAt, nextFrom }: Times,
  atSeconds: number,
): { readonly endedAt: number; readonly happens: number } {
  const factor = numberOf(drawn, 'factor')
  const inTime = (endedAt: number) => ({ endedAt, happens: Math.max(atSeconds, endedAt) })
  switch (numberOf(drawn, 'span')) {
    case 3:
      return inTime(Math.max(nextFrom, startsAt + 1))
    case 4:
      return inTime(Math.max(nextFrom, startsAt + 1) + factor)
    case 5:
      // As long again as was booked.
      return inTime(Math.max(nextFrom, endsAt + (endsAt - startsAt)))
    case 6:
    case 7:
      return inTime(Math.max(atSeconds, nextFrom, startsAt + 1))
    case 8:
      return { endedAt: nextFrom - 1, happens: atSeconds }
    case 9:
      return { endedAt: startsAt, happens: Math.max(atSeconds, startsAt) }
    case 10:
      return { endedAt: atSeconds + (factor % 2), happens: atSeconds }
    default:
      return inTime(Math.max(nextFrom, endsAt))
  }
}
