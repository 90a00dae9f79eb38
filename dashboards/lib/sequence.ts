/**
 * Turns a story into the rows of a sequence diagram.
 *
 * Hours of pings that all arrive say nothing: they are folded into one row with their count, and
 * only those next to something that happened are kept. Rows are bounded; what a bound leaves out is
 * counted.
 */
import type { Scenario } from '../../reports/record.ts'
import { duration, moment, words } from './format.ts'
import { type Frame, framesOf, type Story } from './story.ts'

export interface Lane {
  readonly id: string
  readonly label: string
  /** How far the participant's clock is ahead when the run begins; 0 without a world. */
  readonly skewMs: number
  readonly isContract: boolean
}

export type SequenceEvent =
  | {
      readonly kind: 'call'
      readonly atMs: number
      readonly sentMs: number
      readonly from: string
      /** Lane of the contract that is called. */
      readonly to: string
      readonly step: number
      readonly frame: Frame
    }
  | {
      readonly kind: 'message'
      readonly atMs: number
      readonly from: string
      readonly to: string
      readonly arrivedMs: number | null
      readonly label: string
      readonly lost: string | null
      readonly skewMs: number
    }
  | {
      readonly kind: 'fold'
      readonly atMs: number
      readonly untilMs: number
      readonly label: string
    }
  | { readonly kind: 'note'; readonly atMs: number; readonly label: string }

export interface Band {
  readonly lanes: readonly string[]
  readonly fromMs: number
  readonly untilMs: number
  readonly label: string
  /** Of a clock: it disturbs what is signed, not what passes. */
  readonly isClock: boolean
}

export interface SequenceData {
  readonly lanes: readonly Lane[]
  readonly events: readonly SequenceEvent[]
  readonly bands: readonly Band[]
  /** Spans of service in truth; null when the story has no world. */
  readonly served: readonly { readonly fromMs: number; readonly untilMs: number }[] | null
  /** Contract time of true time 0. */
  readonly epochSeconds: number
  /** Rows that the bound left out. */
  readonly hidden: number
}

/** The lane of the contract, in a run on one. */
const CONTRACT = 'contract'
const EVENTS_MAX = 500
const FOLD_LEAST = 3
/** Payers to the left, providers to the right, everybody else between them. */
const ORDER = [
  ...['student', 'user', 'downloader', 'payer'],
  ...['service', 'relayer', 'attestor', 'keeper', 'platform', 'treasury', 'owner', 'stranger'],
  ...['provider', 'seeder', 'host', 'teacher', 'mentor', 'tutor'],
]

export function sequenceOf(story: Story): SequenceData {
  const frames = framesOf(story)
  const { scenario } = story
  const epochSeconds = scenario?.epochSeconds ?? frames[0]?.atSeconds ?? 0
  const trueMs = (frame: Frame) => frame.trueMs ?? (frame.atSeconds - epochSeconds) * 1000
  const laneOf = (by: string) => (scenario === null ? by : actorOf(scenario, by))
  const calls = frames.map((frame, step): SequenceEvent => {
    const atMs = trueMs(frame)
    return {
      kind: 'call',
      atMs,
      sentMs: frame.submittedMs ?? atMs,
      from: laneOf(frame.by),
      to: contractOf(scenario, frame.agreement),
      step,
      frame,
    }
  })
  const events = scenario === null ? calls : folded([...calls, ...worldEvents(scenario)])
  const shown = events.slice(0, EVENTS_MAX)
  return {
    ...{ lanes: lanesOf(story, shown), events: shown, epochSeconds },
    bands: scenario === null ? [] : bandsOf(scenario),
    served: scenario?.served ?? null,
    hidden: events.length - shown.length,
  }
}

/**
 * The actor that a participant is in the world: itself where the world has several of a kind, else
 * its role in the first agreement, as `student0` is the student. In a run over several contracts in
 * the first that it has a role in.
 */
export function actorOf({ agreements, clocks, contracts }: Scenario, by: string): string {
  if (Object.hasOwn(clocks, by)) return by
  const known = contracts === undefined ? agreements.slice(0, 1) : agreements
  const roles = known.flatMap((agreement) => Object.entries(agreement.roles))
  return roles.find(([, participant]) => participant === by)?.[0] ?? by
}

/** Names of the contracts' lanes. */
function contractsOf(scenario: Scenario | null): readonly string[] {
  return scenario?.contracts?.map(({ name }) => name) ?? [CONTRACT]
}

/** Lane of the contract that keeps an agreement. */
function contractOf(scenario: Scenario | null, agreement: number): string {
  const own = scenario?.contracts?.find(({ agreements }) => agreements.includes(agreement))
  return own?.name ?? CONTRACT
}

function lanesOf({ scenario }: Story, events: readonly SequenceEvent[]): readonly Lane[] {
  const seen = new Set<string>(scenario === null ? [] : Object.keys(scenario.clocks))
  for (const event of events) {
    if (event.kind === 'call' || event.kind === 'message') seen.add(event.from)
    if (event.kind === 'message') seen.add(event.to)
  }
  const contracts = contractsOf(scenario)
  for (const contract of contracts) seen.delete(contract)
  const rank = (id: string) => {
    const index = ORDER.indexOf(id.replace(/\d+$/, ''))
    return index === -1 ? ORDER.length / 2 : index
  }
  const lanes = [...seen].sort((a, b) => rank(a) - rank(b))
  return [
    ...lanes.map((id) => {
      const skewMs = scenario === null ? 0 : skewAt(scenario, id, 0)
      return { id, label: id, skewMs, isContract: false }
    }),
    ...contracts.map((id) => ({ id, label: id, skewMs: 0, isContract: true })),
  ]
}

