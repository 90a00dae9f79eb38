/**
 * The binding of checkpoint-download against the contracts' ABIs and the machine's words: names,
 * positions and hashes that nothing else would notice until a campaign fails for a strange reason.
 */
import {
  type Abi,
  type Address,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  keccak256,
} from 'viem'
import { expect, test } from 'vitest'
import { checkpointDownload } from '../../models/checkpoint-download/protocol.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { checkpointDownloadAsDescribedAbi, checkpointDownloadHardenedAbi } from '../generated.ts'
import { uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { checkpointDownloadBinding } from './checkpointDownload.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': checkpointDownloadAsDescribedAbi,
  hardened: checkpointDownloadHardenedAbi,
}
/**
 * Refusals of a deployment, of tokens that do not move (here that is an answer and no refusal), and
 * of libraries that no call of ours can meet.
 */
const NOT_OF_ACTIONS = [
  'DepositFailed',
  'InvalidLimits',
  'ReentrancyGuardReentrantCall',
  'SafeCastOverflowedUintDowncast',
]

const accounts = accountsOf(checkpointDownload.participants)
const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKEN_ADDRESS: Address = `0x${'70'.repeat(20)}`
const downloads = [0, 1].map((index) => ({
  index,
  roles: { downloader: 'downloader0', seeder0: 'seeder3', seeder1: 'seeder1' },
  token: 'plain18',
  terms: {
    fileBytes: 104_857_600n,
    pricePerMebibyteUnits: 2_000n,
    mode: 'constant',
    firstMebibytes: 10,
    growthBps: 20_000,
    salt: BigInt(index),
  },
}))
const stage = {
  chainId: 1,
  escrow: ESCROW_ADDRESS,
  tokens: { plain18: TOKEN_ADDRESS, reentrant: TOKEN_ADDRESS },
  accounts,
}
const bindAs = (policy: (typeof POLICIES)[number]) =>
  checkpointDownloadBinding.bind({ stage, policy, agreements: downloads })
const run = bindAs('hardened')
const idOf = (index: number): Hex => `0x${run.views[index]?.data.slice(10)}`

test.each(POLICIES)('%s refuses by the names of the machine, and by no others', (policy) => {
  const names = ABIS[policy].flatMap((item) => (item.type === 'error' ? [item.name] : []))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(checkpointDownload.errors).sort())
})

test.each(POLICIES)('the %s contract has a function for every action', (policy) => {
  const functions = ABIS[policy].flatMap((item) => (item.type === 'function' ? [item.name] : []))
  const actions = checkpointDownload.actions.map(({ name }) => name)
  expect(functions).toEqual(expect.arrayContaining(actions))
})

test('both policies have the same events, errors and functions, but for the payment', () => {
  const withoutPay = (abi: Abi) => abi.filter((item) => !('name' in item && item.name === 'pay'))
  expect(withoutPay(ABIS['as-described'])).toEqual(withoutPay(ABIS.hardened))
})

/** A download each member of which has a value of its own, beside the figure that shows it. */
const places = Array.from({ length: 8 }, (_, place) => BigInt(place))
const MEMBERS = {
  status: 2,
  mode: 2,
  seederCount: 8,
  downloader: accounts.downloader0,
  fileBytes: 1n,
  token: TOKEN_ADDRESS,
  growthBps: 2,
  checkpoint: 3,
  pricePerMebibyte: 4n,
  threshold: 5n,
  segment: 6n,
  total: 7n,
  billed: 8n,
  due: 9n,
  pending: 10n,
  locked: 11n,
  claimDownloader: 12n,
  seeders: places.map(() => ESCROW_ADDRESS),
  delivered: places.map((place) => 100n + place),
  paid: places.map((place) => 200n + place),
  claims: places.map((place) => 300n + place),
}

const STRUCT = encodeFunctionResult({
  abi: ABIS.hardened,
  functionName: 'download',
  result: MEMBERS,
}).slice(2)
const UNTOUCHED = uintWord(0).repeat(STRUCT.length / 64)
const BALANCES = Array.from({ length: run.views.length - 2 }, (_, at) => uintWord(at + 1)).join('')

