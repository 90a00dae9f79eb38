/**
 * The edges of a deployment of attendance-hold: somebody in each office, sessions that last, shares
 * that are shares.
 */
import { accepted, type DeploymentCase, refused, withoutEach } from '../kit/deployment.ts'

/** The longest time that the contract can hold (uint32). */
const SECONDS_MAX = 2 ** 32 - 1

export const attendanceHoldDeployments: readonly DeploymentCase[] = [
  ...accepted({ sessionSeconds: 1 }, { sessionSeconds: SECONDS_MAX }),
  ...accepted({ attendanceThresholdBps: 0 }, { attendanceThresholdBps: 10_000 }),
  ...accepted({ commissionBps: 0 }, { commissionBps: 10_000 }),
  ...refused('InvalidConfig', ...withoutEach('attestor', 'keeper', 'platform')),
  ...refused('InvalidConfig', { sessionSeconds: 0 }),
  ...refused('InvalidConfig', { attendanceThresholdBps: 10_001 }, { commissionBps: 10_001 }),
]
