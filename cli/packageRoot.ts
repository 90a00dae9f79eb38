/**
 * Finds files of this package from wherever the code runs: the checkout or the built `dist/`.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../models/kit/error.ts'

const LEVELS_MAX = 4

/** Absolute path of the folder that holds `package.json`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    if (existsSync(join(folder, 'package.json'))) return folder
    folder = dirname(folder)
  }
  assert(false, 'the command line lies inside its package')
}

/** Absolute path of a file of the package. */
export function packageFile(name: string): string {
  return join(packageRoot(), name)
}
