/**
 * Compilation results on disk, one file per content hash.
 *
 * A cache may be missing, read-only, half-written by a killed process, or shared by many: whatever
 * is wrong with it, the answer is "not cached", never an error and never a wrong artifact. So files
 * carry a checksum and are put in place by an atomic rename. The first folder is written to; the
 * others (results shipped with the package) are only read.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, sep } from 'node:path'
import { contractsRoot } from './contractsRoot.ts'

/** Name of the environment variable that moves the cache. */
const FOLDER_VARIABLE = 'METERPROOF_CACHE_DIR'

/** Hex SHA-256 of a text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Where results are kept: the given folder, else `METERPROOF_CACHE_DIR`, else `contracts/.cache` of
 * a checkout, else (installed under `node_modules`, which may be read-only) the user's cache
 * folder.
 */
export function cacheFolders(folder: string | undefined): readonly string[] {
  const root = contractsRoot()
  const isInstalled = root.split(sep).includes('node_modules')
  const fallback = isInstalled ? userCacheFolder() : join(root, '.cache')
  const chosen = folder ?? process.env[FOLDER_VARIABLE] ?? fallback
  return [chosen, join(root, 'prebuilt')]
}

function userCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'meterproof')
}

/** The text stored under `key`, or `undefined` when no folder has it intact. */
export function readCached(folders: readonly string[], key: string): string | undefined {
  for (const folder of folders) {
    const path = join(folder, `${key}.json`)
    if (!existsSync(path)) continue
    const [checksum, body] = splitOnce(readOrEmpty(path))
    if (body !== undefined && checksum === sha256(body)) return body
  }
  return undefined
}

/** Stores `body` under `key` in the first folder. Failing to is not an error. */
export function writeCached(folders: readonly string[], key: string, body: string): void {
  const folder = folders[0]
  if (folder === undefined) return
  const temporary = join(folder, `${key}.${process.pid}.${randomUUID()}.tmp`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(temporary, `${sha256(body)}\n${body}`)
    renameSync(temporary, join(folder, `${key}.json`))
  } catch {
    // A full or read-only disk costs a compilation next time, nothing else.
    discard(temporary)
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where no file could be written there is none to remove.
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const index = text.indexOf('\n')
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}
