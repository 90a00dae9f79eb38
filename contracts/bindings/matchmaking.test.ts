/**
 * The binding of matchmaking against the contracts' ABIs and the machine's words: names, positions
 * and signatures that nothing else would notice until a campaign fails for a strange reason.
 */
import {
  type Abi,
  type AbiParameter,
  type Address,
  decodeAbiParameters,
  decodeFunctionData,
  encodeEventTopics,
  type Hex,
  hashTypedData,
  recoverTypedDataAddress,
  zeroAddress,
} from 'viem'
import { expect, test } from 'vitest'
import { POLICIES } from '../../models/kit/trace.ts'
import { placeOf, QUOTE_KINDS } from '../../models/matchmaking/cast.ts'
import { matchmakingParameters } from '../../models/matchmaking/parameters.ts'
import { matchmaking } from '../../models/matchmaking/protocol.ts'
import { matchmakingAsDescribedAbi, matchmakingHardenedAbi } from '../generated.ts'
import { addressWord, uintWord } from './abi.ts'
import { accountsOf } from './accounts.ts'
import { OTHER_CONTRACT } from './attestations.ts'
import { matchmakingBinding } from './matchmaking.ts'

const ABIS: Readonly<Record<(typeof POLICIES)[number], Abi>> = {
  'as-described': matchmakingAsDescribedAbi,
  hardened: matchmakingHardenedAbi,
}
/** Refusals of a deployment, and those of libraries that no call of ours can meet. */
const NOT_OF_ACTIONS = ['InvalidConfig', 'InvalidShortString', 'StringTooLong']

const accounts = accountsOf(matchmaking.participants)
const accountOf = (name: string) => accounts[name] as Address
const ESCROW_ADDRESS: Address = `0x${'e5'.repeat(20)}`
const TOKENS: Readonly<Record<string, Address>> = {
  plain6: `0x${'70'.repeat(20)}`,
  plain18: `0x${'71'.repeat(20)}`,
}
const requests = [
  { student: 'student0', token: 'plain6' },
  { student: 'student1', token: 'plain18' },
].map(({ student, token }, index) => ({
  index,
  roles: { student, matchmaker: 'matchmaker', sessionEscrow: 'sessionEscrow' },
  token,
  terms: { maxRateUnits: 10_000n, capUnits: 36_000_000n, salt: BigInt(index) },
}))
const stage = { chainId: 1, escrow: ESCROW_ADDRESS, tokens: TOKENS, accounts }
const runOf = (policy: (typeof POLICIES)[number], count = requests.length) =>
  matchmakingBinding.bind({ stage, policy, agreements: requests.slice(0, count) })
const run = runOf('hardened')
const idOf = (index: number): Hex => `0x${run.views[index]?.data.slice(10)}`

test('the contracts refuse by the names of the machine, and by no others', () => {
  const items = POLICIES.flatMap((policy) => ABIS[policy])
  const names = items.flatMap((item) => (item.type === 'error' ? [item.name] : []))
  const ofActions = [...new Set(names)].filter((name) => !NOT_OF_ACTIONS.includes(name))
  expect(ofActions.sort()).toEqual(Object.keys(matchmaking.errors).sort())
})

test.each(POLICIES)('the %s contract has a function for every action', (policy) => {
  const functions = ABIS[policy].flatMap((item) => (item.type === 'function' ? [item.name] : []))
  const actions = matchmaking.actions.map(({ name }) =>
    name === 'request' ? 'requestMatch' : name,
  )
  expect(functions).toEqual(expect.arrayContaining(actions))
})

const REQUEST_WORDS = 18

/** Words of an observation: zeros but for those given. */
function wordsWith(given: Readonly<Record<number, string>>): Hex {
  const count = requests.length * (REQUEST_WORDS - 1) + run.views.length
  return `0x${Array.from({ length: count }, (_, word) => given[word] ?? uintWord(0)).join('')}`
}
const DIGESTS_AT = requests.length * (REQUEST_WORDS - 2) + run.views.length
const HOLDERS_AT = DIGESTS_AT - requests.length

function membersOf(): readonly string[] {
  const item = ABIS.hardened.find((each) => 'name' in each && each.name === 'matchRequest')
  const [struct] = (item as { outputs: readonly { components: readonly { name: string }[] }[] })
    .outputs
  return struct?.components.map(({ name }) => name) ?? []
}

test('every figure is read from the word of its name', () => {
  const members = membersOf()
  expect(members).toHaveLength(REQUEST_WORDS)
  const numbered = Object.fromEntries(members.map((_, word) => [word, uintWord(word)]))
  const [request] = run.observe(wordsWith({ ...numbered, 0: uintWord(8) }), null).view.agreements
  expect(request?.state).toBe('Booked')
  const { tutor, holder, digestFits, ...figures } = request?.figures ?? {}
  expect([tutor, holder, digestFits]).toEqual([99n, 0n, 0n])
  expect(Object.keys(figures)).toHaveLength(13)
  for (const [name, value] of Object.entries(figures)) {
    expect([name, value]).toEqual([name, BigInt(members.indexOf(name))])
  }
})

