/**
 * What a module leads to: all files and packages that loading it loads. Imports of types alone are
 * erased and lead nowhere, and what is loaded later, when it is asked for, is not part of it.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const STATEMENT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\bfrom\s+)?['"]([^'"]+)['"]/gm

export interface Imported {
  /** Absolute paths of our own modules. */
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
}

/** Every module that `entry` needs before it can run. */
export function importsOf(entry: string): Imported {
  const files = new Set<string>()
  const packages = new Set<string>()
  const queue = [resolve(entry)]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue
    files.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, specifier = ''] of text.matchAll(STATEMENT)) {
      if (specifier.startsWith('.')) queue.push(resolve(dirname(file), specifier))
      else packages.add(specifier)
    }
  }
  return { files, packages }
}
