/**
 * Reads Solidity files together with everything that they import.
 *
 * solc-js could ask for imports through a callback, but the cache needs the complete input before
 * the compiler (half a second to load) is touched at all, so imports are followed here. A file is
 * known to solc by a *name* and to us by a *path*; relative imports move both in step.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, isAbsolute, join, posix, resolve } from 'node:path'
import { MeterproofError } from '../../models/kit/error.ts'
import { contractsRoot } from './contractsRoot.ts'

/** A file to compile. `path` is where its relative imports start; without it, it has none. */
export interface SourceFile {
  /** Name by which the compiler and its messages know the file, with forward slashes. */
  readonly name: string
  readonly content: string
  readonly path?: string
}

/** Import prefix to folder, as in a `remappings.txt`; the longest matching prefix wins. */
export type Remappings = Readonly<Record<string, string>>

/** Imports of our own sources from anywhere: `meterproof/contracts/src/...`. */
const OWN_PREFIX = 'meterproof/contracts/'
const FILES_MAX = 2_000

/**
 * All files that the targets need, by name, the targets included.
 *
 * @throws MeterproofError `MP_COMPILE_IMPORT_NOT_FOUND`, `MP_COMPILE_TOO_MANY_FILES`
 */
export function importClosure(
  targets: readonly SourceFile[],
  remappings: Remappings,
): Map<string, string> {
  const files = new Map<string, string>()
  const queue = [...targets]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file.name)) continue
    files.set(file.name, file.content)
    if (files.size > FILES_MAX) throw tooManyFiles(file.name)
    for (const specifier of importsOf(file.content)) {
      const name = importedName(file.name, specifier)
      if (files.has(name) || targets.some((target) => target.name === name)) continue
      const path = importedPath(file, specifier, remappings)
      queue.push({ name, path, content: readFileSync(path, 'utf8') })
    }
  }
  return files
}

/** The paths in the import statements of a Solidity file, in order. */
export function importsOf(content: string): string[] {
  // Comments go first, strings are kept whole so that a comment sign in one starts no comment.
  const code = content.replace(
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/g,
    (_match, text: string | undefined) => text ?? ' ',
  )
  const statements = code.matchAll(/\bimport\s*(?:[\w\s{},*$]+\bfrom\b\s*)?["']([^"'\n]+)["']/g)
  return [...statements].map((match) => match[1] ?? '')
}

/** The name that solc derives for an import: relative ones are joined, and never leave the root. */
export function importedName(importer: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return posix.join(posix.dirname(importer), specifier).replace(/^(\.\.\/)+/, '')
}

function importedPath(file: SourceFile, specifier: string, remappings: Remappings): string {
  const candidates = specifier.startsWith('.')
    ? relativeCandidates(file, specifier)
    : packageCandidates(file, specifier, remappings)
  const found = candidates.find((candidate) => existsSync(candidate))
  if (found !== undefined) return found
  throw new MeterproofError(
    'MP_COMPILE_IMPORT_NOT_FOUND',
    `${file.name} imports "${specifier}", which was not found.`,
    {
      facts: { file: file.path ?? file.name, import: specifier },
      hint: 'Install the package, put the file there, or pass a remapping for its prefix.',
    },
  )
}

function relativeCandidates(file: SourceFile, specifier: string): string[] {
  // A copy of one of our contracts may be edited alone: what lies beside the original is found.
  const shipped = shippedSources().get(basename(specifier))
  const own = shipped === undefined ? [] : [shipped]
  return file.path === undefined ? own : [resolve(dirname(file.path), specifier), ...own]
}

function packageCandidates(file: SourceFile, specifier: string, remappings: Remappings): string[] {
  const prefix = Object.keys(remappings)
    .filter((key) => specifier.startsWith(key))
    .sort((a, b) => b.length - a.length)[0]
  if (prefix !== undefined) {
    return [resolve(remappings[prefix] ?? '.', specifier.slice(prefix.length))]
  }
  if (specifier.startsWith(OWN_PREFIX)) {
    return [join(contractsRoot(), specifier.slice(OWN_PREFIX.length))]
  }
  if (isAbsolute(specifier)) return [specifier]
  const bases = file.path === undefined ? [] : [resolve(file.path)]
  return [...bases, import.meta.url].flatMap((base) => resolvePackageFile(base, specifier))
}

function resolvePackageFile(base: string, specifier: string): string[] {
  try {
    return [createRequire(base).resolve(specifier)]
  } catch {
    return []
  }
}

let shippedByBasename: ReadonlyMap<string, string> | undefined

/** Our own sources by file name; names are unique among them. */
function shippedSources(): ReadonlyMap<string, string> {
  shippedByBasename ??= new Map(
    solidityFiles(join(contractsRoot(), 'src')).map((path) => [basename(path), path]),
  )
  return shippedByBasename
}

/** All `.sol` files under a folder, as absolute paths in a fixed order. */
export function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sol'))
    .map((path) => join(folder, path))
    .sort()
}

function tooManyFiles(name: string): MeterproofError {
  return new MeterproofError(
    'MP_COMPILE_TOO_MANY_FILES',
    `The imports of the contract reach more than ${FILES_MAX} files.`,
    { facts: { 'last file': name }, hint: 'Check the remappings: an import may point at a tree.' },
  )
}
