/**
 * Claims about the books: nothing lost, nothing paid that was not earned, a report that adds up.
 */
import { accountChanges } from '../invariants/books.ts'
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import type { Agreement, WorldView } from '../kit/trace.ts'
import { amountOf, exactCommission, factsAt, tokenFacts, withdrawalAt } from './oracle.ts'
import { claimsIn, onAccounts, revenueOf, unitsOn } from './standing.ts'

const agreementOf = ({ trace, index }: Moment) => trace.agreements[index] as Agreement

const totalUnits = (view: WorldView, token: string) =>
  Object.values(view.balances[token] ?? {}).reduce((sum, units) => sum + units, 0n)

export const conservation: Invariant = {
  id: 'INV-CONSERVATION',
  statement: 'No token is created, lost or left without an owner.',
  formula: 'per token Σ balances is constant; in − out = Σ accounts + Σ claims',
  witness: 'an accepted step',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, before, after } = moment
      if (before === after && !step.observed.outcome.accepted) return NOT_EXERCISED
      for (const token of Object.keys(after.balances)) {
        const { inUnits, outUnits } = tokenFacts(factsAt(trace, stepIndex), token)
        const accounts = onAccounts(after, token)
        const claims = claimsIn(trace, after, token)
        if (inUnits - outUnits !== accounts + claims) {
          const owed = `on account ${accounts} + claims ${claims}`
          return exercised(`in ${inUnits} − out ${outUnits} ≠ ${owed}`)
        }
        const was = totalUnits(before, token)
        const is = totalUnits(after, token)
        if (was !== is) return exercised(`all balances of ${token}: ${was} before, ${is} after`)
      }
      return exercised(null)
    }),
}

const earned: Invariant = {
  id: 'INV-EARNED',
  statement: 'No teacher is paid, or sure to be paid, more than it has earned.',
  formula: 'W + P ≤ N: completed and approved withdrawals, at most the net earnings',
  witness: 'a step after which something is approved or paid',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { token, roles } = agreementOf(moment)
      const teacher = roles.teacher as string
      const revenue = revenueOf(trace, factsAt(trace, moment.stepIndex), teacher, token)
      const { withdrawnUnits, processingUnits, netUnits } = revenue
      if (withdrawnUnits + processingUnits === 0n) return NOT_EXERCISED
      const broken = withdrawnUnits + processingUnits > netUnits
      const words = `withdrawn ${withdrawnUnits} + approved ${processingUnits} > net ${netUnits}`
      return exercised(broken ? `${teacher}: ${words}` : null)
    }),
}

const reserved: Invariant = {
  id: 'INV-RESERVED',
  statement: 'Money that is asked for cannot be asked for again.',
  formula: 'request accepted ⇒ W + O ≤ N, this request included',
  witness: 'an accepted request, or one that was refused for what is asked for already',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index } = moment
      if (step.planned.action !== 'request' || step.role !== 'teacher') return NOT_EXERCISED
      const { token, roles } = agreementOf(moment)
      const teacher = roles.teacher as string
      const { accepted } = step.observed.outcome
      const facts = factsAt(trace, stepIndex)
      const { withdrawnUnits, openUnits, netUnits } = revenueOf(trace, facts, teacher, token)
      if (!accepted) {
        const asked = withdrawnUnits + openUnits + amountOf(trace, index)
        const isFirst = withdrawalAt(trace, stepIndex, index).requestCount === 0
        return isFirst && openUnits > 0n && asked > netUnits ? exercised(null) : NOT_EXERCISED
      }
      const broken = withdrawnUnits + openUnits > netUnits
      const words = `withdrawn ${withdrawnUnits} + asked for ${openUnits} > net ${netUnits}`
      return exercised(broken ? `${teacher}: ${words}` : null)
    }),
}

