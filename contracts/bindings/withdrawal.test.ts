/**
 * The binding of withdrawal against the contracts' ABIs and the machine's words: names, positions
 * and accounts that nothing else would notice until a campaign fails for a strange reason.
 */
import {
  type Abi,
  type AbiParameter,
  type Address,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  parseAbiParameters,
  toFunctionSelector,
} from 'viem'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { withdrawalParameters } from '../../models/withdrawal/parameters.ts'
import { withdrawal } from '../../models/withdrawal/protocol.ts'
import { withdrawalAsDescribedAbi, withdrawalHardenedAbi } from '../generated.ts'
import { uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { withdrawalBinding } from './withdrawal.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': withdrawalAsDescribedAbi,
  hardened: withdrawalHardenedAbi,
}
/** Refusals of a deployment, and those of libraries that no call of ours can meet. */
const NOT_OF_ACTIONS = [
  'InvalidConfig',
  'ReentrancyGuardReentrantCall',
  'SafeCastOverflowedUintDowncast',
]

const accounts = accountsOf(withdrawal.participants)
const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Address = `0x${'70'.repeat(20)}`
const REENTRANT_ADDRESS: Address = `0x${'7e'.repeat(20)}`
const withdrawals = [0, 1].map((index) => ({
  index,
  roles: { teacher: `teacher${index}`, bank: 'bank', platform: 'platform' },
  token: 'plain6',
  terms: { amountUnits: 10_000_000n, salt: BigInt(index) },
}))
const stage = {
  chainId: 1,
  escrow: ESCROW_ADDRESS,
  tokens: { plain6: TOKEN_ADDRESS, reentrant: REENTRANT_ADDRESS },
  accounts,
}
const run = withdrawalBinding.bind({ stage, policy: 'hardened', agreements: withdrawals })
const idOf = (index: number): Hex => `0x${run.views[index]?.data.slice(10)}`

test('the contracts refuse by the names of the machine, and by no others', () => {
  const items = POLICIES.flatMap((policy) => ABIS[policy])
  const names = items.flatMap((item) => (item.type === 'error' ? [item.name] : []))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(withdrawal.errors).sort())
})

test('both contracts have the same functions, one for every action', () => {
  const [described = [], hardened = []] = POLICIES.map((policy) =>
    ABIS[policy].flatMap((item) =>
      item.type === 'function' ? [{ name: item.name, selector: toFunctionSelector(item) }] : [],
    ),
  )
  expect(described).toEqual(hardened)
  const actions = withdrawal.actions.map(({ name }) => name)
  expect(hardened.map(({ name }) => name)).toEqual(expect.arrayContaining(actions))
})

const WITHDRAWAL_WORDS = 8
const ACCOUNTS = withdrawal.accounts ?? []
const FIRST_BALANCE = withdrawals.length * WITHDRAWAL_WORDS
const WORDS = FIRST_BALANCE + run.views.length - withdrawals.length
const FIRST_ACCOUNT = WORDS - ACCOUNTS.length

/** Words of an observation: zeros but for those given. */
function wordsWith(given: Readonly<Record<number, bigint>>): Hex {
  return `0x${Array.from({ length: WORDS }, (_, word) => uintWord(given[word] ?? 0n)).join('')}`
}

test('every figure is read from the word of its name', () => {
  const item = ABIS.hardened.find((each) => 'name' in each && each.name === 'withdrawal')
  const [struct] = (item as { outputs: readonly { components: readonly { name: string }[] }[] })
    .outputs
  const members = struct?.components.map(({ name }) => name.replace('bankR', 'r')) ?? []
  expect(members).toHaveLength(WITHDRAWAL_WORDS)
  const numbered = Object.fromEntries(members.map((_, word) => [word, BigInt(word)]))
  const [seen] = run.observe(wordsWith({ ...numbered, 0: 6n }), null).view.agreements
  expect(seen?.state).toBe('Cancelled')
  expect(Object.keys(seen?.figures ?? {})).toHaveLength(5)
  for (const [name, value] of Object.entries(seen?.figures ?? {})) {
    expect([name, value]).toEqual([name, BigInt(members.indexOf(name))])
  }
})

test('each account is asked for by its name', () => {
  const asked = run.views.slice(-ACCOUNTS.length).map(({ target, data }) => {
    const { functionName, args } = decodeFunctionData({ abi: ABIS.hardened, data })
    expect(target).toBe(ESCROW_ADDRESS)
    expect(String(args?.at(-1)).toLowerCase()).toBe(TOKEN_ADDRESS)
    const owner = Object.keys(accounts).find(
      (name) => accounts[name] === String(args?.[0]).toLowerCase(),
    )
    const word = functionName.replace('Of', '')
    return owner === undefined ? word : `${word}:${owner}`
  })
  expect(asked).toEqual(ACCOUNTS)
})

