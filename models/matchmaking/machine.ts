/**
 * The lifecycle of matchmaking as an XState machine, one for each policy.
 *
 * None → Searching → Proposed → AwaitingDeposit → Matched → Completed; NoMatch, Waitlisted, Booked,
 * Expired and Cancelled beside it. Pure: no clock, no timer, no randomness. Every action is
 * answered in every state, by a change or by a rejection whose name is the contract's custom error.
 * Guards stand in the contract's order of checks: state, caller, time, arguments, other requests,
 * signature.
 */
import { setup } from 'xstate'
import { declaredActions, ownName, rejectIf as refuse, reject } from '../kit/declare.ts'
import type { DeclaredLog } from '../kit/step.ts'
import type { Policy } from '../kit/trace.ts'
import type { MatchContext, MatchEvent, MatchInput, MatchRole } from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: MatchContext; readonly event: MatchEvent }
type Guard = (told: Told) => boolean
const rejectIf = refuse<Told>

const kit = setup({
  types: { context: {} as MatchContext, events: {} as MatchEvent, input: {} as MatchInput },
  actions: declaredActions,
})

const log = (name: string, args: DeclaredLog['args'] = {}) => ({
  type: 'emitLog' as const,
  params: { name, args },
})
const rateOf = (event: MatchEvent) => event.rateUnits ?? 0n
const tutorOf = ({ tutor }: MatchContext) => ownName(tutor ?? '')

const noteRequest = kit.enqueueActions(({ context, enqueue }) => {
  const { token, maxRateUnits, termsCapUnits: capUnits } = context
  enqueue(log('Requested', { student: 'student', token, maxRateUnits, capUnits }))
  enqueue.assign({ capUnits })
})
const notePropose = kit.enqueueActions(({ context, event, enqueue }) => {
  const tutor = event.proposed?.tutor ?? ''
  const attempts = context.attempts + 1
  enqueue(log('Proposed', { tutor: ownName(tutor), attempt: BigInt(attempts) }))
  const proposedAtSeconds = event.atSeconds
  const boundUntilSeconds = BigInt(proposedAtSeconds + context.proposalTtlSeconds)
  enqueue.assign({ tutor, attempts, proposedAtSeconds, boundUntilSeconds })
})
const noteAccept = kit.enqueueActions(({ context, event, enqueue }) => {
  const rateUnits = rateOf(event)
  const { quote, atSeconds } = event
  const quoteExpirySeconds = quote?.expirySeconds ?? 0
  const args = { tutor: tutorOf(context), rateUnits, quoteExpiry: BigInt(quoteExpirySeconds) }
  enqueue(log('Accepted', args))
  const ends = rules.acceptanceEndsAtSeconds(context, atSeconds, quote?.expirySeconds ?? null)
  enqueue.assign({
    rateUnits,
    acceptedAtSeconds: atSeconds,
    quoteExpirySeconds,
    quoteNonce: quote?.nonce ?? 0n,
    boundUntilSeconds: ends,
  })
})
/** The tutor is free; who it was stays for the record. */
const free = (name: 'Declined' | 'Lapsed' | 'Released') =>
  kit.enqueueActions(({ context, enqueue }) => {
    enqueue(log(name, { tutor: tutorOf(context) }))
    enqueue.assign({ boundUntilSeconds: 0n })
  })
const declined = free('Declined')
const lapsed = free('Lapsed')
const released = free('Released')
const noteNoMatch = kit.enqueueActions(({ enqueue }) => {
  enqueue(log('NoMatch'))
})
const noteMatch = kit.enqueueActions(({ context, event, enqueue }) => {
  const rateUnits = rateOf(event)
  enqueue(log('Matched', { student: 'student', tutor: tutorOf(context), rateUnits }))
  enqueue.assign({ rateUnits, boundUntilSeconds: rules.BOUND_IN_A_MATCH })
})
const lowerCap = kit.enqueueActions(({ event, enqueue }) => {
  const capUnits = event.capUnits ?? 0n
  enqueue(log('CapReduced', { capUnits }))
  enqueue.assign({ capUnits })
})
const noteWaitlist = kit.enqueueActions(({ enqueue }) => {
  enqueue(log('Waitlisted'))
  enqueue.assign({ attempts: 0 })
})
const noteBooking = kit.enqueueActions(({ event, enqueue }) => {
  const bookedForSeconds = event.bookedForSeconds ?? 0
  enqueue(log('Booked', { at: BigInt(bookedForSeconds) }))
  enqueue.assign({ attempts: 0, bookedForSeconds })
})
const noteCancel = kit.enqueueActions(({ enqueue }) => {
  enqueue(log('Cancelled'))
  enqueue.assign({ boundUntilSeconds: 0n })
})
/** A session ends, and its credential is minted if it has earned one. */
const close = (earnsCredential: Guard) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const billedSeconds = event.billedSeconds ?? 0
    const args = { billedSeconds: BigInt(billedSeconds) }
    enqueue(log('Completed', args))
    enqueue.assign({ billedSeconds, boundUntilSeconds: 0n })
    if (!earnsCredential({ context, event })) return
    enqueue(log('CredentialMinted', { to: 'student', tutor: tutorOf(context), ...args }))
    enqueue.assign({ credentials: context.credentials + 1, holder: event.student })
  })