const books: Invariant = {
  id: 'INV-BOOKS',
  statement: 'The revenue report of every teacher adds up at every step.',
  formula: 'G − C = N; N − W − O = available ≥ 0; pending = O',
  witness: 'a step after which a teacher has earned something',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, before, after } = moment
      if (before === after) return NOT_EXERCISED
      const facts = factsAt(trace, stepIndex)
      let hasEarned = false
      for (const [token, accounts] of Object.entries(after.accounts ?? {})) {
        for (const [account, units] of Object.entries(accounts)) {
          const [word, teacher] = account.split(':')
          if (teacher === undefined) continue
          const { netUnits, withdrawnUnits, openUnits } = revenueOf(trace, facts, teacher, token)
          hasEarned ||= netUnits > 0n
          const restUnits = netUnits - withdrawnUnits - openUnits
          if (word === 'pending' && units !== openUnits) {
            return exercised(`${teacher}: pending ${units}, asked for and not paid ${openUnits}`)
          }
          if (word === 'available' && (units !== restUnits || restUnits < 0n)) {
            const sum = `net ${netUnits} − withdrawn ${withdrawnUnits} − pending ${openUnits}`
            return exercised(`${teacher}: ${sum} = ${restUnits}, available ${units}`)
          }
        }
      }
      return hasEarned ? exercised(null) : NOT_EXERCISED
    }),
}

const fee: Invariant = {
  id: 'INV-FEE',
  statement: 'The commission of every credit is exact, and the platform gets exactly that.',
  formula: 'c·10⁴ ≤ g·bps < (c + 1)·10⁴; commission account = Σ c − Σ withdrawn',
  witness: 'an accepted credit or withdrawal of the commission',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, before, after } = moment
      if (before === after) return NOT_EXERCISED
      const { token } = agreementOf(moment)
      const { action } = step.planned
      const wrong = action === 'credit' ? creditEvidence(moment) : null
      if (wrong !== null) return exercised(wrong)
      const facts = tokenFacts(factsAt(trace, stepIndex), token)
      const { commissionUnits, commissionPaidUnits } = facts
      const units = unitsOn(after, token, 'commission')
      if (units !== commissionUnits - commissionPaidUnits) {
        const words = `${commissionUnits} in all, ${commissionPaidUnits} withdrawn`
        return exercised(`commission on account ${units}: ${words}`)
      }
      const accepted = step.observed.outcome.accepted
      const isOne = action === 'credit' || action === 'withdrawCommission'
      return accepted && isOne ? exercised(null) : NOT_EXERCISED
    }),
}

/** What is wrong with how an accepted credit was split, or null. */
function creditEvidence(moment: Moment): string | null {
  const { trace, step, before, after } = moment
  const { token, roles } = agreementOf(moment)
  if (!step.observed.outcome.accepted) return null
  const gross = step.planned.args.grossUnits as bigint
  const exact = exactCommission(trace, gross)
  const changes = accountChanges(before, after, token)
  const taken = changes.commission ?? 0n
  const net = changes[`available:${roles.teacher}`] ?? 0n
  if (taken === exact && net === gross - exact) return null
  return `a credit of ${gross}: commission ${taken}, exact ${exact}, ${net} for the teacher`
}

const minimum: Invariant = {
  id: 'INV-MINIMUM',
  statement: 'Nothing below the minimum is accepted, and a request that is due is not refused.',
  formula: 'accepted ⇒ a ≥ minimum; first request of minimum ≤ a ≤ available ⇒ accepted',
  witness: 'a first request by its teacher of something that is available',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index, before } = moment
      if (step.planned.action !== 'request') return NOT_EXERCISED
      const { accepted, error } = step.observed.outcome
      const least = BigInt(trace.parameters.minimumUnits as number)
      const units = amountOf(trace, index)
      if (accepted && units < least) return exercised(`${units} accepted, minimum ${least}`)
      const { token, roles } = agreementOf(moment)
      const isFirst = withdrawalAt(trace, stepIndex - 1, index).requestCount === 0
      const has = units <= unitsOn(before, token, `available:${roles.teacher}`)
      if (!isFirst || !has || step.role !== 'teacher') return NOT_EXERCISED
      const isDue = units >= least
      const words = `${units} refused (${error}), minimum ${least}`
      return exercised(isDue && !accepted ? words : null)
    }),
}

export const moneyInvariants: readonly Invariant[] = [earned, reserved, books, fee, minimum]
