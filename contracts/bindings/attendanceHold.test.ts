/**
 * The binding of attendance-hold against the contracts' ABIs and the machine's words: names,
 * positions and signatures that nothing else would notice until a campaign fails for a strange
 * reason.
 */
import {
  type Abi,
  type AbiParameter,
  type Address,
  decodeAbiParameters,
  decodeFunctionData,
  type Hex,
  recoverTypedDataAddress,
  zeroAddress,
} from 'viem'
import { expect, test } from 'vitest'
import { attendanceHoldParameters } from '../../models/attendance-hold/parameters.ts'
import { attendanceHold } from '../../models/attendance-hold/protocol.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { attendanceHoldAsDescribedAbi, attendanceHoldHardenedAbi } from '../generated.ts'
import { uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { attendanceHoldBinding } from './attendanceHold.ts'
import { OTHER_CONTRACT } from './attestations.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': attendanceHoldAsDescribedAbi,
  hardened: attendanceHoldHardenedAbi,
}
/** Refusals of a deployment, and those of libraries that no call of ours can meet. */
const NOT_OF_ACTIONS = [
  'InvalidConfig',
  'InvalidShortString',
  'ReentrancyGuardReentrantCall',
  'SafeCastOverflowedUintDowncast',
  'StringTooLong',
]

const accounts = accountsOf(attendanceHold.participants)
const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Address = `0x${'70'.repeat(20)}`
const parties = { student: 'student0', teacher: 'teacher0' }
const holds = [{ ...parties, referrer: 'referrer0' }, parties].map((roles, index) => ({
  index,
  roles,
  token: 'plain6',
  terms: { priceUnits: 100_000_000n, startsAt: 1_000_000, salt: BigInt(index) },
}))
const stage = {
  chainId: 1,
  escrow: ESCROW_ADDRESS,
  tokens: { plain6: TOKEN_ADDRESS, reentrant: TOKEN_ADDRESS },
  accounts,
}
const runOf = (policy: (typeof POLICIES)[number]) =>
  attendanceHoldBinding.bind({ stage, policy, agreements: holds })
const run = runOf('hardened')
const idOf = (index: number): Hex => `0x${run.views[index]?.data.slice(10)}`

test('the contracts refuse by the names of the machine, and by no others', () => {
  const items = POLICIES.flatMap((policy) => ABIS[policy])
  const names = items.flatMap((item) => (item.type === 'error' ? [item.name] : []))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(attendanceHold.errors).sort())
})

test.each(POLICIES)('the %s contract has a function for every action', (policy) => {
  const functions = ABIS[policy].flatMap((item) => (item.type === 'function' ? [item.name] : []))
  const actions = attendanceHold.actions.map(({ name }) => name)
  expect(functions).toEqual(expect.arrayContaining(actions))
})

const HOLD_WORDS = 18

/** Words of an observation: zeros but for those given. */
function wordsWith(given: Readonly<Record<number, bigint>>): Hex {
  const count = holds.length * (HOLD_WORDS - 1) + run.views.length
  return `0x${Array.from({ length: count }, (_, word) => uintWord(given[word] ?? 0n)).join('')}`
}

test('every figure is read from the word of its name', () => {
  const item = ABIS.hardened.find((each) => 'name' in each && each.name === 'hold')
  const [struct] = (item as { outputs: readonly { components: readonly { name: string }[] }[] })
    .outputs
  const members = struct?.components.map(({ name }) => name) ?? []
  expect(members).toHaveLength(HOLD_WORDS)
  const numbered = Object.fromEntries(members.map((_, word) => [word, BigInt(word)]))
  const [hold] = run.observe(wordsWith({ ...numbered, 0: 2n }), null).view.agreements
  expect(hold?.state).toBe('Released')
  expect(Object.keys(hold?.figures ?? {})).toHaveLength(13)
  for (const [name, value] of Object.entries(hold?.figures ?? {})) {
    expect([name, value]).toEqual([name, BigInt(members.indexOf(name))])
  }
})

test('every parameter of a deployment is the member of its name', () => {
  const parameters = attendanceHoldParameters.parse({})
  const encoded = attendanceHoldBinding.constructorArguments({
    policy: 'hardened',
    parameters,
    accounts,
  })
  const deployment = ABIS.hardened.find(({ type }) => type === 'constructor')
  const { inputs } = deployment as { inputs: readonly AbiParameter[] }
  const [config] = decodeAbiParameters(inputs, encoded)
  const { attestor, keeper, platform, thresholdBps, ...seconds } = config as Record<string, unknown>
  const named = { attestor, keeper, platform }
  for (const [name, at] of Object.entries(named)) {
    expect([name, String(at).toLowerCase()]).toEqual([name, accounts[name]])
  }
  expect(thresholdBps).toBe(parameters.attendanceThresholdBps)
  expect(Object.keys(seconds)).toHaveLength(6)
  expect(parameters).toMatchObject(seconds)
})

async function sentBy(policy: (typeof POLICIES)[number], action: string, args: object, on = 0) {
  const step = { agreement: on, action, by: 'attestor', atSeconds: 1, args: { ...args } }
  const [call] = runOf(policy).encode([step])
  expect(call).toMatchObject({ from: accounts.attestor, to: ESCROW_ADDRESS })
  return decodeFunctionData({ abi: ABIS[policy], data: call?.data ?? '0x' })
}

