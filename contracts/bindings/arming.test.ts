/**
 * What a re-entrant token is armed with, for every protocol whose contract moves tokens, and how
 * what it tells is read.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  type Abi,
  type Address,
  decodeFunctionData,
  encodeAbiParameters,
  type Hex,
  parseAbiParameters,
  toEventSelector,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { GUARD_ERROR } from '../../models/invariants/reentry.ts'
import { POLICIES, type Policy } from '../../models/kit/trace.ts'
import * as generated from '../generated.ts'
import { contractsRoot } from '../internal/contractsRoot.ts'
import { solidityFiles } from '../internal/importClosure.ts'
import { accountsOf } from './accounts.ts'
import { attendanceHoldBinding } from './attendanceHold.ts'
import type { Binding } from './binding.ts'
import { checkpointDownloadBinding } from './checkpointDownload.ts'
import { matchmakingBinding } from './matchmaking.ts'
import { paymentChannelBinding } from './paymentChannel.ts'
import { progressiveEscrowBinding } from './progressiveEscrow.ts'
import { sessionEscrowBinding } from './sessionEscrow.ts'
import { tokenJobBinding } from './tokenJob.ts'
import { withdrawalBinding } from './withdrawal.ts'

/** Each protocol with an agreement of its own. */
const GIVEN: readonly (readonly [Binding, Record<string, string>, Record<string, unknown>])[] = [
  [sessionEscrowBinding, { student: 'student0', tutor: 'tutor0' }, { ratePerSecondUnits: 1n }],
  [
    progressiveEscrowBinding,
    { student: 'student0', mentor: 'mentor0' },
    { totalAmountUnits: 1n, durationMinutes: 1, nonce: 0 },
  ],
  [
    tokenJobBinding,
    { user: 'user0', host: 'host0' },
    { pricePerTokenUnits: 1n, depositUnits: 1n, durationSeconds: 1, salt: 0n },
  ],
  [
    paymentChannelBinding,
    { payer: 'payer0', provider: 'provider0' },
    { expirySeconds: 1, salt: 0n },
  ],
  [
    checkpointDownloadBinding,
    { downloader: 'downloader0', seeder0: 'seeder0' },
    {
      fileBytes: 1n,
      pricePerMebibyteUnits: 1n,
      mode: 'constant',
      firstMebibytes: 1,
      growthBps: 10_000,
      salt: 0n,
    },
  ],
  [
    attendanceHoldBinding,
    { student: 'student0', teacher: 'teacher0' },
    { priceUnits: 1n, startsAt: 1, salt: 0n },
  ],
  [withdrawalBinding, { teacher: 'teacher0' }, { amountUnits: 1n, salt: 0n }],
]

const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Address = `0x${'70'.repeat(20)}`

const abis = generated as unknown as Readonly<Record<string, Abi>>
const abiOf = ({ contractNames }: Binding, policy: Policy) => {
  const name = contractNames[policy]
  return abis[`${name[0]?.toLowerCase()}${name.slice(1)}Abi`] as Abi
}

function armedRun(index: number, policy: Policy) {
  const [binding, roles, terms] = GIVEN[index] as (typeof GIVEN)[number]
  const accounts = accountsOf(binding.protocol.participants)
  const stage = {
    chainId: 31_337,
    escrow: ESCROW_ADDRESS,
    tokens: { plain6: TOKEN_ADDRESS, reentrant: TOKEN_ADDRESS },
    accounts,
  }
  const agreement = { index: 0, roles, token: 'reentrant', terms: terms as Record<string, bigint> }
  return binding.bind({ stage, policy, agreements: [agreement] })
}

/** The calls with which a run arms its token. */
function armedCalls(index: number, policy: Policy): readonly Hex[] {
  const { prelude } = armedRun(index, policy)
  expect(prelude).toHaveLength(1)
  const data = prelude[0]?.data as Hex
  const { args } = decodeFunctionData({ abi: generated.reentrantTokenAbi, data })
  const [target, calls] = args as readonly [Address, readonly Hex[]]
  expect(target.toLowerCase()).toBe(ESCROW_ADDRESS)
  return calls
}

/** Functions that the sources of a policy guard. */
function guardedIn({ protocol }: Binding, policy: Policy): readonly string[] {
  const other = policy === 'hardened' ? 'AsDescribed.sol' : 'Hardened.sol'
  const files = solidityFiles(join(contractsRoot(), 'src', protocol.id))
  return files
    .filter((path) => !basename(path).endsWith(other))
    .flatMap((path) => [
      ...readFileSync(path, 'utf8').matchAll(/function (\w+)\([^{;]*\bnonReentrant\b[^{;]*\{/g),
    ])
    .map(([, name]) => name as string)
}

const everyPolicy = GIVEN.flatMap(([binding], index) =>
  POLICIES.map((policy) => [binding.protocol.id, policy, binding, index] as const),
)

describe.each(everyPolicy)('%s %s', (_, policy, binding, index) => {
  const { guardedActions } = binding.protocol

  test('the model names what the contract guards', () => {
    expect([...(guardedActions?.[policy] ?? [])].sort()).toEqual(
      [...guardedIn(binding, policy)].sort(),
    )
  })

  test('the token is armed with a call of every guarded action', () => {
    const called = armedCalls(index, policy).map(
      (data) => decodeFunctionData({ abi: abiOf(binding, policy), data }).functionName,
    )
    expect(called).toEqual([...(guardedActions?.[policy] ?? [])])
  })

  test('what the token tells is read by name, each answer once', () => {
    const [first = '0x', second = '0x'] = armedCalls(index, policy)
    const guard = toFunctionSelector(`${GUARD_ERROR}()`)
    const answers = [
      [first, guard],
      [second, '0x00000000'],
      [first, guard],
      [first, '0xffffffff'],
    ].map(([data = '', error = '']) => `${data.slice(2, 10)}${error.slice(2)}`)
    const log = {
      address: TOKEN_ADDRESS,
      topics: [toEventSelector('event Reentered(bytes answers)')],
      data: encodeAbiParameters(parseAbiParameters('bytes'), [`0x${answers.join('')}`]),
    }
    const run = armedRun(index, policy)
    const [one, other] = guardedActions?.[policy] ?? []
    expect(run.effects({ ok: true, returnData: '0x', logs: [log, log] }).reentries).toEqual([
      { action: one, error: GUARD_ERROR },
      { action: other, error: null },
      { action: one, error: 'revert without data' },
    ])
    expect(run.effects({ ok: true, returnData: '0x', logs: [] })).not.toHaveProperty('reentries')
  })
})

test('a contract that moves no tokens guards nothing, and is armed with nothing', () => {
  const { protocol } = matchmakingBinding
  expect(protocol.guardedActions).toBeUndefined()
  for (const policy of POLICIES) expect(guardedIn(matchmakingBinding, policy)).toEqual([])
  const accounts = { ...accountsOf(protocol.participants), nobody: zeroAddress }
  const tokens = { plain6: TOKEN_ADDRESS }
  const stage = { chainId: 31_337, escrow: ESCROW_ADDRESS, tokens, accounts }
  expect(matchmakingBinding.bind({ stage, policy: 'hardened', agreements: [] }).prelude).toEqual([])
})
