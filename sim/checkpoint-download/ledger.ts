/**
 * The books of a download after each step, worked out from the accepted calls and the transfers and
 * from nothing else: the machine's own figures are judged by them.
 */
import { ELSEWHERE, ESCROW } from '../../models/kit/trace.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import type { WorldStep } from '../world/records.ts'
import { seederAt } from './actors.ts'
import type { WorldSetup } from './options.ts'

export interface LedgerEntry {
  readonly atMs: number
  readonly block: number
  readonly state: string
  /** Payments that were credited. */
  readonly checkpoint: number
  /** Of the checkpoint that comes next; 0 in mode upfront. */
  readonly segmentBytes: number
  readonly thresholdBytes: number
  /** Reported, and reported when a payment was credited, by seeder. */
  readonly deliveredBytes: readonly number[]
  readonly creditedBytes: readonly number[]
  /** What each seeder got out of the contract, and what of the download still lies there. */
  readonly paidUnits: readonly bigint[]
  readonly heldUnits: bigint
}

type Told = Pick<WorldSetup, 'policy' | 'terms' | 'parameters'>

/**
 * Bytes from one checkpoint to the next, by number from 0; rounded down. Hardened the deployment
 * limits them.
 */
export function segmentOf({ policy, terms, parameters }: Told, checkpoint: number): number {
  const { mode, firstMebibytes, growthBps } = terms
  if (mode === 'upfront') return 0
  const most = BigInt(parameters.maxCheckpointMebibytes) * BigInt(MEBIBYTE_BYTES)
  const limited = (bytes: bigint) => (policy === 'hardened' && bytes > most ? most : bytes)
  let bytes = limited(BigInt(firstMebibytes) * BigInt(MEBIBYTE_BYTES))
  // Nothing is compared with what is beyond 2^53 bytes but that it is more than a file.
  for (let n = 0; n < checkpoint && mode === 'exponential' && bytes < 1n << 53n; n += 1) {
    bytes = limited((bytes * BigInt(growthBps)) / 10_000n)
  }
  return Number(bytes)
}

function credits({ policy, terms }: Told, { planned, edge }: WorldStep): boolean {
  if (policy === 'as-described') return planned.action === 'confirm'
  const isReport = planned.action === 'reportProgress' && terms.mode === 'upfront'
  const isPayment = planned.action === 'pay' || planned.action === 'retryPayment'
  return isReport || (isPayment && edge.endsWith('|Serving'))
}

/** One step further. */
function after(told: Told, before: LedgerEntry, step: WorldStep): LedgerEntry {
  const { planned, edge, includedMs: atMs, block, transfers } = step
  const { action, args } = planned
  const state = edge.split('|')[2] ?? before.state
  let { deliveredBytes, paidUnits, heldUnits } = before
  if (action === 'reportProgress') {
    deliveredBytes = deliveredBytes.with(Number(args.seeder), Number(args.bytes))
  }
  for (const { from, to, amountUnits } of transfers) {
    heldUnits += to === ESCROW ? amountUnits : -amountUnits
    const receiver = to === ELSEWHERE ? planned.by : to
    const at = paidUnits.findIndex((_, index) => seederAt(index) === receiver)
    if (from === ESCROW && at >= 0) {
      paidUnits = paidUnits.with(at, (paidUnits[at] as bigint) + amountUnits)
    }
  }
  const books = { ...before, atMs, block, state, deliveredBytes, paidUnits, heldUnits }
  if (!credits(told, step)) return books
  if (told.policy === 'hardened' && action === 'reportProgress') {
    return { ...books, creditedBytes: deliveredBytes }
  }
  const checkpoint = before.checkpoint + 1
  const segmentBytes = segmentOf(told, checkpoint)
  const totalBytes = deliveredBytes.reduce((sum, bytes) => sum + bytes, 0)
  const fromBytes = told.policy === 'hardened' ? before.thresholdBytes : totalBytes
  const thresholdBytes = segmentBytes === 0 ? 0 : fromBytes + segmentBytes
  return { ...books, checkpoint, segmentBytes, thresholdBytes, creditedBytes: deliveredBytes }
}

/** One entry for each accepted step of the download itself, oldest first. */
export function ledgerOf(steps: readonly WorldStep[], told: Told): readonly LedgerEntry[] {
  const nothing = Array.from({ length: told.terms.seeders }, () => 0)
  const segmentBytes = segmentOf(told, 0)
  let entry: LedgerEntry = {
    ...{ atMs: 0, block: 0, state: 'None', checkpoint: 0 },
    ...{ segmentBytes, thresholdBytes: segmentBytes },
    ...{ deliveredBytes: nothing, creditedBytes: nothing },
    ...{ paidUnits: nothing.map(() => 0n), heldUnits: 0n },
  }
  const course: LedgerEntry[] = []
  for (const step of steps) {
    if (step.planned.agreement !== 0 || !step.outcome.accepted) continue
    entry = after(told, entry, step)
    course.push(entry)
  }
  return course
}
