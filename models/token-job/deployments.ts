/** The edges of a deployment of token-job: a share is a share, and the rest goes to somebody. */
import { accepted, type DeploymentCase, refused } from '../kit/deployment.ts'
import { NOBODY } from '../kit/trace.ts'

export const tokenJobDeployments: readonly DeploymentCase[] = [
  ...accepted({ hostBps: 0 }, { hostBps: 10_000 }, { proofWindowSeconds: 0 }),
  ...refused('InvalidHostBps', { hostBps: 10_001 }, { hostBps: 10_001, treasury: NOBODY }),
  ...refused('InvalidTreasury', { treasury: NOBODY }),
]
