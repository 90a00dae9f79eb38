/**
 * How session-escrow is played: sessions over plain and hostile tokens, at rates and amounts around
 * their limits, at times around the cap, the start window, the silence timeout and the evidence
 * window, with genuine and forged pings.
 */
import fc from 'fast-check'
import { sessionEscrowBinding } from '../../contracts/bindings/sessionEscrow.ts'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import {
  PING_KINDS,
  SESSION_PARTICIPANTS,
  SESSION_TOKENS,
} from '../../models/session-escrow/cast.ts'
import {
  sessionEscrowParameters,
  sessionTermsDefault,
} from '../../models/session-escrow/parameters.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'

const TOKEN_KINDS = SESSION_TOKENS.map(({ kind }) => kind)
const RATES = [sessionTermsDefault.ratePerSecondUnits, 1n, 7n, 333_333n, 1n << 90n, 0n] as const

const cases = [
  { feeBps: 1_000 },
  {},
  { feeBps: 333, silenceTimeoutSeconds: 1, startWindowSeconds: 60, evidenceWindowSeconds: 0 },
  { feeBps: 2_000, silenceTimeoutSeconds: 30, startWindowSeconds: 1, evidenceWindowSeconds: 3_600 },
].map((given) => sessionEscrowParameters.parse(given))

/** A session by small integers; zeros mean student0, tutor0, a plain token and the default rate. */
function agreementOf(index: number, drawn: readonly number[]): Agreement {
  const [student = 0, tutor = 0, token = 0, rate = 0] = drawn
  return {
    index,
    roles: {
      student: student === 0 ? 'student0' : 'student1',
      tutor: ['tutor0', 'tutor1', 'student0', 'escrow', 'nobody'][tutor] as string,
    },
    token: TOKEN_KINDS[token] as string,
    terms: { ratePerSecondUnits: RATES[rate] as bigint },
  }
}

/** A number below `weights.length`, the first ones drawn more often. */
function weighted(weights: readonly number[]): fc.Arbitrary<number> {
  return fc.oneof(...weights.map((weight, index) => ({ arbitrary: fc.constant(index), weight })))
}

const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([4, 2, 2, 2]),
    fc.array(
      fc.tuple(
        weighted([6, 1]),
        weighted([24, 8, 1, 1, 1]),
        weighted([24, 1, 2, 2, 4, 2, 4, 4, 3, 4, 6]),
        weighted([12, 3, 3, 3, 2, 1]),
      ),
      { minLength: 1, maxLength: 3, size: 'max' },
    ),
  )
  .map(([caseIndex, drawn]) => ({
    caseIndex,
    agreements: drawn.map((one, index) => agreementOf(index, one)),
  }))

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WHEN = 3
const WAIT = 4
const AMOUNT = 5
const FACTOR = 6
const PINGS = 7
const TO = 8
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(2),
  fc.nat(99),
  fc.nat(SESSION_PARTICIPANTS.length - 1),
  fc.nat(11),
  fc.nat(150),
  fc.nat(9),
  fc.nat(150),
  fc.nat(99),
  fc.nat(5),
)

/** A move that brings the session forward, and who would make it. */
type Move = readonly [action: string, by: string]

function progress(agreement: Agreement, view: AgreementView): readonly Move[] {
  const student = agreement.roles.student as string
  const tutor = agreement.roles.tutor as string
  switch (view.state) {
    case 'Idle':
      return [['deposit', student]]
    case 'Funded':
      return view.figures.studentJoined === 0n ? [['join', student]] : [['join', tutor]]
    case 'Active':
      return [
        ['stop', student],
        ['stop', tutor],
        ['stop', 'relayer'],
        ['topUp', student],
        ['stop', 'stranger'],
      ]
    case 'Stopping':
      return [
        ['settle', 'stranger'],
        ['stop', tutor],
        ['stop', 'relayer'],
        ['settle', student],
      ]
    case 'Settled':
    case 'Refunded':
    case 'Cancelled':
      return claimants(agreement, view)
    default:
      return []
  }
}

