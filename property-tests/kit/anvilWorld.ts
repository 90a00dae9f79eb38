/**
 * Worlds on a real Anvil: the participants' calls are real transactions to the real contract, in
 * blocks that others really fill.
 *
 * The world still predicts each step with its lifecycle machine; what the contract did is returned
 * beside it. An Anvil of its own is needed, as the pool must order by fees. Must not decide what
 * happens when: that is the world's.
 */
import type { Address } from 'viem'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import type { Binding, RunBinding, Stage } from '../../contracts/bindings/binding.ts'
import { compileContracts } from '../../contracts/compile.ts'
import { assert } from '../../models/kit/error.ts'
import type { Agreement, Outcome, Parameters, Transfer } from '../../models/kit/trace.ts'
import { type Execution, openAnvilChain } from '../../sim/chain/anvilChain.ts'
import { BLOCK_GAS_LIMIT, CHAIN_ID } from '../../sim/chain/anvilProcess.ts'
import { type AnvilSession, startAnvilSession } from '../../sim/chain/anvilSession.ts'
import type { Chain, ChainTransaction } from '../../sim/chain/chain.ts'
import type { ChainCall } from '../../sim/chain/lane.ts'
import type { RpcClient } from '../../sim/chain/rpc.ts'
import { createSetupNode } from '../../sim/chain/setupNode.ts'
import { streamsOf } from '../../sim/kernel/random.ts'
import type { WorldStep } from '../../sim/world/records.ts'
import type { CommonSetup } from '../../sim/world/setup.ts'
import { type Prepared, prepareStages, type Subject, stageKey } from './testbed.ts'

/** A protocol's world, as far as it must be known to be played on a real chain. */
export interface WorldOnChain<Options, Run> {
  readonly binding: Binding
  readonly actors: readonly string[]
  /** Actors who bear another name in the cast, beside the roles of the agreement. */
  readonly participantOf?: Readonly<Record<string, string>>
  setUp(options: Options): CommonSetup & {
    readonly parameters: Parameters
    readonly agreement: Agreement
    /** All agreements, when there are more than that one. */
    readonly agreements?: readonly Agreement[]
  }
  runOn(chain: Chain, options: Options): Promise<Run>
}

/** What the real contract did in one step of the world. */
export interface ObservedStep {
  readonly outcome: Outcome
  readonly transfers: readonly Transfer[]
  readonly gasUsed: bigint
}

export interface AnvilWorldRun<Run> {
  readonly run: Run
  /** One for each of `run.steps`. */
  readonly observed: readonly ObservedStep[]
}

export interface AnvilWorlds<Options, Run> {
  /**
   * One run; runs wait for each other. `defects` of the world must not touch the contract's clock.
   */
  run(options: Options): Promise<AnvilWorldRun<Run>>
  close(): Promise<void>
}

export interface AnvilWorldsOptions<Options, Run> {
  readonly world: WorldOnChain<Options, Run>
  /** One contract for each policy that is run. */
  readonly subjects: readonly Subject[]
  /** Deployments that are run, with all parameters. */
  readonly cases: readonly Parameters[]
}

/**
 * Starts an Anvil that orders by fees and deploys the contracts.
 *
 * @throws MeterproofError as `openTestbed`
 */
export async function openAnvilWorlds<Options, Run extends { steps: readonly WorldStep[] }>(
  options: AnvilWorldsOptions<Options, Run>,
): Promise<AnvilWorlds<Options, Run>> {
  const { world } = options
  const { binding } = world
  const artifacts = await compileContracts()
  const accounts = accountsOf(binding.protocol.participants)
  const session = await startAnvilSession<Prepared>({
    order: 'fees',
    prepare: (node) => prepareStages({ ...options, binding }, artifacts, accounts, node),
  })
  const { tokens, escrows } = session.prepared
  return {
    async run(worldOptions) {
      const { policy, parameters } = world.setUp(worldOptions)
      const subject = options.subjects.find((each) => each.policy === policy)
      assert(subject !== undefined, `a contract for ${policy} was given`)
      const escrow = escrows.get(stageKey(subject, parameters))
      assert(escrow !== undefined, `${subject.name} was deployed with these parameters`)
      const stage = { chainId: CHAIN_ID, escrow, tokens, accounts }
      return runOn(session, stage, world, worldOptions)
    },
    close: () => session.stop(),
  }
}

async function runOn<Options, Run>(
  session: AnvilSession<Prepared>,
  stage: Stage,
  world: WorldOnChain<Options, Run>,
  options: Options,
): Promise<AnvilWorldRun<Run>> {
  const setup = world.setUp(options)
  const { policy, agreement, agreements = [agreement], profile, seed, run } = setup
  const bound = world.binding.bind({ stage, policy, agreements })
  const senders: Record<string, Address> = {}
  for (const actor of world.actors) {
    const name = agreement.roles[actor] ?? world.participantOf?.[actor] ?? actor
    const address = stage.accounts[name]
    if (address !== undefined) senders[actor] = address
  }
  return session.exclusive((rpc) =>
    onSnapshot(rpc, async () => {
      await createSetupNode(rpc).sendAll(bound.prelude)
      const encode = (transaction: ChainTransaction) => callOf(bound, transaction)
      const streams = streamsOf({ seed, run })
      const chain = await openAnvilChain({ rpc, profile, streams, senders, encode })
      const played = await world.runOn(chain, options)
      return { run: played, observed: chain.executions.map((each) => observe(bound, each)) }
    }),
  )
}

async function callOf(bound: RunBinding, { content }: ChainTransaction): Promise<ChainCall> {
  assert(content !== undefined, 'a transaction of the world says what it does')
  const [call] = bound.encode([{ agreement: 0, ...content, atSeconds: 0 }])
  assert(call !== undefined, 'every step has a call')
  return call
}

function observe(bound: RunBinding, execution: Execution): ObservedStep {
  const { ok, gasUsed } = execution
  const transfers = ok ? bound.effects(execution).transfers : []
  return { outcome: bound.outcome(execution), transfers, gasUsed }
}

/** Leaves the node as it was, fees and gas limit included. */
async function onSnapshot<Result>(rpc: RpcClient, task: () => Promise<Result>): Promise<Result> {
  const snapshot = await rpc.request('evm_snapshot')
  try {
    return await task()
  } finally {
    await rpc.request('anvil_dropAllTransactions')
    await rpc.request('evm_revert', [snapshot])
    await rpc.request('evm_setBlockGasLimit', [`0x${BLOCK_GAS_LIMIT.toString(16)}`])
    await rpc.request('anvil_setNextBlockBaseFeePerGas', ['0x0'])
  }
}
