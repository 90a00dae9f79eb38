/**
 * ABI work that every binding needs, prepared once: selectors, error names, event decoding.
 *
 * viem does the coding; what is ours is to look things up by selector instead of searching a whole
 * ABI for each call, which is several times faster on the hot path.
 */
import {
  type Abi,
  type AbiEvent,
  type AbiFunction,
  type Address,
  decodeEventLog,
  encodeAbiParameters,
  type Hex,
  toEventSelector,
  toFunctionSelector,
} from 'viem'
import { assert } from '../../models/kit/error.ts'

/** Error names by 4-byte selector, with Solidity's own two. */
export function errorNames(abi: Abi): ReadonlyMap<string, string> {
  const names = new Map([
    ['0x08c379a0', 'Error(string)'],
    ['0x4e487b71', 'Panic(uint256)'],
  ])
  for (const item of abi) {
    if (item.type !== 'error') continue
    const signature = `${item.name}(${item.inputs.map(canonicalType).join(',')})`
    names.set(toFunctionSelector(signature), item.name)
  }
  return names
}

type Parameter = AbiFunction['inputs'][number]

function canonicalType(parameter: Parameter): string {
  if (!parameter.type.startsWith('tuple')) return parameter.type
  const { components } = parameter as Parameter & { components: readonly Parameter[] }
  return `(${components.map(canonicalType).join(',')})${parameter.type.slice('tuple'.length)}`
}

/** The name of the error in revert data; data without a known selector is shown as it is. */
export function errorName(names: ReadonlyMap<string, string>, returnData: Hex): string {
  if (returnData.length < 10) return 'revert without data'
  return names.get(returnData.slice(0, 10)) ?? `unknown error ${returnData.slice(0, 10)}`
}

function functionNamed(abi: Abi, functionName: string): AbiFunction {
  const item = abi.find(
    (entry): entry is AbiFunction => entry.type === 'function' && entry.name === functionName,
  )
  assert(item !== undefined, `the ABI has a function ${functionName}`)
  return item
}

/** The 4-byte selector of one function. */
export function callSelector(abi: Abi, functionName: string): Hex {
  return toFunctionSelector(functionNamed(abi, functionName))
}

/**
 * An encoder for one function: its selector and inputs are looked up once. Arguments of one word
 * each are laid out here; any other function, and values that do not fit, are left to viem.
 */
export function callEncoder(abi: Abi, functionName: string): (args: readonly unknown[]) => Hex {
  const item = functionNamed(abi, functionName)
  const selector = toFunctionSelector(item)
  const withViem = (args: readonly unknown[]): Hex =>
    `${selector}${encodeAbiParameters(item.inputs, args).slice(2)}`
  const writers = item.inputs.map(wordsWriter)
  if (writers.includes(undefined)) return withViem
  return (args) => {
    let words = ''
    for (const [index, write] of writers.entries()) {
      const written = write?.(args[index])
      if (written === undefined) return withViem(args)
      words += written
    }
    return `${selector}${words}`
  }
}

/** Digits of a value, or undefined when it is none that fits. */
type WordsWriter = (value: unknown) => string | undefined

/** Writes a value of one word, or a tuple of such; absent for types that viem has to encode. */
function wordsWriter(parameter: Parameter): WordsWriter | undefined {
  const { type } = parameter
  if (type === 'tuple') return tupleWriter(parameter)
  if (type === 'bytes32') return hexWriter(66)
  if (type === 'address') return hexWriter(42)
  const bits = /^uint(\d*)$/.exec(type)?.[1]
  if (bits === undefined) return undefined
  const limit = 1n << BigInt(bits || 256)
  return (value) =>
    typeof value === 'bigint' && value >= 0n && value < limit ? uintWord(value) : undefined
}

function hexWriter(length: number): WordsWriter {
  return (value) =>
    typeof value === 'string' && value.length === length
      ? value.slice(2).padStart(64, '0').toLowerCase()
      : undefined
}

function tupleWriter(parameter: Parameter): WordsWriter | undefined {
  const { components } = parameter as Parameter & { components: readonly Parameter[] }
  const writers = components.map((part) => ({ name: part.name ?? '', write: wordsWriter(part) }))
  if (writers.some(({ write }) => write === undefined)) return undefined
  return (value) => {
    const parts = value as Readonly<Record<string, unknown>>
    const words = writers.map(({ name, write }) => write?.(parts[name]))
    return words.includes(undefined) ? undefined : words.join('')
  }
}

export interface DecodedEvent {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

/** A log as the EVM emitted it. */
interface RawLog {
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** A decoder of a contract's own events; null for an event that the ABI does not have. */
export function eventDecoder(abi: Abi): (log: RawLog) => DecodedEvent | null {
  const byTopic = new Map<string, (log: RawLog) => DecodedEvent>()
  for (const item of abi) {
    if (item.type === 'event') byTopic.set(toEventSelector(item), decoderOf(item))
  }
  return (log) => byTopic.get(log.topics[0] ?? '')?.(log) ?? null
}

/** Reads one word; absent for types that viem has to decode. */
function wordReader(type: string): ((word: string) => unknown) | undefined {
  if (type === 'address') return (word) => `0x${word.slice(24)}`
  if (type === 'bytes32') return (word) => `0x${word}`
  const bits = /^uint(\d*)$/.exec(type)?.[1]
  if (bits === undefined) return undefined
  // As viem does: integers of up to 48 bits are numbers.
  if (Number(bits || 256) <= 48) return (word) => Number(`0x${word}`)
  return (word) => BigInt(`0x${word}`)
}

/**
 * Decodes one event. Parameters of one word each, which is all that most events have, are read
 * straight from topics and data; any other event, or a log of another shape, is left to viem.
 */
function decoderOf(item: AbiEvent): (log: RawLog) => DecodedEvent {
  const { name } = item
  const withViem = ({ topics, data }: RawLog): DecodedEvent => {
    const decoded = decodeEventLog({ abi: [item], topics: topics as [Hex, ...Hex[]], data })
    return { name, args: decoded.args as unknown as Record<string, unknown> }
  }
  const readers = item.inputs.map((input) => ({ input, read: wordReader(input.type) }))
  if (readers.some(({ read }) => read === undefined)) return withViem
  const indexedCount = item.inputs.filter(({ indexed }) => indexed).length
  const dataLength = 2 + 64 * (item.inputs.length - indexedCount)
  return (log) => {
    const { topics, data } = log
    if (topics.length !== 1 + indexedCount || data.length !== dataLength) return withViem(log)
    const args: Record<string, unknown> = {}
    let topic = 0
    let place = 0
    for (const { input, read } of readers) {
      const word = input.indexed ? (topics[++topic] as Hex).slice(2) : wordAt(data, place++)
      args[input.name as string] = read?.(word)
    }
    return { name, args }
  }
}

/** A number as one word, as hex without prefix. */
export function uintWord(amount: bigint | number): string {
  return amount.toString(16).padStart(64, '0')
}

/** An address as one word, as hex without prefix. */
export function addressWord(address: Address): string {
  return address.slice(2).toLowerCase().padStart(64, '0')
}

/** One 32-byte word, as hex without prefix, at `index` of concatenated words. */
export function wordAt(words: Hex, index: number): string {
  const from = 2 + index * 64
  return words.slice(from, from + 64)
}

export function uintAt(words: Hex, index: number): bigint {
  return BigInt(`0x${wordAt(words, index)}`)
}