test('every figure is read from the word of its name', () => {
  const [view] = run.observe(`0x${STRUCT}${UNTOUCHED}${BALANCES}`, null).view.agreements
  const { threshold, segment, total, billed, due, pending, locked, claimDownloader } = MEMBERS
  const eachOf = (name: string, values: readonly bigint[]) =>
    Object.fromEntries(values.map((value, place) => [`${name}${place}`, value]))
  const figures = {
    checkpoint: BigInt(MEMBERS.checkpoint),
    ...{ threshold, segment, total, billed, due, pending, locked, claimDownloader },
    ...eachOf('delivered', MEMBERS.delivered),
    ...eachOf('paid', MEMBERS.paid),
    ...eachOf('claim', MEMBERS.claims),
  }
  expect(view).toEqual({ state: 'WaitingForPayment', figures })
})

test('the second download is read behind the first, and the balances behind both', () => {
  const { view } = run.observe(`0x${UNTOUCHED}${STRUCT}${BALANCES}`, null)
  expect(view.agreements.map(({ state }) => state)).toEqual(['None', 'WaitingForPayment'])
  expect(view.balances.plain18?.downloader0).toBe(1n)
  expect(view.balances.plain18?.escrow).toBe(BigInt(run.views.length - 2))
})

const TERMS_TYPE = ABIS.hardened.flatMap((item) =>
  item.type === 'function' && item.name === 'downloadIdOf' ? item.inputs : [],
)

test('a download is opened on its terms, and its id is their hash', async () => {
  const step = { agreement: 1, action: 'open', by: 'downloader0', atSeconds: 1, args: {} }
  const [call] = run.encode([step])
  const { args } = decodeFunctionData({ abi: ABIS.hardened, data: call?.data ?? '0x' })
  const terms = args?.[0] as { readonly seeders: readonly string[] }
  expect(terms.seeders.map((each) => each.toLowerCase())).toEqual([
    accounts.seeder3,
    accounts.seeder1,
  ])
  expect(terms).toMatchObject({
    fileBytes: 104_857_600n,
    pricePerMebibyte: 2_000n,
    mode: 2,
    firstMebibytes: 10,
    growthBps: 20_000,
    salt: 1n,
  })
  expect(idOf(1)).toBe(keccak256(encodeAbiParameters(TERMS_TYPE, [terms])))
  expect(idOf(0)).not.toBe(idOf(1))
})

test.each([
  ['hardened', 'pay', { checkpoint: 3, amountUnits: 7n }, [3, 7n]],
  [
    'as-described',
    'pay',
    { reference: 5n, amountUnits: 7n, sentUnits: 6n },
    [`0x${uintWord(5)}`, 7n, 6n],
  ],
  ['hardened', 'retryPayment', { checkpoint: 3, amountUnits: 7n }, [3, 7n]],
  ['hardened', 'reportProgress', { seeder: 1, bytes: 9n }, [1, 9n]],
  ['as-described', 'confirm', {}, []],
  ['hardened', 'complete', {}, []],
  ['hardened', 'cancel', {}, []],
] as const)('%s: %s sends %o', async (policy, action, args, sent) => {
  const step = { agreement: 0, action, by: 'seeder1', atSeconds: 1, args }
  const [call] = await bindAs(policy).encode([step])
  const decoded = decodeFunctionData({ abi: ABIS[policy], data: call?.data ?? '0x' })
  expect(call).toMatchObject({ from: accounts.seeder1, to: ESCROW_ADDRESS })
  expect(decoded).toEqual({ functionName: action, args: [idOf(0), ...sent] })
})

test('a reference is a number again in the log of its payment', () => {
  const topics = encodeEventTopics({
    abi: ABIS['as-described'],
    eventName: 'PaymentReported',
    args: { downloadId: idOf(1), paymentReference: `0x${uintWord(5)}` },
  }) as readonly Hex[]
  const data: Hex = `0x${uintWord(7)}${uintWord(6)}`
  const log = { address: ESCROW_ADDRESS, topics, data }
  const { logs } = run.effects({ ok: true, returnData: '0x', logs: [log] })
  const args = { agreement: 1, reference: 5n, amountUnits: 7n, sentUnits: 6n }
  expect(logs).toEqual([{ name: 'PaymentReported', args }])
})

test('the re-entrant token is armed with the cancellation', async () => {
  const reentrant = downloads.slice(0, 1).map((each) => ({ ...each, token: 'reentrant' }))
  const options = { stage, policy: 'hardened', agreements: reentrant } as const
  const armed = checkpointDownloadBinding.bind(options)
  const [call] = armed.encode([
    { agreement: 0, action: 'cancel', by: 'stranger', atSeconds: 1, args: {} },
  ])
  expect(armed.prelude).toHaveLength(1)
  expect(armed.prelude[0]?.data).toContain(call?.data.slice(2))
  expect(run.prelude).toEqual([])
})
