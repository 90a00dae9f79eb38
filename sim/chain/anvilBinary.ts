/**
 * Finds the Anvil binary that npm installed, so that no Foundry toolchain has to be set up by hand.
 *
 * Order: an explicit path, the environment variable METERPROOF_ANVIL, then the package
 * `@foundry-rs/anvil-<platform>-<arch>` that belongs to this machine. PATH is not searched: the
 * version of Anvil is part of a result, so it comes from the lock file unless a user says so.
 */
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { MeterproofError } from '../../models/kit/error.ts'

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@foundry-rs/anvil-linux-amd64',
  'linux-arm64': '@foundry-rs/anvil-linux-arm64',
  'darwin-x64': '@foundry-rs/anvil-darwin-amd64',
  'darwin-arm64': '@foundry-rs/anvil-darwin-arm64',
  'win32-x64': '@foundry-rs/anvil-win32-amd64',
}

/**
 * Absolute path of an executable Anvil.
 *
 * @param explicitPath wins over the environment and the installed package
 * @throws MeterproofError `MP_ANVIL_BINARY_MISSING` when there is none, saying where it looked
 */
export function resolveAnvilBinary(explicitPath?: string): string {
  if (explicitPath !== undefined) return executable(explicitPath, 'the path that was given')
  const fromEnvironment = process.env.METERPROOF_ANVIL
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return executable(fromEnvironment, 'METERPROOF_ANVIL')
  }
  const platform = `${process.platform}-${process.arch}`
  const packageName = PACKAGES[platform]
  if (packageName === undefined) throw missing('no package for this platform', platform)
  return executable(pathInPackage(packageName), packageName)
}

function pathInPackage(packageName: string): string {
  // The platform package is a dependency of `@foundry-rs/anvil`, so with strict package managers it
  // can be seen from there only.
  const here = createRequire(import.meta.url)
  const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  for (const from of [here, requireOf(here, '@foundry-rs/anvil/package.json')]) {
    const manifest = from === undefined ? undefined : resolveOrNothing(from, packageName)
    if (manifest !== undefined) return join(dirname(manifest), 'bin', file)
  }
  throw missing(packageName, 'the package is not installed')
}

function requireOf(here: NodeJS.Require, specifier: string): NodeJS.Require | undefined {
  try {
    return createRequire(here.resolve(specifier))
  } catch {
    return undefined
  }
}

function resolveOrNothing(from: NodeJS.Require, packageName: string): string | undefined {
  try {
    return from.resolve(`${packageName}/package.json`)
  } catch {
    return undefined
  }
}

function executable(path: string, source: string): string {
  try {
    accessSync(path, constants.X_OK)
    return path
  } catch (cause) {
    throw missing(source, path, cause)
  }
}

function missing(source: string, lookedAt: string, cause?: unknown): MeterproofError {
  return new MeterproofError('MP_ANVIL_BINARY_MISSING', 'The Anvil binary was not found.', {
    class: 'internal',
    facts: { source, 'looked at': lookedAt },
    hint:
      'Run `npm ci` without --omit=optional, or set METERPROOF_ANVIL to the path of an ' +
      'Anvil binary.',
    cause,
  })
}
