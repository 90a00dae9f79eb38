/**
 * Contracts compiled so that each instruction leads back to its place in the source.
 *
 * Under the optimiser some statements and branches have no code of their own (of token-job's
 * contract one line and one `if`), and a jump may be turned around. So this is compiled without any
 * of it; what a contract does is the same, its gas is not.
 */
import type { Hex } from 'viem'
import { z } from 'zod'
import { MeterproofError } from '../models/kit/error.ts'
import { cacheFolders, readCached, sha256, writeCached } from './internal/artifactCache.ts'
import {
  importClosure,
  importedName,
  importsOf,
  type SourceFile,
} from './internal/importClosure.ts'
import {
  compilerAnswer,
  compilerInput,
  compilerVersion,
  runCompiler,
} from './internal/solcRunner.ts'
import { type SourceNodes, sourceNodes } from './internal/sourceNodes.ts'

/** How this is compiled, in words for a record. */
export const TRACEABLE_BUILD =
  'without the optimiser, under which some lines and branches have no code of their own'

export interface TraceableContract {
  readonly contractName: string
  readonly sourceName: string
  /** Creation code without constructor arguments, and its source map as solc writes it. */
  readonly bytecode: Hex
  readonly creationMap: string
  /** Run-time code with zeros in the places of immutables, and its source map. */
  readonly deployedBytecode: Hex
  readonly runtimeMap: string
  /** Places of immutables in the run-time code, in bytes. */
  readonly immutables: readonly { readonly start: number; readonly length: number }[]
}

export interface TraceableSource {
  /** Number by which source maps know the file. */
  readonly index: number
  readonly name: string
  readonly content: string
  readonly nodes: SourceNodes
}

export interface TraceableBuild {
  /** Everything with code that the file or its imports declare. */
  readonly contracts: readonly TraceableContract[]
  /** Files of the project itself, without those of packages. */
  readonly sources: readonly TraceableSource[]
}

const codeSchema = z.object({ object: z.string(), sourceMap: z.string() })
const spanSchema = z.object({ start: z.number(), length: z.number() })
const outputSchema = z.object({
  sources: z.record(z.string(), z.object({ id: z.number(), ast: z.unknown() })),
  contracts: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        evm: z.object({
          bytecode: codeSchema,
          deployedBytecode: codeSchema.extend({
            immutableReferences: z.record(z.string(), z.array(spanSchema)).default({}),
          }),
        }),
      }),
    ),
  ),
})

const CODE = ['object', 'sourceMap']
const WANTED = [
  ...CODE.map((part) => `evm.bytecode.${part}`),
  ...[...CODE, 'immutableReferences'].map((part) => `evm.deployedBytecode.${part}`),
]
const NO_OPTIMISER = {
  enabled: false,
  details: { peephole: false, inliner: false, jumpdestRemover: false },
}

/** Increased whenever the stored form changes. */
const CACHE_FORMAT = 1

/**
 * Compiles one file with everything that it imports.
 *
 * @throws MeterproofError `MP_COMPILE_SOLIDITY`, `MP_COMPILE_IMPORT_NOT_FOUND`
 */
export function compileTraceable(target: SourceFile): TraceableBuild {
  const files = importClosure([target], {})
  const plain = compilerInput(files, [], 'quick')
  const settings = {
    ...plain.settings,
    optimizer: NO_OPTIMISER,
    outputSelection: { '*': { '*': WANTED, '': ['ast'] } },
  }
  const input = { ...plain, settings }
  const key = sha256(JSON.stringify(['traceable', CACHE_FORMAT, compilerVersion(), input]))
  const folders = cacheFolders(undefined)
  const cached = readCached(folders, key)
  // The checksum has vouched for the text: it is what this function wrote.
  if (cached !== undefined) return JSON.parse(cached) as TraceableBuild
  const answer = outputSchema.safeParse(compilerAnswer(input))
  // What does not compile has no contracts in it; this tells why.
  if (!answer.success) runCompiler(input)
  const output = outputSchema.parse(answer.data)
  const own = ownNames(files, target)
  const build = {
    contracts: contractsOf(output),
    sources: Object.entries(output.sources).flatMap(([name, { id, ast }]) => {
      if (!own.has(name)) return []
      return [{ index: id, name, content: files.get(name) ?? '', nodes: sourceNodes(ast) }]
    }),
  }
  writeCached(folders, key, JSON.stringify(build))
  return build
}

function contractsOf({ contracts }: z.infer<typeof outputSchema>): TraceableContract[] {
  return Object.entries(contracts).flatMap(([sourceName, declared]) =>
    Object.entries(declared).flatMap(([contractName, { evm }]) => {
      const { bytecode, deployedBytecode } = evm
      if (bytecode.object === '') return []
      return [
        {
          contractName,
          sourceName,
          bytecode: `0x${bytecode.object}` as const,
          creationMap: bytecode.sourceMap,
          deployedBytecode: `0x${deployedBytecode.object}` as const,
          runtimeMap: deployedBytecode.sourceMap,
          immutables: Object.values(deployedBytecode.immutableReferences).flat(),
        },
      ]
    }),
  )
}

/** The file and what it reaches by relative imports; packages are somebody else's. */
function ownNames(files: ReadonlyMap<string, string>, { name: first }: SourceFile): Set<string> {
  const own = new Set([first])
  for (const name of own) {
    for (const specifier of importsOf(files.get(name) ?? '')) {
      if (specifier.startsWith('.')) own.add(importedName(name, specifier))
    }
  }
  return own
}

/**
 * The contract of that name in a build.
 *
 * @throws MeterproofError `MP_COMPILE_NO_SUCH_CONTRACT`
 */
export function traceableNamed({ contracts }: TraceableBuild, name: string): TraceableContract {
  const found = contracts.find(({ contractName }) => contractName === name)
  if (found !== undefined) return found
  throw new MeterproofError('MP_COMPILE_NO_SUCH_CONTRACT', `There is no contract named ${name}.`, {
    facts: { available: contracts.map(({ contractName }) => contractName).join(', ') || 'none' },
    hint: 'Check the spelling of the contract name.',
  })
}
