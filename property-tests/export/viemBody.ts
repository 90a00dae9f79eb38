/**
 * The part of an exported viem script that is the same in every file.
 *
 * It is JavaScript as text: the script must run without Meterproof.
 */
export const VIEM_BODY = `const url = process.argv[2] ?? 'http://127.0.0.1:8545'
const client = createClient({ transport: http(url) }).extend(publicActions)
const rpc = (method, params = []) => client.request({ method, params })
const hex = (value) => '0x' + BigInt(value).toString(16)
const GAS = hex(25_000_000)

function stop(sentence) {
  console.error(sentence)
  process.exit(64)
}

const encoded = ({ data, functionName, args }) =>
  data ?? encodeFunctionData({ abi, functionName, args })

/** Sends calls in one block and in this order, at a second of its own; gives their receipts. */
async function block(calls, atSeconds) {
  const hashes = []
  for (const [index, { from, to, data }] of calls.entries()) {
    // Blocks are ordered by what is paid.
    const gasPrice = hex(1_000_000_000_000n - BigInt(index) * 1_000_000_000n)
    const transaction = { from, data, gas: GAS, gasPrice, ...(to === undefined ? {} : { to }) }
    hashes.push(await rpc('eth_sendTransaction', [transaction]))
  }
  if (atSeconds !== undefined) await rpc('evm_setNextBlockTimestamp', [atSeconds])
  await rpc('evm_mine')
  return Promise.all(hashes.map((hash) => rpc('eth_getTransactionReceipt', [hash])))
}

async function prepare() {
  await rpc('anvil_autoImpersonateAccount', [true])
  await rpc('evm_setAutomine', [false])
  for (const address of [deployer, ...Object.values(names)]) {
    await rpc('anvil_setBalance', [address, hex(10n ** 24n)])
  }
  for (const { at, code } of deployments) {
    const [receipt] = await block([{ from: deployer, data: code }])
    if (receipt?.contractAddress?.toLowerCase() !== at) stop('A contract stands elsewhere.')
    if (receipt.status !== '0x1') stop('A contract could not be deployed.')
  }
  const under = deployments.at(-1).at
  for (const { token, holder, units, approves } of funding) {
    const call = (functionName, args) => encodeFunctionData({ abi, functionName, args })
    const calls = [{ from: holder, to: token, data: call('mint', [holder, units]) }]
    const approval = call('approve', [under, 2n ** 256n - 1n])
    if (approves) calls.push({ from: holder, to: token, data: approval })
    await block(calls)
  }
  for (const call of prelude) await block([call])
}

async function outcomeOf(receipt) {
  if (receipt.status === '0x1') return 'accepted'
  const options = { tracer: 'callTracer' }
  const { output } = await rpc('debug_traceTransaction', [receipt.transactionHash, options])
  if (output === undefined || output === '0x') return 'refused: revert without data'
  try {
    return 'refused: ' + decodeErrorResult({ abi: errors, data: output }).errorName
  } catch {
    return 'refused: unknown error ' + output.slice(0, 10)
  }
}

async function read({ target, holder, data, word = 0 }) {
  const asked = data ?? encodeFunctionData({ abi, functionName: 'balanceOf', args: [holder] })
  const answer = await rpc('eth_call', [{ to: target, data: asked }, 'latest'])
  return BigInt('0x' + answer.slice(2 + word * 64, 66 + word * 64))
}

/** Steps of one second share a block. */
function blocks() {
  const all = []
  for (const step of steps) {
    if (all.at(-1)?.[0].atSeconds === step.atSeconds) all.at(-1).push(step)
    else all.push([step])
  }
  return all
}

if (Number(await rpc('eth_chainId')) !== chainId) {
  stop('The signatures are for chain ' + chainId + '.')
}
const newest = await rpc('eth_getBlockByNumber', ['latest', false])
if (Number(newest.timestamp) + 1000 > steps[0].atSeconds) {
  stop('The chain is later than the first step; start it with --timestamp 1700000000.')
}
if ((await rpc('eth_getCode', [deployments[0].at, 'latest'])) !== '0x') stop('Use a fresh chain.')
const snapshot = await rpc('evm_snapshot')
let parts = 0
const row = (what, expected, observed) => {
  const differs = expected !== observed
  if (differs) parts += 1
  const mark = differs ? '   <- differs' : ''
  console.log('  ' + what + '   expected ' + expected + '   observed ' + observed + mark)
}
try {
  await prepare()
  for (const group of blocks()) {
    const calls = group.map((step) => ({ from: step.from, to: step.to, data: encoded(step) }))
    const receipts = await block(calls, group[0].atSeconds)
    for (const [index, step] of group.entries()) {
      console.log(step.text)
      const { accepted, error } = step.expected
      const isAccepted = receipts[index].status === '0x1'
      const expected = accepted ? 'accepted' : 'refused: ' + error
      row('outcome', expected, await outcomeOf(receipts[index]))
    }
    // Between two transactions of a block nothing can be read.
    for (const check of group.at(-1).checks) row(check.what, check.value, await read(check))
  }
} finally {
  await rpc('evm_revert', [snapshot])
  await rpc('evm_setAutomine', [true])
}
const isBroken = kind === 'prediction' ? parts > 0 : parts === 0
console.log(isBroken ? claim + ' is violated' : claim + ' holds')
process.exit(isBroken ? 1 : 0)
`
