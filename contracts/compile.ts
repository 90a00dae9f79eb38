/**
 * Solidity to ABI and bytecode, with solc-js from npm and a cache keyed by content.
 *
 * Nothing compiled is committed: a checkout and an installed package compile at first use and read
 * from the cache ever after. The key covers the compiler's version, its settings and the text of
 * every imported file, so a stale artifact cannot be read. Compilation is synchronous inside solc:
 * callers that show progress should call it before they start to.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type Abi, type Hex, keccak256 } from 'viem'
import { MeterproofError } from '../models/kit/error.ts'
import { cacheFolders, readCached, sha256, writeCached } from './internal/artifactCache.ts'
import { contractsRoot } from './internal/contractsRoot.ts'
import {
  importClosure,
  type Remappings,
  type SourceFile,
  solidityFiles,
} from './internal/importClosure.ts'
import {
  type CompileProfile,
  type CompilerOutput,
  compilerInput,
  compilerVersion,
  runCompiler,
} from './internal/solcRunner.ts'

/** One compiled contract. `bytecode` is `0x` for interfaces and abstract contracts. */
export interface Artifact {
  readonly contractName: string
  /** File that declares it, relative to the project that was compiled. */
  readonly sourceName: string
  readonly abi: Abi
  /** Creation code, without constructor arguments. */
  readonly bytecode: Hex
  /** Run-time code, with zeros in the places of immutables. */
  readonly deployedBytecode: Hex
  /** keccak256 of `bytecode`: names the contract's code in reports and traces. */
  readonly bytecodeHash: Hex
}

/** Compiled contracts by contract name. */
export type Artifacts = Readonly<Record<string, Artifact>>

export interface CompileOptions {
  /** @defaultValue 'optimized' */
  readonly profile?: CompileProfile
  /** Import prefix to folder, for imports that are neither relative nor installed packages. */
  readonly remappings?: Remappings
  /** Folder of cached results. @defaultValue see `cacheFolders` */
  readonly cacheFolder?: string
}

/** Increased whenever the stored form of artifacts changes. */
const CACHE_FORMAT = 1

/**
 * Compiles the given files and what they import; answers the contracts that the given files
 * declare.
 *
 * @throws MeterproofError `MP_COMPILE_SOLIDITY`, `MP_COMPILE_IMPORT_NOT_FOUND`,
 * `MP_COMPILE_DUPLICATE_CONTRACT`, `MP_COMPILE_TOO_MANY_FILES`
 */
export async function compileSources(
  targets: readonly SourceFile[],
  options: CompileOptions = {},
): Promise<Artifacts> {
  const { input, key } = compilation(targets, options)
  const folders = cacheFolders(options.cacheFolder)
  const cached = readCached(folders, key)
  // The checksum has vouched for the text: it is what this function wrote.
  if (cached !== undefined) return JSON.parse(cached) as Artifacts
  const artifacts = toArtifacts(runCompiler(input))
  writeCached(folders, key, JSON.stringify(artifacts))
  return artifacts
}

/** What the compiler is given for some files, and under which key the cache has its result. */
function compilation(targets: readonly SourceFile[], options: CompileOptions) {
  const files = importClosure(targets, options.remappings ?? {})
  const names = targets.map((target) => target.name)
  const input = compilerInput(files, names, options.profile ?? 'optimized')
  return { input, key: sha256(JSON.stringify([CACHE_FORMAT, compilerVersion(), input])) }
}

/**
 * Compiles one file of a user: a contract of theirs, or an edited copy of one of ours, whose
 * relative imports are then found beside our original.
 *
 * @param path of the `.sol` file, relative to the working directory or absolute
 * @returns the contracts that this file declares, by name
 * @throws MeterproofError `MP_COMPILE_FILE_NOT_FOUND`, and all of `compileSources`
 * @example const { MyEscrow } = await compileContractFile('contracts/MyEscrow.sol')
 */
export async function compileContractFile(
  path: string,
  options: CompileOptions = {},
): Promise<Artifacts> {
  return compileSources([userSource(path)], options)
}

/**
 * A Solidity file of a user, or one of ours, under the name that the compiler gives it.
 *
 * @throws MeterproofError `MP_COMPILE_FILE_NOT_FOUND`
 */
export function userSource(path: string): SourceFile {
  const absolute = resolve(path)
  if (!existsSync(absolute)) {
    throw new MeterproofError('MP_COMPILE_FILE_NOT_FOUND', `There is no file ${path}.`, {
      facts: { 'looked at': absolute },
      hint: 'Give the path of a Solidity file.',
    })
  }
  return readSource(projectRootOf(absolute), absolute)
}

/** The contracts under `contracts/src`: protocols, test tokens, observer. Optimized. */
export async function compileContracts(): Promise<Artifacts> {
  return compileFolder('src', null)
}

/**
 * The deliberately broken contracts under `contracts/canaries`. Their gas means nothing.
 *
 * @param protocol whose canaries; all when absent
 */
export async function compileCanaries(protocol: string | null = null): Promise<Artifacts> {
  return compileFolder('canaries', protocol)
}

/** Everything that is shipped: `compileContracts` and `compileCanaries` together. */
export async function compileProject(): Promise<Artifacts> {
  return { ...(await compileContracts()), ...(await compileCanaries()) }
}

