/**
 * A prepared Anvil: test tokens, observer, and every contract under test in every deployment that a
 * campaign will ask for, with balances and approvals in place.
 *
 * Everything is deployed before the first run and in a fixed order, so the base state is the same
 * after a restart of Anvil and on every worker. One more contract may come as a guest, and another
 * after it: guests stand at the same addresses, where everybody has approved them beforehand.
 */
import { type Address, getContractAddress, type Hex, keccak256, maxUint256 } from 'viem'
import { callEncoder, callSelector, errorName, errorNames } from '../../contracts/bindings/abi.ts'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import type { Binding, Stage, ViewCall } from '../../contracts/bindings/binding.ts'
import { encodeViews } from '../../contracts/bindings/encodeViews.ts'
import { type Artifacts, artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { observerAbi, plainTokenAbi } from '../../contracts/generated.ts'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { Outcome, Parameters, Policy } from '../../models/kit/trace.ts'
import {
  type AnvilRestarted,
  type AnvilSession,
  startAnvilSession,
} from '../../sim/chain/anvilSession.ts'
import { createBatchLane } from '../../sim/chain/batchLane.ts'
import { mineDeployments, simulateDeployments } from '../../sim/chain/deploying.ts'
import type { Lane, LaneKind, Probe } from '../../sim/chain/lane.ts'
import { createMinedLane, type OnMined } from '../../sim/chain/minedLane.ts'
import { DEPLOYER, type SetupNode } from '../../sim/chain/setupNode.ts'
import { constructorData } from './constructorData.ts'
import { testTokenOf, tokenCode } from './testTokens.ts'
import { mistold, toldBy } from './told.ts'

/** Anvil's chain id. */
export const CHAIN_ID = 31_337

/** A contract to test: ours, a canary, or an auditor's. */
export interface Subject {
  /** How reports name it, for instance `SessionEscrowHardened` or a canary's id. */
  readonly name: string
  readonly policy: Policy
  /** Creation code without constructor arguments. */
  readonly bytecode: Hex
}

export interface Testbed {
  readonly batch: Lane
  readonly mined: Lane
  /**
   * Deploys one more contract, in `guestCases` and in place of the one that was admitted before.
   * Runs of the others must not be under way.
   */
  admit(guest: Subject): Promise<void>
  /** Where a subject stands in one deployment; both must have been given or admitted. */
  stage(subject: Subject, parameters: Parameters): Stage
  probe(views: readonly ViewCall[]): Probe
  /** Tries to construct a contract with each of the parameters; nothing stays. */
  construct(
    subject: Subject,
    deployments: readonly Parameters[],
    kind: LaneKind,
  ): Promise<readonly ConstructedOutcome[]>
  close(): Promise<void>
}

/** What came of a construction. */
export interface ConstructedOutcome extends Outcome {
  /** Which getter tells something else than the constructor was given, in words, or null. */
  readonly mistold: string | null
}

export interface TestbedOptions {
  readonly binding: Binding
  readonly subjects: readonly Subject[]
  readonly cases: readonly Parameters[]
  /** Deployments of a contract that is admitted later. @defaultValue none */
  readonly guestCases?: readonly Parameters[]
  readonly onRestart?: (event: AnvilRestarted) => void
  /** Further command-line flags of Anvil. */
  readonly anvilFlags?: readonly string[]
  /** Sees what the mined lane has mined. */
  readonly onMined?: OnMined
}

/** Addresses of everything that was deployed. */
export interface Prepared {
  readonly observer: Address
  readonly tokens: Readonly<Record<string, Address>>
  readonly escrows: ReadonlyMap<string, Address>
  /** Where the contracts of a guest will stand, one for each of its deployments. */
  readonly guests: readonly Address[]
}

const encodeMint = callEncoder(plainTokenAbi, 'mint')
const encodeApprove = callEncoder(plainTokenAbi, 'approve')
const observeSelector = callSelector(observerAbi, 'observe')
const observeAndLogSelector = callSelector(observerAbi, 'observeAndLog')
const CALLS_PER_BLOCK_MAX = 200

/** Code of the error when a constructor refuses what the campaigns deploy. */
export const DEPLOYMENT_REFUSED = 'MP_DEPLOYMENT_REFUSED'

/** Under which key `Prepared.escrows` has a subject in one deployment. */
export function stageKey(subject: Subject, parameters: Parameters): string {
  const { name, policy, bytecode } = subject
  return `${name}|${policy}|${hashOf(bytecode)}|${JSON.stringify(parameters)}`
}

/** The last one asked for is kept: keys of one contract are made one after the other. */
let hashed: { readonly bytecode: Hex; readonly hash: Hex } | undefined

function hashOf(bytecode: Hex): Hex {
  if (hashed?.bytecode !== bytecode) hashed = { bytecode, hash: keccak256(bytecode) }
  return hashed.hash
}

/** Deploys everything on a fresh node, in a fixed order. */
export async function prepareStages(
  options: Pick<TestbedOptions, 'binding' | 'subjects' | 'cases' | 'guestCases'>,
  artifacts: Artifacts,
  accounts: Stage['accounts'],
  node: SetupNode,
): Promise<Prepared> {
  const { binding, subjects, cases, guestCases = [] } = options
  const { protocol } = binding
  const observer = await node.deploy({ bytecode: artifactNamed(artifacts, 'Observer').bytecode })
  const tokens: Record<string, Address> = {}
  for (const token of protocol.tokens) {
    const bytecode = tokenCode(artifacts, testTokenOf(token, accounts))
    tokens[token.kind] = (await node.deploy({ bytecode })).toLowerCase() as Address
  }
  const escrows = new Map<string, Address>()
  for (const subject of subjects) {
    for (const parameters of cases) {
      const key = stageKey(subject, parameters)
      if (escrows.has(key)) continue
      escrows.set(key, await deploy(node, { binding, subject, parameters, accounts, artifacts }))
    }
  }
  const deployed = 1 + protocol.tokens.length + escrows.size
  const guests = guestCases.map((_, index) => addressAt(deployed + index))
  const approving = protocol.approving ?? Object.keys(protocol.startingUnits)
  const calls = Object.entries(protocol.startingUnits).flatMap(([name, units]) => {
    const from = accounts[name] as Address
    return Object.values(tokens).flatMap((to) => [
      { from, to, data: encodeMint([from, units]) },
      ...(approving.includes(name) ? [...escrows.values(), ...guests] : []).map((escrow) => ({
        from,
        to,
        data: encodeApprove([escrow, maxUint256]),
      })),
    ])
  })
  for (let start = 0; start < calls.length; start += CALLS_PER_BLOCK_MAX) {
    await node.sendAll(calls.slice(start, start + CALLS_PER_BLOCK_MAX))
  }
  return { observer, tokens, escrows, guests }
}

/** Where a contract stands that the deployer deploys after so many others. */
function addressAt(nonce: number): Address {
  return getContractAddress({ from: DEPLOYER, nonce: BigInt(nonce) }).toLowerCase() as Address
}

interface Deployed {
  readonly binding: Binding
  readonly subject: Subject
  readonly parameters: Parameters
  readonly accounts: Stage['accounts']
  readonly artifacts: Artifacts
}

async function deploy(node: SetupNode, contract: Deployed): Promise<Address> {
  const { binding, subject, parameters, accounts } = contract
  const { policy } = subject
  const constructed = constructorData(binding, { policy, parameters, accounts })
  const bytecode: Hex = `${subject.bytecode}${constructed.slice(2)}`
  try {
    return (await node.deploy({ bytecode })).toLowerCase() as Address
  } catch (error) {
    const isRefused = error instanceof MeterproofError && error.code === 'MP_CHAIN_SETUP_REVERTED'
    throw isRefused ? deploymentRefused(error, contract) : error
  }
}

/** A constructor that refuses what the campaigns deploy: of an edited contract, or of a mutant. */
function deploymentRefused(cause: MeterproofError, contract: Deployed): MeterproofError {
  const { binding, subject, parameters, artifacts } = contract
  const { name, policy } = subject
  const { abi } = artifactNamed(artifacts, binding.contractNames[policy])
  const given = Object.entries(parameters).map(([key, value]) => `${key} ${String(value)}`)
  return new MeterproofError(
    DEPLOYMENT_REFUSED,
    `${name} refuses a deployment that the protocol allows, and cannot be checked.`,
    {
      facts: {
        policy,
        parameters: given.join(', '),
        'reverts with': errorName(errorNames(abi), cause.facts.returnData as Hex),
      },
      hint: 'Let the constructor accept these parameters; every campaign needs them.',
      cause,
    },
  )
}

/**
 * Starts Anvil and deploys everything.
 *
 * @throws MeterproofError `MP_ANVIL_…`, `MP_DEPLOYMENT_REFUSED`, `MP_COMPILE_…`
 */
export async function openTestbed(options: TestbedOptions): Promise<Testbed> {
  const artifacts = await compileContracts()
  const accounts = accountsOf(options.binding.protocol.participants)
  const session = await startAnvilSession<Prepared>({
    prepare: (node) => prepareStages(options, artifacts, accounts, node),
    ...(options.onRestart === undefined ? {} : { onEvent: options.onRestart }),
    ...(options.anvilFlags === undefined ? {} : { flags: options.anvilFlags }),
  })
  const { observer, tokens, escrows, guests } = session.prepared
  const from = accounts.elsewhere as Address
  let admitted: ReadonlyMap<string, Address> = new Map()
  return {
    batch: createBatchLane(session),
    mined: createMinedLane(session, options.onMined),
    async admit(subject) {
      const { binding, guestCases = [] } = options
      await session.putOnTop(async (node) => {
        for (const [index, parameters] of guestCases.entries()) {
          const contract = { binding, subject, parameters, accounts, artifacts }
          const address = await deploy(node, contract)
          assert(address === guests[index], 'a guest stands where it was expected')
        }
      })
      const keys = guestCases.map((parameters) => stageKey(subject, parameters))
      admitted = new Map(keys.map((key, index) => [key, guests[index] as Address]))
    },
    stage: stageKeeper((subject, parameters) => {
      const key = stageKey(subject, parameters)
      const escrow = escrows.get(key) ?? admitted.get(key)
      assert(
        escrow !== undefined,
        `${subject.name} was deployed with ${JSON.stringify(parameters)}`,
      )
      return { chainId: CHAIN_ID, escrow, tokens, accounts }
    }),
    probe(views) {
      const words = encodeViews(views)
      return {
        batch: { from, to: observer, data: `${observeSelector}${words}` },
        mined: { from, to: observer, data: `${observeAndLogSelector}${words}` },
      }
    },
    construct: (subject, deployments, kind) =>
      constructAll(
        session,
        { binding: options.binding, artifacts, accounts },
        { subject, deployments, kind },
      ),
    close: () => session.stop(),
  }
}

async function constructAll(
  session: AnvilSession<unknown>,
  place: Pick<Deployed, 'binding' | 'artifacts' | 'accounts'>,
  tried: {
    readonly subject: Subject
    readonly deployments: readonly Parameters[]
    readonly kind: LaneKind
  },
): Promise<readonly ConstructedOutcome[]> {
  const { binding, artifacts, accounts } = place
  const { subject, deployments, kind } = tried
  const { policy, bytecode } = subject
  const { abi } = artifactNamed(artifacts, binding.contractNames[policy])
  const errors = errorNames(abi)
  const constructions = deployments.map((parameters) => {
    const data = constructorData(binding, { policy, parameters, accounts })
    const told = toldBy(abi, data)
    const code: Hex = `${bytecode}${data.slice(2)}`
    return { code, told, reads: told.map((each) => each.data) }
  })
  const simulates = kind === 'batch'
  const results = await (simulates ? simulateDeployments : mineDeployments)(session, constructions)
  return Promise.all(
    results.map(async ({ ok, returnData, read }, index) => {
      if (!ok) return { accepted: false, error: errorName(errors, returnData), mistold: null }
      const construction = constructions[index] as (typeof constructions)[number]
      const wrong = mistold(construction.told, read)
      if (wrong === null || !simulates) return { accepted: true, error: null, mistold: wrong }
      // What is kept in storage is seen only where the contract really is.
      const [mined] = await mineDeployments(session, [construction])
      return { accepted: true, error: null, mistold: mistold(construction.told, mined?.read ?? []) }
    }),
  )
}

/** Hands out one object for each stage, so that bindings can keep what they prepare for it. */
function stageKeeper(find: Testbed['stage']): Testbed['stage'] {
  const byPlace = new Map<string, Stage>()
  const known = new WeakMap<Subject, WeakMap<Parameters, Stage>>()
  return (subject, parameters) => {
    const ofSubject = known.get(subject) ?? new WeakMap<Parameters, Stage>()
    known.set(subject, ofSubject)
    const kept = ofSubject.get(parameters)
    if (kept !== undefined) return kept
    const found = find(subject, parameters)
    // Guests of different policies stand at the same address.
    const place = `${found.escrow} ${subject.policy}`
    const stage = byPlace.get(place) ?? found
    byPlace.set(place, stage)
    ofSubject.set(parameters, stage)
    return stage
  }
}
