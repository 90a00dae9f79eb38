/**
 * matchmaking as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by the roulette of a tutoring call MVP: a tutor is proposed, accepts a rate, the
 * student deposits, the call begins. What other requests know (who is bound until when, which
 * nonces were accepted) is looked up here in the figures of all of them.
 */
import { assert } from '../kit/error.ts'
import { defineProtocol } from '../kit/protocol.ts'
import type { Ledger } from '../kit/token.ts'
import {
  type Agreement,
  type AgreementView,
  ESCROW,
  NOBODY,
  type PlannedStep,
  type Shared,
} from '../kit/trace.ts'
import {
  MATCHMAKING_PARTICIPANTS,
  MATCHMAKING_STARTING_UNITS,
  MATCHMAKING_TOKENS,
  MATCHMAKING_TUTORS,
  placeOf,
} from './cast.ts'
import { matchmakingDeployments } from './deployments.ts'
import { matchmakingInvariants } from './invariants.ts'
import { requestLeaving } from './leaving.ts'
import { createMatchmakingMachine } from './machine.ts'
import type { MatchContext, MatchEvent, MatchInput, MatchRole, Quote } from './machineTypes.ts'
import { matchmakingParameters } from './parameters.ts'
import { matchmakingRefutations } from './refutations.ts'
import { isBinding } from './rules.ts'
import { matchmakingErrors } from './words.ts'

const OF_DEPLOYMENT: readonly string[] = ['matchmaker', 'sessionEscrow']
const NO_TUTORS: readonly string[] = [...OF_DEPLOYMENT, ESCROW, NOBODY]

/** What a participant is to a request in this moment; its tutor changes. */
function roleNow({ roles }: Agreement, view: AgreementView, participant: string): MatchRole {
  if (participant === roles.student) return 'student'
  if (OF_DEPLOYMENT.includes(participant)) return participant as MatchRole
  return view.figures.tutor === placeOf(participant) ? 'tutor' : 'stranger'
}

/** Whether a request other than this one binds the tutor. */
function isBusy(agreement: Agreement, { view }: Shared, tutor: string, atSeconds: number): boolean {
  const place = placeOf(tutor)
  return view.agreements.some(({ figures }, index) => {
    const { tutor: other, boundUntil = 0n } = figures
    return index !== agreement.index && other === place && isBinding(boundUntil, atSeconds)
  })
}

/** Whether any request has accepted a quote of the tutor with this nonce. */
function isNonceUsed({ view }: Shared, tutor: bigint, nonce: bigint): boolean {
  return view.agreements.some(({ figures }) => {
    const { acceptedAt = 0n, quoteNonce } = figures
    return acceptedAt > 0n && figures.tutor === tutor && quoteNonce === nonce
  })
}

function quoteOf({ args }: PlannedStep, shared: Shared, tutor: bigint): Quote | undefined {
  if (args.quote === undefined) return undefined
  const nonce = args.nonce as bigint
  return {
    expirySeconds: args.expiry as number,
    nonce,
    isUsed: isNonceUsed(shared, tutor, nonce),
    isAuthentic: args.quote === 'genuine' && placeOf(args.tutor as string) === tutor,
  }
}

function toEvent(
  step: PlannedStep,
  agreement: Agreement,
  _ledger: Ledger,
  shared: Shared,
): MatchEvent {
  const { atSeconds, args } = step
  const view = shared.view.agreements[agreement.index]
  assert(view !== undefined, `request ${agreement.index} is part of the picture`)
  const student = agreement.roles.student as string
  const type = step.action as MatchEvent['type']
  const event = { type, by: roleNow(agreement, view, step.by), atSeconds, student }
  switch (type) {
    case 'propose': {
      const tutor = args.tutor as string
      const valid = tutor !== student && !NO_TUTORS.includes(tutor)
      return {
        ...event,
        proposed: { tutor, valid, busy: isBusy(agreement, shared, tutor, atSeconds) },
      }
    }
    case 'accept': {
      const rateUnits = args.rateUnits as bigint
      const quote = quoteOf(step, shared, view.figures.tutor ?? 0n)
      return quote === undefined ? { ...event, rateUnits } : { ...event, rateUnits, quote }
    }
    case 'consume':
      return {
        ...event,
        rateUnits: args.rateUnits as bigint,
        isForStudent: args.student === student,
      }
    case 'reduceCap':
      return { ...event, capUnits: args.capUnits as bigint }
    case 'book':
      return { ...event, bookedForSeconds: args.at as number }
    case 'complete':
      return { ...event, billedSeconds: args.billedSeconds as number }
    case 'transferCredential': {
      const to = args.to as string
      const byHolder = view.figures.holder === placeOf(step.by)
      return { ...event, handOver: { to, valid: to !== ESCROW && to !== NOBODY, byHolder } }
    }
    case 'rate':
      return { ...event, score: args.score as number }
    default:
      return event
  }
}

