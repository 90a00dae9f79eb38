/**
 * attendance-hold as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by the summary of an auto-release backend: a lesson is paid in advance, webhooks say
 * who came, a job releases the price from an attendance of 20 % on and refunds it otherwise.
 */
import { defineProtocol } from '../kit/protocol.ts'
import { type Ledger, pays, transferIn } from '../kit/token.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW, NOBODY, type PlannedStep } from '../kit/trace.ts'
import { HOLD_PARTICIPANTS, HOLD_STARTING_UNITS, HOLD_TOKENS } from './cast.ts'
import { attendanceHoldDeployments } from './deployments.ts'
import { attendanceHoldInvariants } from './invariants.ts'
import { holdLeaving } from './leaving.ts'
import { createAttendanceHoldMachine } from './machine.ts'
import type { HoldContext, HoldEvent, HoldInput, HoldRole, ShareOwner } from './machineTypes.ts'
import { attendanceHoldParameters } from './parameters.ts'
import { attendanceHoldRefutations } from './refutations.ts'
import { attendanceHoldErrors, attendanceHoldGuarded } from './words.ts'

const OF_DEPLOYMENT: readonly string[] = ['platform', 'attestor', 'keeper']

function roleOf({ roles }: Agreement, participant: string): HoldRole {
  if (participant === roles.student) return 'student'
  if (participant === roles.teacher) return 'teacher'
  if (participant === roles.referrer) return 'referrer'
  return OF_DEPLOYMENT.includes(participant) ? (participant as HoldRole) : 'stranger'
}

/** Who is paid what by the token of a hold; the shares of nobody are never pushed. */
function paidBy(agreement: Agreement): Readonly<Record<ShareOwner, boolean>> {
  const token = tokenOf(HOLD_TOKENS, agreement)
  const { student, teacher, referrer = NOBODY } = agreement.roles
  return {
    student: pays(token, student as string),
    teacher: pays(token, teacher as string),
    referrer: pays(token, referrer),
    platform: pays(token, 'platform'),
  }
}

function toEvent(step: PlannedStep, agreement: Agreement, ledger: Ledger): HoldEvent {
  const { atSeconds, args } = step
  const type = step.action as HoldEvent['type']
  const by = roleOf(agreement, step.by)
  const attestationIsAuthentic = args.attestation === 'genuine'
  switch (type) {
    case 'purchase': {
      const token = tokenOf(HOLD_TOKENS, agreement)
      const amountUnits = agreement.terms.priceUnits as bigint
      const result = transferIn({ token, ledger, fromHolder: step.by, amountUnits })
      return { type, by, atSeconds, transferIn: result }
    }
    case 'recordAttendance': {
      if (args.kind !== undefined) {
        const told = { kind: args.kind as 'joined' | 'left', atSeconds: args.at as number }
        return { type, by, atSeconds, told }
      }
      const { index, joinedAt, leftAt } = args as Readonly<Record<string, number>>
      const record = {
        index: index as number,
        joinedAtSeconds: joinedAt as number,
        leftAtSeconds: leftAt as number,
      }
      return { type, by, atSeconds, record, attestationIsAuthentic }
    }
    case 'finishSession': {
      if (args.endedAt === undefined) return { type, by, atSeconds }
      const endedAtSeconds = args.endedAt as number
      return { type, by, atSeconds, endedAtSeconds, attestationIsAuthentic }
    }
    case 'process':
      return { type, by, atSeconds, release: args.release === true, pays: paidBy(agreement) }
    case 'refundUnfinished':
      return { type, by, atSeconds, pays: paidBy(agreement) }
    default: {
      const holder = args.to as string
      const valid = holder !== ESCROW && holder !== NOBODY
      const paid = pays(tokenOf(HOLD_TOKENS, agreement), holder)
      return { type, by, atSeconds, claimTo: { holder, valid, paid } }
    }
  }
}

function input(
  parameters: Readonly<Record<string, unknown>>,
  { roles, terms, token }: Agreement,
): HoldInput {
  const { student, teacher, referrer = NOBODY } = roles
  const seconds = (name: string) => parameters[name] as number
  return {
    token,
    priceUnits: terms.priceUnits as bigint,
    startsAtSeconds: terms.startsAt as number,
    hasReferrer: referrer !== NOBODY,
    teacherIsValid: teacher !== student && teacher !== ESCROW && teacher !== NOBODY,
    referrerIsValid: referrer !== student && referrer !== teacher && referrer !== ESCROW,
    sessionSeconds: seconds('sessionSeconds'),
    attendanceThresholdBps: BigInt(parameters.attendanceThresholdBps as number),
    commissionBps: BigInt(parameters.commissionBps as number),
    attestationWindowSeconds: seconds('attestationWindowSeconds'),
    keeperWindowSeconds: seconds('keeperWindowSeconds'),
    noShowSeconds: seconds('noShowSeconds'),
    lateAfterSeconds: seconds('lateAfterSeconds'),
  }
}

export const attendanceHold = defineProtocol({
  id: 'attendance-hold',
  title: 'Attendance hold',
  summary: 'a lesson paid in advance: released if the student came, refunded otherwise',
  policies: ['as-described', 'hardened'],
  parameters: attendanceHoldParameters,
  participants: HOLD_PARTICIPANTS,
  tokens: HOLD_TOKENS,
  startingUnits: HOLD_STARTING_UNITS,
  roles: [
    { name: 'student', summary: 'pays for a lesson in advance' },
    { name: 'teacher', summary: 'is paid if the student came' },
    { name: 'referrer', summary: 'brought the teacher, and is to have the commission' },
    { name: 'platform', summary: 'runs the marketplace; has the commission as described' },
    { name: 'attestor', summary: 'turns webhooks of the call platform into attendance' },
    { name: 'keeper', summary: 'runs the job that releases and refunds' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'purchase', summary: 'the student pays, the price is held' },
    { name: 'recordAttendance', summary: 'presence is recorded, as the attestor has it' },
    { name: 'finishSession', summary: 'the session is over' },
    { name: 'process', summary: 'a finished hold is released or refunded' },
    { name: 'refundUnfinished', summary: 'a hold that nobody has finished is refunded' },
    { name: 'claim', summary: 'a share whose push failed is fetched by its owner' },
  ],
  initialState: 'None',
  terminalStates: ['Released', 'Refunded'],
  errors: attendanceHoldErrors,
  deployments: attendanceHoldDeployments,
  guardedActions: attendanceHoldGuarded,
  machines: {
    'as-described': createAttendanceHoldMachine('as-described'),
    hardened: createAttendanceHoldMachine('hardened'),
  },
  invariants: attendanceHoldInvariants,
  leaving: holdLeaving,
  expectedRefutations: attendanceHoldRefutations,
  input,
  roleOf,
  toEvent,
  view(snapshot) {
    const context = snapshot.context as HoldContext
    const isBought = context.heldUnits > 0n
    return {
      state: snapshot.value as string,
      figures: {
        price: context.heldUnits,
        startsAt: isBought ? BigInt(context.startsAtSeconds) : 0n,
        joinedAt: BigInt(context.joinedAtSeconds),
        lastLeftAt: BigInt(context.lastLeftAtSeconds),
        attendedSeconds: BigInt(context.attendedSeconds),
        intervals: BigInt(context.intervals),
        attendance: context.attendance,
        finishedAt: BigInt(context.finishedAtSeconds),
        lengthSeconds: BigInt(context.lengthSeconds),
        claimStudent: context.claims.student,
        claimTeacher: context.claims.teacher,
        claimReferrer: context.claims.referrer,
        claimPlatform: context.claims.platform,
      },
    }
  },
})
