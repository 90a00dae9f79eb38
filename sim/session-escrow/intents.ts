/**
 * What participants of a session ask of the contract, with the arguments of the step, and what they
 * tell the record about it.
 */
import { type Datum, ELSEWHERE } from '../../models/kit/trace.ts'
import type { Action, Effect, Evidence, Intent, Ping, StopReason } from './actors.ts'

/** A call without arguments. */
export function plainIntent(action: Action): Intent {
  return { action, key: action, args: {} }
}

export function amountIntent(action: 'deposit' | 'topUp', amountUnits: bigint): Intent {
  return { action, key: action, args: { amountUnits } }
}

export function claimIntent(): Intent {
  return { action: 'claim', key: 'claim', args: { to: ELSEWHERE } }
}

function pingArgument(ping: Ping | null): Datum {
  if (ping === null) return null
  const { sequence, atSeconds, kind } = ping
  return { sequence, atSeconds: BigInt(atSeconds), kind }
}

/** A stop with evidence; newer evidence under the same key is another payload. */
export function stopIntent(key: string, { student, tutor }: Evidence): Intent {
  const args = { studentPing: pingArgument(student), tutorPing: pingArgument(tutor) }
  const payloadKey = `${student?.sequence ?? 0}/${tutor?.sequence ?? 0}`
  return { action: 'stop', key, args, payloadKey }
}

export function stageMark(stage: 'detected' | 'commanded' | 'ended', reason: StopReason): Effect {
  return { kind: 'mark', mark: { kind: 'stage', stage, reason } }
}
