/**
 * What was delivered, paid and owed in a download, worked out from the outside.
 *
 * The second oracle: it follows which calls the contract *accepted*, by whom, and which tokens
 * moved. It uses neither the machine nor the contract's own figures; its thresholds are those of
 * the terms, counted from the start, its prices conditions on integers, or shifts.
 */
import type { Agreement, Trace, TraceStep, Transfer } from '../kit/trace.ts'
import { ESCROW } from '../kit/trace.ts'
import { seedersOf } from './cast.ts'

/** Whose money a payout is: the claimer's for a claim, else the recipient's. */
export function downloadOwnerOf(step: TraceStep, agreement: Agreement, transfer: Transfer): string {
  const holder = step.planned.action === 'claim' ? step.planned.by : transfer.to
  if (holder === agreement.roles.downloader) return 'downloader'
  const at = seedersOf(agreement).indexOf(holder)
  return at < 0 ? 'other' : `seeder${at}`
}

/** States in which a payment is due. */
export const DUE = ['WaitingForPayment', 'PaymentFailed']

/** A payment that lets a download go on, with what was said of it and what really happened. */
export interface Credit {
  readonly saidUnits: bigint
  /** Taken from the downloader since the last credit. */
  readonly movedUnits: bigint
  /** Whether the same reference (hardened: the same checkpoint) was credited before. */
  readonly isRepeated: boolean
}

/** What the downloader has said of its newest payment. */
interface Said {
  /** Its hash; hardened: the number of the checkpoint. */
  readonly reference: bigint
  readonly amountUnits: bigint
}

/** What an outsider knows of one download after a step. */
export interface DownloadFacts {
  readonly openCount: number
  /** Accepted completions and cancellations. */
  readonly endCount: number
  /** Newest number of an accepted report, by seeder. */
  readonly reportedBytes: readonly bigint[]
  readonly totalBytes: bigint
  readonly creditCount: number
  /** Reported when the last payment was credited. */
  readonly creditedBytes: bigint
  /** The credit of this very step. */
  readonly credit: Credit | null
  readonly creditedReferences: readonly bigint[]
  /** as-described: an accepted payment that is not credited yet. */
  readonly said: Said | null
  /** Taken from the downloader since the last credit. */
  readonly movedUnits: bigint
  /** The payment that has failed and was not made since. */
  readonly failed: Said | null
}

function untouched(agreement: Agreement): DownloadFacts {
  return {
    openCount: 0,
    endCount: 0,
    reportedBytes: seedersOf(agreement).map(() => 0n),
    totalBytes: 0n,
    creditCount: 0,
    creditedBytes: 0n,
    credit: null,
    creditedReferences: [],
    said: null,
    movedUnits: 0n,
    failed: null,
  }
}

/** Facts of one download after one step; untouched before the first. */
export function factsAt(trace: Trace, stepIndex: number, agreement: number): DownloadFacts {
  const found = downloadFacts(trace)[stepIndex]?.[agreement]
  return found ?? untouched(trace.agreements[agreement] as Agreement)
}

const known = new WeakMap<Trace, readonly (readonly DownloadFacts[])[]>()

function downloadFacts(trace: Trace): readonly (readonly DownloadFacts[])[] {
  const found = known.get(trace)
  if (found !== undefined) return found
  let current: readonly DownloadFacts[] = trace.agreements.map(untouched)
  const facts = trace.steps.map((step) => {
    const index = step.planned.agreement
    const before = { ...(current[index] as DownloadFacts), credit: null }
    const { accepted } = step.observed.outcome
    current = current.with(index, accepted ? learned(before, step, trace) : before)
    return current
  })
  known.set(trace, facts)
  return facts
}

function learned(before: DownloadFacts, step: TraceStep, trace: Trace): DownloadFacts {
  const { action, args } = step.planned
  switch (action) {
    case 'open':
      return { ...before, openCount: before.openCount + 1 }
    case 'reportProgress': {
      const { seeder, bytes } = args as { seeder: number; bytes: bigint }
      const was = before.reportedBytes[seeder]
      if (was === undefined) return before
      const totalBytes = before.totalBytes + bytes - was
      return { ...before, totalBytes, reportedBytes: before.reportedBytes.with(seeder, bytes) }
    }
    case 'pay':
    case 'retryPayment':
      return paid(before, step, trace)
    case 'confirm':
      return before.said === null ? before : credited(before, before.said)
    case 'complete':
    case 'cancel':
      return { ...before, endCount: before.endCount + 1 }
    default:
      return before
  }
}