function claimants({ roles }: Agreement, view: AgreementView): readonly Move[] {
  const moves: Move[] = []
  if ((view.figures.claimStudent ?? 0n) > 0n) moves.push(['claim', roles.student as string])
  if ((view.figures.claimTutor ?? 0n) > 0n) moves.push(['claim', roles.tutor as string])
  if ((view.figures.claimPlatform ?? 0n) > 0n) moves.push(['claim', 'platform'])
  return moves
}

const ACTIONS = ['deposit', 'join', 'stop', 'settle', 'topUp', 'cancel', 'claim'] as const
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 62

function moveOf(drawn: Command, agreement: Agreement, view: AgreementView): Move {
  const move = drawn[MOVE] as number
  const moves = progress(agreement, view)
  if (move < PROGRESS_BELOW && moves.length > 0) return moves[move % moves.length] as Move
  const action = ACTIONS[move % ACTIONS.length] as string
  return [action, SESSION_PARTICIPANTS[drawn[BY] as number] as string]
}

/** Times at which something changes for this session, in seconds; not all lie ahead. */
function deadlines(moment: Moment, agreement: Agreement, view: AgreementView): bigint[] {
  const { parameters } = moment.cast
  const { fundedAt = 0n, startedAt = 0n, evidenceUntil = 0n, deposit = 0n } = view.figures
  const rate = agreement.terms.ratePerSecondUnits as bigint
  switch (view.state) {
    case 'Funded':
      return [fundedAt + BigInt(parameters.startWindowSeconds as number)]
    case 'Active':
      return [startedAt + deposit / (rate === 0n ? 1n : rate)]
    case 'Stopping':
      return [evidenceUntil]
    default:
      return []
  }
}

function timeOf(drawn: Command, moment: Moment, ahead: readonly bigint[]): number {
  const { nowSeconds } = moment
  const when = drawn[WHEN] as number
  const wait = drawn[WAIT] as number
  if (when >= 6 && when <= 10) {
    const deadline = ahead[0] ?? 0n
    const at = deadline + BigInt((wait % 3) - 1)
    const reachable = at >= BigInt(nowSeconds) && at <= BigInt(START_SECONDS + HORIZON_SECONDS)
    if (reachable) return Number(at)
  }
  if (when === 11) return nowSeconds + 86_400
  return nowSeconds + wait
}

function amountOf(drawn: Command, rate: bigint): bigint {
  const factor = BigInt(drawn[FACTOR] as number)
  switch (drawn[AMOUNT]) {
    case 4:
      return rate * (factor + 1n) + 1n
    case 5:
      return sessionTermsDefault.depositUnits
    case 6:
      return rate - (rate > 0n && factor % 2n === 0n ? 1n : 0n)
    case 7:
      return 0n
    case 8:
      return AMOUNT_UNITS_MAX - factor
    case 9:
      return factor * 123_456_789_012n
    default:
      return rate * (factor + 1n)
  }
}

/** Evidence for one side of a stop, by one decimal digit. */
function pingOf(digit: number, wait: number, view: AgreementView, atSeconds: number) {
  const startedAt = Number(view.figures.startedAt ?? 0n)
  const ping = (at: number, kind: (typeof PING_KINDS)[number] = 'genuine') => ({
    kind,
    sequence: 1n,
    atSeconds: BigInt(Math.max(0, at)),
  })
  if (digit <= 2) return ping(atSeconds)
  if (digit === 3) return null
  if (digit === 4) return ping(startedAt + wait)
  if (digit === 5) return ping(atSeconds - wait)
  if (digit === 6) return ping(atSeconds + wait)
  return ping(atSeconds, PING_KINDS[1 + ((digit + wait) % 4)])
}

const RECIPIENTS = ['elsewhere', 'elsewhere', 'own', 'tutor1', 'nobody', 'escrow'] as const

