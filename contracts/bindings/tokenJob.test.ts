/**
 * The binding of token-job against the contracts' ABIs and the machine's words: names, positions
 * and signatures that nothing else would notice until a campaign fails for a strange reason.
 */
import { type Abi, type Address, decodeFunctionData, type Hex, recoverTypedDataAddress } from 'viem'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { tokenJob } from '../../models/token-job/protocol.ts'
import { plainTokenAbi, tokenJobAsDescribedAbi, tokenJobHardenedAbi } from '../generated.ts'
import { uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { tokenJobBinding } from './tokenJob.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': tokenJobAsDescribedAbi,
  hardened: tokenJobHardenedAbi,
}
/** Refusals of a deployment, and those of libraries that no call of ours can meet. */
const NOT_OF_ACTIONS = [
  'InvalidHostBps',
  'InvalidTreasury',
  'InvalidShortString',
  'ReentrancyGuardReentrantCall',
  'SafeCastOverflowedUintDowncast',
  'StringTooLong',
]

const accounts = accountsOf(tokenJob.participants)
const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Address = `0x${'70'.repeat(20)}`
const jobs = [0, 1].map((index) => ({
  index,
  roles: { user: `user${index}`, host: 'host0' },
  token: 'plain6',
  terms: {
    pricePerTokenUnits: 2_000n,
    depositUnits: 2_000_000n,
    durationSeconds: 86_400,
    salt: BigInt(index),
  },
}))
const stage = {
  chainId: 1,
  escrow: ESCROW_ADDRESS,
  tokens: { plain6: TOKEN_ADDRESS, reentrant: TOKEN_ADDRESS },
  accounts,
}
const run = tokenJobBinding.bind({ stage, policy: 'hardened', agreements: jobs })
/** Each job is read twice: its struct, and what is worked out from it. */
const idOf = (index: number): Hex => `0x${run.views[2 * index]?.data.slice(10)}`

test('the contracts refuse by the names of the machine, and by no others', () => {
  const items = POLICIES.flatMap((policy) => ABIS[policy])
  const names = items.flatMap((item) => (item.type === 'error' ? [item.name] : []))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(tokenJob.errors).sort())
})

test.each(POLICIES)(
  'the %s contract has a function for every action but the approval',
  (policy) => {
    const functions = ABIS[policy].flatMap((item) => (item.type === 'function' ? [item.name] : []))
    const actions = tokenJob.actions.map(({ name }) => name).filter((name) => name !== 'approve')
    expect(functions).toEqual(expect.arrayContaining(actions))
  },
)

const JOB_WORDS = 15
const members = [...membersOf('job'), 'closesAt']
const FIRST_BALANCE = jobs.length * JOB_WORDS
const FIRST_ACCOUNT = FIRST_BALANCE + (run.views.length - 2 * jobs.length) - 3
const FIRST_ALLOWANCE = FIRST_ACCOUNT - jobs.length
const WORDS = FIRST_ACCOUNT + 3

function membersOf(view: string): readonly string[] {
  const item = ABIS.hardened.find((each) => 'name' in each && each.name === view)
  const [struct] = (item as { outputs: readonly { components: readonly { name: string }[] }[] })
    .outputs
  return struct?.components.map(({ name }) => name) ?? []
}

/** Words of an observation: zeros but for those given. */
function wordsWith(given: Readonly<Record<number, bigint>>): Hex {
  return `0x${Array.from({ length: WORDS }, (_, word) => uintWord(given[word] ?? 0n)).join('')}`
}

test('every figure is read from the word of its name', () => {
  const numbered = Object.fromEntries(
    Array.from({ length: JOB_WORDS }, (_, word) => [word, BigInt(word)]),
  )
  const [job] = run.observe(wordsWith(numbered), null).view.agreements
  const { allowance, ...ofJob } = job?.figures ?? {}
  const inSolidity = (name: string) => name.replace('Units', 'Amount')
  expect(allowance).toBe(0n)
  expect(members).toHaveLength(JOB_WORDS)
  expect(Object.keys(ofJob)).toHaveLength(9)
  for (const [name, value] of Object.entries(ofJob)) {
    expect([name, value]).toEqual([name, BigInt(members.indexOf(inSolidity(name)))])
  }
})

