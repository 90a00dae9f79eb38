/**
 * The integers of a drawn command of attendance-hold, and what those that stand for themselves
 * mean.
 */
import { ATTESTATION_KINDS, HOLD_PARTICIPANTS } from '../../models/attendance-hold/cast.ts'
import type { AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import type { Command } from '../kit/player.ts'
import type { Times } from './moves.ts'

/** A command, by name of what it draws. */
export type Drawn = Command

/** Largest number of each integer, in the order in which they are drawn. */
const MOST = {
  agreement: 5,
  move: 99,
  by: HOLD_PARTICIPANTS.length - 1,
  when: 11,
  wait: 150,
  span: 11,
  factor: 150,
  attestation: 35,
  to: 5,
} as const
type DrawnName = keyof typeof MOST
const NAMES = Object.keys(MOST) as readonly DrawnName[]

export const COMMAND_LENGTHS: readonly number[] = Object.values(MOST)

export function numberOf(drawn: Drawn, name: DrawnName): number {
  return drawn[NAMES.indexOf(name)] as number
}

/** Draws of an attestation below this are genuine, the next one is none at all. */
const GENUINE_BELOW = 30

export function attestationOf(drawn: Drawn): string | null {
  const digit = numberOf(drawn, 'attestation')
  if (digit < GENUINE_BELOW) return 'genuine'
  return digit === GENUINE_BELOW ? null : (ATTESTATION_KINDS[digit - GENUINE_BELOW] as string)
}

/** Seconds after the start from which events as described are drawn, so that some come again. */
const GRID_SECONDS = [0, 60, 600, 720, 3_600] as const

/**
 * An event as described: mostly what is next, in this very second; else one that is late, one that
 * was delivered before, or one of a few seconds that other draws choose too.
 */
export function toldOf(
  drawn: Drawn,
  { startsAt, lateAfter, needed }: Times,
  { figures }: AgreementView,
  atSeconds: number,
): PlannedStep['args'] {
  const { joinedAt = 0n, lastLeftAt = 0n } = figures
  const isInside = joinedAt > lastLeftAt
  const factor = numberOf(drawn, 'factor')
  const next = isInside ? 'left' : 'joined'
  const other = isInside ? 'joined' : 'left'
  switch (numberOf(drawn, 'span')) {
    case 3:
    case 4:
      // The last presence alone counts, so that it has to be long enough by itself.
      return isInside
        ? { kind: 'left', at: Number(joinedAt) + needed + (factor % 3) - 1 }
        : { kind: 'joined', at: startsAt + (factor % 7) }
    case 5:
      return { kind: other, at: atSeconds }
    case 6:
      return { kind: 'left', at: Number(lastLeftAt) }
    case 7:
      return { kind: 'joined', at: Number(joinedAt) }
    case 8:
      return { kind: other, at: startsAt + (GRID_SECONDS[factor % GRID_SECONDS.length] as number) }
    case 9:
      return { kind: 'joined', at: lateAfter + (factor % 3) - 1 }
    case 10:
    case 11:
      return { kind: next, at: startsAt + (GRID_SECONDS[factor % GRID_SECONDS.length] as number) }
    default:
      return { kind: next, at: atSeconds }
  }
}
