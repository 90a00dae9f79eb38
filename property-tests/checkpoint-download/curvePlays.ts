/**
 * Whole downloads, played through the lifecycle machine by parties that always do the same: what
 * design curves are made of.
 *
 * One seeder serves, in a token of 18 decimals at the default price. Nothing is drawn and no clock
 * is asked. Every attempt of a play must be accepted, so a behaviour is one that the contract
 * allows; what was paid and delivered is read from outside, from transfers and figures.
 */
import type { DownloadContext } from '../../models/checkpoint-download/machineTypes.ts'
import {
  checkpointDownloadParameters,
  downloadTermsDefault,
} from '../../models/checkpoint-download/parameters.ts'
import { checkpointDownload } from '../../models/checkpoint-download/protocol.ts'
import * as rules from '../../models/checkpoint-download/rules.ts'
import { assert } from '../../models/kit/error.ts'
import { minBig } from '../../models/kit/money.ts'
import type { Agreement, PlannedStep, Policy, StepAccount } from '../../models/kit/trace.ts'
import { type Plan, planBuilder } from '../kit/plan.ts'
import { START_SECONDS } from '../kit/player.ts'

/** Who does what; all of them are legal. */
export const BEHAVIOURS = {
  honest: 'reports at each checkpoint, pays what falls due, and the end of the file unasked',
  must: 'reports at each checkpoint, pays only what falls due, and completes',
  once: 'reports once, at the end of the file, and pays only what falls due then',
  far: 'every other report goes as far beyond its checkpoint as the contract takes it',
  leaves: 'reports at each checkpoint, and leaves when the file is there and a payment is due',
} as const
export type Behaviour = keyof typeof BEHAVIOURS

export interface CurvePlay {
  readonly policy: Policy
  readonly behaviour: Behaviour
  readonly mode: 'exponential' | 'upfront'
  readonly fileBytes: bigint
  readonly firstMebibytes: number
  readonly growthBps: number
}

/** Text that two plays share exactly when they are the same. */
export function playKey(play: CurvePlay): string {
  const { policy, behaviour, mode, fileBytes, firstMebibytes, growthBps } = play
  return [policy, behaviour, mode, fileBytes, firstMebibytes, growthBps].join(' ')
}

/** Every play runs on this deployment. */
export const CURVE_PARAMETERS = checkpointDownloadParameters.parse({})
export const CURVE_TOKEN = { name: 'plain18', decimals: 18 } as const
const [DOWNLOADER, SEEDER] = ['downloader0', 'seeder0'] as const
/** Reports of a download that was paid upfront: nothing but their number depends on it. */
const UPFRONT_REPORTS = 10n

function agreementOf(play: CurvePlay): Agreement {
  const { policy: _, behaviour: __, ...terms } = play
  const roles = { downloader: DOWNLOADER, seeder0: SEEDER }
  return {
    ...{ index: 0, roles, token: CURVE_TOKEN.name },
    terms: { ...downloadTermsDefault, ...terms, salt: 0n },
  }
}

type Attempt = Pick<PlannedStep, 'action' | 'by' | 'args'>

/** Where the next report stands. */
function reportBytes({ behaviour, mode }: CurvePlay, context: DownloadContext): bigint {
  const { fileBytes, totalBytes, thresholdBytes, checkpoint } = context
  if (behaviour === 'once') return fileBytes
  if (mode === 'upfront') {
    return minBig(fileBytes, totalBytes + (fileBytes + UPFRONT_REPORTS - 1n) / UPFRONT_REPORTS)
  }
  const isFar = behaviour === 'far' && checkpoint % 2 === 1
  const beyond = isFar ? rules.nextSegmentBytes(context) - 1n : 0n
  return minBig(fileBytes, thresholdBytes + beyond)
}

function payment({ policy }: CurvePlay, context: DownloadContext, amountUnits: bigint): Attempt {
  const { checkpoint } = context
  const args =
    policy === 'hardened'
      ? { checkpoint, amountUnits }
      : { reference: BigInt(checkpoint) + 1n, amountUnits, sentUnits: amountUnits }
  return { action: 'pay', by: DOWNLOADER, args }
}

/** What the parties of a play do next; null when it is over. */
function attempt(play: CurvePlay, state: string, context: DownloadContext): Attempt | null {
  const { policy, behaviour } = play
  const { fileBytes, totalBytes, dueUnits, pendingUnits } = context
  const isWhole = totalBytes === fileBytes
  const reporter = policy === 'hardened' ? SEEDER : DOWNLOADER
  switch (state) {
    case 'None':
      return { action: 'open', by: DOWNLOADER, args: {} }
    case 'WaitingForPayment':
      if (pendingUnits > 0n) return { action: 'confirm', by: SEEDER, args: {} }
      if (behaviour === 'leaves' && isWhole) return { action: 'cancel', by: DOWNLOADER, args: {} }
      return payment(play, context, dueUnits)
    case 'Serving': {
      if (!isWhole) {
        const args = { seeder: 0, bytes: reportBytes(play, context) }
        return { action: 'reportProgress', by: reporter, args }
      }
      const tail = policy === 'as-described' ? rules.tailUnits(context) : 0n
      if (behaviour === 'honest' && tail > 0n) return payment(play, context, tail)
      return { action: 'complete', by: DOWNLOADER, args: {} }
    }
    default:
      return null
  }
}

/** Plays a download to its end. */
export function planPlay(play: CurvePlay): Plan {
  const { policy } = play
  const agreements = [agreementOf(play)]
  const cast = { protocol: checkpointDownload, policy, parameters: CURVE_PARAMETERS, agreements }
  const builder = planBuilder(cast)
  for (let atSeconds = START_SECONDS; ; atSeconds += 1) {
    const snapshot = builder.moment().population.snapshots[0]
    const next = attempt(play, String(snapshot?.value), snapshot?.context as DownloadContext)
    if (next === null) return builder.plan()
    const { account } = builder.add({ agreement: 0, atSeconds, ...next })
    const { accepted, error } = account.outcome
    assert(accepted, `${next.action} of a play is legal, not ${error}`)
  }
}

/** What a bystander sees after a step of a play. */
export interface Reading {
  readonly state: string
  readonly thresholdBytes: bigint
  readonly deliveredBytes: bigint
  /** What these bytes cost. */
  readonly priceUnits: bigint
  /** What the seeder received. */
  readonly paidUnits: bigint
  readonly lockedUnits: bigint
  /** Payments so far. */
  readonly payments: number
}

/** Readings after each step, from the model's accounts or from the contract's. */
export function readingsOf(accounts: readonly StepAccount[]): readonly Reading[] {
  let [paidUnits, payments] = [0n, 0]
  return accounts.map(({ transfers, logs, after }) => {
    for (const { to, amountUnits } of transfers) if (to === SEEDER) paidUnits += amountUnits
    payments += logs.filter(({ name }) => /^(CheckpointPaid|PaymentReported)$/.test(name)).length
    const { state, figures } = after.agreements[0] as (typeof after.agreements)[number]
    const deliveredBytes = figures.delivered0 ?? 0n
    return {
      ...{ state, deliveredBytes, paidUnits, payments, priceUnits: priceOf(deliveredBytes) },
      thresholdBytes: figures.threshold ?? 0n,
      lockedUnits: figures.locked ?? 0n,
    }
  })
}

/** What so many bytes cost, rounded down to a base unit. */
export function priceOf(bytes: bigint): bigint {
  return rules.priceUnits(downloadTermsDefault, bytes)
}
