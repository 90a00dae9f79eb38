/**
 * What `prepare` sees of a fresh node: send, deploy, and nothing that depends on the clock.
 *
 * Each call of `sendAll` makes one block, and each block is one second later than the one before,
 * so the same calls give the same addresses, block hashes and times on every machine.
 */
import type { Address, Hex } from 'viem'
import { MeterproofError } from '../../models/kit/error.ts'
import type { ChainCall } from './lane.ts'
import type { RpcClient } from './rpc.ts'

/** Sender of deployments that name no other: an address that no campaign uses. */
export const DEPLOYER: Address = '0x00000000000000000000000000000000000dea10'

/** Gas of each transaction in setup; a deployment of the largest contract needs about 5 million. */
const SETUP_GAS = '0x3938700'

export interface Deployment {
  /** Creation code with the encoded constructor arguments appended. */
  readonly bytecode: Hex
  /** @defaultValue DEPLOYER */
  readonly from?: Address
}

export interface SetupNode {
  readonly rpc: RpcClient
  /**
   * Deploys one contract, in a block of its own.
   *
   * @returns its address, a function of the sender and of how many transactions it has sent
   * @throws MeterproofError `MP_CHAIN_SETUP_REVERTED`
   */
  deploy(deployment: Deployment): Promise<Address>
  /**
   * Sends calls in order, all in one block.
   *
   * @throws MeterproofError `MP_CHAIN_SETUP_REVERTED` with the index of the first that reverted
   */
  sendAll(calls: readonly ChainCall[]): Promise<void>
}

interface Transaction {
  readonly from: Address
  readonly to?: Address
  readonly data: Hex
}

interface Receipt {
  readonly status: string
  readonly transactionHash: string
  readonly contractAddress?: Address | null
}

/** @param rpc of a node that mines only when told. */
export function createSetupNode(rpc: RpcClient): SetupNode {
  async function send(transactions: readonly Transaction[]): Promise<readonly Receipt[]> {
    for (const transaction of transactions) {
      await rpc.request('eth_sendTransaction', [
        { ...transaction, gas: SETUP_GAS, gasPrice: '0x0' },
      ])
    }
    const newest = await rpc.request<{ timestamp: string }>('eth_getBlockByNumber', [
      'latest',
      false,
    ])
    await rpc.request('evm_mine', [Number(newest.timestamp) + 1])
    const receipts = await rpc.request<readonly Receipt[]>('eth_getBlockReceipts', ['latest'])
    for (const [index, transaction] of transactions.entries()) {
      const receipt = receipts[index]
      if (receipt?.status !== '0x1') throw await setupReverted(rpc, transaction, index)
    }
    return receipts
  }

  return {
    rpc,
    async deploy({ bytecode, from = DEPLOYER }) {
      const [receipt] = await send([{ from, data: bytecode }])
      const address = receipt?.contractAddress
      if (address === undefined || address === null)
        throw await setupReverted(rpc, { from, data: bytecode }, 0)
      return address
    },
    async sendAll(calls) {
      if (calls.length > 0) await send(calls.map(({ from, to, data }) => ({ from, to, data })))
    },
  }
}

async function setupReverted(
  rpc: RpcClient,
  transaction: Transaction,
  index: number,
): Promise<MeterproofError> {
  let returnData = '0x'
  const reason = await rpc.request('eth_call', [transaction, 'latest']).then(
    () => 'it succeeds when run again in the state after the block',
    (error: unknown) => {
      if (!(error instanceof MeterproofError)) return String(error)
      returnData = String(error.facts.data ?? '"0x"').replaceAll('"', '')
      return error.format()
    },
  )
  return new MeterproofError('MP_CHAIN_SETUP_REVERTED', 'A transaction of the setup reverted.', {
    class: 'internal',
    facts: {
      index,
      from: transaction.from,
      to: transaction.to ?? '(deployment)',
      data: transaction.data.slice(0, 74),
      returnData,
      reason,
    },
  })
}
