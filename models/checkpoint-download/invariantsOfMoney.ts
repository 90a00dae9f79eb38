/**
 * Claims about what payments bring: never above the price, for what was delivered, each once, all
 * of it at the end.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { factsAt, isWorth, takenUnits, termsOf, worthUnits } from './oracle.ts'
import { owedUnits, sharesAt } from './standing.ts'

const cap: Invariant = {
  id: 'INV-CAP',
  statement: 'All seeders together never get more than the price of the file.',
  formula: 'ΣP · 2^20 ≤ F · p',
  witness: 'a step after which a seeder has a share',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const { paidUnits } = sharesAt(trace, stepIndex, index, viewAfter)
      if (paidUnits === 0n) return NOT_EXERCISED
      const price = worthUnits(trace, index, termsOf(trace, index).fileBytes)
      return exercised(paidUnits > price ? `paid ${paidUnits} > price ${price}` : null)
    }),
}

/** The seeder whose share breaks a condition, in words; null when all keep it. */
function brokenShare(
  { trace, stepIndex, index, viewAfter }: Moment,
  isKept: (bytes: bigint, units: bigint) => boolean,
): string | null {
  const { reportedBytes } = factsAt(trace, stepIndex, index)
  const { seeders } = sharesAt(trace, stepIndex, index, viewAfter)
  for (const [at, units] of seeders.entries()) {
    const bytes = reportedBytes[at] ?? 0n
    if (isKept(bytes, units)) continue
    return `seeder${at} has ${units} for ${bytes} bytes worth ${worthUnits(trace, index, bytes)}`
  }
  return null
}

/** Who hands over the whole price at the start, without a lock, trusts and claims nothing. */
function isTrusting({ trace, index }: Moment): boolean {
  return trace.policy === 'as-described' && termsOf(trace, index).isUpfront
}

const payForDelivered: Invariant = {
  id: 'INV-PAY-FOR-DELIVERED',
  statement: 'No seeder gets more than the price of what was reported as delivered by it.',
  formula: 'P(i) · 2^20 ≤ r(i) · p; as described not in mode upfront',
  witness: 'a step after which a seeder has a share',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter } = moment
      const { paidUnits } = sharesAt(trace, stepIndex, index, viewAfter)
      if (paidUnits === 0n || isTrusting(moment)) return NOT_EXERCISED
      const { priceUnits } = termsOf(trace, index)
      return exercised(brokenShare(moment, (bytes, units) => units << 20n <= bytes * priceUnits))
    }),
}

const shareExact: Invariant = {
  id: 'INV-SHARE-EXACT',
  statement: 'A credited payment leaves each seeder with exactly what it delivered is worth.',
  formula: 'after a credit, upfront after a report: P(i) · 2^20 ≤ r(i) · p < (P(i) + 1) · 2^20',
  witness: 'a credited payment for something delivered; hardened upfront a report',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { step, stepIndex, index } = moment
      if (isTrusting(moment)) return NOT_EXERCISED
      const { credit } = factsAt(trace, stepIndex, index)
      const isReport = step.planned.action === 'reportProgress' && step.observed.outcome.accepted
      const isPaid = termsOf(trace, index).isUpfront ? isReport : credit !== null
      if (!isPaid) return NOT_EXERCISED
      return exercised(brokenShare(moment, (bytes, units) => isWorth(trace, index, bytes, units)))
    }),
}

const wholePrice: Invariant = {
  id: 'INV-WHOLE-PRICE',
  statement: 'A completed download has paid its size times the price.',
  formula: 'completed ⇒ 0 ≤ floor(F · p / 2^20) − ΣP < number of seeders',
  witness: 'a completion',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index, viewAfter }) => {
      if (step.planned.action !== 'complete' || !step.observed.outcome.accepted) {
        return NOT_EXERCISED
      }
      const { fileBytes, seederCount } = termsOf(trace, index)
      const { paidUnits } = sharesAt(trace, stepIndex, index, viewAfter)
      const price = worthUnits(trace, index, fileBytes)
      const missing = price - paidUnits
      const isWhole = missing >= 0n && missing < BigInt(seederCount)
      return exercised(isWhole ? null : `completed for ${paidUnits}, the price is ${price}`)
    }),
}

const paidOnce: Invariant = {
  id: 'INV-PAID-ONCE',
  statement: 'Each checkpoint is paid once, and for money.',
  formula: 'credited ⇔ what was due has moved; no reference (hardened: checkpoint) twice',
  witness: 'a payment that was credited',
  judge: (trace) => judgeSteps(trace, judgeCredit),
}

function judgeCredit({ trace, step, stepIndex, index, viewBefore }: Moment) {
  const { credit } = factsAt(trace, stepIndex, index)
  const isHardened = trace.policy === 'hardened'
  if (credit === null) {
    const taken = takenUnits(step)
    const isLost = isHardened && taken > 0n
    return isLost ? exercised(`${taken} moved, nothing was credited`) : NOT_EXERCISED
  }
  const { saidUnits, movedUnits, isRepeated } = credit
  if (isRepeated) return exercised(`the same payment over ${saidUnits} was credited again`)
  if (movedUnits !== saidUnits) return exercised(`credited ${saidUnits}, moved ${movedUnits}`)
  if (!isHardened) return exercised(null)
  const owed = owedUnits(trace, stepIndex - 1, index, viewBefore)
  return exercised(owed === movedUnits ? null : `credited ${movedUnits}, owed ${owed}`)
}

const dust: Invariant = {
  id: 'INV-DUST',
  statement: 'At the end all that was taken is the seeders’ or the downloader’s again.',
  formula: 'ΣP + X = D',
  witness: 'the end of a download for which something was taken',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewAfter }) => {
      const isOver = factsAt(trace, stepIndex, index).endCount > 0
      if (!isOver || factsAt(trace, stepIndex - 1, index).endCount > 0) return NOT_EXERCISED
      const shares = sharesAt(trace, stepIndex, index, viewAfter)
      const sum = shares.paidUnits + shares.downloader
      if (sum !== shares.takenUnits) {
        const words = `${shares.paidUnits} + ${shares.downloader} = ${sum}`
        return exercised(`${words} of ${shares.takenUnits}`)
      }
      return sum > 0n ? exercised(null) : NOT_EXERCISED
    }),
}

export const moneyInvariants: readonly Invariant[] = [
  cap,
  payForDelivered,
  shareExact,
  wholePrice,
  paidOnce,
  dust,
]
