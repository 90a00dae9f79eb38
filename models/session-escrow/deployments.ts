/**
 * The edges of a deployment of session-escrow. The fee is bounded and goes to somebody; a relayer
 * is not needed.
 */
import { accepted, type DeploymentCase, refused } from '../kit/deployment.ts'
import { NOBODY } from '../kit/trace.ts'

export const sessionEscrowDeployments: readonly DeploymentCase[] = [
  ...accepted({ feeBps: 0 }, { feeBps: 2_000 }, { relayer: NOBODY }),
  ...refused('InvalidFeeBps', { feeBps: 2_001 }, { feeBps: 2_001, platform: NOBODY }),
  ...refused('InvalidFeeRecipient', { platform: NOBODY }),
]