test('a hold without a referrer is purchased with nobody in the referrer’s place', async () => {
  const withReferrer = await sentBy('hardened', 'purchase', {}, 0)
  const without = await sentBy('hardened', 'purchase', {}, 1)
  const [terms, others] = [withReferrer, without].map(
    ({ args }) => args?.[0] as { referrer: Address; startsAt: bigint },
  )
  expect(terms?.referrer.toLowerCase()).toBe(accounts.referrer0)
  expect(others?.referrer).toBe(zeroAddress)
  expect(terms?.startsAt).toBe(1_000_000n)
})

test.each([
  ['joined', 0],
  ['left', 1],
])('as described, %s is recorded as kind %d', async (kind, number) => {
  const sent = await sentBy('as-described', 'recordAttendance', { kind, at: 7 })
  expect(sent).toEqual({ functionName: 'recordAttendance', args: [idOf(0), number, 7n] })
})

test('as described, the keeper’s decision is sent as it was taken', async () => {
  for (const release of [true, false]) {
    const { args } = await sentBy('as-described', 'process', { release })
    expect(args).toEqual([idOf(0), release])
  }
})

const INTERVAL = { index: 3, joinedAt: 1_000_100, leftAt: 1_000_900 }
const END = { endedAt: 1_003_600 }
const TYPES = {
  Attendance: [
    { name: 'holdId', type: 'bytes32' },
    { name: 'index', type: 'uint32' },
    { name: 'joinedAt', type: 'uint64' },
    { name: 'leftAt', type: 'uint64' },
  ],
  Finish: [
    { name: 'holdId', type: 'bytes32' },
    { name: 'endedAt', type: 'uint64' },
  ],
}

/** Who has signed this for a hold in a contract. */
async function signerOf(
  primaryType: 'Attendance' | 'Finish',
  signature: Hex,
  { hold, less, at }: { hold: number; less: number; at: Address },
): Promise<string> {
  const { index, joinedAt, leftAt } = INTERVAL
  const attendance = { index, joinedAt: BigInt(joinedAt), leftAt: BigInt(leftAt - less) }
  const finish = { endedAt: BigInt(END.endedAt - less) }
  const signer = await recoverTypedDataAddress({
    domain: { name: 'MeterproofAttendance', version: '1', chainId: 1, verifyingContract: at },
    types: TYPES,
    primaryType,
    message: { holdId: idOf(hold), ...(primaryType === 'Attendance' ? attendance : finish) },
    signature,
  })
  return signer.toLowerCase()
}

test.each([
  ['genuine', 'attestor', { hold: 0, less: 0, at: ESCROW_ADDRESS }],
  ['forged', 'stranger', { hold: 0, less: 0, at: ESCROW_ADDRESS }],
  ['foreign', 'attestor', { hold: 1, less: 0, at: ESCROW_ADDRESS }],
  ['altered', 'attestor', { hold: 0, less: 1, at: ESCROW_ADDRESS }],
  ['crossed', 'teacher0', { hold: 0, less: 0, at: ESCROW_ADDRESS }],
  ['misplaced', 'attestor', { hold: 0, less: 0, at: OTHER_CONTRACT }],
] as const)('a %s attestation is signed by %s for %o', async (attestation, by, content) => {
  const record = await sentBy('hardened', 'recordAttendance', { ...INTERVAL, attestation })
  const { index, joinedAt, leftAt } = INTERVAL
  expect(record.args?.slice(0, -1)).toEqual([idOf(0), index, BigInt(joinedAt), BigInt(leftAt)])
  expect(await signerOf('Attendance', record.args?.at(-1) as Hex, content)).toBe(accounts[by])
  const finish = await sentBy('hardened', 'finishSession', { ...END, attestation })
  expect(finish.args?.slice(0, -1)).toEqual([idOf(0), BigInt(END.endedAt)])
  expect(await signerOf('Finish', finish.args?.at(-1) as Hex, content)).toBe(accounts[by])
})

test('an attestation that is missing is empty, and an unknown kind is nobody’s', async () => {
  const { args } = await sentBy('hardened', 'finishSession', { ...END, attestation: null })
  expect(args?.at(-1)).toBe('0x')
  const blank = sentBy('hardened', 'finishSession', { ...END, attestation: 'blank' })
  await expect(blank).rejects.toThrow('unknown kind of attestation: blank')
})

test.each([
  ['as-described', 'refundUnfinished'],
  ['hardened', 'process'],
] as const)('the re-entrant token of %s is armed with %s', async (policy, action) => {
  const agreements = holds.slice(0, 1).map((hold) => ({ ...hold, token: 'reentrant' }))
  const armed = attendanceHoldBinding.bind({ stage, policy, agreements })
  const [call] = armed.encode([{ agreement: 0, action, by: 'stranger', atSeconds: 1, args: {} }])
  expect(armed.prelude).toHaveLength(1)
  expect(armed.prelude[0]?.data).toContain(call?.data.slice(2))
  expect(run.prelude).toEqual([])
})
