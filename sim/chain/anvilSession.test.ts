/** A session outlives the death of its Anvil, says so, and gives up when deaths do not end. */
import { describe, expect, test } from 'vitest'
import { type AnvilRestarted, startAnvilSession } from './anvilSession.ts'
import { createBatchLane } from './batchLane.ts'
import { createMinedLane } from './minedLane.ts'
import type { RpcClient } from './rpc.ts'
import type { SetupNode } from './setupNode.ts'
import { compileTape, poke, tapeProbe } from './testing/tape.ts'

const bytecode = compileTape()
const prepare = (node: SetupNode) => node.deploy({ bytecode })

function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error('Anvil has no pid on this platform')
  process.kill(pid, 'SIGKILL')
}

describe('an Anvil session', () => {
  test('has the same base state each time', async () => {
    const first = await startAnvilSession({ prepare })
    const second = await startAnvilSession({ prepare })
    expect(second.base).toEqual(first.base)
    expect(second.prepared).toBe(first.prepared)
    await Promise.all([first.stop(), second.stop()])
  })

  test('heals the death of Anvil in mid-run, with requests in flight, and reports it', async () => {
    const events: AnvilRestarted[] = []
    const session = await startAnvilSession({ prepare, onEvent: (event) => events.push(event) })
    const batch = createBatchLane(session)
    const tape = session.prepared
    const blocks = Array.from({ length: 200 }, (_, index) => ({
      timestampSeconds: session.base.timestampSeconds + 1 + index,
      calls: [poke(tape, index % 3, index % 7)],
    }))
    const schedule = { blocks, probe: tapeProbe(tape) }
    const expected = await batch.execute(schedule)

    const inFlight = Array.from({ length: 4 }, () => batch.execute(schedule))
    kill(session.process.pid)
    for (const results of await Promise.all(inFlight)) expect(results).toEqual(expected)
    expect(events).toMatchObject([{ kind: 'anvil-restarted', restartCount: 1, signal: 'SIGKILL' }])

    const confirming = createMinedLane(session).execute(schedule)
    kill(session.process.pid)
    expect(await confirming).toEqual(expected)
    expect(session.restartCount).toBe(2)
    await session.stop()
  }, 15_000)

  test('gives up on a task that kills Anvil each time', async () => {
    const session = await startAnvilSession({ prepare })
    const poison = (rpc: RpcClient) => {
      kill(session.process.pid)
      return rpc.request('eth_chainId')
    }
    await expect(session.shared(poison)).rejects.toMatchObject({ code: 'MP_ANVIL_DIED' })
    await session.stop()
  }, 15_000)

  test('notices a base state that differs after a restart', async () => {
    let preparedCount = 0
    const session = await startAnvilSession({
      async prepare(node) {
        preparedCount += 1
        for (let count = 0; count < preparedCount; count += 1) await node.deploy({ bytecode })
      },
    })
    kill(session.process.pid)
    const task = session.shared((rpc) => rpc.request('eth_chainId'))
    await expect(task).rejects.toMatchObject({ code: 'MP_ANVIL_BASE_CHANGED' })
    await session.stop()
  }, 15_000)

  test('replaces an Anvil that an exclusive task left changed', async () => {
    const events: AnvilRestarted[] = []
    const session = await startAnvilSession({ prepare, onEvent: (event) => events.push(event) })
    await session.exclusive((rpc) => rpc.request('evm_mine'))
    const newest = await session.shared((rpc) =>
      rpc.request('eth_getBlockByNumber', ['latest', false]),
    )
    expect(newest).toMatchObject({ hash: session.base.hash })
    expect(events).toHaveLength(1)
    await session.stop()
  })

  test('keeps what was put on top of its base state, after a restart too', async () => {
    const session = await startAnvilSession({ prepare })
    const ground = session.base
    const addresses: string[] = []
    const build = (count: number) => async (node: SetupNode) => {
      for (let index = 0; index < count; index += 1) addresses.push(await node.deploy({ bytecode }))
    }
    const codeAt = (address: string | undefined) =>
      session.shared((rpc) => rpc.request<string>('eth_getCode', [address, 'latest']))

    await session.putOnTop(build(2))
    const [first, second] = addresses
    expect(session.base.number).toBe(ground.number + 2)
    expect(await codeAt(second)).not.toBe('0x')

    const { hash } = session.base
    kill(session.process.pid)
    expect(await codeAt(second)).not.toBe('0x')
    expect(session.restartCount).toBe(1)
    expect(session.base.hash).toBe(hash)

    await session.putOnTop(build(1))
    expect(addresses.at(-1)).toBe(first)
    expect(await codeAt(second)).toBe('0x')
    await session.exclusive((rpc) => rpc.request('eth_chainId'))
    expect(session.restartCount).toBe(1)

    const failing = session.putOnTop(async (node) => {
      await node.deploy({ bytecode })
      throw new Error('in the middle')
    })
    await expect(failing).rejects.toThrow('in the middle')
    expect(session.base).toEqual(ground)
    expect(await codeAt(first)).toBe('0x')
    await session.stop()
  }, 15_000)

  test('does not restart Anvil after stop', async () => {
    const session = await startAnvilSession({ prepare })
    await session.stop()
    const task = session.shared((rpc) => rpc.request('eth_chainId'))
    await expect(task).rejects.toMatchObject({ code: 'MP_ANVIL_STOPPED' })
  })

  test('names the setup transaction that reverted, and leaves no Anvil behind', async () => {
    const starting = startAnvilSession({
      async prepare(node) {
        const tape = await node.deploy({ bytecode })
        await node.sendAll([poke(tape, 0, 0), poke(tape, 0, 1)])
      },
    })
    await expect(starting).rejects.toMatchObject({
      code: 'MP_CHAIN_SETUP_REVERTED',
      facts: { index: 1 },
    })
  })
})
