/**
 * The list of canaries against the contracts: complete, truthful about names, really broken.
 * That each canary is caught is shown by the campaigns, on a running chain.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Artifacts, compileCanaries, compileSources } from '../compile.ts'
import { contractsRoot } from '../internal/contractsRoot.ts'
import { solidityFiles } from '../internal/importClosure.ts'
import { sessionEscrowCanaries } from './session-escrow.ts'

/** The fixed list of claims about session-escrow. */
const INVARIANT_IDS = [
  'INV-CONSERVATION',
  'INV-SOLVENCY',
  'INV-CAP',
  'INV-NO-OVERPAY',
  'INV-ENTITLEMENT-MONOTONE',
  'INV-SETTLE-ONCE',
  'INV-ISOLATION',
  'INV-FEE-EXACT',
  'INV-DUST',
  'INV-SINGLE-USE',
  'INV-BINDING',
  'INV-CONSENT',
  'INV-STRANGER-HARMLESS',
  'INV-EXIT',
  'INV-SETTLE-TOTAL',
  'INV-NO-SHOW-REFUND',
  'INV-RECIPIENT-ISOLATION',
]
/** EIP-170: the most code that a contract can have, in bytes. */
const CODE_BYTES_MAX = 24_576
const SOUND = { 'as-described': 'SessionEscrowAsDescribed', hardened: 'SessionEscrowHardened' }

const root = contractsRoot()
const files = solidityFiles(join(root, 'canaries', 'session-escrow'))
let canaries: Artifacts
let sound: Artifacts

beforeAll(async () => {
  canaries = await compileCanaries()
  const targets = Object.values(SOUND).map((name) => {
    const path = join(root, 'src', 'session-escrow', `${name}.sol`)
    return { name: `src/session-escrow/${name}.sol`, path, content: readFileSync(path, 'utf8') }
  })
  sound = await compileSources(targets, { profile: 'quick' })
}, 120_000)

describe('session-escrow canaries', () => {
  test('the list names every canary contract, once', () => {
    const listed = sessionEscrowCanaries.map(({ contract }) => contract).sort()
    expect(listed).toEqual(files.map((path) => basename(path, '.sol')).sort())
    expect(Object.keys(canaries).sort()).toEqual(listed)
  })

  test('every claim has a canary, and no canary names another claim', () => {
    const caught = new Set<string>(sessionEscrowCanaries.map(({ caughtBy }) => caughtBy))
    expect([...caught].sort()).toEqual([...INVARIANT_IDS].sort())
  })

  test.each(sessionEscrowCanaries)('$id is deployable and differs from the sound one', (canary) => {
    const artifact = canaries[canary.contract]
    const original = sound[SOUND[canary.policy]]
    expect(artifact?.bytecode.length).toBeGreaterThan(2)
    expect(artifact?.deployedBytecode.length).toBeLessThanOrEqual(2 + 2 * CODE_BYTES_MAX)
    expect(artifact?.bytecode).not.toBe(original?.bytecode)
    expect(constructorOf(artifact?.abi)).toEqual(constructorOf(original?.abi))
  })

  test.each(sessionEscrowCanaries)('$id says the same in its source', (canary) => {
    const path = join(root, 'canaries', 'session-escrow', `${canary.contract}.sol`)
    const header = readFileSync(path, 'utf8').replace(/\s*\/\/\/ ?/g, ' ')
    const kebab = canary.contract.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()
    expect(canary.id).toBe(kebab)
    expect(header).toMatch(/BROKEN ON PURPOSE\. .*Imitates: /)
    expect(header.match(/Caught by (INV-[A-Z-]+)/)?.[1]).toBe(canary.caughtBy)
    expect(header).toContain(` is ${SOUND[canary.policy]} {`)
  })
})

function constructorOf(abi: Artifacts[string]['abi'] | undefined): readonly string[] {
  const item = abi?.find((entry) => entry.type === 'constructor')
  return item?.inputs.map(({ type }) => type) ?? []
}
