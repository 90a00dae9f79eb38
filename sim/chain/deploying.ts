/**
 * Tries to construct contracts in the base state, and says what came of it; nothing stays.
 *
 * As with schedules there are two ways: all in one stateless exchange, and each as a transaction
 * that is really mined and then taken back.
 */
import type { Hex } from 'viem'
import { MeterproofError } from '../../models/kit/error.ts'
import type { AnvilSession } from './anvilSession.ts'
import { outputOf, restoring } from './minedLane.ts'
import type { RpcClient } from './rpc.ts'
import { CALL_GAS } from './schedule.ts'
import { DEPLOYER } from './setupNode.ts'

/** Whether a contract could be constructed; `returnData` is the revert data when not. */
export interface Constructed {
  readonly ok: boolean
  readonly returnData: Hex
}

/** How Anvil tells that a call reverted, and that it ended in any other bad way. */
const REVERTED_CODE = 3
const HALTED_MESSAGE = /^EVM error/
const GAS = `0x${CALL_GAS.toString(16)}`

/**
 * Each by itself, as a call to nobody; `eth_simulateV1` takes none of those.
 *
 * @param codes creation codes with their arguments
 */
export async function simulateDeployments(
  session: AnvilSession<unknown>,
  codes: readonly Hex[],
): Promise<readonly Constructed[]> {
  const paramsJsons = codes.map((input) =>
    JSON.stringify([{ from: DEPLOYER, input, gas: GAS }, 'latest']),
  )
  const answers = await session.shared((rpc) => rpc.requestBatch<Hex>('eth_call', paramsJsons))
  return answers.map((answer) => {
    if (answer.status === 'fulfilled') return { ok: true, returnData: '0x' }
    return { ok: false, returnData: revertDataOf(answer.reason) }
  })
}

/**
 * The data of a revert, or as much of it as an error keeps: more than a selector.
 *
 * @throws the error itself when the node refused the request and not the EVM the call
 */
function revertDataOf(error: unknown): Hex {
  if (!(error instanceof MeterproofError)) throw error
  const { code, message } = error.facts
  if (code !== REVERTED_CODE && !HALTED_MESSAGE.test(String(message))) throw error
  const [data] = /0x[0-9a-f]*/.exec(String(error.facts.data ?? '')) ?? []
  return (data ?? '0x') as Hex
}

/** As `simulateDeployments`, in mined blocks. */
export async function mineDeployments(
  session: AnvilSession<unknown>,
  codes: readonly Hex[],
): Promise<readonly Constructed[]> {
  const results: Constructed[] = []
  for (const code of codes) {
    results.push(
      await session.exclusive((rpc) =>
        restoring(rpc, () => mineDeployment(rpc, code, session.base.timestampSeconds + 1)),
      ),
    )
  }
  return results
}

async function mineDeployment(rpc: RpcClient, data: Hex, atSeconds: number): Promise<Constructed> {
  const transaction = { from: DEPLOYER, data, gas: GAS, gasPrice: '0x0' }
  const hash = await rpc.request<string>('eth_sendTransaction', [transaction])
  await rpc.request('evm_mine', [atSeconds])
  const receipt = await rpc.request<{ readonly status: string }>('eth_getTransactionReceipt', [
    hash,
  ])
  if (receipt.status === '0x1') return { ok: true, returnData: '0x' }
  return { ok: false, returnData: await outputOf(rpc, hash) }
}
