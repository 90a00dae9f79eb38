/**
 * Worlds of session-escrow on a real Anvil: the participants' calls are real transactions to the
 * real contract, in blocks that others really fill.
 *
 * The world still predicts each step with its lifecycle machine; what the contract did is returned
 * beside it. An Anvil of its own is needed, as the pool must order by fees. Must not decide what
 * happens when: that is the world's.
 */
import type { Address } from 'viem'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import type { RunBinding, Stage } from '../../contracts/bindings/binding.ts'
import { sessionEscrowBinding } from '../../contracts/bindings/sessionEscrow.ts'
import { compileContracts } from '../../contracts/compile.ts'
import { assert } from '../../models/kit/error.ts'
import type { Outcome, Parameters, Transfer } from '../../models/kit/trace.ts'
import { type Execution, openAnvilChain } from '../../sim/chain/anvilChain.ts'
import { BLOCK_GAS_LIMIT, CHAIN_ID } from '../../sim/chain/anvilProcess.ts'
import { type AnvilSession, startAnvilSession } from '../../sim/chain/anvilSession.ts'
import type { ChainTransaction } from '../../sim/chain/chain.ts'
import type { ChainCall } from '../../sim/chain/lane.ts'
import type { RpcClient } from '../../sim/chain/rpc.ts'
import { createSetupNode } from '../../sim/chain/setupNode.ts'
import { streamsOf } from '../../sim/kernel/random.ts'
import { ACTORS } from '../../sim/session-escrow/actors.ts'
import { setUpWorld, type WorldOptions } from '../../sim/session-escrow/options.ts'
import { runWorldOn } from '../../sim/session-escrow/world.ts'
import type { WorldRun } from '../../sim/session-escrow/worldRun.ts'
import { type Prepared, prepareStages, type Subject, stageKey } from '../kit/testbed.ts'

/** What the real contract did in one step of the world. */
export interface ObservedStep {
  readonly outcome: Outcome
  readonly transfers: readonly Transfer[]
  readonly gasUsed: bigint
}

export interface AnvilWorldRun {
  readonly run: WorldRun
  /** One for each of `run.steps`. */
  readonly observed: readonly ObservedStep[]
}

export interface AnvilWorlds {
  /**
   * One run; runs wait for each other. `defects` of the world must not touch the contract's clock.
   */
  run(options: WorldOptions): Promise<AnvilWorldRun>
  close(): Promise<void>
}

export interface AnvilWorldsOptions {
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
export async function openAnvilWorlds(options: AnvilWorldsOptions): Promise<AnvilWorlds> {
  const binding = sessionEscrowBinding
  const artifacts = await compileContracts()
  const accounts = accountsOf(binding.protocol.participants)
  const session = await startAnvilSession<Prepared>({
    order: 'fees',
    prepare: (node) => prepareStages({ ...options, binding }, artifacts, accounts, node),
  })
  const { tokens, escrows } = session.prepared
  return {
    async run(worldOptions) {
      const { policy, parameters } = setUpWorld(worldOptions)
      const subject = options.subjects.find((each) => each.policy === policy)
      assert(subject !== undefined, `a contract for ${policy} was given`)
      const escrow = escrows.get(stageKey(subject, parameters))
      assert(escrow !== undefined, `${subject.name} was deployed with these parameters`)
      return runOn(session, { chainId: CHAIN_ID, escrow, tokens, accounts }, worldOptions)
    },
    close: () => session.stop(),
  }
}

async function runOn(
  session: AnvilSession<Prepared>,
  stage: Stage,
  options: WorldOptions,
): Promise<AnvilWorldRun> {
  const { policy, agreement, profile, seed, run } = setUpWorld(options)
  const bound = sessionEscrowBinding.bind({ stage, policy, agreements: [agreement] })
  const senders: Record<string, Address> = {}
  for (const actor of ACTORS) {
    const address = stage.accounts[agreement.roles[actor] ?? actor]
    if (address !== undefined) senders[actor] = address
  }
  return session.exclusive((rpc) =>
    onSnapshot(rpc, async () => {
      await createSetupNode(rpc).sendAll(bound.prelude)
      const encode = (transaction: ChainTransaction) => callOf(bound, transaction)
      const streams = streamsOf({ seed, run })
      const chain = await openAnvilChain({ rpc, profile, streams, senders, encode })
      const world = await runWorldOn(chain, options)
      return { run: world, observed: chain.executions.map((each) => observe(bound, each)) }
    }),
  )
}

async function callOf(bound: RunBinding, { content }: ChainTransaction): Promise<ChainCall> {
  assert(content !== undefined, 'a transaction of the world says what it does')
  const [call] = await bound.encode([{ ...content, agreement: 0, atSeconds: 0 }])
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
