/**
 * Deployments at their edges: every protocol's, on both lanes, and what an untrue one shows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { refused } from '../../models/kit/deployment.ts'
import { NOBODY, POLICIES, type Policy } from '../../models/kit/trace.ts'
import { tokenJob } from '../../models/token-job/protocol.ts'
import { judgedOf, PROTOCOLS_JUDGED } from '../judged.ts'
import { playerOf } from '../players.ts'
import { DEPLOYMENT, deploymentsOf, lookAtDeployment, runDeployments } from './deployments.ts'
import { openTestbed, type Subject, type Testbed } from './testbed.ts'

const TIMEOUT_MS = 120_000

async function soundSubject(protocol: string, policy: Policy): Promise<Subject> {
  const name = judgedOf(protocol).binding.contractNames[policy]
  const { bytecode } = artifactNamed(await compileContracts(), name)
  return { name, policy, bytecode }
}

describe.each(PROTOCOLS_JUDGED)('%s', (protocol) => {
  const player = judgedOf(protocol)
  const { binding } = player
  let testbed: Testbed
  beforeAll(async () => {
    testbed = await openTestbed({ binding, subjects: [], cases: [] })
  }, TIMEOUT_MS)
  afterAll(() => testbed.close())

  test.each(POLICIES)(
    '%s is constructed and refused as the model says, on both lanes',
    async (policy) => {
      const subject = await soundSubject(protocol, policy)
      const execution = { testbed, player, subject }
      const batch = await runDeployments({ ...execution, lane: testbed.batch })
      expect(batch.findings).toEqual([])
      expect(batch.runs).toBe(deploymentsOf(binding.protocol).length)
      expect(await runDeployments({ ...execution, lane: testbed.mined })).toEqual(batch)
    },
  )
})

describe('a model that is wrong about a constructor', () => {
  const { binding } = judgedOf('token-job')
  const deployments = [
    ...refused('InvalidHostBps', { hostBps: 10_000 }),
    ...refused('InvalidHostBps', { treasury: NOBODY }),
  ]
  const player = { binding: { ...binding, protocol: { ...tokenJob, deployments } } }
  let testbed: Testbed
  let subject: Subject
  beforeAll(async () => {
    testbed = await openTestbed({ binding, subjects: [], cases: [] })
    subject = await soundSubject('token-job', 'hardened')
  }, TIMEOUT_MS)
  afterAll(() => testbed.close())

  test('is told with the parameter and both answers', async () => {
    const lane = testbed.batch
    const [, first, second] = deploymentsOf(player.binding.protocol)
    const { findings } = await runDeployments({ testbed, lane, player, subject })
    const evidence = 'hostBps 10000: model !InvalidHostBps, contract constructed'
    expect(findings).toEqual([{ id: DEPLOYMENT, stepIndex: 0, evidence, runIndex: 1 }])
    const look = (parameters = {}) =>
      lookAtDeployment({ testbed, lane, player, subject }, parameters)
    expect((await look(first?.parameters)).finding?.evidence).toBe(evidence)
    expect((await look(second?.parameters)).finding?.evidence).toBe(
      'treasury nobody: model !InvalidHostBps, contract !InvalidTreasury',
    )
    await expect(look()).rejects.toMatchObject({ code: 'MP_TRACE_STALE' })
  })
})

test('a contract that refuses what the campaigns deploy is named with the parameters', async () => {
  const { binding, cases } = playerOf('token-job')
  const subject = await soundSubject('token-job', 'hardened')
  const beyond = cases.slice(0, 1).map((parameters) => ({ ...parameters, hostBps: 10_001 }))
  await expect(openTestbed({ binding, subjects: [subject], cases: beyond })).rejects.toMatchObject({
    code: 'MP_DEPLOYMENT_REFUSED',
    class: 'usage',
    message: expect.stringContaining('TokenJobHardened refuses a deployment'),
    facts: { policy: 'hardened', 'reverts with': 'InvalidHostBps' },
  })
}, 120_000)
