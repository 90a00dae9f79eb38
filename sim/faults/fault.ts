/**
 * Faults as data: what goes wrong, where, when, for how long and how badly.
 *
 * A plan is an array of faults and nothing else, so that it can be generated, shrunk, stored and
 * replayed apart from the world that it disturbs. Whatever a plan does not say does not go wrong.
 */
import { z } from 'zod'
import { MeterproofError } from '../../models/kit/error.ts'
import { type FaultReach, type FaultTargets, targetsWithin } from './targets.ts'

/** Latest time at which a fault may begin or end, in milliseconds: 30 days. */
export const FAULT_TIME_MS_MAX = 30 * 24 * 3_600_000
const DAY_MS = 24 * 3_600_000

interface FaultKindInfo {
  readonly summary: string
  readonly magnitude: string
  readonly least: number
  readonly most: number
  readonly hits: FaultReach
}

const share = { magnitude: 'probability in basis points', least: 1, most: 10_000 }
const unused = { magnitude: 'not used, 1', least: 1, most: 1 }
const clock = { hits: 'clocked', least: -DAY_MS, most: DAY_MS } as const

/** Every kind of fault: what it does, what its magnitude means, and whom it may hit. */
export const FAULT_KINDS = {
  'link-down': {
    ...unused,
    summary: 'nothing passes the link: no call, no pings',
    hits: 'links',
  },
  'heartbeat-loss': {
    ...share,
    summary: "the side's pings are lost although the call goes on",
    hits: 'heartbeats',
  },
  'message-delay': {
    summary: 'messages that the participant sends arrive later',
    magnitude: 'additional delay in milliseconds',
    least: 1,
    most: 600_000,
    hits: 'clocked',
  },
  'message-duplication': {
    ...share,
    summary: 'messages that the participant sends arrive twice',
    hits: 'clocked',
  },
  'message-reordering': {
    summary: 'messages that the participant sends overtake one another',
    magnitude: 'width of the random delay in milliseconds',
    least: 1,
    most: 600_000,
    hits: 'clocked',
  },
  'clock-offset': {
    ...clock,
    summary: 'the wall clock is wrong from the start; time and duration are not used',
    magnitude: 'offset in milliseconds, positive is ahead',
  },
  'clock-drift': {
    summary: 'the clock runs too fast or too slowly',
    magnitude: 'drift in parts per million, positive is fast',
    least: -500,
    most: 500,
    hits: 'clocked',
  },
  'clock-jump': {
    ...clock,
    summary: 'the wall clock is set wrong, and right again after the duration (0: never)',
    magnitude: 'jump in milliseconds, positive is forward',
  },
  'base-fee-surge': {
    summary: 'blocks are full until the base fee has grown by the factor',
    magnitude: 'factor in percent of the base fee before',
    least: 101,
    most: 1_000_000,
    hits: 'chain',
  },
  'full-blocks': {
    summary: 'every block is full and its space goes to the highest tips',
    magnitude: 'tip in wei per gas that gets a transaction in, in units of 0.001 gwei',
    least: 1,
    most: 1_000_000_000,
    hits: 'chain',
  },
  'dropped-transaction': {
    ...unused,
    summary: "pools forget the sender's waiting transactions",
    hits: 'senders',
  },
  reorg: {
    summary: 'the newest blocks are replaced by empty ones; duration is not used',
    magnitude: 'number of blocks',
    least: 1,
    most: 64,
    hits: 'chain',
  },
  'relayer-outage': {
    ...unused,
    summary: 'the keeper keeps its queue but sends nothing',
    hits: 'keepers',
  },
  'rpc-error': {
    ...share,
    summary: "the participant's requests to its node fail",
    hits: 'senders',
  },
  'ambiguous-send': {
    ...share,
    summary: 'sending returns an error although the transaction lands',
    hits: 'senders',
  },
  'process-crash': {
    ...unused,
    summary: 'the process is gone for the duration and then restarts from its journal',
    hits: 'clocked',
  },
  'timer-throttle': {
    summary: 'timers go off at most once a period, as in a hidden tab',
    magnitude: 'period in milliseconds',
    least: 1_000,
    most: 60_000,
    hits: 'throttled',
  },
} as const satisfies Record<string, FaultKindInfo>

export type FaultKind = keyof typeof FAULT_KINDS

const FAULT_KIND_NAMES = Object.keys(FAULT_KINDS) as [FaultKind, ...FaultKind[]]

/** One fault. Times are true time in milliseconds since the start of the world. */
export const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KIND_NAMES),
  target: z.string(),
  atMs: z.number().int().min(0).max(FAULT_TIME_MS_MAX),
  durationMs: z.number().int().min(0).max(FAULT_TIME_MS_MAX),
  magnitude: z.number().int(),
})
export type Fault = z.infer<typeof faultSchema>
export type FaultPlan = readonly Fault[]

