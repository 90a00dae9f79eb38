/**
 * Claims about the money of a journey: from the deposit over the settlement to the bank account.
 */
import type { AgreementView, WorldView } from '../../models/kit/trace.ts'
import { CONTRACTS, FIRST_WITHDRAWAL, SESSION } from '../../sim/end-to-end/parts.ts'
import {
  accepted,
  figure,
  type JourneyClaim,
  moved,
  sessionIn,
  settlement,
  UNTESTED,
  viewAtEnd,
  viewBefore,
  withdrawalsIn,
} from './claim.ts'
import type { ExecutedJourney } from './execute.ts'

const [ESCROW, WITHDRAWAL] = [CONTRACTS['session-escrow'], CONTRACTS.withdrawal]
const BPS = 10_000n
const HOLDING: readonly string[] = ['Funded', 'Active', 'Stopping']
const CLAIMS = ['claimStudent', 'claimTutor', 'claimPlatform'] as const

const sum = (units: readonly bigint[]) => units.reduce((all, each) => all + each, 0n)

/** What the session escrow owes by its own books. */
function owedOnSession(session: AgreementView | undefined): bigint {
  if (HOLDING.includes(session?.state ?? '')) return figure(session, 'deposit')
  return sum(CLAIMS.map((name) => figure(session, name)))
}

/** What the withdrawal contract owes by its own books. */
function owedOnAccounts(view: WorldView, token: string): bigint {
  const accounts = Object.values(view.accounts?.[token] ?? {})
  return sum([...accounts, ...withdrawalsIn(view).map((each) => figure(each, 'claimBank'))])
}

/** What does not add up in a token, or null. */
function imbalance(view: WorldView, initial: WorldView, token: string): string | null {
  const held = (holder: string) => view.balances[token]?.[holder] ?? 0n
  const all = (of: WorldView) => sum(Object.values(of.balances[token] ?? {}))
  if (all(view) !== all(initial)) return `${all(initial)} in all before, ${all(view)} now`
  const owed = {
    [ESCROW]: owedOnSession(sessionIn(view)),
    [WITHDRAWAL]: owedOnAccounts(view, token),
    [CONTRACTS.matchmaking]: 0n,
  }
  const wrong = Object.entries(owed).find(([contract, units]) => held(contract) !== units)
  if (wrong === undefined) return null
  const [contract, units] = wrong
  return `${contract} holds ${held(contract)} and owes ${units} by its books`
}

const conservation: JourneyClaim = {
  id: 'INV-E2E-CONSERVATION',
  statement:
    'Over the whole chain of contracts no token is created or lost: after every call all holders ' +
    'together hold what they held before, and each contract holds what it owes by its own books.',
  formula: 'Σ balances constant; balance(contract) = books(contract), after every call',
  witness: 'a call that moved tokens',
  judge({ trace }) {
    let witnesses = 0
    for (const [stepIndex, { observed }] of trace.steps.entries()) {
      if (observed.transfers.length > 0) witnesses += 1
      for (const token of Object.keys(trace.initial.balances)) {
        const evidence = imbalance(observed.after, trace.initial, token)
        if (evidence !== null) return { witnesses, violation: { stepIndex, evidence } }
      }
    }
    return { witnesses, violation: null }
  },
}

/** The shares of a settlement, as tokens moved. */
function sharesOf(journey: ExecutedJourney) {
  const settled = settlement(journey)
  if (settled === undefined) return null
  const { index, step } = settled
  const student = 'student0'
  return {
    ...{ index, step },
    shareUnits: moved(step, ESCROW, WITHDRAWAL),
    feeUnits: moved(step, ESCROW, 'platform'),
    refundUnits: moved(step, ESCROW, student),
    billedSeconds: figure(sessionIn(step.observed.after), 'billedSeconds'),
    depositUnits: figure(sessionIn(step.observed.after), 'deposit'),
  }
}

const rate: JourneyClaim = {
  id: 'INV-E2E-RATE',
  statement:
    'The rate that is billed is the rate of the quote that the tutor signed and that was ' +
    'accepted, and no more than the student had asked for at most.',
  formula: 'signed = accepted = deposited ≤ maximum; tutor + fee = billed seconds · signed',
  witness: 'a deposit on a quote, or the bill of a session',
  judge(journey) {
    const [deposit] = accepted(journey, 'deposit', SESSION)
    if (deposit === undefined) return UNTESTED
    const quote = accepted(journey, 'accept', 0).at(-1)
    const signedUnits = quote?.step.planned.args.rateUnits as bigint | undefined
    const maxUnits = journey.trace.agreements[0]?.terms.maxRateUnits as bigint
    const log = deposit.step.observed.logs.find(({ name }) => name === 'Deposited')
    const usedUnits = log?.args.ratePerSecondUnits as bigint | undefined
    const acceptedUnits = figure(deposit.step.observed.after.agreements[0], 'rate')
    const isLocked =
      signedUnits !== undefined &&
      signedUnits <= maxUnits &&
      acceptedUnits === signedUnits &&
      usedUnits === signedUnits
    if (!isLocked) {
      const evidence =
        `signed ${signedUnits}, accepted ${acceptedUnits}, deposited at ${usedUnits}, ` +
        `at most ${maxUnits}`
      return { witnesses: 1, violation: { stepIndex: deposit.index, evidence } }
    }
    const shares = sharesOf(journey)
    if (shares === null) return { witnesses: 1, violation: null }
    const { index: stepIndex, billedSeconds, shareUnits, feeUnits } = shares
    const dueUnits = billedSeconds * signedUnits
    const paidUnits = shareUnits + feeUnits
    if (paidUnits === dueUnits) return { witnesses: 2, violation: null }
    const evidence = `${billedSeconds} s at ${signedUnits} are ${dueUnits}, paid ${paidUnits}`
    return { witnesses: 2, violation: { stepIndex, evidence } }
  },
}