function paid(before: DownloadFacts, step: TraceStep, trace: Trace): DownloadFacts {
  const { agreement, args } = step.planned
  const said = saidIn(step)
  const after = { ...before, movedUnits: before.movedUnits + takenUnits(step), failed: null }
  const state = step.observed.after.agreements[agreement]?.state
  if (state === 'PaymentFailed') return { ...after, failed: said }
  if (args.sentUnits !== undefined) return { ...after, said }
  return trace.policy === 'hardened' && state === 'Serving' ? credited(after, said) : after
}

function credited(before: DownloadFacts, said: Said): DownloadFacts {
  const { creditedReferences, movedUnits } = before
  const isRepeated = creditedReferences.includes(said.reference)
  return {
    ...before,
    creditCount: before.creditCount + 1,
    creditedBytes: before.totalBytes,
    credit: { saidUnits: said.amountUnits, movedUnits, isRepeated },
    creditedReferences: [...creditedReferences, said.reference],
    said: null,
    movedUnits: 0n,
  }
}

/** What a payment says of itself. */
export function saidIn({ planned: { args } }: TraceStep): Said {
  const { reference, checkpoint, amountUnits } = args as {
    reference?: bigint
    checkpoint?: number
    amountUnits: bigint
  }
  return { reference: reference ?? BigInt(checkpoint ?? 0), amountUnits }
}

/** Base units that a step moved into the contract. */
export function takenUnits({ observed }: TraceStep): bigint {
  return observed.transfers.reduce(
    (sum, { to, amountUnits }) => (to === ESCROW ? sum + amountUnits : sum),
    0n,
  )
}

/** The terms of a download as numbers. */
export function termsOf(trace: Trace, index: number) {
  const agreement = trace.agreements[index] as Agreement
  const { terms } = agreement
  return {
    fileBytes: terms.fileBytes as bigint,
    priceUnits: terms.pricePerMebibyteUnits as bigint,
    isUpfront: terms.mode === 'upfront',
    seederCount: seedersOf(agreement).length,
  }
}

/** Whole base units in the price of so many bytes. */
export function worthUnits(trace: Trace, index: number, bytes: bigint): bigint {
  return (bytes * termsOf(trace, index).priceUnits) >> 20n
}

/** Whether an amount is the price of so many bytes, rounded down. */
export function isWorth(trace: Trace, index: number, bytes: bigint, amountUnits: bigint): boolean {
  const scaled = bytes * termsOf(trace, index).priceUnits
  return amountUnits << 20n <= scaled && scaled < (amountUnits + 1n) << 20n
}

/** Bytes between two checkpoints at most, where the policy has a limit. */
export function segmentLimitBytes(trace: Trace): bigint {
  return BigInt(trace.parameters.maxCheckpointMebibytes as number) << 20n
}

/**
 * The n-th checkpoint that the terms agree on, n from 1, in bytes from the start of the file.
 * Absolute: it depends on nothing that has happened.
 */
export function checkpointBytes(trace: Trace, index: number, n: number): bigint {
  const { terms } = trace.agreements[index] as Agreement
  const limit = trace.policy === 'hardened' ? segmentLimitBytes(trace) : null
  const growth = BigInt(terms.mode === 'constant' ? 10_000 : (terms.growthBps as number))
  let segment = BigInt(terms.firstMebibytes as number) << 20n
  let reached = 0n
  for (let count = 0; count < n; count += 1) {
    if (limit !== null && segment > limit) segment = limit
    reached += segment
    segment = (segment * growth) / 10_000n
  }
  return reached
}

/** Whether a download was opened and has not ended. */
export function isUnderWay({ openCount, endCount }: DownloadFacts): boolean {
  return openCount > 0 && endCount === 0
}

/** Whether a report says what its author may say next, leaving aside whether a payment is due. */
export function reportIsSound(
  trace: Trace,
  index: number,
  before: DownloadFacts,
  { planned, role }: TraceStep,
): boolean {
  if (planned.action !== 'reportProgress' || !isUnderWay(before)) return false
  const { seeder, bytes } = planned.args as { seeder: number; bytes: bigint }
  const was = before.reportedBytes[seeder]
  const isHardened = trace.policy === 'hardened'
  if (was === undefined || bytes <= was) return false
  if (role !== (isHardened ? `seeder${seeder}` : 'downloader')) return false
  const { fileBytes, isUpfront } = termsOf(trace, index)
  const totalBytes = before.totalBytes + bytes - was
  if (totalBytes > fileBytes) return false
  if (!isHardened || isUpfront) return true
  return totalBytes < checkpointBytes(trace, index, before.creditCount + 2)
}
