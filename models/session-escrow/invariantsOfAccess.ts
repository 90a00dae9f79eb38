/**
 * Claims about who may do what: single use, binding of signatures, consent, harmless strangers.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { exercised, judgeSteps, type Moment, NOT_EXERCISED } from '../invariants/judging.ts'
import type { Datum } from '../kit/trace.ts'
import { factsAt, startedAtSeconds } from './oracle.ts'
import { sharesAt } from './standing.ts'

const singleUse: Invariant = {
  id: 'INV-SINGLE-USE',
  statement: 'A session id is funded once.',
  formula: '#accepted deposits ≤ 1',
  witness: 'a second deposit that was refused',
  judge: (trace) =>
    judgeSteps(trace, ({ step, stepIndex, index }) => {
      if (step.planned.action !== 'deposit') return NOT_EXERCISED
      const { depositCount } = factsAt(trace, stepIndex, index)
      if (depositCount > 1) return exercised(`the id was funded ${depositCount} times`)
      const refused = !step.observed.outcome.accepted && depositCount === 1
      return refused ? exercised(null) : NOT_EXERCISED
    }),
}

/** Kind of a presented ping, or null when none was presented. */
function pingKind(ping: Datum | undefined): Datum | undefined {
  return typeof ping === 'object' && ping !== null ? ping.kind : null
}

const binding: Invariant = {
  id: 'INV-BINDING',
  statement: 'A forged, foreign, altered or crossed ping never moves the bill.',
  formula: 'stop accepted ⇒ every presented ping is signed by its side for this session',
  witness: 'a stop with such a ping, presented while it could have counted',
  policies: ['hardened'],
  judge: (trace) =>
    judgeSteps(trace, ({ step, viewBefore }) => {
      const { action, args } = step.planned
      if (action !== 'stop') return NOT_EXERCISED
      const kinds = [pingKind(args.studentPing), pingKind(args.tutorPing)]
      const bad = kinds.find((kind) => kind !== null && kind !== 'genuine')
      if (bad === undefined) return NOT_EXERCISED
      if (step.observed.outcome.accepted) return exercised(`a ${String(bad)} ping was accepted`)
      const counted = viewBefore.state === 'Active' || viewBefore.state === 'Stopping'
      return counted ? exercised(null) : NOT_EXERCISED
    }),
}

const consent: Invariant = {
  id: 'INV-CONSENT',
  statement: 'No session runs before both its parties have joined.',
  formula: 'Active ⇒ both joined; startedAt = time of the later join',
  witness: 'a session that became Active',
  judge: (trace) =>
    judgeSteps(trace, ({ stepIndex, index, viewBefore, viewAfter }) => {
      if (viewAfter.state !== 'Active' || viewBefore.state === 'Active') return NOT_EXERCISED
      const start = startedAtSeconds(factsAt(trace, stepIndex, index))
      if (start === null) return exercised('Active although not both parties have joined')
      const shown = viewAfter.figures.startedAt
      return exercised(
        shown === BigInt(start) ? null : `startedAt ${shown}, both joined at ${start}`,
      )
    }),
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
  const { action } = step.planned
  const outsider = step.role === 'stranger' || step.role === 'platform' || step.role === 'relayer'
  if (!outsider) return NOT_EXERCISED
  const ownClaim = action === 'claim' && step.role === 'platform'
  if (!step.observed.outcome.accepted || ownClaim) return exercised(null)
  const { other } = sharesAt(trace, stepIndex, index, viewAfter)
  if (other > 0n) return exercised(`${other} units went to somebody without a share`)
  return exercised(undue(moment))
}

/** Why an outsider's accepted call was not due, or null when it was. */
function undue({ trace, step, stepIndex, index, viewBefore }: Moment): string | null {
  const { action, atSeconds } = step.planned
  const facts = factsAt(trace, stepIndex, index)
  const who = `a ${step.role}`
  switch (action) {
    case 'settle':
      return viewBefore.state === 'Stopping' ? null : `${who} settled in ${viewBefore.state}`
    case 'cancel': {
      const window = trace.parameters.startWindowSeconds as number
      const until = (facts.fundedAtSeconds ?? 0) + window
      if (viewBefore.state !== 'Funded') return `${who} cancelled in ${viewBefore.state}`
      return atSeconds > until ? null : `${who} cancelled at ${atSeconds}, window until ${until}`
    }
    case 'stop': {
      if (step.role === 'relayer') return null
      const rate = trace.agreements[index]?.terms.ratePerSecondUnits as bigint
      const elapsed = BigInt(atSeconds - (startedAtSeconds(facts) ?? atSeconds))
      const leftUnits = facts.depositedUnits - (elapsed + 1n) * rate
      const running = leftUnits >= 0n
      return running ? `${who} stopped a session with ${leftUnits + rate} units to go` : null
    }
    default:
      return `${who} could ${action}`
  }
}

export const accessInvariants: readonly Invariant[] = [
  singleUse,
  binding,
  consent,
  strangerHarmless,
]
