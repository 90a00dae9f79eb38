/**
 * What the list of canaries of every protocol must be: complete, truthful about names, really
 * broken. That each canary is caught is shown by the campaigns, on a running chain.
 *
 * One suite for all protocols, so that none of them can do with less.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../models/kit/trace.ts'
import type { Canary } from '../canaries/canary.ts'
import { type Artifacts, compileCanaries, compileSources } from '../compile.ts'
import { contractsRoot } from '../internal/contractsRoot.ts'
import { solidityFiles } from '../internal/importClosure.ts'

/** EIP-170: the most code that a contract can have, in bytes. */
const CODE_BYTES_MAX = 24_576
const TIMEOUT_MS = 240_000

export interface CanaryList {
  /** Names the folders under `canaries` and `src`. */
  readonly protocol: string
  readonly canaries: readonly Canary[]
  /** The contracts that the canaries are derived from. */
  readonly sound: Readonly<Record<Policy, string>>
  /** Every claim about the protocol. */
  readonly invariantIds: readonly string[]
}

/** Declares the tests for one protocol's list. */
export function describeCanaries({ protocol, canaries, sound, invariantIds }: CanaryList): void {
  const root = contractsRoot()
  const files = solidityFiles(join(root, 'canaries', protocol))
  let broken: Artifacts
  let originals: Artifacts

  beforeAll(async () => {
    broken = await compileCanaries()
    originals = await compileQuick(protocol, Object.values(sound))
  }, TIMEOUT_MS)

  describe(`${protocol} canaries`, () => {
    test('the list names every canary contract, once', () => {
      const listed = canaries.map(({ contract }) => contract).sort()
      expect(listed).toEqual(files.map((path) => basename(path, '.sol')).sort())
      const compiled = Object.values(broken).filter(({ sourceName }) =>
        sourceName.startsWith(`canaries/${protocol}/`),
      )
      expect(compiled.map(({ contractName }) => contractName).sort()).toEqual(listed)
    })

    test('every claim has a canary, and no canary names another claim', () => {
      const caught = new Set<string>(canaries.map(({ caughtBy }) => caughtBy))
      expect([...caught].sort()).toEqual([...invariantIds].sort())
    })

    test.each(canaries)('$id is deployable and differs from the sound one', (canary) => {
      const artifact = broken[canary.contract]
      const original = originals[sound[canary.policy]]
      expect(artifact?.bytecode.length).toBeGreaterThan(2)
      expect(artifact?.deployedBytecode.length).toBeLessThanOrEqual(2 + 2 * CODE_BYTES_MAX)
      expect(artifact?.bytecode).not.toBe(original?.bytecode)
      expect(constructorOf(artifact?.abi)).toEqual(constructorOf(original?.abi))
    })

    test.each(canaries)('$id says the same in its source', (canary) => {
      const path = join(root, 'canaries', protocol, `${canary.contract}.sol`)
      const header = readFileSync(path, 'utf8').replace(/\s*\/\/\/ ?/g, ' ')
      const kebab = canary.contract.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()
      expect(canary.id).toBe(kebab)
      expect(header).toMatch(/BROKEN ON PURPOSE\. .*Imitates: /)
      expect(header.match(/Caught by (INV-[A-Z-]+)/)?.[1]).toBe(canary.caughtBy)
      expect(header).toContain(` is ${sound[canary.policy]} {`)
    })
  })
}

/** The sound contracts, compiled as the canaries are, so that code can be compared. */
function compileQuick(protocol: string, names: readonly string[]): Promise<Artifacts> {
  const targets = names.map((name) => {
    const path = join(contractsRoot(), 'src', protocol, `${name}.sol`)
    const content = readFileSync(path, 'utf8')
    return { name: `src/${protocol}/${name}.sol`, path, content }
  })
  return compileSources(targets, { profile: 'quick' })
}

function constructorOf(abi: Artifacts[string]['abi'] | undefined): readonly string[] {
  const item = abi?.find((entry) => entry.type === 'constructor')
  return item?.inputs.map(({ type }) => type) ?? []
}
