/**
 * What `bench:forge` has measured, as it stands in its file: one entry for each protocol, so that
 * protocols can be measured one at a time and on several days.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Hunt } from './hunts.ts'
import type { MachineFacts } from './measure.ts'

/** One side of one measurement on a sound contract. */
export interface Rate {
  readonly calls: number
  readonly callsPerSecond: number
  /** Calls for each second of processor time. */
  readonly callsPerCpuSecond: number
}

export interface RateRow {
  readonly contract: string
  readonly ours: readonly Rate[]
  readonly foundry: readonly Rate[]
  /** Accepted calls of each action of the harness, and how many calls there were in all. */
  readonly reached: Readonly<Record<string, number>>
}

export interface HuntRow {
  readonly canary: string
  readonly claim: string
  /** By seed; null is a miss. */
  readonly ours: readonly (Hunt | null)[]
  readonly foundry: readonly (Hunt | null)[]
}

export interface ProtocolRecord {
  readonly measuredOn: string
  readonly machine: MachineFacts
  readonly forge: string
  /** Whether every process was held on one core. */
  readonly isPinned: boolean
  readonly seconds: number
  readonly repetitions: number
  readonly limitSeconds: number
  /** From the start of a process to its first call, median. */
  readonly startSeconds: { readonly ours: number; readonly foundry: number } | null
  readonly rates: readonly RateRow[]
  readonly hunts: readonly HuntRow[]
  readonly notExpressed: readonly { readonly canary: string; readonly claim: string }[]
}

export type ForgeRecord = Readonly<Record<string, ProtocolRecord>>

/** What the file holds; nothing when there is none. */
export function readRecord(file: string): ForgeRecord {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ForgeRecord) : {}
}

/** Puts what was measured in place of what the file had of the same contracts and canaries. */
export function mergeIntoFile(file: string, measured: ForgeRecord): ForgeRecord {
  const old = readRecord(file)
  const parts = Object.entries(measured).map(([id, part]) => [id, merged(old[id], part)])
  const all: ForgeRecord = { ...old, ...Object.fromEntries(parts) }
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
  return all
}

function merged(old: ProtocolRecord | undefined, part: ProtocolRecord): ProtocolRecord {
  if (old === undefined) return part
  const hunted = part.hunts.map(({ canary }) => canary)
  const kept = old.hunts.filter(({ canary }) => !hunted.includes(canary))
  const hunts = [...kept, ...part.hunts].sort((a, b) => (a.canary < b.canary ? -1 : 1))
  const hasRates = part.rates.length > 0
  const { rates, startSeconds, seconds, repetitions } = hasRates ? part : old
  const { limitSeconds } = part.hunts.length > 0 ? part : old
  return { ...part, hunts, rates, startSeconds, seconds, repetitions, limitSeconds }
}
