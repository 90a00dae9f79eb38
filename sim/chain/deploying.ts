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

/** What to construct: creation code with its arguments, and calls to make of what comes out. */
export interface Construction {
  readonly code: Hex
  readonly reads: readonly Hex[]
}

/** Whether a contract could be constructed; `returnData` is the revert data when not. */
export interface Constructed {
  readonly ok: boolean
  readonly returnData: Hex
  /** Answers to the reads, `0x` to those that revert; none when it could not be constructed. */
  readonly read: readonly Hex[]
}

/** How Anvil tells that a call reverted, and that it ended in any other bad way. */
const REVERTED_CODE = 3
const HALTED_MESSAGE = /^EVM error/
const GAS = `0x${CALL_GAS.toString(16)}`

/** Where code is put to be read; nothing else is there. */
const READ_AT = '0x00000000000000000000000000000000000c0de5'

/**
 * Each by itself, as a call to nobody; `eth_simulateV1` takes none of those. What is read is the
 * code that comes out, immutables included, with nothing in its storage.
 */
export async function simulateDeployments(
  session: AnvilSession<unknown>,
  constructions: readonly Construction[],
): Promise<readonly Constructed[]> {
  const paramsJsons = constructions.map(({ code }) =>
    JSON.stringify([{ from: DEPLOYER, input: code, gas: GAS }, 'latest']),
  )
  const answers = await session.shared((rpc) => rpc.requestBatch<Hex>('eth_call', paramsJsons))
  const results: Constructed[] = []
  for (const [index, answer] of answers.entries()) {
    const { reads } = constructions[index] as Construction
    if (answer.status === 'rejected') {
      results.push({ ok: false, returnData: revertDataOf(answer.reason), read: [] })
      continue
    }
    const placed = { [READ_AT]: { code: answer.value } }
    const read = await session.shared((rpc) => readAll(rpc, READ_AT, reads, [placed]))
    results.push({ ok: true, returnData: '0x', read })
  }
  return results
}

async function readAll(
  rpc: RpcClient,
  to: string,
  reads: readonly Hex[],
  more: readonly unknown[] = [],
): Promise<readonly Hex[]> {
  if (reads.length === 0) return []
  const calls = reads.map((data) => JSON.stringify([{ to, data, gas: GAS }, 'latest', ...more]))
  const answers = await rpc.requestBatch<Hex>('eth_call', calls)
  return answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : '0x'))
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

/** As `simulateDeployments`, in mined blocks; what is read is the contract itself. */
export async function mineDeployments(
  session: AnvilSession<unknown>,
  constructions: readonly Construction[],
): Promise<readonly Constructed[]> {
  const results: Constructed[] = []
  for (const construction of constructions) {
    results.push(
      await session.exclusive((rpc) =>
        restoring(rpc, () => mineDeployment(rpc, construction, session.base.timestampSeconds + 1)),
      ),
    )
  }
  return results
}

interface DeploymentReceipt {
  readonly status: string
  readonly contractAddress: string | null
}

async function mineDeployment(
  rpc: RpcClient,
  { code, reads }: Construction,
  atSeconds: number,
): Promise<Constructed> {
  const transaction = { from: DEPLOYER, data: code, gas: GAS, gasPrice: '0x0' }
  const hash = await rpc.request<string>('eth_sendTransaction', [transaction])
  await rpc.request('evm_mine', [atSeconds])
  const receipt = await rpc.request<DeploymentReceipt>('eth_getTransactionReceipt', [hash])
  if (receipt.status !== '0x1') {
    return { ok: false, returnData: await outputOf(rpc, hash), read: [] }
  }
  const read = await readAll(rpc, receipt.contractAddress ?? '', reads)
  return { ok: true, returnData: '0x', read }
}
