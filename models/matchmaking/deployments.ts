/**
 * The edges of a deployment of matchmaking: somebody in each office, and some time and attempts for
 * everything that ends by itself.
 */
import { accepted, type DeploymentCase, refused, withoutEach } from '../kit/deployment.ts'

/** The longest time that the contract can hold (uint32). */
const SECONDS_MAX = 2 ** 32 - 1

export const matchmakingDeployments: readonly DeploymentCase[] = [
  ...accepted({ proposalTtlSeconds: 1 }, { depositWindowSeconds: 1 }, { credentialSeconds: 0 }),
  ...accepted({ maxAttempts: 1 }, { maxAttempts: 255 }),
  ...accepted({ proposalTtlSeconds: SECONDS_MAX }, { depositWindowSeconds: SECONDS_MAX }),
  ...refused('InvalidConfig', ...withoutEach('matchmaker', 'sessionEscrow')),
  ...refused('InvalidConfig', { proposalTtlSeconds: 0 }, { depositWindowSeconds: 0 }),
  ...refused('InvalidConfig', { maxAttempts: 0 }),
]