const handOver = kit.enqueueActions(({ context, event, enqueue }) => {
  const to = event.handOver?.to ?? ''
  enqueue(log('CredentialMoved', { from: ownName(context.holder ?? ''), to: ownName(to) }))
  enqueue.assign({ holder: to })
})
const noteRating = kit.enqueueActions(({ event, enqueue }) => {
  const score = event.score ?? 0
  enqueue(log('Rated', { by: event.by, score: BigInt(score) }))
  enqueue.assign(event.by === 'tutor' ? { ratingTutor: score } : { ratingStudent: score })
})

const unless = (role: MatchRole, error: string) => rejectIf(({ event }) => event.by !== role, error)
const notStudent = unless('student', 'NotStudent')
const notMatchmaker = unless('matchmaker', 'NotMatchmaker')
const notTutor = unless('tutor', 'NotTutor')
const notEscrow = unless('sessionEscrow', 'NotEscrow')
const isBefore = (deadlineOf: (context: MatchContext) => number): Guard => {
  return ({ context, event }) => event.atSeconds < deadlineOf(context)
}
const not = (guard: Guard): Guard => {
  return (told) => !guard(told)
}
const isInTime = isBefore(rules.proposalEndsAtSeconds)
const proposalOver = rejectIf(not(isInTime), 'ProposalOver')
const wrongStudent = rejectIf(({ event }) => event.isForStudent !== true, 'WrongStudent')
const invalidScore = rejectIf(({ event }) => !rules.scoreIsValid(event.score ?? 0), 'InvalidScore')

const request = [
  notStudent,
  rejectIf(({ context }) => context.maxRateUnits === 0n, 'ZeroRate'),
  rejectIf(({ context }) => context.termsCapUnits < context.maxRateUnits, 'CapBelowRate'),
  { target: 'Searching' as const, actions: [noteRequest] },
]
const noMatch = [notMatchmaker, { target: 'NoMatch' as const, actions: [noteNoMatch] }]
const reduceCap = [
  notStudent,
  rejectIf(({ context, event }) => (event.capUnits ?? 0n) >= context.capUnits, 'CapNotLess'),
  rejectIf(({ context, event }) => (event.capUnits ?? 0n) < context.rateUnits, 'CapBelowRate'),
  { actions: [lowerCap] },
]
const waitlist = [notStudent, { target: 'Waitlisted' as const, actions: [noteWaitlist] }]
const book = [
  notStudent,
  rejectIf(({ event }) => (event.bookedForSeconds ?? 0) <= event.atSeconds, 'BookingPassed'),
  { target: 'Booked' as const, actions: [noteBooking] },
]
const cancel = [notStudent, { target: 'Cancelled' as const, actions: [noteCancel] }]
const notHolder = rejectIf(({ event }) => event.handOver?.byHolder !== true, 'NotHolder')
const searchingAgain = (freed: typeof declined) => ({
  target: 'Searching' as const,
  actions: [freed],
})
/** hardened: after the last attempt there is no match. */
const searchingAgainOrOver = (freed: typeof declined) => [
  {
    guard: ({ context }: Told) => rules.searchIsOver(context),
    target: 'NoMatch' as const,
    actions: [freed, noteNoMatch],
  },
  searchingAgain(freed),
]
const matched = { target: 'Matched' as const, actions: [noteMatch] }
const expired = { target: 'Expired' as const, actions: [released] }
const accepted = { target: 'AwaitingDeposit' as const, actions: [noteAccept] }
const consumeAsDescribed = [notEscrow, wrongStudent, matched]
const completeAsDescribed = [
  notEscrow,
  { target: 'Completed' as const, actions: [close(() => true)] },
]