/** Every figure that can be read, in the order of the contract's struct. */
function figuresOf(context: MatchContext): AgreementView['figures'] {
  return {
    attempts: BigInt(context.attempts),
    proposedAt: BigInt(context.proposedAtSeconds),
    acceptedAt: BigInt(context.acceptedAtSeconds),
    rate: context.rateUnits,
    quoteExpiry: BigInt(context.quoteExpirySeconds),
    tutor: placeOf(context.tutor),
    billedSeconds: BigInt(context.billedSeconds),
    bookedFor: BigInt(context.bookedForSeconds),
    credentials: BigInt(context.credentials),
    ratingStudent: BigInt(context.ratingStudent),
    ratingTutor: BigInt(context.ratingTutor),
    cap: context.capUnits,
    quoteNonce: context.quoteNonce,
    boundUntil: context.boundUntilSeconds,
    holder: placeOf(context.holder),
    // The digest that a tutor is to sign is of the request's own words; always, without quotes too.
    digestFits: 1n,
  }
}

export const matchmaking = defineProtocol({
  id: 'matchmaking',
  title: 'Matchmaking',
  summary: 'a tutor is proposed, accepts at a locked rate, and is never booked twice',
  policies: ['as-described', 'hardened'],
  parameters: matchmakingParameters,
  participants: MATCHMAKING_PARTICIPANTS,
  tokens: MATCHMAKING_TOKENS,
  startingUnits: MATCHMAKING_STARTING_UNITS,
  roles: [
    { name: 'student', summary: 'asks for a tutor, and deposits' },
    { name: 'tutor', summary: 'whom the request was proposed to last' },
    { name: 'matchmaker', summary: 'proposes tutors' },
    { name: 'sessionEscrow', summary: 'takes the deposit, and reports the end of the session' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'request', summary: 'a student asks for a tutor' },
    { name: 'propose', summary: 'the matchmaker proposes a tutor' },
    { name: 'noMatch', summary: 'the matchmaker has nobody to propose' },
    { name: 'accept', summary: 'the tutor accepts, at a rate' },
    { name: 'decline', summary: 'the tutor does not want' },
    { name: 'lapse', summary: 'a proposal that nobody has answered is over' },
    { name: 'consume', summary: 'the student has deposited; the acceptance is used' },
    { name: 'release', summary: 'an acceptance without a deposit is over' },
    { name: 'reduceCap', summary: 'the student will deposit less' },
    { name: 'waitlist', summary: 'the student waits for any tutor' },
    { name: 'book', summary: 'the student agrees on a later time' },
    { name: 'cancel', summary: 'the student gives up' },
    { name: 'complete', summary: 'the session is over; its credential is minted' },
    { name: 'transferCredential', summary: 'a credential is handed on' },
    { name: 'rate', summary: 'a party rates the session' },
  ],
  initialState: 'None',
  terminalStates: ['Completed', 'Expired', 'Cancelled'],
  errors: matchmakingErrors,
  deployments: matchmakingDeployments,
  machines: {
    'as-described': createMatchmakingMachine('as-described'),
    hardened: createMatchmakingMachine('hardened'),
  },
  invariants: matchmakingInvariants,
  leaving: requestLeaving,
  expectedRefutations: matchmakingRefutations,
  input(parameters, { token, terms }): MatchInput {
    const number = (name: string) => parameters[name] as number
    return {
      token,
      maxRateUnits: terms.maxRateUnits as bigint,
      termsCapUnits: terms.capUnits as bigint,
      proposalTtlSeconds: number('proposalTtlSeconds'),
      maxAttempts: number('maxAttempts'),
      depositWindowSeconds: number('depositWindowSeconds'),
      credentialSeconds: number('credentialSeconds'),
    }
  },
  roleOf({ roles }, participant): MatchRole {
    if (participant === roles.student) return 'student'
    if (OF_DEPLOYMENT.includes(participant)) return participant as MatchRole
    return MATCHMAKING_TUTORS.some((tutor) => tutor === participant) ? 'tutor' : 'stranger'
  },
  toEvent,
  view(snapshot) {
    return {
      state: snapshot.value as string,
      figures: figuresOf(snapshot.context as MatchContext),
    }
  },
})