/** End of a fault in true time; a permanent jump or an offset ends when it begins. */
export function faultEndMs({ atMs, durationMs }: Fault): number {
  return atMs + durationMs
}

const CODE_BY_FIELD: Readonly<Record<string, string>> = {
  kind: 'MP_FAULT_KIND_UNKNOWN',
  target: 'MP_FAULT_TARGET_UNKNOWN',
  atMs: 'MP_FAULT_TIME_INVALID',
  durationMs: 'MP_FAULT_DURATION_INVALID',
  magnitude: 'MP_FAULT_MAGNITUDE_INVALID',
}

function refusal(field: string, sentence: string, facts: Record<string, string | number>) {
  const name = /([A-Za-z]+)$/.exec(field)?.[1] ?? ''
  const code = CODE_BY_FIELD[name] ?? 'MP_FAULT_INVALID'
  return new MeterproofError(code, sentence, {
    facts: { field, ...facts },
    hint: `Kinds of faults: ${FAULT_KIND_NAMES.join(', ')}.`,
  })
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function parseFault(candidate: unknown, index: number, targets: FaultTargets): Fault {
  const result = faultSchema.safeParse(candidate)
  const at = `faults[${index}]`
  if (!result.success) {
    const issue = result.error.issues[0]
    const path = issue?.path.map(String) ?? []
    const field = [at, ...path].join('.')
    const found = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      candidate,
    )
    const sentence = `The fault plan is not valid at ${field}: ${issue?.message ?? 'not a fault'}.`
    throw refusal(field, sentence, { value: shown(found) })
  }
  const fault = result.data
  const info: FaultKindInfo = FAULT_KINDS[fault.kind]
  const allowed = targetsWithin(info.hits, targets)
  if (!allowed.includes(fault.target)) {
    const sentence = `A ${fault.kind} fault cannot hit "${fault.target}".`
    const list = allowed.length === 0 ? 'none in this world' : allowed.join(', ')
    throw refusal(`${at}.target`, sentence, { targets: list })
  }
  if (fault.magnitude < info.least || fault.magnitude > info.most) {
    const sentence = `The magnitude of a ${fault.kind} fault (${info.magnitude}) is out of range.`
    const range = `${info.least} to ${info.most}`
    throw refusal(`${at}.magnitude`, sentence, { value: fault.magnitude, range })
  }
  return fault
}

/** Faults of one kind and target that must not overlap: a clock has one offset, jump and drift. */
function refuseOverlaps(plan: FaultPlan, kind: FaultKind): void {
  const numbered = plan.map((fault, index) => ({ fault, index }))
  const ofKind = numbered.filter(({ fault }) => fault.kind === kind)
  ofKind.sort((a, b) => a.fault.atMs - b.fault.atMs || a.index - b.index)
  const newest = new Map<string, { fault: Fault; index: number }>()
  for (const entry of ofKind) {
    const { fault, index } = entry
    const before = newest.get(fault.target)
    const isClash =
      before !== undefined &&
      (fault.atMs < faultEndMs(before.fault) || fault.atMs === before.fault.atMs)
    if (isClash) {
      throw new MeterproofError(
        'MP_FAULT_OVERLAP',
        `Two ${kind} faults of "${fault.target}" overlap.`,
        {
          facts: {
            field: `faults[${index}].atMs`,
            begins: `${fault.atMs} ms`,
            'other fault': `faults[${before.index}], until ${faultEndMs(before.fault)} ms`,
          },
          hint: 'Let one end before the other begins, or merge them.',
        },
      )
    }
    newest.set(fault.target, entry)
  }
}

/**
 * Checks a fault plan from outside; `targets` are those of the world that is to play it.
 *
 * @throws MeterproofError `MP_FAULT_…` (class usage) that names the field
 * @example
 * const fault = { kind: 'link-down', target: 'host', atMs: 0, durationMs: 9, magnitude: 1 }
 * parseFaultPlan([fault], { access: ['host'], clocked: ['host'], senders: ['host'] })
 */
export function parseFaultPlan(candidate: unknown, targets: FaultTargets): FaultPlan {
  if (!Array.isArray(candidate)) {
    throw new MeterproofError('MP_FAULT_INVALID', 'A fault plan is an array of faults.', {
      facts: { field: 'faults', value: shown(candidate) },
    })
  }
  const plan = candidate.map((fault, index) => parseFault(fault, index, targets))
  for (const kind of ['clock-jump', 'clock-drift'] as const) refuseOverlaps(plan, kind)
  const offsets = plan.filter(({ kind }) => kind === 'clock-offset').map(({ target }) => target)
  const repeated = offsets.find((target, index) => offsets.indexOf(target) !== index)
  if (repeated !== undefined) {
    const sentence = `The clock of "${repeated}" has two offsets.`
    throw new MeterproofError('MP_FAULT_OVERLAP', sentence, { facts: { field: 'faults[].target' } })
  }
  return plan
}
