/** Anvil starts, stops, and never outlives the process that started it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { resolveAnvilBinary } from './anvilBinary.ts'
import { startAnvil } from './anvilProcess.ts'
import { createRpcClient } from './rpc.ts'

const PARENT = new URL('./testing/anvilParent.ts', import.meta.url).pathname

afterEach(() => {
  delete process.env.METERPROOF_ANVIL
})

/** Waits for the end of whatever listens on the port, by a request that it never answers. */
async function endOfListener(port: number): Promise<void> {
  const rpc = createRpcClient({ port })
  try {
    for (;;) await rpc.request('eth_chainId')
  } catch (error) {
    expect(error).toMatchObject({ code: 'MP_RPC_CONNECTION_LOST' })
  } finally {
    rpc.close()
  }
}

async function startParent(): Promise<{ parent: ChildProcess; port: number }> {
  const parent = spawn(process.execPath, ['--import', 'tsx', PARENT], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  if (parent.stdout === null) throw new Error('no output of the parent')
  const lines = createInterface({ input: parent.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  return { parent, port: Number(line) }
}

async function listenAnywhere(): Promise<{ server: Server; port: number }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

describe('an Anvil process', () => {
  test('starts at the fixed time with free gas, and is gone after stop', async () => {
    const anvil = await startAnvil()
    const block = await anvil.rpc.request('eth_getBlockByNumber', ['latest', false])
    expect(block).toMatchObject({ number: '0x0', timestamp: '0x6553f100', baseFeePerGas: '0x0' })
    expect(anvil.pid).toBeGreaterThan(0)
    await anvil.stop()
    await anvil.stop()
    expect(await anvil.exited).toEqual({ exitCode: 0, signal: undefined })
    await endOfListener(anvil.port)
    expect(() => process.kill(anvil.pid ?? 0, 0)).toThrow('ESRCH')
  })

  test('several run side by side on ports of their own', async () => {
    const all = await Promise.all([startAnvil(), startAnvil(), startAnvil()])
    expect(new Set(all.map((anvil) => anvil.port)).size).toBe(3)
    await Promise.all(all.map((anvil) => anvil.stop()))
  })

  for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'throw'] as const) {
    test(`does not outlive its parent: ${signal}`, async () => {
      const { parent, port } = await startParent()
      const ended = once(parent, 'exit')
      if (signal === 'exit') parent.kill('SIGUSR2')
      else if (signal === 'throw') parent.kill('SIGWINCH')
      else parent.kill(signal)
      await ended
      await endOfListener(port)
    }, 15_000)
  }

  test('a port that was asked for and is taken is an error of usage', async () => {
    const { server, port } = await listenAnywhere()
    await expect(startAnvil({ port })).rejects.toMatchObject({
      code: 'MP_ANVIL_PORT_IN_USE',
      class: 'usage',
      facts: { port },
    })
    server.close()
  })

  test('a port that was asked for is used', async () => {
    const { server, port } = await listenAnywhere()
    server.close()
    await once(server, 'close')
    const anvil = await startAnvil({ port })
    expect(anvil.port).toBe(port)
    await anvil.stop()
  })

  test('a missing binary is named, wherever the path came from', async () => {
    const missing = { code: 'MP_ANVIL_BINARY_MISSING', class: 'internal' }
    await expect(startAnvil({ binary: '/nowhere/anvil' })).rejects.toMatchObject({
      ...missing,
      facts: { 'looked at': '/nowhere/anvil' },
    })
    process.env.METERPROOF_ANVIL = '/nowhere/else'
    expect(() => resolveAnvilBinary()).toThrow(expect.objectContaining(missing))
  })

  test('a binary that is no Anvil is a failed start with its last output', async () => {
    await expect(startAnvil({ binary: '/bin/echo' })).rejects.toMatchObject({
      code: 'MP_ANVIL_START_FAILED',
      facts: { 'last output': expect.stringContaining('--port') },
    })
  })
})
