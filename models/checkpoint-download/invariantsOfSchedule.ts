/**
 * Claims about checkpoints: when they fall due, that serving pauses for them and then goes on, and
 * how much is ever at risk.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, figure, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import { SEEDERS } from './cast.ts'
import {
  checkpointBytes,
  DUE,
  factsAt,
  reportIsSound,
  segmentLimitBytes,
  takenUnits,
  termsOf,
  worthUnits,
} from './oracle.ts'
import { owedUnits, sharesAt } from './standing.ts'

const isReport = ({ step }: Moment) =>
  step.planned.action === 'reportProgress' && step.observed.outcome.accepted

const pause: Invariant = {
  id: 'INV-PAUSE',
  statement: 'Nothing is served while a payment is due, and serving goes on once it is made.',
  formula: 'sound report accepted ⇔ nothing due; due → Serving ⇔ what was due has been paid',
  witness: 'a sound report while a payment was due, or a payment after which serving went on',
  judge: (trace) => judgeSteps(trace, judgePause),
}

function judgePause(moment: Moment) {
  const { trace, step, stepIndex, index, viewBefore, viewAfter } = moment
  const { accepted, error } = step.observed.outcome
  const wasDue = DUE.includes(viewBefore.state)
  if (step.planned.action === 'reportProgress') {
    if (accepted && wasDue) return exercised(`progress was accepted in ${viewBefore.state}`)
    const facts = factsAt(trace, stepIndex - 1, index)
    const isSound = reportIsSound(trace, index, facts, step)
    if (isSound && !accepted && !wasDue) return exercised(`a sound report failed: ${error}`)
    return isSound && wasDue ? exercised(null) : NOT_EXERCISED
  }
  if (!accepted || !wasDue) return NOT_EXERCISED
  const goesOn = viewAfter.state === 'Serving'
  const isPaid = paysWhatIsDue(moment)
  if (goesOn === isPaid) return goesOn ? exercised(null) : NOT_EXERCISED
  const words = isPaid ? 'what was due was paid' : 'what was due was not paid'
  return exercised(`${words} by ${step.planned.action} (${step.role}): ${viewAfter.state}`)
}

/** Whether an accepted call has settled what was due. */
function paysWhatIsDue({ trace, step, stepIndex, index, viewBefore }: Moment): boolean {
  const { action } = step.planned
  if (trace.policy === 'as-described') {
    const isSaid = factsAt(trace, stepIndex - 1, index).said !== null
    return action === 'confirm' && step.role.startsWith('seeder') && isSaid
  }
  if (action !== 'pay' && action !== 'retryPayment') return false
  return takenUnits(step) === owedUnits(trace, stepIndex - 1, index, viewBefore)
}

const schedule: Invariant = {
  id: 'INV-SCHEDULE',
  statement: 'A payment falls due at the first report at or beyond a checkpoint of the terms.',
  formula: 'n credited: due ⇔ total ≥ T(n+1) (hardened: ∨ total = F, ∧ owed > 0, total < T(n+2))',
  witness: 'a report or an opening by which a payment had to fall due',
  judge: (trace) => judgeSteps(trace, judgeSchedule),
}

function judgeSchedule(moment: Moment) {
  const { trace, step, stepIndex, index, viewAfter } = moment
  const { fileBytes, isUpfront } = termsOf(trace, index)
  const isDue = DUE.includes(viewAfter.state)
  if (step.planned.action === 'open' && step.observed.outcome.accepted) {
    const mustPay = isUpfront && worthUnits(trace, index, fileBytes) > 0n
    if (mustPay !== isDue) return exercised(`opened in ${viewAfter.state}`)
    return mustPay ? exercised(null) : NOT_EXERCISED
  }
  if (!isReport(moment)) return NOT_EXERCISED
  if (isUpfront) return isDue ? exercised('a payment fell due after all was paid') : NOT_EXERCISED
  const { creditCount, totalBytes } = factsAt(trace, stepIndex, index)
  const next = checkpointBytes(trace, index, creditCount + 1)
  const words = `${totalBytes} bytes after ${creditCount} payments`
  let mustPay = totalBytes >= next
  if (trace.policy === 'hardened') {
    const afterNext = checkpointBytes(trace, index, creditCount + 2)
    if (totalBytes >= afterNext) return exercised(`${words}: beyond a checkpoint at ${afterNext}`)
    mustPay ||= totalBytes === fileBytes
    mustPay &&= owedUnits(trace, stepIndex, index, viewAfter) > 0n
  }
  if (mustPay !== isDue) return exercised(`${words}, checkpoint at ${next}: ${viewAfter.state}`)
  return mustPay ? exercised(null) : NOT_EXERCISED
}

const segmentCap: Invariant = {
  id: 'INV-SEGMENT-CAP',
  statement: 'What is reported and not paid is never as much as two of the largest segments.',
  formula: 'total − total at the last credit < 2 · maxCheckpoint; segment ≤ maxCheckpoint',
  witness: 'an accepted report in a mode with checkpoints',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter } = moment
      if (!isReport(moment) || termsOf(trace, index).isUpfront) return NOT_EXERCISED
      const { totalBytes, creditedBytes } = factsAt(trace, stepIndex, index)
      const limit = segmentLimitBytes(trace)
      const unpaid = totalBytes - creditedBytes
      if (unpaid >= 2n * limit) return exercised(`${unpaid} bytes unpaid, a segment has ${limit}`)
      const segment = figure(viewAfter, 'segment')
      return exercised(segment > limit ? `a segment of ${segment} bytes, at most ${limit}` : null)
    }),
}

const upfront: Invariant = {
  id: 'INV-UPFRONT',
  statement: 'In mode upfront nothing is served before the whole price is paid or locked.',
  formula: 'upfront ∧ report accepted ⇒ D = floor(F · p / 2^20)',
  witness: 'an accepted report in mode upfront for a file that costs something',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { stepIndex, index, viewAfter } = moment
      const { isUpfront, fileBytes } = termsOf(trace, index)
      if (!isReport(moment) || !isUpfront) return NOT_EXERCISED
      const price = worthUnits(trace, index, fileBytes)
      const { takenUnits: taken } = sharesAt(trace, stepIndex, index, viewAfter)
      if (taken !== price) return exercised(`served for ${taken}, the price is ${price}`)
      return price > 0n ? exercised(null) : NOT_EXERCISED
    }),
}

const progress: Invariant = {
  id: 'INV-PROGRESS',
  statement: 'Delivered bytes never fall, and are never more than the file has.',
  formula: 'delivered(i) never falls; Σ delivered(i) = total ≤ F',
  witness: 'an accepted report',
  judge: (trace) =>
    judgeSteps(trace, (moment) => {
      const { index, viewBefore, viewAfter } = moment
      if (!moment.step.observed.outcome.accepted) return NOT_EXERCISED
      let sum = 0n
      for (const at of SEEDERS.keys()) {
        const name = `delivered${at}`
        const [was, is] = [figure(viewBefore, name), figure(viewAfter, name)]
        if (is < was) return exercised(`${name} fell from ${was} to ${is}`)
        sum += is
      }
      const total = figure(viewAfter, 'total')
      if (sum !== total) return exercised(`${sum} delivered by all, the total is ${total}`)
      const { fileBytes } = termsOf(trace, index)
      if (total > fileBytes) return exercised(`${total} delivered of ${fileBytes}`)
      return isReport(moment) ? exercised(null) : NOT_EXERCISED
    }),
}

export const scheduleInvariants: readonly Invariant[] = [
  pause,
  schedule,
  segmentCap,
  upfront,
  progress,
]
