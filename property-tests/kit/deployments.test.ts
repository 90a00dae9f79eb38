/**
 * Deployments at their edges: every protocol's, on both lanes, and what an untrue one shows.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import { artifactNamed, compileContractFile, compileContracts } from '../../contracts/compile.ts'
import { contractsRoot } from '../../contracts/internal/contractsRoot.ts'
import { refused } from '../../models/kit/deployment.ts'
import { NOBODY, POLICIES, type Policy } from '../../models/kit/trace.ts'
import { tokenJob } from '../../models/token-job/protocol.ts'
import { judgedOf, PROTOCOLS_JUDGED } from '../judged.ts'
import { playerOf } from '../players.ts'
import { constructorData } from './constructorData.ts'
import { DEPLOYMENT, deploymentsOf, lookAtDeployment, runDeployments } from './deployments.ts'
import { openTestbed, type Subject, type Testbed } from './testbed.ts'
import { toldBy } from './told.ts'

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

  test.each(POLICIES)('%s tells what its constructor was given', async (policy) => {
    const { abi } = artifactNamed(await compileContracts(), binding.contractNames[policy])
    const accounts = accountsOf(binding.protocol.participants)
    const parameters = binding.protocol.parameters.parse({})
    const told = toldBy(abi, constructorData(binding, { policy, parameters, accounts }))
    expect(told.length).toBeGreaterThanOrEqual(2)
  })
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

describe('a contract edited by hand', () => {
  const { binding } = judgedOf('session-escrow')
  const player = { binding }
  let folder: string
  let testbed: Testbed
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'meterproof-told-'))
    testbed = await openTestbed({ binding, subjects: [], cases: [] })
  }, TIMEOUT_MS)
  afterAll(async () => {
    await testbed.close()
    rmSync(folder, { recursive: true })
  })

  async function findingsWith(from: string, to: string) {
    const sources = mkdtempSync(join(folder, 'src-'))
    cpSync(join(contractsRoot(), 'src'), sources, { recursive: true })
    const path = join(sources, 'session-escrow', 'SessionEscrowBase.sol')
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(from)
    writeFileSync(path, text.replace(from, to))
    const name = 'SessionEscrowAsDescribed'
    const compiled = await compileContractFile(join(dirname(path), `${name}.sol`), {
      profile: 'quick',
    })
    const subject: Subject = { name, policy: 'as-described', ...artifactNamed(compiled, name) }
    return (await runDeployments({ testbed, lane: testbed.batch, player, subject })).findings
  }

  test('is found when a getter tells another argument', async () => {
    const [finding] = await findingsWith(
      'silenceTimeoutSeconds = deployment.silenceTimeoutSeconds;',
      'silenceTimeoutSeconds = deployment.startWindowSeconds;',
    )
    expect(finding?.evidence).toBe(
      'the defaults: silenceTimeoutSeconds() tells 900, constructed with 10',
    )
  })

  test('may keep in storage what ours keeps in its code', async () => {
    const findings = await findingsWith(
      'uint32 public immutable silenceTimeoutSeconds;',
      'uint32 public silenceTimeoutSeconds;',
    )
    expect(findings).toEqual([])
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
