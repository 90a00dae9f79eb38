/**
 * Every attempt worth trying in a state of attendance-hold, and the setups from which all its edges
 * can be reached: the input of the paths campaign.
 */
import { ATTESTATION_KINDS, HOLD_PARTICIPANTS } from '../../models/attendance-hold/cast.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { HORIZON_SECONDS, type Moment, type RunSetup, START_SECONDS } from '../kit/player.ts'
import {
  agreementOf,
  deadlines,
  PRICE_BEYOND_STUDENT1,
  PRICE_OF_NOTHING,
  PRICE_WITH_ONE_UNIT,
  START_AT_ONCE,
  START_PASSED,
  type Times,
  TOKEN_KINDS,
  timesOf,
} from './moves.ts'

export const holdPathSetups: readonly RunSetup[] = [
  ...['plain6', 'refusesPayers', 'refusesProviders', 'refusesPlatform'].map((token) =>
    pathSetup({ token }),
  ),
  pathSetup({ token: 'refusesAll', price: PRICE_WITH_ONE_UNIT }),
  pathSetup({ token: 'feeOnTransfer' }),
  pathSetup({ student: 1, price: PRICE_BEYOND_STUDENT1 }),
  pathSetup({ price: PRICE_OF_NOTHING }),
  ...[2, 3, 4].map((teacher) => pathSetup({ teacher })),
  ...[2, 3, 4].map((referrer) => pathSetup({ referrer })),
  pathSetup({ start: START_AT_ONCE, referrer: 0 }),
  pathSetup({ start: START_PASSED }),
]

function pathSetup(given: {
  readonly student?: number
  readonly teacher?: number
  readonly referrer?: number
  readonly token?: string
  readonly price?: number
  readonly start?: number
}): RunSetup {
  const { student = 0, teacher = 0, referrer = 1, token = 'plain6', price = 0, start = 0 } = given
  const drawn = [student, teacher, referrer, TOKEN_KINDS.indexOf(token), price, start]
  return { caseIndex: 0, agreements: [agreementOf(0, drawn)] }
}

/** Moments of time worth trying: now, a while later, and around the deadlines. */
function seconds(moment: Moment, agreement: Agreement, view: AgreementView): number[] {
  const { nowSeconds } = moment
  const around = deadlines(moment, agreement, view).flatMap((at) => [at - 1, at, at + 1])
  const ahead = around.filter((at) => at > nowSeconds && at < START_SECONDS + HORIZON_SECONDS)
  return [...new Set([nowSeconds, nowSeconds + 20, ...ahead])]
}

export function holdAlphabet(moment: Moment): readonly PlannedStep[] {
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const { student, teacher, referrer = 'platform' } = agreement.roles
  const named = [student, teacher, referrer, 'platform', 'attestor', 'keeper', 'stranger']
  const everyone = [...new Set(named)] as string[]
  const participants = everyone.filter((by) => HOLD_PARTICIPANTS.includes(by as never))
  const isHardened = cast.policy === 'hardened'
  const steps: PlannedStep[] = []
  for (const atSeconds of seconds(moment, agreement, view)) {
    const add = (action: string, by: string, args: PlannedStep['args'] = {}) =>
      steps.push({ agreement: 0, action, by, atSeconds, args })
    const times = timesOf(moment, agreement, view)
    for (const by of participants) {
      add('purchase', by)
      add('refundUnfinished', by)
      for (const to of ['elsewhere', 'nobody', by]) add('claim', by, { to })
      for (const args of isHardened ? [{}] : DECISIONS) add('process', by, args)
    }
    if (isHardened) {
      for (const args of records(times, view, atSeconds))
        add('recordAttendance', teacher as string, args)
      for (const args of ends(times, atSeconds)) add('finishSession', teacher as string, args)
    } else {
      for (const by of ['attestor', 'stranger']) {
        for (const kind of ['joined', 'left']) add('recordAttendance', by, { kind, at: atSeconds })
      }
      for (const by of [teacher as string, 'attestor', 'stranger']) add('finishSession', by)
    }
  }
  return steps
}

const DECISIONS = [{ release: true }, { release: false }] as const

/** The other ways to make an attestation, none among them. */
const NOT_GENUINE = [...ATTESTATION_KINDS.slice(1), null]

/** The record that is next, in spans that can count and that cannot, and how it is signed. */
function records(times: Times, { figures }: AgreementView, atSeconds: number) {
  const { nextFrom, missing, endsAt, finishedAt } = times
  const index = Number(figures.intervals ?? 0n)
  const until = finishedAt === null ? atSeconds : Math.min(atSeconds, endsAt)
  const next = { index, joinedAt: nextFrom, leftAt: until }
  const spans = [
    next,
    { ...next, leftAt: nextFrom + missing },
    { ...next, leftAt: nextFrom + 1 },
    { ...next, index: index + 1 },
    { ...next, joinedAt: nextFrom - 1 },
    { ...next, leftAt: until + 1 },
  ]
  return [
    ...spans.map((span) => ({ ...span, attestation: 'genuine' })),
    ...NOT_GENUINE.map((attestation) => ({ ...next, attestation })),
  ]
}

/** Ends that are possible and impossible, and how they are signed. */
function ends({ startsAt, endsAt, nextFrom }: Times, atSeconds: number) {
  const possible = Math.max(startsAt + 1, nextFrom)
  return [
    ...[atSeconds, possible, endsAt, startsAt, atSeconds + 1, nextFrom - 1].map((endedAt) => ({
      endedAt,
      attestation: 'genuine',
    })),
    ...NOT_GENUINE.map((attestation) => ({ endedAt: possible, attestation })),
  ]
}

/** Holds that agree in this are the same to the paths campaign. */
export function holdAbstraction(moment: Moment): string {
  const { cast, population, nowSeconds } = moment
  return population.view.agreements
    .map((view, index) => {
      const { state, figures } = view
      const times = timesOf(moment, cast.agreements[index] as Agreement, view)
      const flag = (name: string) => ((figures[name] ?? 0n) > 0n ? 'y' : 'n')
      const flags = ['intervals', 'claimStudent', 'claimTeacher', 'claimReferrer', 'claimPlatform']
      const has = flags.map(flag).join('')
      if (state !== 'Held') return `${state} ${has} ${nowSeconds > times.startsAt}`
      const isReached = times.missing <= 0
      const { finishedAt, recordsCloseAt, openToAllAt, noShowAt, startsAt } = times
      const gates = finishedAt === null ? [startsAt, noShowAt] : [recordsCloseAt, openToAllAt]
      const passed = gates.map((at) => nowSeconds >= at)
      return `${state} ${has} ${isReached} ${finishedAt !== null} ${passed}`
    })
    .join(' / ')
}
