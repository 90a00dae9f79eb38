/**
 * The binding of payment-channel against the contracts' ABIs and the machine's words: names,
 * positions and signatures that nothing else would notice until a campaign fails for a strange
 * reason.
 */
import { type Abi, type Address, decodeFunctionData, type Hex, recoverTypedDataAddress } from 'viem'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { paymentChannel } from '../../models/payment-channel/protocol.ts'
import { paymentChannelAsDescribedAbi, paymentChannelHardenedAbi } from '../generated.ts'
import { uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { paymentChannelBinding } from './paymentChannel.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': paymentChannelAsDescribedAbi,
  hardened: paymentChannelHardenedAbi,
}
/** Refusals of libraries that no call of ours can meet. */
const NOT_OF_ACTIONS = [
  'InvalidShortString',
  'ReentrancyGuardReentrantCall',
  'SafeCastOverflowedUintDowncast',
  'StringTooLong',
]

const accounts = accountsOf(paymentChannel.participants)
const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Address = `0x${'70'.repeat(20)}`
const channels = [0, 1].map((index) => ({
  index,
  roles: { payer: 'payer0', provider: 'provider0' },
  token: 'plain6',
  terms: { expirySeconds: 86_400, salt: BigInt(index) },
}))
const stage = {
  chainId: 1,
  escrow: ESCROW_ADDRESS,
  tokens: { plain6: TOKEN_ADDRESS, reentrant: TOKEN_ADDRESS },
  accounts,
}
const run = paymentChannelBinding.bind({ stage, policy: 'hardened', agreements: channels })
/** Each channel is read twice: its struct, and what is worked out from it. */
const idOf = (index: number): Hex => `0x${run.views[2 * index]?.data.slice(10)}`

test.each(POLICIES)('%s refuses by the names of the machine, and by no others', (policy) => {
  const names = ABIS[policy].flatMap((item) => (item.type === 'error' ? [item.name] : []))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(paymentChannel.errors).sort())
})

test.each(POLICIES)('the %s contract has a function for every action', (policy) => {
  const functions = ABIS[policy].flatMap((item) => (item.type === 'function' ? [item.name] : []))
  const actions = paymentChannel.actions.map(({ name }) => name)
  expect(functions).toEqual(expect.arrayContaining(actions))
})

test('both policies have the same functions, events and errors', () => {
  expect(ABIS['as-described']).toEqual(ABIS.hardened)
})

const CHANNEL_WORDS = 12

/** Words of an observation: zeros but for those given. */
function wordsWith(given: Readonly<Record<number, bigint>>): Hex {
  const count = channels.length * (CHANNEL_WORDS - 1) + run.views.length
  return `0x${Array.from({ length: count }, (_, word) => uintWord(given[word] ?? 0n)).join('')}`
}

test('every figure is read from the word of its name', () => {
  const item = ABIS.hardened.find((each) => 'name' in each && each.name === 'channel')
  const [struct] = (item as { outputs: readonly { components: readonly { name: string }[] }[] })
    .outputs
  const members = [...(struct?.components.map(({ name }) => name) ?? []), 'expiresAt']
  expect(members).toHaveLength(CHANNEL_WORDS)
  const numbered = Object.fromEntries(members.map((_, word) => [word, BigInt(word)]))
  const [channel] = run.observe(wordsWith({ ...numbered, 0: 2n }), null).view.agreements
  expect(channel?.state).toBe('Closing')
  expect(Object.keys(channel?.figures ?? {})).toHaveLength(7)
  for (const [name, value] of Object.entries(channel?.figures ?? {})) {
    expect([name, value]).toEqual([name, BigInt(members.indexOf(name))])
  }
})

async function voucherOf(kind: string | null): Promise<Hex> {
  const args = { cumulativeUnits: 1_000n, voucher: kind }
  const step = { agreement: 0, action: 'redeem', by: 'provider0', atSeconds: 1, args }
  const [call] = run.encode([step])
  const { args: sent } = decodeFunctionData({ abi: ABIS.hardened, data: call?.data ?? '0x' })
  expect(sent?.slice(0, 2)).toEqual([idOf(0), 1_000n])
  return sent?.[2] as Hex
}

test.each([
  ['genuine', 'payer0', 0, 1_000n],
  ['forged', 'stranger', 0, 1_000n],
  ['foreign', 'payer0', 1, 1_000n],
  ['altered', 'payer0', 0, 999n],
  ['crossed', 'provider0', 0, 1_000n],
] as const)(
  'a %s voucher is signed by %s for channel %d and %d units',
  async (kind, by, channel, units) => {
    const signer = await recoverTypedDataAddress({
      domain: {
        name: 'Meterproof PaymentChannel',
        version: '1',
        chainId: 1,
        verifyingContract: ESCROW_ADDRESS,
      },
      types: {
        Voucher: [
          { name: 'channelId', type: 'bytes32' },
          { name: 'cumulative', type: 'uint128' },
        ],
      },
      primaryType: 'Voucher',
      message: { channelId: idOf(channel), cumulative: units },
      signature: await voucherOf(kind),
    })
    expect(signer.toLowerCase()).toBe(accounts[by])
  },
)

test('a voucher that is missing is empty, and an unknown kind is nobody’s', async () => {
  expect(await voucherOf(null)).toBe('0x')
  await expect(voucherOf('blank')).rejects.toThrow('unknown kind of voucher: blank')
})

test('the re-entrant token is armed with what anyone may try', async () => {
  const reentrant = channels.slice(0, 1).map((channel) => ({ ...channel, token: 'reentrant' }))
  const armed = paymentChannelBinding.bind({ stage, policy: 'hardened', agreements: reentrant })
  const [call] = armed.encode([
    { agreement: 0, action: 'finalise', by: 'stranger', atSeconds: 1, args: {} },
  ])
  expect(armed.prelude).toHaveLength(1)
  expect(armed.prelude[0]?.data).toContain(call?.data.slice(2))
  expect(run.prelude).toEqual([])
})
