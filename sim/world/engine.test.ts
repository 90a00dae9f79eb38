/**
 * The kit by itself: a small world in which one participant does little, so that each promise of
 * the engine can be seen alone. Whole worlds are tested with their protocols.
 */
import { describe, expect, test } from 'vitest'
import { sessionEscrowParameters } from '../../models/session-escrow/parameters.ts'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import type { Fault } from '../faults/fault.ts'
import type { FaultTargets } from '../faults/targets.ts'
import { type Effect, type Input, type Moment, NO_EFFECTS } from './actors.ts'
import { createCallTruth } from './callTruth.ts'
import type { ChainView } from './chainSide.ts'
import { playWorld } from './play.ts'
import type { Ending, WorldFrame, WorldParts, WorldScript } from './script.ts'
import { commonSetup } from './setup.ts'

interface Beat {
  readonly kind: 'beat'
  readonly number: number
}
interface Reading {
  readonly state: string
}
type Heard = Input<Beat, ChainView<Reading>>
/** What the participant `student` does with an input. */
type Reaction = (input: Heard, now: Moment) => readonly Effect<Beat, string>[]

interface Course extends Pick<Ending<Reading, object>, 'messages'> {
  readonly marks: readonly (readonly [atMs: number, mark: string])[]
  readonly inputs: readonly (readonly [atMs: number, kind: string])[]
  readonly transactions: Ending<Reading, object>['course']['transactions']
  readonly blockCount: number
  readonly eventCount: number
  readonly nowMs: number
  readonly served: readonly { readonly fromMs: number; readonly untilMs: number }[]
}

const TARGETS: FaultTargets = {
  access: ['student', 'tutor'],
  clocked: ['student', 'tutor', 'service'],
  senders: ['student'],
  throttled: ['student', 'student.tick'],
}

function fault(
  kind: Fault['kind'],
  target: string,
  fromMs: number,
  untilMs: number,
  magnitude = 1,
) {
  return { kind, target, atMs: fromMs, durationMs: untilMs - fromMs, magnitude }
}

function play(reaction: Reaction, faults: readonly Fault[], frame: Partial<WorldFrame> = {}) {
  const setup = commonSetup(
    { policy: 'hardened', seed: 1, run: 0, faults, detail: 'full' },
    TARGETS,
  )
  const actors = ['student', 'tutor', 'service']
  const agreement = {
    ...{ index: 0, roles: { student: 'student0', tutor: 'tutor0' }, token: 'plain6' },
    terms: { ratePerSecondUnits: 10_000n },
  }
  const parameters = sessionEscrowParameters.parse({})
  const script = ({
    lines,
    clockOf,
  }: WorldParts): WorldScript<Beat, Reading, string, object, Course> => {
    const marks: [number, string][] = []
    const inputs: [number, string][] = []
    const call = createCallTruth(['student', 'tutor'], lines)
    const clock = clockOf('student')
    return {
      cast: { protocol: sessionEscrow, policy: 'hardened', parameters, agreements: [agreement] },
      participantOf: agreement.roles,
      read: (view) => ({ state: view.agreements[0]?.state ?? 'Idle' }),
      give(actor, input, now) {
        if (actor !== 'student') return NO_EFFECTS
        inputs.push([clock.trueMsAt(now.monotonicMs), input.kind])
        return reaction(input, now)
      },
      begin: ({ timer }) => timer('student', 'start', 0),
      isOver: () => false,
      finish: ({ course, counts, messages, nowMs }) => ({
        ...{ marks, inputs, messages, nowMs, ...counts },
        ...{ transactions: course.transactions, served: call.spans(nowMs) },
      }),
      show: ({ number }) => ({ number }),
      numberOf: ({ number }) => number,
      heartbeatNumber: ({ number }) => number,
      call,
      mark: (_actor, mark, atMs) => marks.push([atMs, mark]),
    }
  }
  return playWorld({ setup, actors, targets: TARGETS, ...frame }, script)
}

/** Two timers, `tick` and `tock`, every 10 s for 5 minutes; each says when it goes off. */
const ticking: Reaction = (input, now) => {
  if (input.kind !== 'timer' || now.monotonicMs >= 300_000) return NO_EFFECTS
  const again = (name: string) => ({ kind: 'timer', name, afterMs: 10_000 }) as const
  if (input.name === 'start') return [again('tick'), again('tock')]
  return [{ kind: 'mark', mark: input.name }, again(input.name)]
}

const timesOf = ({ marks }: Course, name: string) =>
  marks.filter(([, mark]) => mark === name).map(([atMs]) => atMs / 1000)

describe('throttled timers', () => {
  const plain = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]

  test('go off at whole periods while the tab is hidden, and at its end', () => {
    const course = play(ticking, [fault('timer-throttle', 'student', 15_000, 155_000, 60_000)])
    for (const name of ['tick', 'tock']) {
      expect(timesOf(course, name).slice(0, 6)).toEqual([10, 60, 120, 155, 165, 175])
    }
  })

  test('of one timer leave the others alone', () => {
    const course = play(ticking, [fault('timer-throttle', 'student.tick', 15_000, 95_000, 60_000)])
    expect(timesOf(course, 'tick').slice(0, 5)).toEqual([10, 60, 95, 105, 115])
    expect(timesOf(course, 'tock').slice(0, 10)).toEqual(plain)
  })

  test('a period that the timers keep anyway delays nothing', () => {
    const course = play(ticking, [fault('timer-throttle', 'student', 0, 300_000, 5_000)])
    expect(timesOf(course, 'tick').slice(0, 10)).toEqual(plain)
  })
})

