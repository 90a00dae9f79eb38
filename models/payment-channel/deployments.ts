/** The edges of a deployment of payment-channel. Nothing is refused; a watcher is not needed. */
import { accepted, type DeploymentCase } from '../kit/deployment.ts'
import { NOBODY } from '../kit/trace.ts'

export const paymentChannelDeployments: readonly DeploymentCase[] = accepted(
  { challengeSeconds: 60 },
  { challengeSeconds: 86_400 },
  { watcher: NOBODY },
)