/**
 * The contract of that name.
 *
 * @throws MeterproofError `MP_COMPILE_NO_SUCH_CONTRACT`; also for an interface or abstract
 * contract, which has no code to deploy
 */
export function artifactNamed(artifacts: Artifacts, contractName: string): Artifact {
  const artifact = artifacts[contractName]
  if (artifact !== undefined && artifact.bytecode !== '0x') return artifact
  const deployable = Object.values(artifacts).filter((each) => each.bytecode !== '0x')
  throw new MeterproofError(
    'MP_COMPILE_NO_SUCH_CONTRACT',
    artifact === undefined
      ? `There is no contract named ${contractName}.`
      : `${contractName} is an interface or abstract and cannot be deployed.`,
    {
      facts: { available: deployable.map((each) => each.contractName).join(', ') || 'none' },
      hint: 'Check the spelling of the contract name.',
    },
  )
}

/** A subfolder that is compiled by itself, so that an edit to one leaves the others cached. */
export interface ProjectPart {
  readonly folder: 'src' | 'canaries'
  /** Name of the subfolder: a protocol, or what several of them use. */
  readonly name: string
}

const PROFILES: Readonly<Record<ProjectPart['folder'], CompileProfile>> = {
  src: 'optimized',
  canaries: 'quick',
}

/** What would have to be compiled, as the cache does not have it; most files first. */
export function uncompiledParts(isWanted: (part: ProjectPart) => boolean): readonly ProjectPart[] {
  const folders = cacheFolders(undefined)
  const parts = (['src', 'canaries'] as const).flatMap((folder) =>
    [...partsOf(folder)].map(([name, targets]) => ({ part: { folder, name }, targets })),
  )
  return parts
    .filter(({ part, targets }) => {
      if (!isWanted(part)) return false
      const { key } = compilation(targets, { profile: PROFILES[part.folder] })
      return readCached(folders, key) === undefined
    })
    .sort((a, b) => b.targets.length - a.targets.length)
    .map(({ part }) => part)
}

/**
 * Compiles one part into the cache.
 *
 * @throws MeterproofError as `compileSources`
 */
export async function compilePart({ folder, name }: ProjectPart): Promise<void> {
  await compileSources(partsOf(folder).get(name) ?? [], { profile: PROFILES[folder] })
}

const compiledFolders = new Map<string, Promise<Artifacts>>()

/** Two parts must not use the same name for a contract. */
async function compileFolder(
  folder: ProjectPart['folder'],
  only: string | null,
): Promise<Artifacts> {
  const key = `${folder}/${only ?? ''}`
  const known = compiledFolders.get(key)
  if (known !== undefined) return known
  const parts = [...partsOf(folder)].filter(([name]) => only === null || name === only)
  const result = compileParts(
    parts.map(([, targets]) => targets),
    PROFILES[folder],
  )
  compiledFolders.set(key, result)
  return result
}

/** The files of a folder by subfolder. */
function partsOf(folder: ProjectPart['folder']): ReadonlyMap<string, readonly SourceFile[]> {
  const root = contractsRoot()
  const parts = new Map<string, SourceFile[]>()
  for (const path of solidityFiles(join(root, folder))) {
    const name = relative(join(root, folder), dirname(path)).split(sep).join('/')
    parts.set(name, [...(parts.get(name) ?? []), readSource(root, path)])
  }
  return parts
}

async function compileParts(
  parts: readonly (readonly SourceFile[])[],
  profile: CompileProfile,
): Promise<Artifacts> {
  const all: Record<string, Artifact> = {}
  for (const targets of parts) {
    for (const artifact of Object.values(await compileSources(targets, { profile }))) {
      const { contractName, sourceName } = artifact
      const clash = all[contractName]
      if (clash !== undefined) throw duplicateContract(contractName, clash.sourceName, sourceName)
      all[contractName] = artifact
    }
  }
  return all
}

function readSource(root: string, path: string): SourceFile {
  const name = relative(root, path).split(sep).join('/')
  return { name, path, content: readFileSync(path, 'utf8') }
}

const PROJECT_MARKERS = ['package.json', 'foundry.toml', '.git'] as const

/** The nearest folder above that looks like a project, so that messages show short names. */
function projectRootOf(path: string): string {
  const own = dirname(path)
  for (let folder = own; ; folder = dirname(folder)) {
    if (PROJECT_MARKERS.some((marker) => existsSync(join(folder, marker)))) return folder
    if (folder === dirname(folder)) return own
  }
}

function toArtifacts(output: CompilerOutput): Artifacts {
  const artifacts: Record<string, Artifact> = {}
  for (const [sourceName, contracts] of Object.entries(output.contracts)) {
    for (const [contractName, contract] of Object.entries(contracts)) {
      const clash = artifacts[contractName]
      if (clash !== undefined) throw duplicateContract(contractName, clash.sourceName, sourceName)
      const bytecode: Hex = `0x${contract.evm.bytecode.object}`
      artifacts[contractName] = {
        contractName,
        sourceName,
        abi: contract.abi,
        bytecode,
        deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
        bytecodeHash: keccak256(bytecode),
      }
    }
  }
  return artifacts
}

function duplicateContract(name: string, first: string, second: string): MeterproofError {
  return new MeterproofError(
    'MP_COMPILE_DUPLICATE_CONTRACT',
    `Two of the compiled files declare a contract named ${name}.`,
    { facts: { first, second }, hint: 'Rename one of them.' },
  )
}
