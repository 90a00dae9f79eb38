/** The edges of a deployment of checkpoint-download: both limits leave room for a checkpoint. */
import { accepted, type DeploymentCase, refused } from '../kit/deployment.ts'

export const checkpointDownloadDeployments: readonly DeploymentCase[] = [
  ...accepted({ minCheckpointMebibytes: 1 }, { maxCheckpointMebibytes: 1 }),
  ...refused('InvalidLimits', { minCheckpointMebibytes: 0 }, { maxCheckpointMebibytes: 0 }),
  ...refused('InvalidLimits', { minCheckpointMebibytes: 0, maxCheckpointMebibytes: 0 }),
]
