/**
 * The edges of a deployment of withdrawal: at least one admin and none that is nobody, somebody in
 * each other office, a share that is a share.
 */
import { accepted, type DeploymentCase, refused, withoutEach } from '../kit/deployment.ts'
import { NOBODY } from '../kit/trace.ts'

export const withdrawalDeployments: readonly DeploymentCase[] = [
  ...accepted({ admin1: null }, { commissionBps: 0 }, { commissionBps: 10_000 }),
  ...refused('InvalidConfig', { admin0: null, admin1: null }),
  ...refused('InvalidConfig', ...withoutEach('admin0', 'admin1', 'bank', 'platform')),
  ...refused('InvalidConfig', { admin0: NOBODY, admin1: null }),
  ...refused('InvalidConfig', { commissionBps: 10_001 }),
]
