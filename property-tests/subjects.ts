/**
 * Which contract is checked for each policy: ours, or a user's.
 */
import { statSync } from 'node:fs'
import {
  type Artifact,
  type Artifacts,
  compileCanaries,
  compileContractFile,
  compileContracts,
} from '../contracts/compile.ts'
import { solidityFiles } from '../contracts/internal/importClosure.ts'
import { MeterproofError } from '../models/kit/error.ts'
import type { Policy } from '../models/kit/trace.ts'
import { canariesOf } from './canaries.ts'
import type { Judged } from './kit/player.ts'
import type { Subject } from './kit/testbed.ts'

/** A subject with what reports and traces say about it. */
export interface CheckedSubject extends Subject {
  readonly bytecodeHash: string
  /** Path of the Solidity file, relative to its project, POSIX. */
  readonly source: string
  readonly canary: string | null
}

function subjectOf(artifact: Artifact, policy: Policy, canary: string | null): CheckedSubject {
  const { contractName: name, bytecode, bytecodeHash, sourceName: source } = artifact
  return { name, policy, bytecode, bytecodeHash, source, canary }
}

/**
 * The contracts to check, one for each policy. A user's file or folder must declare a contract of
 * the protocol's name for a policy, or exactly one contract when exactly one policy is checked.
 *
 * @param path of a `.sol` file or a folder of them, or null for ours
 * @throws MeterproofError `MP_CHECK_NO_CONTRACT`, `MP_CHECK_CONTRACT_SHAPE`, `MP_COMPILE_…`
 */
export async function checkedSubjects(options: {
  readonly player: Judged
  readonly policies: readonly Policy[]
  readonly path: string | null
}): Promise<readonly CheckedSubject[]> {
  const { player, policies, path } = options
  const { contractNames } = player.binding
  if (path === null) {
    const artifacts = await compileContracts()
    return policies.map((policy) => {
      const artifact = artifacts[contractNames[policy]]
      if (artifact === undefined) throw noContract(player, policies, 'contracts/src', artifacts)
      return subjectOf(artifact, policy, null)
    })
  }
  const artifacts = await compileUserPath(path)
  const deployable = Object.values(artifacts).filter(({ bytecode }) => bytecode !== '0x')
  const subjects = policies.flatMap((policy) => {
    const named = deployable.find(({ contractName }) => contractName === contractNames[policy])
    const only = policies.length === 1 && deployable.length === 1 ? deployable[0] : undefined
    const artifact = named ?? only
    return artifact === undefined ? [] : [subjectOf(artifact, policy, null)]
  })
  if (subjects.length === 0) throw noContract(player, policies, path, artifacts)
  const ours = await compileContracts()
  for (const { name, policy } of subjects) {
    const original = ours[contractNames[policy]]
    const given = deployable.find(({ contractName }) => contractName === name)
    if (original !== undefined && given !== undefined) requireSameShape(original, given)
  }
  return subjects
}

/** Constructor and functions of a contract by name and types, as calls see them. */
function callables({ abi }: Artifact): readonly string[] {
  return abi.flatMap((item) => {
    if (item.type === 'constructor') return [`constructor(${typesOf(item.inputs)})`]
    return item.type === 'function' ? [`${item.name}(${typesOf(item.inputs)})`] : []
  })
}

interface Parameter {
  readonly type: string
  readonly components?: readonly Parameter[]
}

function typesOf(inputs: readonly Parameter[]): string {
  return inputs
    .map(({ type, components }) =>
      components === undefined ? type : type.replace('tuple', `(${typesOf(components)})`),
    )
    .join(',')
}

/** A contract that cannot be constructed and called as ours is no edit of ours. */
function requireSameShape(original: Artifact, given: Artifact): void {
  const has = callables(given)
  const missing = callables(original).filter((callable) => !has.includes(callable))
  const [first] = missing
  if (first === undefined) return
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  throw new MeterproofError(
    'MP_CHECK_CONTRACT_SHAPE',
    `${given.contractName} cannot be called as ${original.contractName}.`,
    {
      facts: { file: given.sourceName, missing: `${first}${more}` },
      hint: `Start from a copy of ${original.contractName} and keep its external functions.`,
    },
  )
}

/** The canary of that id as a subject. */
export async function canarySubject(
  protocol: string,
  canaryId: string,
): Promise<CheckedSubject | null> {
  const canary = canariesOf(protocol).find(({ id }) => id === canaryId)
  const artifact = (await compileCanaries(protocol))[canary?.contract ?? '']
  if (canary === undefined || artifact === undefined) return null
  return subjectOf(artifact, canary.policy, canary.id)
}

async function compileUserPath(path: string): Promise<Artifacts> {
  if (!statSync(path).isDirectory()) return compileContractFile(path)
  const all: Record<string, Artifact> = {}
  for (const file of solidityFiles(path)) Object.assign(all, await compileContractFile(file))
  return all
}

function noContract(
  player: Judged,
  policies: readonly Policy[],
  path: string,
  artifacts: Artifacts,
): MeterproofError {
  const { protocol, contractNames } = player.binding
  const wanted = policies.map((policy) => contractNames[policy]).join(' or ')
  const found = Object.values(artifacts).filter(({ bytecode }) => bytecode !== '0x')
  return new MeterproofError(
    'MP_CHECK_NO_CONTRACT',
    `${path} declares no contract that can be checked as ${protocol.id}.`,
    {
      facts: {
        wanted,
        found: found.map(({ contractName }) => contractName).join(', ') || 'none with code',
      },
      hint: `Name the contract ${wanted}, or give one contract and one --policy.`,
    },
  )
}
