/**
 * The lane for search: a whole schedule as one stateless `eth_simulateV1` request.
 *
 * Each scheduled block becomes a simulated block with its own number and time, each observed call
 * is followed by the probe. Nothing is written, so schedules may overlap, and a request that was
 * lost with a dying Anvil can simply be sent again. Fees are zero and validation is off: any
 * address can send. Each call has a gas limit of its own, so one that burns all its gas starves no
 * other.
 *
 * Schedules that are asked for together share one JSON-RPC batch, see `bundler.ts`.
 *
 * The request is put together as text from fragments, as `JSON.stringify` of the nested objects
 * costs more than the rest of this module.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { AnvilSession } from './anvilSession.ts'
import { createBundler } from './bundler.ts'
import type { CallResult, ChainCall, ChainLog, Lane, Schedule, ScheduledBlock } from './lane.ts'
import { bytesContent, plainLogs, probeFailed } from './observation.ts'
import { PROBE_STUB, probeStubCode } from './probeStub.ts'
import { CALL_GAS, checkSchedule } from './schedule.ts'

/** A call as `eth_simulateV1` answers it; what else it answers is not read. */
interface SimulatedCall {
  readonly status: string
  readonly returnData: `0x${string}`
  readonly gasUsed: string
  readonly logs: readonly ChainLog[]
}

interface SimulatedBlock {
  readonly timestamp: string
  readonly calls: readonly SimulatedCall[]
}

const GAS_FRAGMENT = `"gas":"0x${CALL_GAS.toString(16)}"`

/**
 * A batch lane on a session. Any number of lanes may share a session.
 *
 * @example
 * const results = await createBatchLane(session).execute({ blocks, probe })
 */
export function createBatchLane(session: AnvilSession<unknown>): Lane {
  const probeText = createProbeCache()
  const simulate = createBundler((paramsJsons: readonly string[]) =>
    session.shared((rpc) =>
      rpc.requestBatch<readonly SimulatedBlock[]>('eth_simulateV1', paramsJsons),
    ),
  )
  return {
    kind: 'batch',
    get baseTimestampSeconds() {
      return session.base.timestampSeconds
    },
    async execute(schedule) {
      const { base } = session
      if (checkSchedule(schedule, base.timestampSeconds) === 0) return []
      const { probe } = schedule
      const params = encodeParams({
        blocks: schedule.blocks,
        baseNumber: base.number,
        probe: probe === undefined ? NO_PROBE : probeText(probe.batch),
      })
      return resultsOf(schedule, await simulate(params))
    },
  }
}

interface ProbeText {
  /** Member of the first block that sets up the stub, or nothing. */
  readonly overrides: string
  /** Text that follows each call: a comma and the call of the stub, or nothing. */
  readonly afterEach: string
}

const NO_PROBE: ProbeText = { overrides: '', afterEach: '' }

/** The probe is the same object for a whole run, so its text is made once. */
function createProbeCache(): (call: ChainCall) => ProbeText {
  let last: { readonly call: ChainCall; readonly text: ProbeText } | undefined
  return (call) => {
    if (last?.call !== call) last = { call, text: textOfProbe(call) }
    return last.text
  }
}

function textOfProbe(call: ChainCall): ProbeText {
  const stubCall = callFragment({ from: call.from, to: PROBE_STUB, data: '0x' })
  return {
    overrides: `"stateOverrides":{"${PROBE_STUB}":{"code":"${probeStubCode(call)}"}},`,
    afterEach: `,${stubCall}`,
  }
}

function callFragment({ from, to, data }: ChainCall): string {
  return `{"from":"${from}","to":"${to}","input":"${data}",${GAS_FRAGMENT}}`
}

interface EncodeOptions {
  readonly blocks: readonly ScheduledBlock[]
  readonly baseNumber: number
  readonly probe: ProbeText
}

function encodeParams({ blocks, baseNumber, probe }: EncodeOptions): string {
  let text = ''
  for (const [index, { timestampSeconds, calls }] of blocks.entries()) {
    // Anvil would give the first simulated block the number of the base block, so it is set here.
    const number = (baseNumber + 1 + index).toString(16)
    text += index === 0 ? `{${probe.overrides}` : ',{'
    text += `"blockOverrides":{"number":"0x${number}",`
    text += `"time":"0x${timestampSeconds.toString(16)}"},"calls":[`
    for (const [callIndex, call] of calls.entries()) {
      text += `${callIndex === 0 ? '' : ','}${callFragment(call)}`
      if (!call.unobserved) text += probe.afterEach
    }
    text += ']}'
  }
  return `[{"blockStateCalls":[${text}],"validation":false,"traceTransfers":false},"latest"]`
}

function resultsOf(schedule: Schedule, simulated: readonly SimulatedBlock[]): CallResult[] {
  const { blocks, probe } = schedule
  if (simulated.length !== blocks.length) {
    throw wrongShape('blocks', blocks.length, simulated.length)
  }
  const results: CallResult[] = []
  for (const [index, block] of blocks.entries()) {
    const answered = simulated[index]
    if (answered === undefined) throw wrongShape('blocks', blocks.length, index)
    const { timestamp, calls } = answered
    if (Number(timestamp) !== block.timestampSeconds) {
      throw wrongShape('the time of a block', block.timestampSeconds, Number(timestamp))
    }
    let position = 0
    for (const { unobserved = false } of block.calls) {
      const call = calls[position++]
      const isObserved = probe !== undefined && !unobserved
      const observed = isObserved ? calls[position++] : undefined
      if (call === undefined || (isObserved && observed === undefined)) {
        throw wrongShape('calls', position, calls.length)
      }
      results.push(resultOf(call, observed, results.length))
    }
    if (calls.length !== position) throw wrongShape('calls', position, calls.length)
  }
  return results
}

function resultOf(
  call: SimulatedCall,
  observed: SimulatedCall | undefined,
  callIndex: number,
): CallResult {
  const ok = call.status === '0x1'
  const { returnData } = call
  const logs = plainLogs(call.logs)
  const gasUsed = BigInt(call.gasUsed)
  if (observed === undefined) return { ok, returnData, gasUsed, logs }
  if (observed.status !== '0x1') throw probeFailed('reverted', callIndex, observed.returnData)
  const observation = bytesContent(observed.returnData, callIndex)
  return { ok, returnData, gasUsed, logs, observation }
}

function wrongShape(what: string, expected: number, received: number): MeterproofError {
  return new MeterproofError('MP_LANE_ANSWER', `Anvil's answer does not fit the schedule.`, {
    class: 'internal',
    facts: { 'what differs': what, expected, received },
    hint: 'Is METERPROOF_ANVIL set to another version of Anvil? Run `meterproof doctor`.',
  })
}