const MILESTONES: Readonly<Record<string, string>> = {
  matchedMs: 'the request is matched',
  servedFromMs: 'service begins',
  servedUntilMs: 'service ends for good',
  detectedMs: 'silence is noticed',
  commandedMs: 'relayer is told to stop',
  ratedMs: 'both sides have rated',
  paidMs: 'the money is on the bank account',
  healedMs: 'all faults are over',
}

function worldEvents(scenario: Scenario): readonly SequenceEvent[] {
  const messages = scenario.messages.map((message): SequenceEvent => {
    const { from, to, kind, sequence, sentMs, arrivedMs, lost } = message
    const label = sequence === null ? kind : `${kind} ${sequence}`
    return {
      kind: 'message',
      atMs: sentMs,
      from,
      to,
      arrivedMs,
      label,
      lost,
      skewMs: skewAt(scenario, from, sentMs),
    }
  })
  const notes = Object.entries(MILESTONES).flatMap(([name, label]): SequenceEvent[] => {
    const atMs = scenario.milestones[name]
    return typeof atMs === 'number' && atMs > 0 ? [{ kind: 'note', atMs, label }] : []
  })
  return [...messages, ...notes]
}

/** How far a participant's clock is ahead of the true time. */
export function skewAt({ clocks }: Scenario, participant: string, atMs: number): number {
  const clock = clocks[participant]
  if (clock === undefined) return 0
  const jumps = clock.jumps
    .filter((jump) => jump.atMs <= atMs)
    .reduce((sum, { byMs }) => sum + byMs, 0)
  let [driftMs, fromMs, ppm] = [0, 0, clock.driftPpm]
  for (const change of clock.driftChanges) {
    if (change.fromMs > atMs) break
    driftMs += ((change.fromMs - fromMs) * ppm) / 1e6
    ;[fromMs, ppm] = [change.fromMs, change.ppm]
  }
  return Math.round(clock.offsetMs + jumps + driftMs + ((atMs - fromMs) * ppm) / 1e6)
}

/** Orders events and folds the messages that nobody needs to see. */
function folded(events: readonly SequenceEvent[]): readonly SequenceEvent[] {
  const ordered = [...events].sort((a, b) => a.atMs - b.atMs)
  const result: SequenceEvent[] = []
  for (let index = 0; index < ordered.length; ) {
    let until = index
    while (isRepeated(ordered[until])) until += 1
    result.push(...foldRun(ordered.slice(index, until)))
    const next = ordered[until]
    if (next !== undefined) result.push(next)
    index = until + 1
  }
  return result
}

/** Pings, and commands that are sent until somebody obeys. */
function isRepeated(event: SequenceEvent | undefined): boolean {
  return event?.kind === 'message' && /^(ping|command)/.test(event.label)
}

/** Keeps a stretch's first message, its last two, and each whose fate is new for its way. */
function foldRun(run: readonly SequenceEvent[]): readonly SequenceEvent[] {
  const fates = new Map<string, string>()
  const isKept = run.map((event, index) => {
    if (event.kind !== 'message') return true
    const way = `${event.from}>${event.to} ${event.label.split(' ')[0]}`
    const fate = event.lost ?? 'arrives'
    const isCommand = event.label.startsWith('command')
    const isNews = fates.has(way) ? fates.get(way) !== fate : isCommand
    fates.set(way, fate)
    return isNews || index === 0 || index >= run.length - 2
  })
  const result: SequenceEvent[] = []
  for (let index = 0; index < run.length; ) {
    let until = index
    while (until < run.length && isKept[until] === false) until += 1
    const quiet = run.slice(index, until)
    if (quiet.length >= FOLD_LEAST) result.push(fold(quiet))
    else result.push(...quiet)
    const kept = run[until]
    if (kept !== undefined) result.push(kept)
    index = until + 1
  }
  return result
}

function fold(quiet: readonly SequenceEvent[]): SequenceEvent {
  const [first, last] = [quiet[0] as SequenceEvent, quiet.at(-1) as SequenceEvent]
  const lost = quiet.filter((event) => event.kind === 'message' && event.lost !== null).length
  const fate = lost === 0 ? 'arrive' : lost === quiet.length ? 'are lost' : `, ${lost} of them lost`
  const isPings = quiet.every((event) => event.kind === 'message' && event.label.startsWith('ping'))
  const what = isPings ? 'pings' : 'messages'
  const label = `${quiet.length} ${what}${lost === 0 || lost === quiet.length ? ' ' : ''}${fate}`
  const text = `${label}, ${duration(last.atMs - first.atMs)}`
  return { kind: 'fold', atMs: first.atMs, untilMs: last.atMs, label: text }
}

function bandsOf(scenario: Scenario): readonly Band[] {
  const endMs = Math.max(0, ...scenario.steps.map(({ includedMs }) => includedMs))
  return scenario.faults.map(({ kind, target, atMs, durationMs, magnitude }) => {
    const untilMs = durationMs === 0 ? endMs : atMs + durationMs
    const lanes = target === 'chain' ? contractsOf(scenario) : [target.split('.')[0] ?? target]
    const size =
      kind.startsWith('clock-') && kind !== 'clock-drift'
        ? ` ${magnitude > 0 ? '+' : ''}${duration(magnitude)}`
        : ''
    const label = `${words(kind)}${size}, ${target}, ${moment(atMs)} to ${moment(untilMs)}`
    return { lanes, fromMs: atMs, untilMs, label, isClock: kind.startsWith('clock-') }
  })
}