test('a job that does not exist is approved by an allowance, any other stands where it is', () => {
  const nothing = run.observe(wordsWith({}), null)
  expect(nothing.view.agreements.map(({ state }) => state)).toEqual(['None', 'None'])
  const allowed = { [FIRST_ALLOWANCE]: 5n, [FIRST_ALLOWANCE + 1]: 7n }
  const approved = run.observe(wordsWith({ ...allowed, [JOB_WORDS]: 1n }), nothing)
  expect(approved.view.agreements.map(({ state }) => state)).toEqual(['Approved', 'Active'])
  expect(approved.view.agreements.map(({ figures }) => figures.allowance)).toEqual([5n, 7n])
  const withdrawn = run.observe(wordsWith({ [JOB_WORDS]: 1n }), approved)
  expect(withdrawn.view.agreements.map(({ state }) => state)).toEqual(['None', 'Active'])
})

test('accounts have their names, and what did not change keeps its identity', () => {
  const before = run.observe(wordsWith({ [FIRST_ALLOWANCE]: 5n }), null)
  const words = wordsWith({
    [FIRST_ALLOWANCE]: 5n,
    [FIRST_ACCOUNT]: 1n,
    [FIRST_ACCOUNT + 1]: 2n,
    [FIRST_ACCOUNT + 2]: 3n,
  })
  const { view } = run.observe(words, before)
  expect(view.accounts).toEqual({
    plain6: { 'earnings:host0': 1n, 'earnings:host1': 2n, treasury: 3n },
  })
  expect(view.agreements[0]).toBe(before.view.agreements[0])
  const moved = run.observe(wordsWith({ [FIRST_BALANCE]: 9n, [FIRST_ALLOWANCE]: 5n }), before)
  expect(moved.view.accounts).toBe(before.view.accounts)
  expect(moved.view.balances).not.toEqual(before.view.balances)
})

test('an approval is a call of the token, for the contract', async () => {
  const args = { amountUnits: 2n ** 256n - 1n }
  const step = { agreement: 1, action: 'approve', by: 'user1', atSeconds: 1, args }
  const [call] = run.encode([step])
  expect(call).toMatchObject({ from: accounts.user1, to: TOKEN_ADDRESS })
  const decoded = decodeFunctionData({ abi: plainTokenAbi, data: call?.data ?? '0x' })
  expect(decoded.functionName).toBe('approve')
  expect(String(decoded.args?.[0]).toLowerCase()).toBe(ESCROW_ADDRESS)
  expect(decoded.args?.[1]).toBe(args.amountUnits)
})

async function receiptOf(kind: string | null): Promise<Hex> {
  const args = { cumulativeTokens: 1_000n, receipt: kind }
  const step = { agreement: 0, action: 'submitProof', by: 'host0', atSeconds: 1, args }
  const [call] = run.encode([step])
  const { args: sent } = decodeFunctionData({ abi: ABIS.hardened, data: call?.data ?? '0x' })
  expect(sent?.slice(0, 2)).toEqual([idOf(0), 1_000n])
  return sent?.[2] as Hex
}

test.each([
  ['genuine', 'user0', 0, 1_000n],
  ['forged', 'stranger', 0, 1_000n],
  ['foreign', 'user0', 1, 1_000n],
  ['altered', 'user0', 0, 999n],
  ['crossed', 'host0', 0, 1_000n],
] as const)(
  'a %s receipt is signed by %s for job %d and %d tokens',
  async (kind, by, job, tokens) => {
    const signer = await recoverTypedDataAddress({
      domain: {
        name: 'Meterproof TokenJob',
        version: '1',
        chainId: 1,
        verifyingContract: ESCROW_ADDRESS,
      },
      types: {
        Receipt: [
          { name: 'jobId', type: 'bytes32' },
          { name: 'cumulativeTokens', type: 'uint128' },
        ],
      },
      primaryType: 'Receipt',
      message: { jobId: idOf(job), cumulativeTokens: tokens },
      signature: await receiptOf(kind),
    })
    expect(signer.toLowerCase()).toBe(accounts[by])
  },
)

test('a receipt that is missing is empty, and an unknown kind is nobody’s', async () => {
  expect(await receiptOf(null)).toBe('0x')
  await expect(receiptOf('blank')).rejects.toThrow('unknown kind of receipt: blank')
})

test.each([
  ['as-described', 'timeout'],
  ['hardened', 'endSession'],
] as const)('the re-entrant token of %s is armed with %s', async (policy, action) => {
  const reentrant = jobs.slice(0, 1).map((job) => ({ ...job, token: 'reentrant' }))
  const armed = tokenJobBinding.bind({ stage, policy, agreements: reentrant })
  const [call] = armed.encode([{ agreement: 0, action, by: 'stranger', atSeconds: 1, args: {} }])
  expect(armed.prelude).toHaveLength(1)
  expect(armed.prelude[0]?.data).toContain(call?.data.slice(2))
  expect(run.prelude).toEqual([])
})
