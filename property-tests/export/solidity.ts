/**
 * Calls and constructor arguments as Solidity source, decoded from their bytes by the ABI.
 *
 * A test brings its own interface with just the functions and structs that it uses, so it compiles
 * against any contract that can be called that way. Bytes that no function of the ABI explains are
 * written as they are.
 */
import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  decodeAbiParameters,
  getAddress,
  type Hex,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { plainTokenAbi, reentrantTokenAbi } from '../../contracts/generated.ts'

type Parameter = AbiParameter & {
  readonly components?: readonly Parameter[]
  readonly internalType?: string
}

export const INTERFACE = 'ICalled'

/** Writes values, and remembers what the file must declare for them. */
export class SolidityWriter {
  readonly #functions: readonly AbiFunction[]
  readonly #names: ReadonlyMap<string, string>
  readonly #structs = new Map<string, string>()
  readonly #members = new Map<string, string>()
  readonly #words = new Map<string, string>()
  readonly #lists = new Map<string, string>()

  /** @param names of known addresses, lower case; each is a constant of the file */
  constructor(abi: Abi, names: ReadonlyMap<string, string>) {
    const all = [...abi, ...(plainTokenAbi as Abi), ...(reentrantTokenAbi as Abi)]
    this.#functions = all.filter((item): item is AbiFunction => item.type === 'function')
    this.#names = names
  }

  address(at: string): string {
    if (at === zeroAddress) return 'address(0)'
    return this.#names.get(at.toLowerCase()) ?? getAddress(at as Hex)
  }

  addresses(list: readonly string[]): string {
    return this.#list({ type: 'address' }, list)
  }

  /** An expression of type `bytes memory`. */
  call(data: Hex): string {
    const asBytes = `hex"${data.slice(2)}"`
    const found = this.#functions.find((item) => toFunctionSelector(item) === data.slice(0, 10))
    if (found === undefined) return asBytes
    const { name } = found
    const inputs = found.inputs as readonly Parameter[]
    const given = inputs.map((part) => `${this.#type(part, 'calldata')} ${part.name ?? ''}`.trim())
    const declared = `    function ${name}(${given.join(', ')}) external;`
    const known = this.#members.get(name)
    // An overloaded name is no function pointer.
    if (known !== undefined && known !== declared) return asBytes
    this.#members.set(name, declared)
    const rest: Hex = `0x${data.slice(10)}`
    const values = inputs.length === 0 ? [] : decodeAbiParameters(inputs, rest)
    return `abi.encodeCall(${INTERFACE}.${name}, (${this.#values(inputs, values)}))`
  }

  /** The arguments of a constructor, encoded. */
  constructed(abi: Abi, data: Hex): string {
    const found = abi.find((item) => item.type === 'constructor')
    const inputs = (found?.type === 'constructor' ? found.inputs : []) as readonly Parameter[]
    if (inputs.length === 0) return `hex"${data.slice(2)}"`
    return `abi.encode(${this.#values(inputs, decodeAbiParameters(inputs, data))})`
  }

  /** Members of the interface. */
  interfaceMembers(): readonly string[] {
    const members = [...this.#structs.values(), ...this.#members.values()]
    return members.map((each) => each.replaceAll(`${INTERFACE}.`, ''))
  }

  constants(): readonly string[] {
    return [...this.#words].map(([hex, name]) => `    bytes32 private constant ${name} = ${hex};`)
  }

  helpers(): readonly string[] {
    return [...this.#lists.values()]
  }

  #values(parameters: readonly Parameter[], values: readonly unknown[]): string {
    return parameters.map((part, index) => this.#value(part, values[index])).join(', ')
  }

  #value(parameter: Parameter, given: unknown): string {
    const { type, components = [] } = parameter
    if (type.endsWith('[]')) {
      return this.#list({ ...parameter, type: type.slice(0, -2) }, given as readonly unknown[])
    }
    if (type === 'tuple') {
      const parts = given as Readonly<Record<string, unknown>>
      const fields = components.map(
        (part) => `${part.name}: ${this.#value(part, parts[part.name ?? ''])}`,
      )
      return `${INTERFACE}.${this.#struct(parameter)}({${fields.join(', ')}})`
    }
    if (type === 'address') return this.address(String(given))
    if (type === 'bytes32') return this.#word(given as Hex)
    if (type === 'bytes') return `hex"${String(given).slice(2)}"`
    if (type.startsWith('bytes')) return `${type}(${given})`
    if (type === 'string') return JSON.stringify(given)
    return type === 'bool' ? String(given) : grouped(given as bigint)
  }

  /** The type as it stands in a declaration; structs are declared on the way. */
  #type(parameter: Parameter, location: '' | 'memory' | 'calldata'): string {
    const { type } = parameter
    const suffix = /(\[\d*\])+$/.exec(type)?.[0] ?? ''
    const isTuple = type.startsWith('tuple')
    const plain = type.slice(0, type.length - suffix.length)
    const base = isTuple ? `${INTERFACE}.${this.#struct(parameter)}` : plain
    const isReference = isTuple || suffix !== '' || ['bytes', 'string'].includes(base)
    return `${base}${suffix}${isReference && location !== '' ? ` ${location}` : ''}`
  }

  #struct({ internalType = '', components = [] }: Parameter): string {
    const name = internalType.split('.').at(-1)?.replace(/\W/g, '') || 'Terms'
    const fields = components.map((part) => `        ${this.#type(part, '')} ${part.name};`)
    this.#structs.set(name, [`    struct ${name} {`, ...fields, '    }'].join('\n'))
    return name
  }

  /** Ids come again and again, and are long. */
  #word(hex: Hex): string {
    if (BigInt(hex) === 0n) return 'bytes32(0)'
    const name = this.#words.get(hex) ?? `WORD_${this.#words.size + 1}`
    this.#words.set(hex, name)
    return name
  }

  /** Solidity has no literals of dynamic arrays. */
  #list(element: Parameter, values: readonly unknown[]): string {
    const bare = this.#type(element, '')
    const name = `_list${values.length}Of${bare.replace(/\W/g, '')}`
    const items = values.map((_, index) => `${this.#type(element, 'memory')} item${index}`)
    const lines = [
      `    function ${name}(${items.join(', ')}) private pure returns (${bare}[] memory list) {`,
      `        list = new ${bare}[](${values.length});`,
      ...values.map((_, index) => `        list[${index}] = item${index};`),
      '    }',
    ]
    this.#lists.set(name, lines.join('\n'))
    return `${name}(${values.map((each) => this.#value(element, each)).join(', ')})`
  }
}

/** 1_000_000 for a million. */
export function grouped(units: bigint | number): string {
  return String(units).replace(/\B(?=(\d{3})+$)/g, '_')
}

/** A string literal; Solidity wants plain characters in it. */
export function quoted(text: string): string {
  const plain = text
    .replaceAll('≤', '<=')
    .replaceAll('≥', '>=')
    .replaceAll('−', '-')
    .replace(/[^\x20-\x7e]/g, '?')
  return JSON.stringify(plain)
}