test('accounts have their names, and what did not change keeps its identity', () => {
  const before = run.observe(wordsWith({ [FIRST_ACCOUNT]: 5n }), null)
  const numbered = ACCOUNTS.map((_, index) => [FIRST_ACCOUNT + index, BigInt(index)])
  const { view } = run.observe(wordsWith(Object.fromEntries(numbered)), before)
  expect(view.accounts).toEqual({
    plain6: Object.fromEntries(ACCOUNTS.map((name, index) => [name, BigInt(index)])),
  })
  expect(view.agreements[0]).toBe(before.view.agreements[0])
  const moved = run.observe(wordsWith({ [FIRST_BALANCE]: 9n, [FIRST_ACCOUNT]: 5n }), before)
  expect(moved.view.accounts).toBe(before.view.accounts)
  expect(moved.view.balances).not.toEqual(before.view.balances)
  expect(run.observe(before.words, before)).toBe(before)
})

test('every parameter of a deployment is the member of its name', () => {
  const parameters = withdrawalParameters.parse({})
  const encoded = withdrawalBinding.constructorArguments({
    policy: 'hardened',
    parameters,
    accounts,
  })
  const deployment = ABIS.hardened.find(({ type }) => type === 'constructor')
  const { inputs } = deployment as { inputs: readonly AbiParameter[] }
  const [config] = decodeAbiParameters(inputs, encoded)
  const { admins, bank, platform, minimumUnits, ...rest } = config as {
    admins: readonly Address[]
    bank: Address
    platform: Address
    minimumUnits: bigint
  }
  const named = [...admins, bank, platform].map((address) => address.toLowerCase())
  const names = ['admin0', 'admin1', 'bank', 'platform']
  expect(named).toEqual(names.map((name) => accounts[name]))
  expect(minimumUnits).toBe(BigInt(parameters.minimumUnits as number))
  expect(Object.keys(rest)).toHaveLength(2)
  expect(parameters).toMatchObject(rest)
})

async function sent(action: string, args: Readonly<Record<string, string | bigint>>) {
  const step = { agreement: 1, action, by: 'stranger', atSeconds: 1, args }
  const [call] = run.encode([step])
  expect(call).toMatchObject({ from: accounts.stranger, to: ESCROW_ADDRESS })
  const decoded = decodeFunctionData({ abi: ABIS.hardened, data: call?.data ?? '0x' })
  const words = (decoded.args ?? []).map((arg) =>
    typeof arg === 'string' ? arg.toLowerCase() : arg,
  )
  return { functionName: decoded.functionName, args: words }
}

test.each([
  ['credit', { grossUnits: 7n }, [accounts.teacher1, TOKEN_ADDRESS, 7n]],
  ['withdrawCommission', { to: 'admin0' }, [TOKEN_ADDRESS, accounts.admin0]],
  ['complete', { reference: 9n }, [idOf(1), 9n]],
  ['claim', { to: 'bank' }, [idOf(1), accounts.bank]],
  ['approve', {}, [idOf(1)]],
  ['reject', {}, [idOf(1)]],
  ['bankFailed', {}, [idOf(1)]],
  ['cancel', {}, [idOf(1)]],
])('%s sends what it is about', async (action, args, expected) => {
  expect(await sent(action, args)).toEqual({ functionName: action, args: expected })
})

test('events of accounts name no withdrawal, the others their own', () => {
  const [teacher, token] = [accounts.teacher0 as Address, TOKEN_ADDRESS]
  const credited = {
    address: ESCROW_ADDRESS,
    topics: encodeEventTopics({
      abi: withdrawalHardenedAbi,
      eventName: 'Credited',
      args: { teacher, token },
    }) as Hex[],
    data: encodeAbiParameters(parseAbiParameters('uint256, uint256'), [10n, 3n]),
  }
  const completed = {
    address: ESCROW_ADDRESS,
    topics: encodeEventTopics({
      abi: withdrawalHardenedAbi,
      eventName: 'Completed',
      args: { withdrawalId: idOf(1), caller: accounts.bank as Address },
    }) as Hex[],
    data: encodeAbiParameters(parseAbiParameters('uint256, uint128'), [8n, 10n]),
  }
  const result = { ok: true, returnData: '0x' as const, logs: [credited, completed] }
  expect(run.effects(result).logs).toEqual([
    {
      name: 'Credited',
      args: {
        agreement: -1,
        teacher: 'teacher0',
        token: 'plain6',
        grossUnits: 10n,
        commissionUnits: 3n,
      },
    },
    { name: 'Completed', args: { agreement: 1, by: 'bank', reference: 8n, amountUnits: 10n } },
  ])
})

test('the re-entrant token is armed with what pays out', async () => {
  const agreements = withdrawals.slice(0, 1).map((each) => ({ ...each, token: 'reentrant' }))
  const armed = withdrawalBinding.bind({ stage, policy: 'hardened', agreements })
  const reference = 1n << 255n
  const args = { reference }
  const [call] = armed.encode([
    { agreement: 0, action: 'complete', by: 'bank', atSeconds: 1, args },
  ])
  expect(armed.prelude).toHaveLength(1)
  expect(armed.prelude[0]?.data).toContain(call?.data.slice(2))
  expect(run.prelude).toEqual([])
})
