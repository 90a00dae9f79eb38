/**
 * What participants of matchmaking ask of the contract, with the arguments of the step.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { type Action, type Intent, type Quote, TUTORS } from './actors.ts'

/** A call without arguments; `round` tells those apart that are wanted anew. */
export function plainIntent(action: Action, request: number, round: number | string = 0): Intent {
  return { action, key: `${action}:${request}:${round}`, args: {}, agreement: request }
}

export function proposeIntent(request: number, tutor: number, round: string): Intent {
  const args = { tutor: TUTORS[tutor] as string }
  return { ...plainIntent('propose', request, `${tutor}:${round}`), args }
}

/** Brings a tutor's quote; as described the tutor says its rate itself. */
export function acceptIntent(policy: Policy, request: number, quote: Quote): Intent {
  const { rateUnits, expirySeconds, nonce, tutor } = quote
  const plain = plainIntent('accept', request, `${tutor}:${nonce}`)
  if (policy === 'as-described') return { ...plain, args: { rateUnits } }
  const args = { rateUnits, expiry: expirySeconds, nonce, quote: 'genuine' }
  return { ...plain, args: { ...args, tutor: TUTORS[tutor] as string } }
}

export function consumeIntent(
  request: number,
  round: number,
  args: { readonly student: string; readonly rateUnits: bigint },
): Intent {
  return { ...plainIntent('consume', request, round), args }
}

export function completeIntent(request: number, round: number, billedSeconds: number): Intent {
  return { ...plainIntent('complete', request, round), args: { billedSeconds } }
}

export function rateIntent(request: number, score: number): Intent {
  return { ...plainIntent('rate', request), args: { score } }
}

export function reduceIntent(request: number, capUnits: bigint): Intent {
  return { ...plainIntent('reduceCap', request, String(capUnits)), args: { capUnits } }
}

export function bookIntent(request: number, atSeconds: number): Intent {
  return { ...plainIntent('book', request, atSeconds), args: { at: atSeconds } }
}

/** Which action and request a key of a wallet is about. */
export function ofKey(key: string): { readonly action: string; readonly request: number } {
  const [action = '', request] = key.split(':')
  return { action, request: Number(request) }
}
