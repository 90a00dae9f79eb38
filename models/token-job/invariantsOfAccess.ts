/**
 * Claims about who may do what: single use, consent, receipts, accounts, harmless strangers.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { type Agreement, ESCROW, type Trace, type WorldView } from '../kit/trace.ts'
import { endIsDue, expiresAtSeconds, factsAt } from './oracle.ts'
import { sharesAt } from './standing.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A job id is used once.',
  formula: '#accepted creations ≤ 1',
  witness: 'a second creation that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'createSession') return NOT_EXERCISED
      const { createCount } = factsAt(trace, stepIndex, index)
      if (createCount > 1) return exercised(`the job was created ${createCount} times`)
      const refused = !step.observed.outcome.accepted && createCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

const consent: Invariant = {
  id: 'INV-CONSENT',
  statement: 'Only the user itself starts a job; an allowance alone moves nothing.',
  formula: 'tokens of u taken ∨ Active ⇒ createSession by u',
  witness: 'a job that became Active',
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewBefore, viewAfter }) => {
      const { action, by } = step.planned
      const creates = action === 'createSession' && step.role === 'user'
      const taken = step.observed.transfers.find(
        ({ from, to }) => to === ESCROW && (from !== by || !creates),
      )
      if (taken !== undefined) {
        return exercised(`${action} by ${by} took ${taken.amountUnits} from ${taken.from}`)
      }
      if (viewAfter.state !== 'Active' || viewBefore.state === 'Active') return NOT_EXERCISED
      return exercised(creates ? null : `Active after ${action} by a ${step.role}`)
    }),
}

const receiptBinding: Invariant = {
  id: 'INV-RECEIPT-BINDING',
  statement: 'A forged, foreign, altered, crossed or missing receipt never moves the bill.',
  formula: 'proof accepted ⇒ the user signed this number for this job',
  witness: 'a higher proof by the host with such a receipt, while it could have counted',
  policies: ['hardened'],
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewBefore }) => {
      const { action, args } = step.planned
      if (action !== 'submitProof' || args.receipt === 'genuine') return NOT_EXERCISED
      const kind = typeof args.receipt === 'string' ? args.receipt : 'missing'
      if (step.observed.outcome.accepted) return exercised(`a ${kind} receipt was accepted`)
      const { provenTokens } = factsAt(trace, stepIndex - 1, index)
      const higher = (args.cumulativeTokens as bigint) > provenTokens
      const runs = viewBefore.state === 'Active' || viewBefore.state === 'Ending'
      return runs && higher && step.role === 'host' ? exercised(null) : NOT_EXERCISED
    }),
}

const earnings: Invariant = {
  id: 'INV-EARNINGS',
  statement: 'An owner gets exactly what was credited to it over all jobs, once, where it says.',
  formula: 'account = Σ credits − Σ withdrawals; a withdrawal by its owner pays the whole account',
  witness: 'a withdrawal',
  judge(trace) {
    const withdrawn = new Map<string, bigint>()
    return judgeSteps(trace, (moment) => {
      const { step, before, after } = moment
      const evidence = withdrawalEvidence(moment, withdrawn)
      if (evidence !== null) return exercised(evidence)
      if (before === after) return NOT_EXERCISED
      const wrong = accountsEvidence(moment, withdrawn)
      if (wrong !== null) return exercised(wrong)
      const { accepted } = step.observed.outcome
      return accepted && isWithdrawal(moment) ? exercised(null) : NOT_EXERCISED
    })
  },
}

const isWithdrawal = ({ step: { planned } }: Moment) =>
  planned.action === 'withdrawEarnings' || planned.action === 'withdrawTreasury'

const unitsOn = (view: WorldView, token: string, account: string) =>
  view.accounts?.[token]?.[account] ?? 0n

/** What is wrong with an accepted withdrawal, or null; notes what it paid. */
function withdrawalEvidence(moment: Moment, withdrawn: Map<string, bigint>): string | null {
  const { trace, step, before, index } = moment
  if (!isWithdrawal(moment) || !step.observed.outcome.accepted) return null
  const { token, roles } = trace.agreements[index] as Agreement
  const { action, args, by } = step.planned
  const ofTreasury = action === 'withdrawTreasury'
  const owner = ofTreasury ? 'treasury' : (roles.host as string)
  const account = ofTreasury ? 'treasury' : `earnings:${owner}`
  if (by !== owner) return `${by} withdrew what is ${owner}’s`
  const payouts = step.observed.transfers.filter(({ from }) => from === ESCROW)
  const paidUnits = payouts.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
  const key = `${token} ${account}`
  withdrawn.set(key, (withdrawn.get(key) ?? 0n) + paidUnits)
  const hadUnits = unitsOn(before, token, account)
  if (paidUnits !== hadUnits) return `${account} held ${hadUnits}, ${paidUnits} was paid`
  const astray = payouts.find(({ to }) => to !== args.to)
  return astray === undefined ? null : `${owner} named ${String(args.to)}, ${astray.to} was paid`
}

