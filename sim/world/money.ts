/**
 * Who got what, and what lay in the escrow when, from the transfers of a run's steps.
 */
import { ELSEWHERE, ESCROW } from '../../models/kit/trace.ts'
import type { WorldStep } from './records.ts'

/** Base units that left the escrow for `holder`, wherever it let a claim be sent. */
export function paidTo(steps: readonly WorldStep[], holder: string): bigint {
  let sumUnits = 0n
  for (const { transfers, planned } of steps) {
    for (const { from, to, amountUnits } of transfers) {
      const receiver = to === ELSEWHERE ? planned.by : to
      if (from === ESCROW && receiver === holder) sumUnits += amountUnits
    }
  }
  return sumUnits
}

/** What lay in the escrow from a time on. */
export interface LockedSince {
  readonly atMs: number
  readonly units: bigint
}

/** What lay in the escrow, one entry for each step that moved tokens, oldest first. */
export function lockedCourse(steps: readonly WorldStep[]): readonly LockedSince[] {
  let units = 0n
  const course: LockedSince[] = []
  for (const { transfers, includedMs } of steps) {
    if (transfers.length === 0) continue
    for (const { from, to, amountUnits } of transfers) {
      if (to === ESCROW) units += amountUnits
      if (from === ESCROW) units -= amountUnits
    }
    course.push({ atMs: includedMs, units })
  }
  return course
}
