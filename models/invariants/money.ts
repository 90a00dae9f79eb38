/**
 * Claims about money that hold for every protocol: conservation, solvency, isolation.
 *
 * A protocol says two things: whose money a payout is, and how much the contract's own figures say
 * is still locked for an agreement.
 */
import { type AgreementView, ESCROW, type WorldView } from '../kit/trace.ts'
import { booksAt, booksOf, type OwnerOf, postedInAll } from './books.ts'
import type { Invariant } from './invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from './judging.ts'

export interface MoneyReading {
  readonly ownerOf: OwnerOf
  /** Base units that the contract's figures say it still holds for this agreement. */
  lockedUnits(view: AgreementView): bigint
}

function totalUnits(view: WorldView, token: string): bigint {
  return Object.values(view.balances[token] ?? {}).reduce((sum, units) => sum + units, 0n)
}

export function conservation(reading: MoneyReading): Invariant {
  return {
    id: 'INV-CONSERVATION',
    statement: 'No token is created, lost or left without an owner.',
    formula: 'per token Σ balances is constant; per agreement in = out + on account + locked',
    witness: 'a step in which tokens moved',
    judge(trace) {
      const books = booksOf(trace, reading.ownerOf)
      return judgeSteps(trace, (moment) => {
        const { stepIndex, index, before, after, viewAfter } = moment
        const agreementBooks = booksAt(books, stepIndex, index)
        const { inUnits, outUnits } = agreementBooks
        const postedUnits = postedInAll(agreementBooks)
        const lockedUnits = reading.lockedUnits(viewAfter)
        if (inUnits !== outUnits + postedUnits + lockedUnits) {
          const onAccount = after.accounts === undefined ? '' : ` + on account ${postedUnits}`
          return exercised(`in ${inUnits} ≠ out ${outUnits}${onAccount} + locked ${lockedUnits}`)
        }
        if (before.balances === after.balances) return NOT_EXERCISED
        for (const token of Object.keys(after.balances)) {
          const was = totalUnits(before, token)
          const is = totalUnits(after, token)
          if (was !== is) return exercised(`all balances of ${token}: ${was} before, ${is} after`)
        }
        return exercised(null)
      })
    },
  }
}

export function solvency(reading: MoneyReading): Invariant {
  return {
    id: 'INV-SOLVENCY',
    statement: 'The contract can always pay everything that it still owes.',
    formula: 'per token B ≥ Σ locked + Σ accounts',
    witness: 'a step after which something is locked or on account',
    judge(trace) {
      return judgeSteps(trace, ({ after }) => {
        const owed = new Map<string, bigint>()
        trace.agreements.forEach(({ token }, index) => {
          const view = after.agreements[index] as AgreementView
          owed.set(token, (owed.get(token) ?? 0n) + reading.lockedUnits(view))
        })
        for (const [token, accounts] of Object.entries(after.accounts ?? {})) {
          const onAccount = Object.values(accounts).reduce((sum, units) => sum + units, 0n)
          owed.set(token, (owed.get(token) ?? 0n) + onAccount)
        }
        let lockedSomewhere = false
        for (const [token, owedUnits] of owed) {
          const heldUnits = after.balances[token]?.[ESCROW] ?? 0n
          if (heldUnits < owedUnits) {
            return exercised(`the contract holds ${heldUnits} ${token} and owes ${owedUnits}`)
          }
          lockedSomewhere ||= owedUnits > 0n
        }
        return lockedSomewhere ? exercised(null) : NOT_EXERCISED
      })
    },
  }
}

/** What differs between two pictures of an agreement, or null. */
function viewChange(was: AgreementView, is: AgreementView): string | null {
  if (was.state !== is.state) return `state ${was.state} → ${is.state}`
  for (const [name, value] of Object.entries(is.figures)) {
    if (was.figures[name] !== value) return `${name} ${was.figures[name]} → ${value}`
  }
  return null
}

export function isolation(initialState: string): Invariant {
  return {
    id: 'INV-ISOLATION',
    statement: 'An action on one agreement changes nothing of any other.',
    formula: 'step on i ⇒ ∀ j ≠ i: view(j) unchanged, and only the token of i moves',
    witness: 'an accepted step while another agreement is under way',
    judge(trace) {
      return judgeSteps(trace, (moment) => judgeIsolation(moment, initialState))
    },
  }
}

function judgeIsolation(moment: Moment, initialState: string) {
  const { trace, step, index, before, after } = moment
  if (!step.observed.outcome.accepted) return NOT_EXERCISED
  let others = 0
  for (const [other, view] of after.agreements.entries()) {
    if (other === index) continue
    const was = before.agreements[other] as AgreementView
    if (was.state !== initialState) others += 1
    if (was === view) continue
    const change = viewChange(was, view)
    if (change !== null) return exercised(`agreement ${other}: ${change}`)
  }
  const ownToken = trace.agreements[index]?.token
  for (const { token, amountUnits } of step.observed.transfers) {
    if (token !== ownToken) return exercised(`${amountUnits} ${token} moved, not ${ownToken}`)
  }
  return others === 0 ? NOT_EXERCISED : exercised(null)
}
