/**
 * What readers of the chain see of a hold, and how it stands at the end.
 */
import { ESCROW, type WorldView } from '../../models/kit/trace.ts'
import type { ChainSide } from '../world/chainSide.ts'
import { paidTo } from '../world/money.ts'
import { type HoldReading, isResolved } from './actors.ts'
import type { WorldSetup } from './options.ts'
import type { EndState } from './worldRun.ts'

/** What all readers see alike. */
export function readHold(view: WorldView): HoldReading {
  const figures = view.agreements[0]?.figures ?? {}
  const units = (name: string): bigint => figures[name] ?? 0n
  return {
    state: view.agreements[0]?.state ?? 'None',
    finishedAtSeconds: Number(units('finishedAt')),
    lengthSeconds: Number(units('lengthSeconds')),
    attendedSeconds: Number(units('attendedSeconds')),
    intervals: Number(units('intervals')),
    claimUnits: {
      student: units('claimStudent'),
      teacher: units('claimTeacher'),
      referrer: units('claimReferrer'),
      platform: units('claimPlatform'),
    },
  }
}

export function unclaimedUnits({ claimUnits }: HoldReading): bigint {
  return Object.values(claimUnits).reduce((sum, units) => sum + units, 0n)
}

/** Whether all tokens have left the contract. */
export function isPaidOut(reading: HoldReading): boolean {
  return isResolved(reading) && unclaimedUnits(reading) === 0n
}

export function endStateOf(side: ChainSide<HoldReading>, { agreement }: WorldSetup): EndState {
  const { reading, world, steps } = side
  const { roles, token } = agreement
  const got = (owner: keyof HoldReading['claimUnits']) => {
    const holder = roles[owner]
    return holder === undefined ? 0n : paidTo(steps, holder) + reading.claimUnits[owner]
  }
  return {
    state: reading.state,
    heldUnits: world.agreements[0]?.figures.price ?? 0n,
    attendedSeconds: reading.attendedSeconds,
    intervals: reading.intervals,
    lengthSeconds: reading.lengthSeconds,
    finishedAtSeconds: reading.finishedAtSeconds,
    studentUnits: got('student'),
    teacherUnits: got('teacher'),
    referrerUnits: got('referrer'),
    platformUnits: got('platform'),
    unclaimedUnits: unclaimedUnits(reading),
    escrowUnits: world.balances[token]?.[ESCROW] ?? 0n,
  }
}
