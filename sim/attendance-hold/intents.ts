/**
 * What participants of a hold ask of the contract, with the arguments of the step.
 */
import type { forwarded, Presence } from '../../models/attendance-hold/attendanceReducer.ts'
import type { AttestationKind } from '../../models/attendance-hold/cast.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Action, Intent } from './actors.ts'

/** A call without arguments. */
export function plainIntent(action: Action, key: string = action): Intent {
  return { action, key, args: {} }
}

/** as-described: the attestor tells what it was told. */
export function toldIntent(key: string, told: NonNullable<ReturnType<typeof forwarded>>): Intent {
  const { action } = told
  if (action === 'finishSession') return plainIntent(action, key)
  return { action, key, args: { kind: told.kind, at: told.at } }
}

/** hardened: a signed span, as the record of this number. */
export function recordIntent(
  index: number,
  { joinedAtSeconds: joinedAt, leftAtSeconds: leftAt }: Presence,
  attestation: AttestationKind = 'genuine',
): Intent {
  const key = `record:${index}`
  const payloadKey = `${joinedAt}-${leftAt}`
  const args = { index, joinedAt, leftAt, attestation }
  return { action: 'recordAttendance', key, payloadKey, args }
}

/** hardened: the attested end of the session. */
export function finishIntent(endedAt: number, attestation: AttestationKind = 'genuine'): Intent {
  const args = { endedAt, attestation }
  return { action: 'finishSession', key: 'finish', args, payloadKey: String(endedAt) }
}

/** As described with the decision that somebody has made, hardened without. */
export function processIntent(policy: Policy, key: string, release: boolean): Intent {
  if (policy === 'hardened') return plainIntent('process', key)
  return { action: 'process', key, args: { release }, payloadKey: String(release) }
}

export function claimIntent(to: string): Intent {
  return { action: 'claim', key: 'claim', args: { to } }
}
