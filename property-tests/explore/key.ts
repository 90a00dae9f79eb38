/**
 * When two states are the same to an exploration: the de-duplication key.
 *
 * It holds all that decides what can follow: where each machine stands, balances and accounts, the
 * time, what the claims remember, and whether something has gone wrong already. Of machines and
 * balances only what differs from the start is written down, which says the same in less. Times are
 * written as seconds from now on, unless terms or parameters name one. Where agreements can be
 * exchanged, a state and its mirror image have one key.
 */
import { createHash } from 'node:crypto'
import type { AnyMachineSnapshot } from 'xstate'
import type { Population } from '../../models/kit/population.ts'
import { stateName } from '../../models/kit/step.ts'
import type { Agreement, Trace } from '../../models/kit/trace.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { momentAfter, type Plan } from '../kit/plan.ts'
import { HORIZON_SECONDS, START_SECONDS } from '../kit/player.ts'
import { type Memory, memoryOf } from './memory.ts'

/** How states are told apart; the plain way is all of it. */
export interface KeyOptions {
  /** Whether states are taken for each other at all. */
  readonly deduplicates: boolean
  /** Whether exchanged agreements count as the same. */
  readonly exchanges: boolean
  /** Whether states count as the same that only lie earlier or later as a whole. */
  readonly shifts: boolean
  /** What the claims remember; a test that leaves it out must see the answer change. */
  readonly remembers: (trace: Trace) => Memory
}

export const PLAIN_KEY: KeyOptions = {
  deduplicates: true,
  exchanges: true,
  shifts: true,
  remembers: memoryOf,
}

/** A state as data: a part for each agreement, and the rest. */
interface Told {
  readonly own: readonly unknown[]
  readonly shared: unknown
}

/** Text that two plans share exactly when the same can follow from both. */
export function stateKey(plan: Plan, trace: Trace, options: KeyOptions): string {
  if (!options.deduplicates) return canonicalJson(plan.steps)
  const { nowSeconds } = momentAfter(plan)
  const isShifted = options.shifts && !namesATime(plan)
  const now = isShifted ? '' : nowSeconds
  return `${now} ${textOf(plan, toldOf(plan, trace, options), isShifted ? nowSeconds : 0, options)}`
}

/** @param zeroSeconds the time from which times are counted */
function textOf(plan: Plan, from: Told, zeroSeconds: number, options: KeyOptions): string {
  const told = zeroSeconds === 0 ? from : (countedFrom(zeroSeconds, from) as Told)
  const text = canonicalJson(told)
  const mirror = options.exchanges ? mirrorOf(plan) : null
  if (mirror === null) return text
  const mirrored = canonicalJson(sorted(exchanged(told, mirror)))
  const own = canonicalJson(sorted(told))
  return own < mirrored ? own : mirrored
}

/** A short name for a key. */
export const digestOf = (text: string) =>
  createHash('sha256').update(text).digest('base64url').slice(0, 27)

function toldOf({ start, predictions }: Plan, trace: Trace, { remembers }: KeyOptions): Told {
  const population = predictions.at(-1)?.population ?? start
  const memory = remembers(trace)
  const { view } = population
  return {
    own: population.snapshots.map((snapshot, index) => [
      stateName(snapshot),
      contextChanges(start.snapshots[index] as AnyMachineSnapshot, snapshot),
      memory.own[index] ?? null,
    ]),
    shared: [
      unitChanges(start.view.balances, view.balances),
      unitChanges(start.view.accounts, view.accounts),
      memory.shared,
    ],
  }
}

/** Whether a number is a time of a run. Amounts are none: they are bigint everywhere. */
const isTime = (value: number) => value >= START_SECONDS && value <= START_SECONDS + HORIZON_SECONDS

/** All times as seconds from `zeroSeconds` on. */
function countedFrom(zeroSeconds: number, value: unknown): unknown {
  if (typeof value === 'number') return isTime(value) ? `${value - zeroSeconds} s` : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => countedFrom(zeroSeconds, item))
  const counted: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) counted[key] = countedFrom(zeroSeconds, item)
  return counted
}