test('tutors and holders are read as the places of participants', () => {
  const tutorAt = membersOf().indexOf('tutor')
  const before = run.observe(wordsWith({ [tutorAt]: addressWord(accountOf('tutor1')) }), null)
  const words = wordsWith({
    [tutorAt]: addressWord(accountOf('tutor1')),
    [HOLDERS_AT]: addressWord(accountOf('student0')),
    [HOLDERS_AT + 1]: addressWord(accountOf('elsewhere')),
  })
  const [first, second] = run.observe(words, before).view.agreements
  expect(first?.figures).toMatchObject({ tutor: placeOf('tutor1'), holder: placeOf('student0') })
  expect(second?.figures).toMatchObject({ tutor: 0n, holder: placeOf('elsewhere') })
  expect(before.view.agreements[0]?.figures).toMatchObject({ tutor: placeOf('tutor1'), holder: 0n })
})

test('the digest to be signed fits when it is of the request, its student, tutor and token', () => {
  const place = (name: string) => membersOf().indexOf(name)
  const names = {
    student: accountOf('student0'),
    tutor: accountOf('tutor1'),
    token: TOKENS.plain6 as Address,
  }
  const digest = hashTypedData({
    domain: {
      ...{ name: 'MeterproofMatchmaking', version: '1', chainId: stage.chainId },
      verifyingContract: stage.escrow,
    },
    types: TYPES,
    primaryType: 'Quote',
    message: { requestId: idOf(0), ...names, rate: 1n, expiry: 2n, nonce: 3n },
  })
  const given = {
    ...Object.fromEntries(Object.entries(names).map(([n, a]) => [place(n), addressWord(a)])),
    [DIGESTS_AT]: digest.slice(2),
  }
  const fits = (words: Hex) => run.observe(words, null).view.agreements[0]?.figures.digestFits
  expect(fits(wordsWith(given))).toBe(1n)
  const other = { ...given, [place('tutor')]: addressWord(accountOf('tutor0')) }
  expect(fits(wordsWith(other))).toBe(0n)
})

test('what has not changed keeps its identity', () => {
  const words = wordsWith({ 14: addressWord(accountOf('tutor0')) })
  const before = run.observe(words, null)
  const other = wordsWith({ 14: addressWord(accountOf('tutor0')), 18: uintWord(1) })
  const after = run.observe(other, before)
  expect(run.observe(words, before)).toBe(before)
  expect(after.view.agreements[0]).toBe(before.view.agreements[0])
  expect(after.view.agreements[1]?.state).toBe('Searching')
})

test('every parameter of a deployment is the member of its name', () => {
  const parameters = matchmakingParameters.parse({})
  const encoded = matchmakingBinding.constructorArguments({
    policy: 'hardened',
    parameters,
    accounts,
  })
  const deployment = ABIS.hardened.find(({ type }) => type === 'constructor')
  const { inputs } = deployment as { inputs: readonly AbiParameter[] }
  const [config] = decodeAbiParameters(inputs, encoded)
  const { matchmaker, escrow, ...numbers } = config as Record<string, unknown>
  expect(String(matchmaker).toLowerCase()).toBe(accounts.matchmaker)
  expect(String(escrow).toLowerCase()).toBe(accounts.sessionEscrow)
  expect(numbers).toEqual(parameters)
})

test('an event has the names and the units of the machine', () => {
  const topics = encodeEventTopics({
    abi: matchmakingHardenedAbi,
    eventName: 'Matched',
    args: { requestId: idOf(1), student: accountOf('student1'), tutor: accountOf('tutor0') },
  })
  const log = { address: ESCROW_ADDRESS, topics: topics as Hex[], data: `0x${uintWord(9)}` as Hex }
  const { logs } = run.effects({ ok: true, returnData: '0x', logs: [log] })
  const args = { agreement: 1, student: 'student1', tutor: 'tutor0', rateUnits: 9n }
  expect(logs).toEqual([{ name: 'Matched', args }])
})

async function sentBy(
  policy: (typeof POLICIES)[number],
  action: string,
  args: Readonly<Record<string, string | number | bigint | null>>,
  bound = runOf(policy),
) {
  const step = { agreement: 0, action, by: 'stranger', atSeconds: 1, args }
  const [call] = bound.encode([step])
  expect(call).toMatchObject({ from: accounts.stranger, to: ESCROW_ADDRESS })
  return decodeFunctionData({ abi: ABIS[policy], data: call?.data ?? '0x' })
}