/** What differs between the policies, by action. */
const byPolicy = {
  'as-described': {
    tutorRefusals: [],
    accept: [notTutor, accepted],
    decline: [notTutor, searchingAgain(declined)],
    lapse: [notMatchmaker, searchingAgain(lapsed)],
    consume: consumeAsDescribed,
    consumeAgain: consumeAsDescribed,
    release: [notMatchmaker, expired],
    complete: completeAsDescribed,
    completeAgain: completeAsDescribed,
    transferCredential: [
      notHolder,
      rejectIf(({ event }) => event.handOver?.valid !== true, 'InvalidRecipient'),
      { actions: [handOver] },
    ],
    rate: [invalidScore, { actions: [noteRating] }],
  },
  hardened: {
    tutorRefusals: [rejectIf(({ event }) => event.proposed?.busy === true, 'TutorBusy')],
    accept: [
      proposalOver,
      rejectIf(({ context, event }) => rateOf(event) > context.maxRateUnits, 'RateAboveMax'),
      rejectIf(({ event }) => rateOf(event) === 0n, 'ZeroRate'),
      rejectIf(({ event }) => event.atSeconds >= (event.quote?.expirySeconds ?? 0), 'QuoteExpired'),
      rejectIf(({ event }) => event.quote?.isUsed === true, 'QuoteUsed'),
      rejectIf(({ event }) => event.quote?.isAuthentic !== true, 'InvalidQuote'),
      accepted,
    ],
    decline: [notTutor, proposalOver, ...searchingAgainOrOver(declined)],
    lapse: [rejectIf(isInTime, 'ProposalOpen'), ...searchingAgainOrOver(lapsed)],
    consume: [
      notEscrow,
      rejectIf(not(isBefore(rules.windowEndsAtSeconds)), 'DepositWindowOver'),
      rejectIf(not(isBefore(({ quoteExpirySeconds }) => quoteExpirySeconds)), 'QuoteExpired'),
      wrongStudent,
      rejectIf(({ context, event }) => rateOf(event) !== context.rateUnits, 'WrongRate'),
      matched,
    ],
    consumeAgain: [reject('NotAwaiting')],
    release: [
      rejectIf(
        ({ context, event }) => rules.isBinding(context.boundUntilSeconds, event.atSeconds),
        'DepositWindowOpen',
      ),
      expired,
    ],
    complete: [
      notEscrow,
      {
        target: 'Completed' as const,
        actions: [
          close(({ context, event }) => (event.billedSeconds ?? 0) >= context.credentialSeconds),
        ],
      },
    ],
    completeAgain: [reject('NotMatched')],
    // As described every session that is over has a credential.
    transferCredential: [
      rejectIf(({ context }) => context.credentials === 0, 'NotMinted'),
      notHolder,
      reject('Soulbound'),
    ],
    rate: [
      rejectIf(({ event }) => event.by !== 'student' && event.by !== 'tutor', 'NotParty'),
      rejectIf(({ context, event }) => {
        return (event.by === 'tutor' ? context.ratingTutor : context.ratingStudent) > 0
      }, 'AlreadyRated'),
      invalidScore,
      { actions: [noteRating] },
    ],
  },
} as const

/** What a request answers unless its state says otherwise. */
const refused = {
  request: [reject('RequestExists')],
  propose: [reject('NotSearching')],
  noMatch: [reject('NotSearching')],
  accept: [reject('NotProposed')],
  decline: [reject('NotProposed')],
  lapse: [reject('NotProposed')],
  consume: [reject('NotAwaiting')],
  release: [reject('NotAwaiting')],
  reduceCap: [reject('NotAwaiting')],
  waitlist: [reject('NotUnmatched')],
  book: [reject('NotUnmatched')],
  cancel: [reject('NotCancellable')],
  complete: [reject('NotMatched')],
  transferCredential: [reject('NotMinted')],
  rate: [reject('NotCompleted')],
}

/** Actions of the states in which a tutor can be proposed. */
function proposable(policy: Policy) {
  const propose = (timeRefusals: readonly ReturnType<typeof rejectIf>[]) => [
    notMatchmaker,
    ...timeRefusals,
    rejectIf(({ event }) => event.proposed?.valid !== true, 'InvalidTutor'),
    ...byPolicy[policy].tutorRefusals,
    { target: 'Proposed' as const, actions: [notePropose] },
  ]
  const tooEarly = rejectIf(
    isBefore(({ bookedForSeconds }) => bookedForSeconds),
    'TooEarly',
  )
  return {
    Searching: { ...refused, propose: propose([]), noMatch, cancel },
    Waitlisted: { ...refused, propose: propose([]), cancel },
    Booked: { ...refused, propose: propose([tooEarly]), cancel },
  }
}

/** The machine of one policy. Its input is the terms and the deployment's parameters. */
export function createMatchmakingMachine(policy: Policy) {
  const own = byPolicy[policy]
  const { Searching, Waitlisted, Booked } = proposable(policy)
  const { accept, decline, lapse, consume, consumeAgain, release } = own
  const { complete, completeAgain, transferCredential, rate } = own
  return kit.createMachine({
    id: 'matchmaking',
    context: ({ input }) => ({
      ...input,
      attempts: 0,
      tutor: null,
      proposedAtSeconds: 0,
      acceptedAtSeconds: 0,
      rateUnits: 0n,
      quoteExpirySeconds: 0,
      quoteNonce: 0n,
      boundUntilSeconds: 0n,
      capUnits: 0n,
      bookedForSeconds: 0,
      billedSeconds: 0,
      credentials: 0,
      holder: null,
      ratingStudent: 0,
      ratingTutor: 0,
    }),
    initial: 'None',
    states: {
      None: { on: { ...refused, request } },
      Searching: { on: Searching },
      Proposed: { on: { ...refused, accept, decline, lapse, cancel } },
      AwaitingDeposit: { on: { ...refused, consume, release, reduceCap, cancel } },
      Matched: { on: { ...refused, consume: consumeAgain, complete } },
      Completed: { on: { ...refused, complete: completeAgain, transferCredential, rate } },
      NoMatch: { on: { ...refused, waitlist, book, cancel } },
      Waitlisted: { on: Waitlisted },
      Booked: { on: Booked },
      Expired: { on: refused },
      Cancelled: { on: refused },
    },
  })
}