const dated = new WeakMap<readonly Agreement[], boolean>()

/**
 * Whether terms, parameters or machines name a time before anything has happened: then it matters
 * how far away that is. An amount that could be one counts as one.
 */
function namesATime({ cast, start }: Plan): boolean {
  const { agreements, parameters } = cast
  const known = dated.get(agreements)
  if (known !== undefined) return known
  const names = (value: unknown): boolean => {
    if (typeof value === 'number' || typeof value === 'bigint') return isTime(Number(value))
    return typeof value === 'object' && value !== null && Object.values(value).some(names)
  }
  const contexts = start.snapshots.map(({ context }) => context)
  const found = names([agreements.map(({ terms }) => terms), parameters, contexts])
  dated.set(agreements, found)
  return found
}

/** Entries of a machine's context that are not what they were at the start. */
function contextChanges(start: AnyMachineSnapshot, now: AnyMachineSnapshot) {
  const was = start.context as Readonly<Record<string, unknown>>
  const changes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(now.context as Readonly<Record<string, unknown>>)) {
    if (value === was[name]) continue
    if (typeof value === 'object' && canonicalJson(value) === canonicalJson(was[name])) continue
    changes[name] = value
  }
  return changes
}

type Units = Population['view']['accounts']

/** Amounts by token and name that are not what they were at the start. */
function unitChanges(start: Units, now: Units): Readonly<Record<string, bigint>> {
  const changes: Record<string, bigint> = {}
  if (now === undefined || now === start) return changes
  for (const [token, amounts] of Object.entries(now)) {
    const was = start?.[token]
    for (const [name, units] of Object.entries(amounts)) {
      if (was?.[name] !== units) changes[`${token} ${name}`] = units - (was?.[name] ?? 0n)
    }
  }
  return changes
}

/** Names that an exchange of the two agreements turns into each other. */
type Mirror = ReadonlyMap<string, string>

const mirrors = new WeakMap<readonly Agreement[], { readonly mirror: Mirror | null }>()

/** The exchange of two agreements on the same terms; null when there is none. */
function mirrorOf({ cast, start }: Plan): Mirror | null {
  const known = mirrors.get(cast.agreements)
  if (known !== undefined) return known.mirror
  const mirror = findMirror(cast.agreements, start)
  mirrors.set(cast.agreements, { mirror })
  return mirror
}

function findMirror(agreements: readonly Agreement[], start: Population): Mirror | null {
  const [one, other] = agreements
  if (one === undefined || other === undefined || agreements.length !== 2) return null
  const told = ({ token, terms }: Agreement) => {
    const { salt: _, nonce: __, ...rest } = terms
    return canonicalJson([token, rest])
  }
  const names = new Map<string, string>()
  for (const [role, name] of Object.entries(one.roles)) {
    const counterpart = other.roles[role] ?? name
    if ((names.get(name) ?? counterpart) !== counterpart) return null
    names.set(name, counterpart)
    names.set(counterpart, name)
  }
  const isEven = [...names].every(([name, counterpart]) =>
    Object.values(start.view.balances).every((units) => units[name] === units[counterpart]),
  )
  if (told(one) !== told(other) || !isEven) return null
  return new Map([...names].filter(([name, counterpart]) => name !== counterpart))
}

function exchanged({ own, shared }: Told, mirror: Mirror): Told {
  const swapped = { own: own.toReversed(), shared }
  return mirror.size === 0 ? swapped : (renamed(swapped, mirror) as Told)
}

/** Every name in texts and in keys, also as a part of a longer one such as `earnings:host0`. */
function renamed(value: unknown, mirror: Mirror): unknown {
  if (typeof value === 'string') return renamedText(value, mirror)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => renamed(item, mirror))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [renamedText(key, mirror), renamed(item, mirror)]),
  )
}

const renamedText = (text: string, mirror: Mirror) =>
  text.replace(/\w+/g, (word) => mirror.get(word) ?? word)

/** The same data with keys in the order of the alphabet: renaming may have changed it. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
