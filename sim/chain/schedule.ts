/**
 * What both lanes demand of a schedule before they send anything.
 *
 * Anvil accepts equal and even decreasing times in `eth_simulateV1`, which no chain does, so the
 * order of times is checked here and not left to the node.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Schedule } from './lane.ts'

/** Gas of each call and each probe: far above any real call, and bounded so that a loop ends. */
export const CALL_GAS = 30_000_000
/** Most calls in one schedule, without probes; Anvil takes at least this many in one request. */
export const SCHEDULE_CALLS_MAX = 10_000
/** Most blocks in one schedule. */
export const SCHEDULE_BLOCKS_MAX = 10_000

/**
 * Checks a schedule against the time of the base state.
 *
 * @returns the number of calls, without probes
 * @throws MeterproofError `MP_LANE_SCHEDULE`
 */
export function checkSchedule(schedule: Schedule, baseTimestampSeconds: number): number {
  const { blocks } = schedule
  if (blocks.length > SCHEDULE_BLOCKS_MAX) {
    throw malformed('has too many blocks', { blocks: blocks.length, most: SCHEDULE_BLOCKS_MAX })
  }
  let previousSeconds = baseTimestampSeconds
  let callCount = 0
  for (const [blockIndex, block] of blocks.entries()) {
    const { timestampSeconds } = block
    if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds <= previousSeconds) {
      throw malformed('has a block that is not later than the one before', {
        'block index': blockIndex,
        'time in seconds': timestampSeconds,
        'time of the block before': previousSeconds,
      })
    }
    previousSeconds = timestampSeconds
    callCount += block.calls.length
  }
  if (callCount > SCHEDULE_CALLS_MAX) {
    throw malformed('has too many calls', { calls: callCount, most: SCHEDULE_CALLS_MAX })
  }
  return callCount
}

function malformed(what: string, facts: Record<string, number>): MeterproofError {
  return new MeterproofError('MP_LANE_SCHEDULE', `The schedule ${what}.`, {
    class: 'internal',
    facts,
  })
}
