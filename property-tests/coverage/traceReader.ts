/**
 * From transactions on Anvil to what of the sources they executed.
 *
 * Steps are traced without stack, memory and storage, as these are most of a trace; so a step does
 * not say whose code it is. That comes from the tree of calls: wherever the depth grows, the next
 * call of the tree has begun that has any code.
 */
import type { Hex } from 'viem'
import { assert } from '../../models/kit/error.ts'
import type { RpcClient } from '../../sim/chain/rpc.ts'
import { type Atlas, TAKEN_MEANS, type TracedCode, type TracedContract } from './atlas.ts'

/** A call as `callTracer` has it. */
interface CallFrame {
  readonly type: string
  readonly to?: Hex
  readonly input: Hex
  readonly calls?: readonly CallFrame[]
}

interface TracedStep {
  readonly pc: number
  readonly depth: number
}

/** How many transactions executed each thing, by its place in the atlas. */
export interface Hits {
  transactions: number
  readonly lines: number[]
  readonly functions: number[]
  readonly whenTrue: number[]
  readonly whenFalse: number[]
  /** Places in the atlas of contracts whose code was executed. */
  readonly contracts: Set<number>
}

export interface TraceReader {
  readonly hits: Hits
  /** Reads what one mined transaction executed. Read twice in a run, it still counts once. */
  read(rpc: RpcClient, transactionHash: string): Promise<void>
  /**
   * Adds what was read to the hits: a run is over and the chain has gone back. A run that Anvil did
   * not survive is played again, with the same transactions.
   */
  endRun(): void
}

const STEPS = { enableMemory: false, disableStack: true, disableStorage: true }
const CALLS = { tracer: 'callTracer' }
/** A contract that runs, or undefined for one that is nobody's business here. */
type Running = TracedCode | undefined

export function createTraceReader(atlas: Atlas): TraceReader {
  const zeros = (list: readonly unknown[]) => list.map(() => 0)
  const hits: Hits = {
    transactions: 0,
    lines: zeros(atlas.lines),
    functions: zeros(atlas.functions),
    whenTrue: zeros(atlas.branches),
    whenFalse: zeros(atlas.branches),
    contracts: new Set(),
  }
  const identify = identifier(atlas.contracts, hits.contracts)
  let pending = new Map<string, Executed>()
  let codes = new Map<string, Promise<Hex>>()
  const codeAt = (rpc: RpcClient, address: Hex): Promise<Hex> => {
    const code = codes.get(address) ?? rpc.request<Hex>('eth_getCode', [address, 'latest'])
    codes.set(address, code)
    return code
  }
  /** The calls that execute code, as a tree with the code of each. */
  async function entered(rpc: RpcClient, frame: CallFrame): Promise<Entered | null> {
    const isCreation = frame.type.startsWith('CREATE')
    const code = isCreation || frame.to === undefined ? null : await codeAt(rpc, frame.to)
    if (code === '0x') return null
    const running = code === null ? identify.creation(frame.input) : identify.runtime(code)
    const inner: Entered[] = []
    for (const call of frame.calls ?? []) {
      const each = await entered(rpc, call)
      if (each !== null) inner.push(each)
    }
    return { running, inner }
  }
  return {
    hits,
    endRun() {
      for (const each of pending.values()) addTransaction(hits, each)
      pending = new Map()
      codes = new Map()
    },
    async read(rpc, transactionHash) {
      const ask = <Result>(options: unknown) =>
        rpc.request<Result>('debug_traceTransaction', [transactionHash, options])
      const top = await entered(rpc, await ask<CallFrame>(CALLS))
      const { structLogs } = await ask<{ readonly structLogs: readonly TracedStep[] }>(STEPS)
      const steps = top === null ? [] : executed(top, structLogs)
      pending.set(transactionHash, executedOf(atlas, steps))
    },
  }
}

interface Entered {
  readonly running: Running
  readonly inner: readonly Entered[]
}

/** Each step with the code that it belongs to, and whether it went on with the next instruction. */
function* executed(top: Entered, steps: readonly TracedStep[]): Generator<StepOf> {
  const frames = [{ frame: top, next: 0 }]
  for (const [index, { pc, depth }] of steps.entries()) {
    while (depth < frames.length) frames.pop()
    if (depth > frames.length) {
      const caller = frames.at(-1)
      const frame = caller?.frame.inner[caller.next]
      assert(caller !== undefined && frame !== undefined, 'a deeper step has a call of its own')
      caller.next += 1
      frames.push({ frame, next: 0 })
    }
    const running = frames.at(-1)?.frame.running
    if (running !== undefined) yield { running, pc, nextPc: steps[index + 1]?.pc ?? pc + 1 }
  }
}

interface StepOf {
  readonly running: TracedCode
  readonly pc: number
  readonly nextPc: number
}

/** What one transaction executed, by place in the atlas. */
interface Executed {
  readonly lines: ReadonlySet<number>
  readonly functions: ReadonlySet<number>
  readonly whenTrue: ReadonlySet<number>
  readonly whenFalse: ReadonlySet<number>
}

function executedOf({ branches }: Atlas, steps: Iterable<StepOf>): Executed {
  const [lines, functions] = [new Set<number>(), new Set<number>()]
  const [whenTrue, whenFalse] = [new Set<number>(), new Set<number>()]
  for (const { running, pc, nextPc } of steps) {
    lines.add(running.lines[pc] ?? -1)
    functions.add(running.functions[pc] ?? -1)
    const place = running.branches[pc] ?? -1
    const branch = branches[place]
    if (branch === undefined) continue
    const isTaken = nextPc !== pc + 1
    const outcomes = isTaken === TAKEN_MEANS[branch.kind] ? whenTrue : whenFalse
    outcomes.add(place)
  }
  return { lines, functions, whenTrue, whenFalse }
}

function addTransaction(hits: Hits, executed: Executed): void {
  hits.transactions += 1
  addAll(hits.lines, executed.lines)
  addAll(hits.functions, executed.functions)
  addAll(hits.whenTrue, executed.whenTrue)
  addAll(hits.whenFalse, executed.whenFalse)
}

function addAll(counts: number[], places: ReadonlySet<number>): void {
  for (const place of places) if (place >= 0) counts[place] = (counts[place] ?? 0) + 1
}

/** Finds out which contract a piece of code is; immutables are filled in on the chain. */
function identifier(contracts: readonly TracedContract[], seen: Set<number>) {
  const known = new Map<Hex, Running>()
  const found = (index: number, pick: 'creation' | 'runtime'): Running => {
    if (index >= 0) seen.add(index)
    return contracts[index]?.[pick]
  }
  return {
    creation: (input: Hex) =>
      found(
        contracts.findIndex(({ contract }) => input.startsWith(contract.bytecode)),
        'creation',
      ),
    runtime(code: Hex): Running {
      if (known.has(code)) return known.get(code)
      const index = contracts.findIndex(({ contract }) => isCodeOf(contract, code))
      const running = found(index, 'runtime')
      known.set(code, running)
      return running
    },
  }
}

function isCodeOf({ deployedBytecode, immutables }: TracedContract['contract'], code: Hex) {
  if (code.length !== deployedBytecode.length) return false
  const blank = Buffer.from(code.slice(2), 'hex')
  for (const { start, length } of immutables) blank.fill(0, start, start + length)
  return blank.toString('hex') === deployedBytecode.slice(2)
}