/** What is wrong with the way of a settlement into the books of the withdrawal, or null. */
function misbooked(journey: ExecutedJourney): string | null {
  const shares = sharesOf(journey)
  if (shares === null) return null
  const { index, step, shareUnits, feeUnits, refundUnits, depositUnits } = shares
  const { feeBps, commissionBps } = journey.trace.parameters as Record<string, number>
  const spentUnits = shareUnits + feeUnits + refundUnits
  if (spentUnits !== depositUnits) return `${depositUnits} deposited, ${spentUnits} paid out`
  const feeDueUnits = ((shareUnits + feeUnits) * BigInt(feeBps ?? 0)) / BPS
  if (feeUnits !== feeDueUnits) return `fee ${feeUnits}, due ${feeDueUnits}`
  const token = journey.run.agreements[0]?.token ?? ''
  const grown = (account: string) => {
    const before = viewBefore(journey, index).accounts?.[token]?.[account] ?? 0n
    return (step.observed.after.accounts?.[token]?.[account] ?? 0n) - before
  }
  const keptUnits = (shareUnits * BigInt(commissionBps ?? 0)) / BPS
  const [earnedUnits, commissionUnits] = [grown('available:tutor0'), grown('commission')]
  if (commissionUnits !== keptUnits) return `commission ${commissionUnits}, due ${keptUnits}`
  if (earnedUnits === shareUnits - keptUnits) return null
  return `share ${shareUnits} less ${keptUnits} of commission, earned ${earnedUnits}`
}

const earned: JourneyClaim = {
  id: 'INV-E2E-EARNED',
  statement:
    'What the tutor has earned in the withdrawal contract is its share of the settlement less ' +
    'the commission, to the unit, and the student has paid what tutor and platform got.',
  formula: 'deposit = share + fee + refund; Δavailable = share − ⌊share · commission⌋',
  witness: 'a settlement with a bill',
  judge(journey) {
    const shares = sharesOf(journey)
    if (shares === null) return UNTESTED
    const evidence = misbooked(journey)
    const witnesses = shares.billedSeconds > 0n ? 1 : 0
    const violation = evidence === null ? null : { stepIndex: shares.index, evidence }
    return { witnesses, violation }
  },
}

const paidOnce: JourneyClaim = {
  id: 'INV-E2E-PAID-ONCE',
  statement:
    'The bank gets what the tutor asked for once, pays it in money once, never before it has the ' +
    'tokens, and never more than the tutor has earned.',
  formula: 'tokens of the bank = Σ completed ≤ net earned; money ≤ tokens, each withdrawal once',
  witness: 'a withdrawal that was completed, or a payment in money',
  judge(journey) {
    const { run, trace } = journey
    const token = run.agreements[0]?.token ?? ''
    const end = viewAtEnd(journey)
    const bankUnits = end.balances[token]?.bank ?? 0n
    const completed = withdrawalsIn(end).filter(({ state }) => state === 'Completed')
    const dueUnits = sum(
      completed.map((each) => figure(each, 'amount') - figure(each, 'claimBank')),
    )
    const netUnits = sum(
      accepted(journey, 'settle', SESSION).map(({ index, step }) => {
        const account = (view: WorldView) => view.accounts?.[token]?.['available:tutor0'] ?? 0n
        return account(step.observed.after) - account(viewBefore(journey, index))
      }),
    )
    const { payments } = run.payout
    const witnesses = completed.length + payments.length
    const broken = (evidence: string) => ({ witnesses, violation: { stepIndex: null, evidence } })
    if (bankUnits !== dueUnits) return broken(`the bank has ${bankUnits}, completed ${dueUnits}`)
    if (bankUnits > netUnits) return broken(`the bank has ${bankUnits}, earned ${netUnits}`)
    for (const { withdrawal, units, atMs } of payments) {
      const same = payments.filter((each) => each.withdrawal === withdrawal)
      if (same.length > 1) return broken(`withdrawal ${withdrawal} was paid ${same.length} times`)
      const step = trace.steps.findIndex(({ planned, observed }) => {
        const isIt =
          planned.action === 'complete' && planned.agreement === FIRST_WITHDRAWAL + withdrawal
        return isIt && observed.outcome.accepted
      })
      const includedMs = run.steps[step]?.includedMs
      if (includedMs === undefined || includedMs > atMs) {
        return broken(`withdrawal ${withdrawal} was paid before the bank had its tokens`)
      }
      const amountUnits = figure(withdrawalsIn(end)[withdrawal], 'amount')
      if (units !== amountUnits) return broken(`paid ${units} for ${amountUnits}`)
    }
    return { witnesses, violation: null }
  },
}

export const moneyClaims: readonly JourneyClaim[] = [conservation, rate, earned, paidOnce]
