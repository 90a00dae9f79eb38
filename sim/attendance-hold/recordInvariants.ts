/**
 * Claims about what webhooks do to a hold: forged ones nothing, copies nothing.
 */
import { presenceSeconds } from '../../models/attendance-hold/attendanceReducer.ts'
import { VACUOUS } from '../world/worldInvariant.ts'
import * as truth from './truth.ts'
import type { WorldInvariant } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

type Step = WorldRun['steps'][number]

function accepted({ steps }: WorldRun, action: string): readonly Step[] {
  return steps.filter(({ planned, outcome }) => outcome.accepted && planned.action === action)
}

/** Seconds that the call platform, the terms or the attestor's own patience can account for. */
function knownSeconds(run: WorldRun): ReadonlySet<number> {
  const told = run.events.filter(({ arrivedMs }) => arrivedMs !== null)
  const bookedEnd = run.startsAtSeconds + truth.seconds(run, 'sessionSeconds')
  return new Set([...told.map(({ atSeconds }) => atSeconds), run.startsAtSeconds, bookedEnd])
}

/** as-described: what a step told has no event of the call platform behind it. */
function isInvented(run: WorldRun, { planned, includedMs }: Step): boolean {
  const { kind, at } = planned.args
  return !run.events.some((event) => {
    const isSame = event.kind === `participant_${kind}` && event.atSeconds === at
    return isSame && event.who === 'student' && (event.arrivedMs ?? includedMs + 1) <= includedMs
  })
}

function forgedRecord(run: WorldRun, step: Step): string | null {
  const { attestation, joinedAt, leftAt, kind, at } = step.planned.args
  if (run.policy === 'as-described') {
    return isInvented(run, step) ? `the student '${kind}' at ${at}, which nobody noticed` : null
  }
  if (attestation !== 'genuine') return `a record with ${attestation} attestation was accepted`
  const known = knownSeconds(run)
  const isKnown = known.has(joinedAt as number) && known.has(leftAt as number)
  return isKnown ? null : `presence from ${joinedAt} to ${leftAt}, which nobody noticed`
}

function forgedFinish(run: WorldRun, { planned, includedMs }: Step): string | null {
  const { attestation, endedAt } = planned.args
  if (run.policy === 'as-described') {
    const isOwn = planned.by === run.agreements[0]?.roles.teacher
    const isTold = (run.milestones.finishToldMs ?? includedMs + 1) <= includedMs
    return isOwn || isTold ? null : 'finished before anybody told that it was over'
  }
  if (attestation !== 'genuine') return `an end with ${attestation} attestation was accepted`
  const isKnown = knownSeconds(run).has(endedAt as number)
  return isKnown ? null : `ended at ${endedAt}, which nobody noticed`
}

const forged: WorldInvariant = {
  id: 'INV-W-FORGED',
  statement:
    'Nothing counts but what the call platform itself has told: a forged webhook or attestation ' +
    'moves nothing.',
  formula: 'accepted record or end ⇒ attested, and each of its seconds was told by the platform',
  witness: 'a forged webhook or attestation that was presented',
  judge(run) {
    const isForged = ({ planned }: Step) => {
      const { attestation } = planned.args
      return attestation !== undefined && attestation !== 'genuine'
    }
    const witnesses = run.forgedCount + run.steps.filter(isForged).length
    for (const step of accepted(run, 'recordAttendance')) {
      const evidence = forgedRecord(run, step)
      if (evidence !== null) return { witnesses, violation: { atMs: step.includedMs, evidence } }
    }
    for (const step of accepted(run, 'finishSession')) {
      const evidence = forgedFinish(run, step)
      if (evidence !== null) return { witnesses, violation: { atMs: step.includedMs, evidence } }
    }
    return { witnesses, violation: null }
  },
}

/** as-described: what is attended after some records, each of which overwrites. */
function attendedBy(steps: readonly Step[]): number {
  let [joinedAt, attended] = [0, 0]
  for (const { planned } of steps) {
    const at = planned.args.at as number
    if (planned.args.kind === 'joined') joinedAt = at
    else if (joinedAt > 0) attended = Math.max(0, at - joinedAt)
  }
  return attended
}

function withoutCopies(steps: readonly Step[]): readonly Step[] {
  const seen = new Set<string>()
  return steps.filter(({ planned }) => {
    const key = `${planned.args.kind} ${planned.args.at}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** What is attended when each record counts once. */
function attendedOnce({ policy }: WorldRun, steps: readonly Step[]): number {
  if (policy === 'as-described') return attendedBy(withoutCopies(steps))
  const spans = steps.map(({ planned }) => ({
    joinedAtSeconds: planned.args.joinedAt as number,
    leftAtSeconds: planned.args.leftAt as number,
  }))
  const isApart = spans.every(
    ({ joinedAtSeconds }, at) => joinedAtSeconds >= (spans[at - 1]?.leftAtSeconds ?? 0),
  )
  return isApart ? presenceSeconds(spans) : -1
}

const eventOnce: WorldInvariant = {
  id: 'INV-W-EVENT-ONCE',
  statement:
    'A webhook counts once, however often it is delivered, and so does a second of presence.',
  formula: 'attended = attended without copies (hardened: Σ of disjoint records)',
  witness: 'a webhook that reached the attestor more than once, with something recorded',
  judge(run) {
    const steps = accepted(run, 'recordAttendance')
    const copies = run.events.filter(({ arrivals }) => arrivals > 1).length
    if (steps.length === 0 || copies === 0) return VACUOUS
    const { attendedSeconds } = run.endState
    const due = attendedOnce(run, steps)
    const evidence = `${attendedSeconds} s are attended, without copies it is ${due} s`
    const violation =
      due === attendedSeconds ? null : { atMs: run.milestones.recordedMs ?? 0, evidence }
    return { witnesses: copies, violation }
  },
}

export const recordInvariants: readonly WorldInvariant[] = [forged, eventOnce]
