/**
 * Who takes part in the world of checkpoint-download, what they say to each other, what they see of
 * the chain and what they tell the record; the shapes are the kit's.
 */
import { SEEDERS } from '../../models/checkpoint-download/cast.ts'
import type { FaultTargets } from '../faults/targets.ts'
import type {
  Effect as AnyEffect,
  Input as AnyInput,
  Intent as AnyIntent,
  Step as AnyStep,
} from '../world/actors.ts'
import type { ChainView } from '../world/chainSide.ts'

type SeederName = (typeof SEEDERS)[number]
export type Actor = 'downloader' | SeederName | 'stranger'

/** Everybody who can take part; a download has the first of its seeders. */
export const ACTORS: readonly Actor[] = ['downloader', ...SEEDERS, 'stranger']

/** The actor of a download's seeder, by its place in the terms. */
export function seederAt(index: number): SeederName {
  return SEEDERS[index] as SeederName
}

export function actorsOf(seeders: number): readonly Actor[] {
  return ['downloader', ...SEEDERS.slice(0, seeders), 'stranger']
}

/** Whom faults may hit. The stranger's node may fail, but no regime draws anything for it. */
export function targetsOf(seeders: number): FaultTargets {
  const parties = ['downloader', ...SEEDERS.slice(0, seeders)]
  return {
    ...{ access: parties, clocked: parties, senders: parties },
    // Signs of life are requests and chunks themselves.
    ...{ heartbeats: [], guests: ['stranger'] },
  }
}

/** A part of the file. */
export interface Range {
  readonly from: number
  readonly bytes: number
  /** It has arrived before, from somebody who never reported it, and is fetched once more. */
  readonly isAgain?: true
}

export type Message =
  /**
   * An HTTP range request. It says how much of what this seeder sent has arrived, how much of that
   * was fetched elsewhere in the meantime, and among how many sources the line is shared.
   */
  | {
      readonly kind: 'request'
      readonly ranges: readonly Range[]
      readonly acknowledgedBytes: number
      readonly voidBytes: number
      readonly sources: number
    }
  /** Nothing more is wanted before the next payment: report what has arrived. */
  | { readonly kind: 'delivered'; readonly acknowledgedBytes: number }
  | { readonly kind: 'chunk'; readonly seeder: number; readonly range: Range }
  /** HTTP 402: a payment comes first. */
  | { readonly kind: 'unpaid'; readonly seeder: number }

/** The download as every reader of the chain sees it after some block. */
export interface DownloadReading {
  readonly state: string
  /** Payments that were credited. */
  readonly checkpoint: number
  readonly thresholdBytes: number
  readonly segmentBytes: number
  readonly totalBytes: number
  readonly billedBytes: number
  readonly dueUnits: bigint
  readonly pendingUnits: bigint
  readonly lockedUnits: bigint
  readonly claimDownloaderUnits: bigint
  /** One entry for each seeder. */
  readonly deliveredBytes: readonly number[]
  readonly paidUnits: readonly bigint[]
  readonly claimUnits: readonly bigint[]
  /** States of the other downloads in which the downloader has locked its money. */
  readonly otherStates: readonly string[]
  readonly otherPendingUnits: readonly bigint[]
}
export type DownloadView = ChainView<DownloadReading>

export type TimerName = 'begin' | 'stall' | 'poll' | 'piece' | 'patience' | 'wake' | 'wallet'

export type Input = AnyInput<Message, DownloadView, TimerName>

export type Action =
  | 'open'
  | 'reportProgress'
  | 'pay'
  | 'retryPayment'
  | 'confirm'
  | 'complete'
  | 'cancel'
  | 'claim'
export type Intent = AnyIntent<Action>

/** Why somebody took the download as over. */
export type LeaveReason =
  /** Satisfied as it is: the file is there, or so much of it as was wanted. */
  | 'enough'
  /** Goes with what it has not paid for. */
  | 'unpaid'
  /** Is asked for more than has arrived. */
  | 'overcharged'
  /** Cannot pay. */
  | 'broke'
  | 'vanished'
  | 'silence'

/** What only a participant knows, for the record and the ground truth. */
export type Mark =
  /** The downloader: all that ever came from a seeder, and how much of the file is there. */
  | {
      readonly kind: 'reached'
      readonly seeder: number
      readonly bytes: number
      readonly fileBytes: number
    }
  /** A seeder: what it has sent, each byte once. */
  | { readonly kind: 'sent'; readonly bytes: number }
  /** A seeder: what the downloader says has arrived. */
  | { readonly kind: 'acknowledged'; readonly bytes: number }
  /** The downloader was answered with 402, or asks again after such an answer. */
  | { readonly kind: 'unpaid' | 'polled'; readonly seeder: number }
  /** What a silent seeder was asked for is asked of others. */
  | { readonly kind: 'reassigned'; readonly seeder: number; readonly bytes: number }
  | { readonly kind: 'left'; readonly reason: LeaveReason }

export type Effect = AnyEffect<Message, Mark, Actor, TimerName>
export type Effects = readonly Effect[]
export type Step<State> = AnyStep<State, Effect>

/** Whether nothing moves any more; as described, a payment that fails is the end. */
export function hasEnded(policy: string, { state }: DownloadReading): boolean {
  if (state === 'Completed' || state === 'Cancelled') return true
  return state === 'PaymentFailed' && policy === 'as-described'
}