/** Deposits when it is woken, and says what the chain shows it. */
const depositing: Reaction = (input) => {
  if (input.kind === 'view')
    return [{ kind: 'mark', mark: `${input.view.state} ${input.view.nonce}` }]
  if (input.kind === 'send-failed') return [{ kind: 'timer', name: 'again', afterMs: 20_000 }]
  if (input.kind !== 'timer') return NO_EFFECTS
  const intent = { action: 'deposit', key: 'deposit', args: { amountUnits: 36_000_000n } }
  return [{ kind: 'submit', intent, nonce: 0, attempt: 0 }]
}

describe('a participant who looks again', () => {
  test('counts the blocks on top of its call although nothing else happens', () => {
    const seen: number[] = []
    const counting: Reaction = (input) => {
      if (input.kind !== 'view')
        return depositing(input, { wallMs: 0, monotonicMs: 0, hearsPeer: false })
      seen.push(input.view.headNumber - input.view.newsNumber)
      return seen.length < 4 ? [{ kind: 'look', afterMs: 12_000 }] : NO_EFFECTS
    }
    play(counting, [])
    expect(seen).toEqual([0, 1, 2, 3])
  })
})

describe('a node that is reached over the link', () => {
  const cut = [fault('link-down', 'student', 0, 50_000)]

  test('is not needed unless the world says so', () => {
    const { transactions, inputs } = play(depositing, cut)
    expect(transactions[0]).toMatchObject({ requests: 1, failures: 0, accepted: true })
    expect(inputs.filter(([, kind]) => kind === 'send-failed')).toEqual([])
  })

  test('gets no request while the link is down', () => {
    const { transactions, inputs } = play(depositing, cut, { chainNeedsLink: ['student'] })
    const failed = inputs.filter(([, kind]) => kind === 'send-failed').map(([atMs]) => atMs)
    expect(failed).toEqual([150, 20_300, 40_450])
    expect(transactions[0]).toMatchObject({ requests: 4, failures: 3, accepted: true })
    expect(transactions[0]?.includedMs).toBeGreaterThan(60_000)
  })

  test('gets the request but cannot answer while only the way back is down', () => {
    const faults = [fault('link-down', 'student.down', 0, 50_000)]
    const course = play(depositing, faults, { chainNeedsLink: ['student'] })
    expect(course.transactions[0]?.includedMs).toBeLessThan(50_000)
    expect(course.transactions[0]?.failures).toBeGreaterThan(0)
    // Nor does the participant see its block before the link is up, and then it looks once.
    expect(course.marks).toEqual([[50_000, 'Funded 1']])
  })

  test('shows what happened meanwhile as soon as the link is up', () => {
    const faults = [fault('link-down', 'student', 10, 90_000)]
    const { marks, transactions } = play(depositing, faults, { chainNeedsLink: ['student'] })
    expect(transactions[0]?.includedMs).toBeLessThan(90_000)
    expect(marks).toEqual([[90_000, 'Funded 1']])
  })
})

describe('messages and presence', () => {
  const beating: Reaction = (input, now) => {
    if (input.kind !== 'timer' || now.monotonicMs >= 100_000) return NO_EFFECTS
    const message = { kind: 'beat', number: Math.round(now.monotonicMs / 1000) } as const
    return [
      { kind: 'broadcast', to: ['service', 'tutor'], message },
      { kind: 'timer', name: 'beat', afterMs: 1_000 },
    ]
  }

  test('both copies of a heartbeat share its fate', () => {
    const { messages } = play(beating, [fault('heartbeat-loss', 'student', 0, 100_000, 5_000)])
    const lostOf = (receiver: string) =>
      messages
        .filter(({ to, lost }) => to === receiver && lost !== null)
        .map(({ sentMs }) => sentMs)
    expect(lostOf('service').length).toBeGreaterThan(30)
    expect(lostOf('service').length).toBeLessThan(70)
    expect(lostOf('tutor')).toEqual(lostOf('service'))
  })

  test('a call without the other side is none', () => {
    const alone: Reaction = (input) =>
      input.kind === 'timer' ? [{ kind: 'presence', isPresent: true }] : NO_EFFECTS
    expect(play(alone, []).served).toEqual([])
  })
})

describe('long worlds', () => {
  const DAY_MS = 24 * 3_600_000
  const late: Reaction = (input, now) => {
    if (input.kind !== 'timer' || now.monotonicMs > 0) return depositing(input, now)
    return [{ kind: 'timer', name: 'late', afterMs: 7 * DAY_MS }]
  }

  test('a week of waiting costs no events, and its blocks are counted', () => {
    const { transactions, eventCount, blockCount } = play(late, [], { horizonMs: 8 * DAY_MS })
    expect(transactions[0]?.submittedMs).toBe(7 * DAY_MS)
    expect(transactions[0]?.accepted).toBe(true)
    expect(eventCount).toBeLessThan(40)
    // 50,400 slots, of which 0.757 % are empty.
    expect(blockCount).toBeGreaterThan(49_900)
    expect(blockCount).toBeLessThan(50_200)
  })

  test('a world ends at its horizon', () => {
    const { transactions, nowMs } = play(late, [], { horizonMs: 6 * DAY_MS })
    expect(transactions).toEqual([])
    expect(nowMs).toBe(6 * DAY_MS)
  })
})
