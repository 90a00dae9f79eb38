/**
 * The edges of a deployment of progressive-escrow. The fee is bounded and goes to somebody, and
 * some part of what time has earned is released; an owner is not needed.
 */
import { accepted, type DeploymentCase, refused } from '../kit/deployment.ts'
import { NOBODY } from '../kit/trace.ts'

export const progressiveEscrowDeployments: readonly DeploymentCase[] = [
  ...accepted({ feeBps: 0 }, { feeBps: 2_000 }, { owner: NOBODY }),
  ...accepted({ progressiveBps: 1 }, { progressiveBps: 10_000 }),
  ...refused('InvalidFeeBps', { feeBps: 2_001 }, { feeBps: 2_001, platform: NOBODY }),
  ...refused('InvalidFeeRecipient', { platform: NOBODY }, { platform: NOBODY, progressiveBps: 0 }),
  ...refused('InvalidProgressiveBps', { progressiveBps: 0 }, { progressiveBps: 10_001 }),
]
