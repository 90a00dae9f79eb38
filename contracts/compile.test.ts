/**
 * The compiler front end: deterministic, cached by content, and clear about what is wrong.
 * Method: small sources of its own in a temporary folder, real solc, real files.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MeterproofError } from '../models/kit/error.ts'
import {
  artifactNamed,
  compileCanaries,
  compileContractFile,
  compileContracts,
  compileProject,
  compileSources,
  uncompiledParts,
} from './compile.ts'
import { contractsRoot } from './internal/contractsRoot.ts'
import { importsOf } from './internal/importClosure.ts'
import { renderGenerated } from './internal/renderGenerated.ts'

const COUNTER = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;
contract Counter {
    uint256 public count;
    function increment() external { count += 1; }
}
`
const TIMEOUT_MS = 120_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-compile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function failure(work: Promise<unknown>): Promise<MeterproofError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(MeterproofError)
  return error as MeterproofError
}

const counterTarget = (content: string) => [{ name: 'Counter.sol', content }]

describe('cache', () => {
  test('the same source gives the same artifacts, compiled or cached', async () => {
    const cacheFolder = join(folder, 'cache')
    const other = join(folder, 'other')
    const compiled = await compileSources(counterTarget(COUNTER), { cacheFolder })
    const cached = await compileSources(counterTarget(COUNTER), { cacheFolder })
    const again = await compileSources(counterTarget(COUNTER), { cacheFolder: other })
    expect(cached).toEqual(compiled)
    expect(again).toEqual(compiled)
    expect(readdirSync(cacheFolder)).toEqual(readdirSync(other))
    expect(readdirSync(cacheFolder)).toHaveLength(1)
  })

  test('a comment changes the key but not the bytecode; code changes both', async () => {
    const cacheFolder = join(folder, 'cache')
    const compileCounter = async (content: string) =>
      artifactNamed(await compileSources(counterTarget(content), { cacheFolder }), 'Counter')
    const original = await compileCounter(COUNTER)
    const commented = await compileCounter(`${COUNTER}// more\n`)
    const changed = await compileCounter(COUNTER.replace('+= 1', '+= 2'))
    expect(commented.bytecodeHash).toBe(original.bytecodeHash)
    expect(changed.bytecodeHash).not.toBe(original.bytecodeHash)
    expect(readdirSync(cacheFolder)).toHaveLength(3)
  })

  test.each([
    ['truncated', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['altered', (text: string) => text.replace('Counter', 'Charlie')],
  ])('a cache file that is %s is ignored and replaced', async (_name, damage) => {
    const cacheFolder = join(folder, 'cache')
    const compiled = await compileSources(counterTarget(COUNTER), { cacheFolder })
    const path = join(cacheFolder, readdirSync(cacheFolder)[0] ?? '')
    const intact = readFileSync(path, 'utf8')
    writeFileSync(path, damage(intact))
    expect(await compileSources(counterTarget(COUNTER), { cacheFolder })).toEqual(compiled)
    expect(readFileSync(path, 'utf8')).toBe(intact)
  })

  test('a cache folder that cannot be made costs nothing but time', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const artifacts = await compileSources(counterTarget(COUNTER), { cacheFolder: file })
    expect(Object.keys(artifacts)).toEqual(['Counter'])
  })
})

describe('errors', () => {
  test('a syntax error is told with file, line and column', async () => {
    const content = COUNTER.replace('count += 1;', 'count += 1')
    const error = await failure(compileSources(counterTarget(content)))
    expect(error.code).toBe('MP_COMPILE_SOLIDITY')
    expect(error.message).toMatchInlineSnapshot(
      `"Counter.sol:5:48: ParserError: Expected ';' but got '}'"`,
    )
  })

  test('a missing import is told with the importing file', async () => {
    const content = `import "nowhere/Nothing.sol";\n${COUNTER}`
    const error = await failure(compileSources(counterTarget(content)))
    expect(error.code).toBe('MP_COMPILE_IMPORT_NOT_FOUND')
    expect(error.message).toBe('Counter.sol imports "nowhere/Nothing.sol", which was not found.')
  })

  test('a missing file and a missing contract have codes of their own', async () => {
    const error = await failure(compileContractFile(join(folder, 'None.sol')))
    expect(error.code).toBe('MP_COMPILE_FILE_NOT_FOUND')
    expect(() => artifactNamed({}, 'Counter')).toThrow('There is no contract named Counter.')
  })

  test('two contracts of one name are refused', async () => {
    const targets = [...counterTarget(COUNTER), { name: 'Other.sol', content: COUNTER }]
    const error = await failure(compileSources(targets))
    expect(error.code).toBe('MP_COMPILE_DUPLICATE_CONTRACT')
  })
})

describe('imports', () => {
  test('are found in every form of the statement and not in comments or strings', () => {
    const source = `
      import "a.sol"; import * as B from 'b.sol';
      import {C, D as E} from "./c.sol"; // import "no.sol";
      /* import "no.sol"; */ import {
        F
      } from "../f.sol";
      contract X { string s = "// not a comment"; }`
    expect(importsOf(source)).toEqual(['a.sol', 'b.sol', './c.sol', '../f.sol'])
  })

  test(
    'an edited copy of a shipped contract compiles alone',
    async () => {
      const name = 'SessionEscrowAsDescribed'
      const path = join(folder, `${name}.sol`)
      copyFileSync(join(contractsRoot(), 'src', 'session-escrow', `${name}.sol`), path)
      const copy = await compileContractFile(path)
      const original = artifactNamed(await compileContracts(), name)
      expect(Object.keys(copy)).toEqual([name])
      expect(copy[name]?.bytecodeHash).toBe(original.bytecodeHash)
    },
    TIMEOUT_MS,
  )

  test('a remapping leads to a folder', async () => {
    const library = join(folder, 'library')
    mkdirSync(library)
    writeFileSync(join(library, 'Counter.sol'), COUNTER)
    const content = 'import {Counter} from "@lib/Counter.sol"; contract Twice is Counter {}'
    const artifacts = await compileSources(
      [{ name: 'Twice.sol', content: `pragma solidity ^0.8.28; ${content}` }],
      { remappings: { '@lib/': library } },
    )
    expect(Object.keys(artifacts)).toEqual(['Twice'])
  })
})

describe('the project', () => {
  test(
    'compiles as a whole, each contract under its own name',
    async () => {
      const artifacts = await compileProject()
      expect(artifactNamed(artifacts, 'SessionEscrowHardened').sourceName).toBe(
        'src/session-escrow/SessionEscrowHardened.sol',
      )
      expect(artifactNamed(artifacts, 'CapForgotten').sourceName).toBe(
        'canaries/session-escrow/CapForgotten.sol',
      )
      expect(() => artifactNamed(artifacts, 'SessionEscrowBase')).toThrow('cannot be deployed')
    },
    TIMEOUT_MS,
  )

  test('parts that the cache does not have are told, those with most files first', () => {
    expect(uncompiledParts(() => true)).toEqual([])
    vi.stubEnv('METERPROOF_CACHE_DIR', join(folder, 'empty'))
    const parts = uncompiledParts(() => true)
    const ofTokens = uncompiledParts(({ name }) => name === 'testing')
    vi.unstubAllEnvs()
    expect(parts[0]).toEqual({ folder: 'canaries', name: 'matchmaking' })
    expect(parts).toContainEqual({ folder: 'src', name: 'session-escrow' })
    expect(parts).toHaveLength(20)
    expect(ofTokens).toEqual([{ folder: 'src', name: 'testing' }])
  })

  test(
    'canaries of one protocol are compiled without the others',
    async () => {
      const names = Object.keys(await compileCanaries('withdrawal'))
      expect(names).toContain('ApprovalUnguarded')
      expect(names).not.toContain('CapForgotten')
    },
    TIMEOUT_MS,
  )

  test(
    'generated.ts is fresh',
    async () => {
      const committed = readFileSync(join(contractsRoot(), 'generated.ts'), 'utf8')
      expect(committed, 'run contracts/generate.ts').toBe(renderGenerated(await compileContracts()))
    },
    TIMEOUT_MS,
  )
})
