/**
 * What a contract tells of its own deployment: every argument of its constructor whose name is that
 * of a getter, members of a struct included.
 */
import { type Abi, decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem'
import { callSelector } from '../../contracts/bindings/abi.ts'

/** A getter, and the word that it must answer. */
export interface Told {
  readonly name: string
  /** Of the argument, as Solidity writes it. */
  readonly type: string
  readonly data: Hex
  readonly expected: Hex
}

interface Argument {
  readonly name: string
  readonly type: string
  readonly value: unknown
}

/** The getters of a contract that was constructed with `data`. */
export function toldBy(abi: Abi, data: Hex): readonly Told[] {
  return argumentsIn(abi, data).flatMap(({ name, type, value }) => {
    const getter = abi.find(
      (item) =>
        item.type === 'function' &&
        item.name === name &&
        item.inputs.length === 0 &&
        item.outputs.length === 1 &&
        item.outputs[0]?.type === type,
    )
    if (getter === undefined) return []
    const expected = encodeAbiParameters([{ type }], [value])
    return [{ name, type, data: callSelector(abi, name), expected }]
  })
}

/** Solidity's habit is an underscore behind a name that something else bears. */
const plainName = (name = '') => name.replace(/_$/, '')

function argumentsIn(abi: Abi, data: Hex): readonly Argument[] {
  const inputs = abi.find((item) => item.type === 'constructor')?.inputs ?? []
  if (inputs.length === 0) return []
  const values = decodeAbiParameters(inputs, data)
  return inputs.flatMap((input, index) => {
    const value = values[index]
    if (!('components' in input)) return [{ ...input, name: plainName(input.name), value }]
    const members = value as Readonly<Record<string, unknown>>
    return input.components.map(({ name = '', type }) => {
      return { name: plainName(name), type, value: members[name] }
    })
  })
}

/** The first getter that answers something else, in words, or null. */
export function mistold(told: readonly Told[], answers: readonly Hex[]): string | null {
  const index = told.findIndex(({ expected }, at) => answers[at] !== expected)
  const wrong = told[index]
  if (wrong === undefined) return null
  const { name, type, expected } = wrong
  const given = wordText(type, expected)
  return `${name}() tells ${wordText(type, answers[index])}, constructed with ${given}`
}

function wordText(type: string, word: Hex | undefined): string {
  if (word === undefined || word === '0x') return 'nothing'
  if (type.startsWith('uint')) return String(BigInt(word))
  return type === 'address' ? `0x${word.slice(-40)}` : word
}