/** The first account that is not the credits of its jobs less what was withdrawn, or null. */
function accountsEvidence(
  { trace, after }: Moment,
  withdrawn: ReadonlyMap<string, bigint>,
): string | null {
  for (const [token, accounts] of Object.entries(after.accounts ?? {})) {
    for (const [account, units] of Object.entries(accounts)) {
      const creditedUnits = creditsOf(trace, after, token, account)
      const takenUnits = withdrawn.get(`${token} ${account}`) ?? 0n
      if (units === creditedUnits - takenUnits) continue
      return `${account} holds ${units}: ${creditedUnits} credited, ${takenUnits} withdrawn`
    }
  }
  return null
}

/** What the jobs say they have credited to an account, in base units. */
function creditsOf(trace: Trace, view: WorldView, token: string, account: string): bigint {
  return trace.agreements.reduce((sum, agreement, index) => {
    const job = view.agreements[index]
    if (agreement.token !== token || job === undefined) return sum
    if (account === 'treasury') return sum + figure(job, 'treasuryUnits')
    return account === `earnings:${agreement.roles.host}` ? sum + figure(job, 'hostUnits') : sum
  }, 0n)
}

const strangerHarmless: Invariant = {
  id: 'INV-STRANGER-HARMLESS',
  statement: 'No call by an outsider takes anything from a party.',
  formula: 'outsider’s call accepted ⇒ it was due, and only owners were paid',
  witness: 'a call by an outsider',
  judge: (trace) => judgeSteps(trace, judgeOutsider),
}

function judgeOutsider(moment: Moment) {
  const { trace, step, stepIndex, index, viewAfter } = moment
  const isOutsider = step.role === 'stranger' || step.role === 'treasury'
  if (!isOutsider) return NOT_EXERCISED
  if (!step.observed.outcome.accepted) return exercised(null)
  const { other } = sharesAt(trace, stepIndex, index, viewAfter)
  if (other > 0n) return exercised(`${other} units went to somebody without a share`)
  return exercised(undue(moment))
}

/** Why an outsider's accepted call was not due, or null when it was. */
function undue({ trace, step, stepIndex, index }: Moment): string | null {
  const { action, atSeconds } = step.planned
  const facts = factsAt(trace, stepIndex - 1, index)
  const who = `a ${step.role}`
  switch (action) {
    case 'approve':
      return null
    case 'timeout': {
      const from = expiresAtSeconds(trace, facts, index)
      return atSeconds >= from ? null : `${who} timed a job out at ${atSeconds}, due from ${from}`
    }
    case 'endSession': {
      const isDue = endIsDue({ trace, facts, role: step.role, atSeconds })
      return isDue ? null : `${who} ended a job at ${atSeconds}`
    }
    case 'withdrawTreasury':
      return step.role === 'treasury' ? null : `${who} could ${action}`
    default:
      return `${who} could ${action}`
  }
}

export const accessInvariants: readonly Invariant[] = [
  singleUse,
  consent,
  receiptBinding,
  earnings,
  strangerHarmless,
]
