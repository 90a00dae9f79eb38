/**
 * Solidity for mutants: trees of a contract's own sources, and many mutated copies in one run.
 *
 * Each copy of the own sources stands under a folder of its own, where relative imports find their
 * way; packages are shared, so that they are read once for a whole batch. One copy that does not
 * compile would keep the rest from being compiled: it is taken out and the rest tried again, which
 * costs little, as solc makes code only when all sources are sound.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { contractsRoot } from '../../contracts/internal/contractsRoot.ts'
import { importClosure } from '../../contracts/internal/importClosure.ts'
import {
  type CompilerInput,
  type CompilerOutput,
  compilerInput,
  tryCompiler,
} from '../../contracts/internal/solcRunner.ts'
import { assert } from '../../models/kit/error.ts'
import type { Parsed } from './mutants.ts'
import type { Edit } from './operator.ts'
import { rootOf } from './syntaxTree.ts'

/** Our sources are named from here on; packages are not. */
const OWN = 'src/'

/** A contract with all sources that it needs, by name. */
export interface ContractSources {
  readonly contractName: string
  /** File that declares it. */
  readonly sourceName: string
  readonly files: ReadonlyMap<string, string>
}

/** A change of one file, or none. */
export interface Copy {
  readonly file: string
  readonly edit: Edit | null
}

export type Compiled =
  | { readonly bytecode: Hex }
  /** What the compiler has against it. */
  | { readonly refusal: string }

/** Reads one of our contracts. */
export function contractSources(sourceName: string, contractName: string): ContractSources {
  const path = join(contractsRoot(), sourceName)
  const target = { name: sourceName, path, content: readFileSync(path, 'utf8') }
  return { contractName, sourceName, files: importClosure([target], {}) }
}

/** The contract's own files with their trees, in the order of their names. */
export function parsedSources({ files }: ContractSources): readonly Parsed[] {
  const input = compilerInput(files, [], 'quick')
  const wanted = ownFiles(files).map(([name]) => [name, { '': ['ast'] }])
  const settings = { ...input.settings, outputSelection: Object.fromEntries(wanted) }
  const { sources } = tryCompiler({ ...input, settings })
  return ownFiles(files).map(([file, content]) => {
    const tree = rootOf(sources[file]?.ast)
    assert(tree !== null, `solc gives a tree of ${file}`)
    return { file, content, tree }
  })
}

function ownFiles(files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...files].filter(([name]) => name.startsWith(OWN)).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A text with an edit, by bytes. */
export function editedText(content: string, { start, end, text }: Edit): string {
  const bytes = Buffer.from(content)
  const parts = [bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)]
  return Buffer.concat(parts).toString()
}

const folderOf = (index: number) => `m${index}/`
const indexOf = (file: string) => Number(/^m(\d+)\//.exec(file)?.[1] ?? -1)

/** The code of each copy, in order. */
export function compileCopies(sources: ContractSources, copies: readonly Copy[]): Compiled[] {
  const compiled = new Map<number, Compiled>()
  let open = copies.map((_, index) => index)
  while (open.length > 0) {
    const output = tryCompiler(inputOf(sources, copies, open))
    const refusals = refusalsIn(output)
    const blamed = open.filter((index) => refusals.has(index))
    // An error that names no copy is looked for in each by itself.
    if (blamed.length === 0 && refusals.size > 0 && open.length > 1) {
      for (const index of open) {
        const [alone] = compileCopies(sources, copies.slice(index, index + 1))
        if (alone !== undefined) compiled.set(index, alone)
      }
      break
    }
    const isSound = blamed.length === 0
    for (const index of isSound ? open : blamed) {
      const refusal = refusals.get(index)
      compiled.set(index, refusal === undefined ? codeOf(sources, output, index) : { refusal })
    }
    if (isSound) break
    open = open.filter((index) => !refusals.has(index))
  }
  return copies.map((_, index) => compiled.get(index) ?? { refusal: 'The compiler is silent.' })
}

function inputOf(
  { files, sourceName }: ContractSources,
  copies: readonly Copy[],
  open: readonly number[],
): CompilerInput {
  const all = new Map([...files].filter(([name]) => !name.startsWith(OWN)))
  for (const index of open) {
    const copy = copies[index]
    assert(copy !== undefined, 'a copy that is open was given')
    for (const [name, content] of ownFiles(files)) {
      const isEdited = copy.edit !== null && name === copy.file
      const text = isEdited ? editedText(content, copy.edit) : content
      all.set(`${folderOf(index)}${name}`, text)
    }
  }
  return compilerInput(
    all,
    open.map((index) => `${folderOf(index)}${sourceName}`),
    'quick',
  )
}

/** The first error of each copy. */
function refusalsIn({ errors }: CompilerOutput): ReadonlyMap<number, string> {
  const refusals = new Map<number, string>()
  for (const { severity, type, message, sourceLocation } of errors) {
    const index = indexOf(sourceLocation?.file ?? '')
    if (severity !== 'error' || refusals.has(index)) continue
    refusals.set(index, `${type}: ${message}`)
  }
  return refusals
}

function codeOf(
  { sourceName, contractName }: ContractSources,
  output: CompilerOutput,
  index: number,
): Compiled {
  const contract = output.contracts[`${folderOf(index)}${sourceName}`]?.[contractName]
  const code = contract?.evm.bytecode.object ?? ''
  return code === '' ? { refusal: 'The compiler gives no code.' } : { bytecode: `0x${code}` }
}
