/**
 * The binding of progressive-escrow against the contracts' ABIs and the machine's words: names and
 * positions that nothing else would notice until a campaign fails for a strange reason.
 */
import { type Abi, encodeAbiParameters, encodeEventTopics, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { progressiveEscrow } from '../../models/progressive-escrow/protocol.ts'
import { progressiveEscrowAsDescribedAbi, progressiveEscrowHardenedAbi } from '../generated.ts'
import { addressWord, uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { progressiveEscrowBinding } from './progressiveEscrow.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': progressiveEscrowAsDescribedAbi,
  hardened: progressiveEscrowHardenedAbi,
}
/** Refusals of a deployment, and those of libraries that no call of ours can meet. */
const NOT_OF_ACTIONS = [
  'InvalidFeeBps',
  'InvalidFeeRecipient',
  'InvalidProgressiveBps',
  'ReentrancyGuardReentrantCall',
]

const accounts = accountsOf(progressiveEscrow.participants)
const ESCROW_ADDRESS: Hex = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Hex = `0x${'70'.repeat(20)}`
const agreement = {
  index: 0,
  roles: { student: 'student0', mentor: 'mentor0' },
  token: 'plain6',
  terms: { totalAmountUnits: 100_000_000n, durationMinutes: 60, nonce: 7n },
}
const stage = {
  chainId: 1,
  escrow: ESCROW_ADDRESS,
  tokens: { plain6: TOKEN_ADDRESS, reentrant: TOKEN_ADDRESS },
  accounts,
}
const run = progressiveEscrowBinding.bind({ stage, policy: 'hardened', agreements: [agreement] })

function errorsOf(abi: Abi): string[] {
  return abi.flatMap((item) => (item.type === 'error' ? [item.name] : []))
}

test('the contracts refuse by the names of the machine, and by no others', () => {
  const names = POLICIES.flatMap((policy) => errorsOf(ABIS[policy]))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(progressiveEscrow.errors).sort())
})

test.each(POLICIES)('the %s contract has a function for every action', (policy) => {
  const functions = ABIS[policy].flatMap((item) => (item.type === 'function' ? [item.name] : []))
  expect(functions).toEqual(expect.arrayContaining(progressiveEscrow.actions.map((it) => it.name)))
})

test('every figure is read from the word of its name', () => {
  const item = progressiveEscrowHardenedAbi.find(
    (each) => 'name' in each && each.name === 'session',
  )
  const [struct] = (item as { outputs: readonly { components: readonly { name: string }[] }[] })
    .outputs
  const members = [...(struct?.components.map(({ name }) => name) ?? []), 'entitlement']
  const balances = run.views.length - 2
  const words: Hex = `0x${Array.from({ length: members.length + balances }, (_, word) =>
    uintWord(word),
  ).join('')}`
  const figuresIn = (status: number) => {
    const told = words.replace(/^0x.{64}/, `0x${uintWord(status)}`) as Hex
    return run.observe(told, null).view.agreements[0]?.figures ?? {}
  }
  const figures = figuresIn(2)
  const wordOf = (name: string) => BigInt(members.indexOf(name === 'total' ? 'totalAmount' : name))
  expect(Object.keys(figures)).toHaveLength(20)
  // What grows while a session runs is told where it stands still.
  const { entitlement, ...still } = figures
  expect(entitlement).toBe(0n)
  for (const [name, value] of Object.entries(still))
    expect([name, value]).toEqual([name, wordOf(name)])
  expect(figuresIn(3)).toEqual({ ...still, entitlement: wordOf('entitlement') })
})

test('an event is told in the words of the machine', () => {
  const abi = progressiveEscrowHardenedAbi
  const [create] = run.views
  const sessionId: Hex = `0x${create?.data.slice(10)}`
  const topics = encodeEventTopics({
    abi,
    eventName: 'Completed',
    args: { sessionId, caller: accounts.student0 as Hex },
  })
  const parameters = ['uint8', 'uint256', 'uint256', 'uint256'].map((type) => ({ type }))
  const data = encodeAbiParameters(parameters, [5, 90n, 10n, 1n])
  const log = { address: ESCROW_ADDRESS, topics: topics as Hex[], data }
  expect(run.effects({ ok: true, returnData: '0x', logs: [log] }).logs).toEqual([
    {
      name: 'Completed',
      args: {
        agreement: 0,
        by: 'student0',
        rating: 5n,
        mentorUnits: 90n,
        platformUnits: 10n,
        refundUnits: 1n,
      },
    },
  ])
})

test('the re-entrant token is armed with the completion that anyone may try', async () => {
  const reentrant = { ...agreement, token: 'reentrant' }
  const armed = progressiveEscrowBinding.bind({
    stage,
    policy: 'hardened',
    agreements: [reentrant],
  })
  const step = { agreement: 0, by: 'stranger', atSeconds: 1, args: {} }
  const [call] = armed.encode([{ ...step, action: 'autoComplete' }])
  expect(armed.prelude).toHaveLength(1)
  expect(armed.prelude[0]?.data).toContain(addressWord(ESCROW_ADDRESS))
  expect(armed.prelude[0]?.data).toContain(call?.data.slice(2))
  expect(run.prelude).toEqual([])
})
