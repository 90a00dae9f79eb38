import {
  type AbiEvent,
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  type Hex,
  parseAbi,
} from 'viem'
import { expect, test } from 'vitest'
import { callEncoder, eventDecoder } from './abi.ts'

const abi = parseAbi([
  'event Plain(bytes32 indexed id, address indexed who, uint128 amount, address token)',
  'event Small(uint32 indexed count, bool open)',
  'event Text(string words)',
  'event Mixed(uint48 indexed count, uint8 share, uint64 at)',
])
const ID: Hex = `0x${'ab'.repeat(32)}`
const WHO: Hex = `0x${'c0ffee'.repeat(6)}beef`

function logOf(eventName: 'Plain' | 'Small' | 'Text' | 'Mixed', args: Record<string, unknown>) {
  const item = abi.find(({ name }) => name === eventName) as AbiEvent
  const inData = item.inputs.filter(({ indexed }) => !indexed)
  const values = inData.map(({ name }) => args[name as string])
  const topics = encodeEventTopics({ abi, eventName, args: args as never }) as readonly Hex[]
  return { topics, data: encodeAbiParameters(inData, values) }
}

test('events of whole words are read in the order of their parameters', () => {
  const args = { id: ID, who: WHO, amount: 2n ** 128n - 1n, token: WHO }
  const decoded = eventDecoder(abi)(logOf('Plain', args))
  expect(decoded).toEqual({ name: 'Plain', args })
  expect(Object.keys(decoded?.args ?? {})).toEqual(['id', 'who', 'amount', 'token'])
})

test('integers are numbers up to 48 bits and bigint above, as viem has them', () => {
  const args = { count: 2 ** 48 - 1, share: 7, at: 2n ** 64n - 1n }
  const { topics, data } = logOf('Mixed', args)
  expect(eventDecoder(abi)({ topics, data })).toEqual({ name: 'Mixed', args })
  expect(decodeEventLog({ abi, topics: topics as never, data }).args).toEqual(args)
})

test.each([
  ['Small', { count: 7, open: true }],
  ['Text', { words: 'good day' }],
] as const)('%s is left to viem', (name, args) => {
  expect(eventDecoder(abi)(logOf(name, args))).toEqual({ name, args })
})

test('an unknown event is nobody’s, and a log of another shape is not misread', () => {
  const decode = eventDecoder(abi)
  expect(decode({ topics: [ID], data: '0x' })).toBeNull()
  expect(decode({ topics: [], data: '0x' })).toBeNull()
  const log = logOf('Plain', { id: ID, who: WHO, amount: 1n, token: WHO })
  expect(() => decode({ ...log, data: '0x' })).toThrow()
})

const functions = parseAbi([
  'struct Terms { address student; uint128 rate; bytes32 salt; }',
  'function open(Terms terms, uint256 amount, address to)',
  'function note(bytes32 id, bytes text)',
  'function flag(bytes32 id, bool open)',
])
const terms = { student: WHO, rate: 2n ** 128n - 1n, salt: ID }

test.each([
  ['open', [terms, 12n, WHO]],
  ['note', [ID, '0x1234']],
  ['flag', [ID, true]],
] as const)('a call of %s is laid out as viem lays it out', (functionName, args) => {
  const data = encodeFunctionData({ abi: functions, functionName, args } as never)
  expect(callEncoder(functions, functionName)(args)).toBe(data)
})

test('values that do not fit are refused, not cut', () => {
  const open = callEncoder(functions, 'open')
  expect(() => open([{ ...terms, rate: 2n ** 128n }, 1n, WHO])).toThrow()
  expect(() => open([terms, -1n, WHO])).toThrow()
  expect(() => open([terms, 1n, '0x12'])).toThrow()
})
