/**
 * Goal: a tutor's share reaches its account in the withdrawal contract and nothing else, whatever
 * stands in the way when the session is settled.
 * Method: a sound journey up to its settlement, on Anvil, with a withdrawal contract that is out of
 * order meanwhile: its code is exchanged for one that reverts, and put back.
 */
import { type Abi, type Address, encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import { sessionEscrowCreditingAbi } from '../../contracts/generated.ts'
import type { CallResult, ChainCall } from '../../sim/chain/lane.ts'
import type { RpcClient } from '../../sim/chain/rpc.ts'
import { CALL_GAS } from '../../sim/chain/schedule.ts'
import { runJourney } from '../../sim/end-to-end/world.ts'
import { START_SECONDS } from '../kit/player.ts'
import {
  type BoundJourney,
  type JourneyContracts,
  openJourneyContracts,
  type Reading,
} from './contracts.ts'
import { castOfRun } from './execute.ts'

const abi = sessionEscrowCreditingAbi as Abi
/** Reverts without data, whatever is called. */
const OUT_OF_ORDER: Hex = '0x60006000fd'
const TRACER = { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }

const run = runJourney({ regime: 'none', seed: 7, run: 0 })
const settledAt = run.steps.findIndex(({ planned }) => planned.action === 'settle')

/** The sound escrow, and one that lets a tutor take such a share elsewhere. */
const [SOUND, BROKEN] = [0, 1]
let contracts: JourneyContracts
beforeAll(async () => {
  contracts = await openJourneyContracts([{}, { 'session-escrow': 'ShareGoesAround' }])
}, 240_000)
afterAll(() => contracts?.stop())

interface Receipt extends Pick<CallResult, 'logs'> {
  readonly status: string
  readonly gasUsed: Hex
  readonly transactionHash: Hex
}

/** Sends calls to a node, each in a block of its own, and reads the contracts in between. */
class Node {
  readonly rpc: RpcClient
  readonly bound: BoundJourney
  readonly #variant: number
  #atSeconds = START_SECONDS

  constructor(rpc: RpcClient, variant: number) {
    this.rpc = rpc
    this.bound = contracts.bind(castOfRun(run), variant)
    this.#variant = variant
  }

  get addresses() {
    return contracts.addresses(this.#variant)
  }

  /** In the second that is asked for, or the next one that there can be. */
  async send(call: ChainCall, wantedSeconds = 0): Promise<CallResult> {
    const atSeconds = Math.max(this.#atSeconds + 1, wantedSeconds)
    this.#atSeconds = atSeconds
    const gas = `0x${CALL_GAS.toString(16)}`
    await this.rpc.request('eth_sendTransaction', [{ ...call, gas, gasPrice: '0x0' }])
    await this.rpc.request('evm_mine', [atSeconds])
    const [receipt] = await this.rpc.request<readonly Receipt[]>('eth_getBlockReceipts', ['latest'])
    const { status, gasUsed, transactionHash, logs } = receipt as Receipt
    const traced = [transactionHash, TRACER]
    const { output = '0x' } = await this.rpc.request<{ readonly output?: Hex }>(
      'debug_traceTransaction',
      traced,
    )
    return { ok: status === '0x1', returnData: output, gasUsed: BigInt(gasUsed), logs }
  }

  async read(): Promise<Reading> {
    const { batch } = this.bound.probe
    const words = await this.rpc.request<Hex>('eth_call', [batch, 'latest'])
    // ABI-encoded `bytes`: offset and length come first.
    const bytes = Number.parseInt(words.slice(66, 130), 16)
    return this.bound.read(`0x${words.slice(130, 130 + 2 * bytes)}`)
  }
}

/** The journey up to and with its settlement, in which the withdrawal contract is out of order. */
async function settleOutOfOrder(node: Node): Promise<void> {
  const at = node.addresses.contracts.withdrawal
  const code = await node.rpc.request<Hex>('eth_getCode', [at, 'latest'])
  for (const [index, { planned }] of run.steps.slice(0, settledAt + 1).entries()) {
    if (index === settledAt) await node.rpc.request('anvil_setCode', [at, OUT_OF_ORDER])
    const result = await node.send(node.bound.encode(planned), planned.atSeconds)
    expect(node.bound.outcome(result)).toEqual(run.steps[index]?.outcome)
  }
  await node.rpc.request('anvil_setCode', [at, code])
}

/** A node that is put back afterwards. */
function onNode(variant: number, task: (node: Node) => Promise<void>): Promise<void> {
  return contracts.exclusive(async (rpc) => {
    const snapshot = await rpc.request<string>('evm_snapshot')
    try {
      await task(new Node(rpc, variant))
    } finally {
      await rpc.request('evm_revert', [snapshot])
    }
  })
}

const addresses = accountsOf(['stranger', 'tutor0'])
const addressOf = (name: string) => addresses[name] as Address

/** A call of the escrow by somebody, and by which name it was refused. */
async function refusalOf(node: Node, by: string, name: string, args: readonly unknown[]) {
  const [from, to] = [addressOf(by), node.addresses.contracts['session-escrow']]
  const data = encodeFunctionData({ abi, functionName: name, args })
  return node.bound.outcome(await node.send({ from, to, data })).error
}

test('a share that cannot be credited is owed, goes nowhere else, and anybody credits it', () =>
  onNode(SOUND, async (node) => {
    await settleOutOfOrder(node)
    const id = node.bound.sessionId
    const owed = await node.read()
    const [session] = owed.parts['session-escrow'].agreements
    const shareUnits = session?.figures.claimTutor ?? 0n
    expect(session?.state).toBe('Refunded')
    expect(shareUnits).toBeGreaterThan(0n)
    expect(owed.balances.plain6).toMatchObject({ escrow: shareUnits, withdrawal: 0n })

    const claim = [id, addressOf('stranger')]
    expect(await refusalOf(node, 'tutor0', 'claim', claim)).toBe('NothingToClaim')
    expect(await node.read()).toEqual(owed)

    expect(await refusalOf(node, 'stranger', 'creditAgain', [id])).toBe(null)
    const after = await node.read()
    expect(after.parts['session-escrow'].agreements[0]?.state).toBe('Closed')
    expect(after.balances.plain6).toMatchObject({ escrow: 0n, withdrawal: shareUnits, tutor0: 0n })
    const { commission, ...accounts } = after.parts.withdrawal.accounts?.plain6 ?? {}
    expect(commission).toBe(shareUnits / 10n)
    expect(accounts['available:teacher0']).toBe(shareUnits - shareUnits / 10n)

    expect(await refusalOf(node, 'stranger', 'creditAgain', [id])).toBe('NothingToClaim')
  }))

test('nobody makes the escrow pay in but itself, and there is no commission before a credit', () =>
  onNode(SOUND, async (node) => {
    const { token } = node.addresses
    const [tutor, units] = [addressOf('tutor0'), 1n]
    expect(await refusalOf(node, 'stranger', 'payIn', [tutor, token, units])).toBe('OnlySelf')
    expect(await refusalOf(node, 'stranger', 'passCommission', [token])).toBe('NothingToWithdraw')
  }))

test('an escrow from which the share can be taken elsewhere is noticed', () =>
  onNode(BROKEN, async (node) => {
    await settleOutOfOrder(node)
    const claim = [node.bound.sessionId, addressOf('stranger')]
    expect(await refusalOf(node, 'tutor0', 'claim', claim)).toBe(null)
    expect((await node.read()).balances.plain6).toMatchObject({ escrow: 0n, withdrawal: 0n })
  }))