test.each([
  ['propose', { tutor: 'nobody' }, 'propose', [zeroAddress]],
  ['propose', { tutor: 'escrow' }, 'propose', [ESCROW_ADDRESS]],
  ['consume', { student: 'student1', rateUnits: 7n }, 'consume', ['student1', 7n]],
  ['reduceCap', { capUnits: 5n }, 'reduceCap', [5n]],
  ['book', { at: 9 }, 'book', [9n]],
  ['complete', { billedSeconds: 60 }, 'complete', [60]],
  ['transferCredential', { to: 'elsewhere' }, 'transferCredential', ['elsewhere']],
  ['rate', { score: 4 }, 'rate', [4]],
  ['lapse', {}, 'lapse', []],
])('%s with %o is sent as %s with %o', async (action, args, functionName, rest) => {
  const sent = await sentBy('hardened', action, args)
  const lowerCase = (value: unknown) => String(value).toLowerCase()
  const expected = rest.map((value) => accounts[String(value)] ?? value)
  expect(sent.functionName).toBe(functionName)
  expect(sent.args?.map(lowerCase)).toEqual([idOf(0), ...expected].map(lowerCase))
})

test('a request is made with its terms', async () => {
  const { functionName, args } = await sentBy('as-described', 'request', {})
  expect(functionName).toBe('requestMatch')
  const [terms] = args ?? []
  const { student, token, ...numbers } = terms as Record<string, unknown>
  expect(String(student).toLowerCase()).toBe(accounts.student0)
  expect(String(token).toLowerCase()).toBe(TOKENS.plain6)
  expect(numbers).toEqual({ maxRate: 10_000n, cap: 36_000_000n, salt: 0n })
})

test('as described, a tutor accepts with a rate and nothing else', async () => {
  const { args } = await sentBy('as-described', 'accept', { rateUnits: 8n })
  expect(args).toEqual([idOf(0), 8n])
})

const OFFER = { rateUnits: 9_000n, expiry: 1_000, nonce: 5n, tutor: 'tutor1' }
const TYPES = {
  Quote: [
    { name: 'requestId', type: 'bytes32' },
    { name: 'student', type: 'address' },
    { name: 'tutor', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'rate', type: 'uint128' },
    { name: 'expiry', type: 'uint64' },
    { name: 'nonce', type: 'uint256' },
  ],
}
const MESSAGE = {
  requestId: idOf(0),
  student: accountOf('student0'),
  tutor: accountOf('tutor1'),
  token: TOKENS.plain6 as Address,
  rate: 9_000n,
  expiry: 1_000n,
  nonce: 5n,
}

/** Who has signed this in a contract. */
async function signerOf(signature: Hex, message: typeof MESSAGE, at: Address): Promise<string> {
  const domain = { name: 'MeterproofMatchmaking', version: '1', chainId: 1, verifyingContract: at }
  const content = { domain, types: TYPES, primaryType: 'Quote' as const, message, signature }
  return (await recoverTypedDataAddress(content)).toLowerCase()
}

const ELSEWHERE_QUOTED = {
  requestId: idOf(1),
  student: accountOf('student1'),
  token: TOKENS.plain18 as Address,
}
const MADE: readonly (readonly [string, string, Partial<typeof MESSAGE>, Address])[] = [
  ['genuine', 'tutor1', {}, ESCROW_ADDRESS],
  ['forged', 'stranger', {}, ESCROW_ADDRESS],
  ['crossed', 'student0', {}, ESCROW_ADDRESS],
  ['foreign', 'tutor1', ELSEWHERE_QUOTED, ESCROW_ADDRESS],
  ['altered', 'tutor1', { rate: 9_001n }, ESCROW_ADDRESS],
  ['prolonged', 'tutor1', { expiry: 999n }, ESCROW_ADDRESS],
  ['renumbered', 'tutor1', { nonce: 6n }, ESCROW_ADDRESS],
  ['lent', 'tutor1', { student: accountOf('student1') }, ESCROW_ADDRESS],
  ['misplaced', 'tutor1', {}, OTHER_CONTRACT],
]

test.each(MADE)('a %s quote is signed by %s with %o', async (kind, by, changed, at) => {
  const { args } = await sentBy('hardened', 'accept', { ...OFFER, quote: kind })
  expect(args?.slice(0, -1)).toEqual([idOf(0), 9_000n, 1_000n, 5n])
  expect(await signerOf(args?.at(-1) as Hex, { ...MESSAGE, ...changed }, at)).toBe(accounts[by])
})

test('every kind of quote is made; a missing one is empty, an unknown one nobody’s', async () => {
  expect(MADE.map(([kind]) => kind).sort()).toEqual([...QUOTE_KINDS].sort())
  const { args } = await sentBy('hardened', 'accept', { ...OFFER, quote: null })
  expect(args?.at(-1)).toBe('0x')
  const blank = sentBy('hardened', 'accept', { ...OFFER, quote: 'blank' })
  await expect(blank).rejects.toThrow('unknown kind of quote: blank')
})

test('a foreign quote of a lone request is for one that nobody made', async () => {
  const alone = runOf('hardened', 1)
  const { args } = await sentBy('hardened', 'accept', { ...OFFER, quote: 'foreign' }, alone)
  const message = { ...MESSAGE, requestId: `0x${'f0'.repeat(32)}` as Hex }
  expect(await signerOf(args?.at(-1) as Hex, message, ESCROW_ADDRESS)).toBe(accounts.tutor1)
})