function argsOf(
  drawn: Command,
  options: {
    readonly action: string
    readonly by: string
    readonly agreement: Agreement
    readonly view: AgreementView
    readonly atSeconds: number
    readonly hardened: boolean
  },
): PlannedStep['args'] {
  const { action, view, atSeconds } = options
  const wait = drawn[WAIT] as number
  switch (action) {
    case 'deposit':
    case 'topUp':
      return { amountUnits: amountOf(drawn, options.agreement.terms.ratePerSecondUnits as bigint) }
    case 'stop': {
      if (!options.hardened) return {}
      const digits = drawn[PINGS] as number
      return {
        studentPing: pingOf(digits % 10, wait, view, atSeconds),
        tutorPing: pingOf(Math.floor(digits / 10), wait, view, atSeconds),
      }
    }
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? options.by : to }
    }
    default:
      return {}
  }
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const { cast, population } = moment
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const [action, by] = moveOf(drawn, agreement, view)
  if (!SESSION_PARTICIPANTS.includes(by as never)) return null
  const atSeconds = timeOf(drawn, moment, deadlines(moment, agreement, view))
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  const hardened = cast.policy === 'hardened'
  const args = argsOf(drawn, { action, by, agreement, view, atSeconds, hardened })
  return { agreement: index, action, by, atSeconds, args }
}

function exit({ moment, agreement: index, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const attempt = (action: string, atSeconds: number, args: PlannedStep['args'] = {}) => ({
    agreement: index,
    action,
    by,
    atSeconds,
    args,
    purpose: 'exit' as const,
  })
  const [deadline = 0n] = deadlines(moment, agreement, view)
  switch (view.state) {
    case 'Funded': {
      const alone = by === agreement.roles.student
      return attempt('cancel', alone ? nowSeconds : Math.max(nowSeconds, Number(deadline) + 1))
    }
    case 'Active': {
      if (cast.policy === 'as-described') return attempt('stop', nowSeconds)
      const own = { kind: 'genuine', sequence: 1n, atSeconds: BigInt(nowSeconds) }
      const student = by === agreement.roles.student
      return attempt('stop', nowSeconds, {
        studentPing: student ? own : null,
        tutorPing: student ? null : own,
      })
    }
    case 'Stopping':
      return attempt('settle', Math.max(nowSeconds, Number(deadline)))
    default: {
      const mine = claimants(agreement, view).some(([, owner]) => owner === by)
      return mine ? attempt('claim', nowSeconds, { to: 'elsewhere' }) : null
    }
  }
}

export const sessionEscrowPlayer: Player = {
  binding: sessionEscrowBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: [
    ...['plain6', 'refusesAll', 'refusesPayers', 'refusesProviders', 'refusesPlatform'].map(
      (token) => pathSetup(0, 0, token, 0),
    ),
    pathSetup(0, 0, 'feeOnTransfer', 0),
    pathSetup(0, 2, 'plain6', 0),
    pathSetup(0, 0, 'plain6', 5),
    pathSetup(1, 0, 'plain6', 0),
  ],
  alphabet,
  exit,
  exitParties: ({ roles }) => [roles.student as string, roles.tutor as string],
}

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

function alphabet(moment: Moment): readonly PlannedStep[] {
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
      for (const args of stopArguments(cast.policy, view, atSeconds)) add('stop', by, args)
    }
    for (const amountUnits of [rate - 1n, 0n, AMOUNT_UNITS_MAX, rate * 10n]) {
      if (amountUnits < 0n) continue
      add('deposit', student, { amountUnits })
      add('topUp', student, { amountUnits })
    }
    add('topUp', 'stranger', { amountUnits: rate })
  }
  return steps
}

function stopArguments(policy: string, view: AgreementView, atSeconds: number) {
  if (policy === 'as-described') return [{}]
  const digits = [0, 3, 4, 7] as const
  return digits.flatMap((student) =>
    [0, 3, 4].map((tutor) => ({
      studentPing: pingOf(student, 5, view, atSeconds),
      tutorPing: pingOf(tutor, 5, view, atSeconds),
    })),
  )
}
