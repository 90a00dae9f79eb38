/**
 * Where the shipped Solidity sources are, in a checkout and in an installed package alike.
 *
 * The sources are data beside the code: in a checkout this module stands in `contracts/internal`,
 * in a package it may have been built to `dist/contracts/internal` with the sources still in
 * `contracts/`. So the folder is looked for upwards from here instead of being assumed.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MeterproofError } from '../../models/kit/error.ts'

const LEVELS_MAX = 6
const MARKER = join('src', 'session-escrow', 'SessionEscrowBase.sol')

/**
 * Absolute path of the `contracts` folder that holds `src` and `canaries`.
 *
 * @throws MeterproofError `MP_COMPILE_SOURCES_MISSING` when the installation is incomplete
 */
export function contractsRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url))
  let folder = start
  for (let level = 0; level < LEVELS_MAX; level++) {
    for (const candidate of [folder, join(folder, 'contracts')]) {
      if (existsSync(join(candidate, MARKER))) return candidate
    }
    folder = dirname(folder)
  }
  throw new MeterproofError('MP_COMPILE_SOURCES_MISSING', 'The Solidity sources are missing.', {
    facts: { 'searched from': start, file: MARKER },
    hint: 'Install the package again: it must contain the folder contracts/src.',
  })
}
