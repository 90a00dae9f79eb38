/**
 * Every attempt worth trying in a state of session-escrow, and the setups from which all its edges
 * can be reached: the input of the paths campaign.
 */
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { SESSION_PARTICIPANTS } from '../../models/session-escrow/cast.ts'
import { HORIZON_SECONDS, type Moment, type RunSetup, START_SECONDS } from '../kit/player.ts'
import { agreementOf, deadlines, pingOf, TOKEN_KINDS } from './moves.ts'

/** More than student1 has, and far below 128 bits. */
const BEYOND_STUDENT1 = 2_000_000_000_000n

export const sessionPathSetups: readonly RunSetup[] = [
  ...['plain6', 'refusesAll', 'refusesPayers', 'refusesProviders', 'refusesPlatform'].map((token) =>
    pathSetup(0, 0, token, 0),
  ),
  pathSetup(0, 0, 'feeOnTransfer', 0),
  pathSetup(0, 0, 'feeOnLargePull', 1),
  pathSetup(0, 2, 'plain6', 0),
  pathSetup(0, 0, 'plain6', 5),
  pathSetup(1, 0, 'plain6', 0),
]

function pathSetup(student: number, tutor: number, token: string, rate: number): RunSetup {
  const drawn = [student, tutor, TOKEN_KINDS.indexOf(token), rate]
  return { caseIndex: 0, agreements: [agreementOf(0, drawn)] }
}

/** Moments of time worth trying: now, a second later, and around the next deadline. */
function times(moment: Moment, agreement: Agreement, view: AgreementView): number[] {
  const { nowSeconds } = moment
  const around = deadlines(moment, agreement, view).flatMap((at) => [at - 1n, at, at + 1n])
  const ahead = around
    .filter((at) => at > BigInt(nowSeconds) && at < BigInt(START_SECONDS + HORIZON_SECONDS))
    .map(Number)
  return [...new Set([nowSeconds, nowSeconds + 20, ...ahead])]
}

export function sessionAlphabet(moment: Moment): readonly PlannedStep[] {
  const { cast, population } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const rate = agreement.terms.ratePerSecondUnits as bigint
  const student = agreement.roles.student as string
  const everyone = [student, agreement.roles.tutor as string, 'relayer', 'platform', 'stranger']
  const participants = everyone.filter((by) => SESSION_PARTICIPANTS.includes(by as never))
  const steps: PlannedStep[] = []
  for (const atSeconds of times(moment, agreement, view)) {
    const add = (action: string, by: string, args: PlannedStep['args'] = {}) =>
      steps.push({ agreement: 0, action, by, atSeconds, args })
    for (const by of participants) {
      add('deposit', by, { amountUnits: rate * 100n })
      for (const action of ['join', 'settle', 'cancel']) add(action, by)
      for (const to of ['elsewhere', 'nobody', student]) add('claim', by, { to })
      for (const args of stopArguments(moment, atSeconds)) add('stop', by, args)
    }
    // What just fits beside the deposit, and what just does not.
    const room = AMOUNT_UNITS_MAX - (view.figures.deposit ?? 0n)
    if (room < AMOUNT_UNITS_MAX) {
      for (const amountUnits of [room + 1n, room]) add('topUp', student, { amountUnits })
    }
    for (const amountUnits of [rate - 1n, 0n, AMOUNT_UNITS_MAX, rate * 10n, BEYOND_STUDENT1]) {
      if (amountUnits < 0n) continue
      add('deposit', student, { amountUnits })
      add('topUp', student, { amountUnits })
    }
    add('topUp', 'stranger', { amountUnits: rate })
  }
  return steps
}

/** A digit of `pingOf`, and its seconds. */
type DrawnPing = readonly [digit: number, wait: number]
const NONE: DrawnPing = [3, 5]
const EARLY: DrawnPing = [4, 5]
/** Proves a second more than the early ones, and not all. */
const LESS_EARLY: DrawnPing = [4, 6]
const WHOLE: DrawnPing = [0, 5]
const FORGED: DrawnPing = [7, 5]

/**
 * Evidence for a stop. Of a bill that is to be raised, first comes what proves less, then what
 * proves a little, and later what proves the same.
 */
function stopArguments(moment: Moment, atSeconds: number) {
  const { cast, population, nowSeconds } = moment
  if (cast.policy === 'as-described') return [{}]
  const view = population.view.agreements[0] as AgreementView
  const raising =
    atSeconds === nowSeconds ? [NONE, LESS_EARLY, WHOLE, EARLY] : [EARLY, LESS_EARLY, WHOLE, NONE]
  const pings = view.state === 'Stopping' ? raising : [WHOLE, EARLY, NONE]
  const made = ([digit, wait]: DrawnPing) => pingOf(digit, wait, view, atSeconds)
  return [...pings, FORGED].flatMap((student) =>
    pings.map((tutor) => ({ studentPing: made(student), tutorPing: made(tutor) })),
  )
}

/** Sessions that agree in this are the same to the paths campaign. */
export function sessionAbstraction({ population, nowSeconds }: Moment): string {
  return population.view.agreements
    .map(({ state, figures }) => {
      const flag = (name: string) => ((figures[name] ?? 0n) > 0n ? 'y' : 'n')
      const joined = flag('studentJoined') + flag('tutorJoined')
      const claims = flag('claimStudent') + flag('claimTutor') + flag('claimPlatform')
      const billed = flag('billedSeconds')
      const open = state === 'Stopping' && (figures.evidenceUntil ?? 0n) > BigInt(nowSeconds)
      return `${state} ${joined} ${billed} ${claims} ${open}`
    })
    .join(' / ')
}
