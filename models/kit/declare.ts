/**
 * What lifecycle machines declare, and the shapes in which they declare it.
 *
 * Every machine has the same four actions, performed by nobody; every refusal is a transition that
 * only rejects; every payout is a push that, if the token does not pay, becomes a claim. Which
 * refusals there are and in which order is the machine's business.
 */
import type { DeclaredLog, DeclaredPosting, DeclaredTransfer } from './step.ts'

/** For `setup({ actions })` of every machine. */
export const declaredActions = {
  reject: (_: unknown, _params: { error: string }) => {},
  transfer: (_: unknown, _params: DeclaredTransfer) => {},
  post: (_: unknown, _params: DeclaredPosting) => {},
  emitLog: (_: unknown, _params: DeclaredLog) => {},
}

/** A transition that refuses by name. */
export function reject(error: string) {
  return { actions: { type: 'reject' as const, params: { error } } }
}

/** A transition that refuses by name when the guard holds. */
export function rejectIf<Told>(guard: (told: Told) => boolean, error: string) {
  return { guard, ...reject(error) }
}

/**
 * A participant by its own name, in a transfer or a log. Needed only where participants bear the
 * names of roles, as `seeder0`, who may play the role `seeder3`.
 */
export function ownName(participant: string): string {
  return `${OWN_NAME_MARK}${participant}`
}

/** The participant that `ownName` has marked, or null for any other name. */
export function markedName(name: string): string | null {
  return name.startsWith(OWN_NAME_MARK) ? name.slice(OWN_NAME_MARK.length) : null
}

const OWN_NAME_MARK = '='

/** A payout on its way to its owner. */
export interface Push<Owner extends string> {
  readonly owner: Owner
  readonly amountUnits: bigint
  /** Whether it arrives; the owner claims it otherwise. */
  readonly paid: boolean
}

/**
 * What becomes of payouts that are pushed one after the other; those of nothing are left out.
 *
 * @param heldUnits what the contract holds before the first, in base units; absent when the books
 * of the protocol guarantee that it is enough
 */
export function pushesOf<Owner extends string>(
  shares: readonly (readonly [owner: Owner, amountUnits: bigint])[],
  pays: Readonly<Record<Owner, boolean>> | undefined,
  heldUnits?: bigint,
): readonly Push<Owner>[] {
  let leftUnits = heldUnits
  return shares.flatMap(([owner, amountUnits]) => {
    if (amountUnits === 0n) return []
    const covered = leftUnits === undefined || leftUnits >= amountUnits
    const paid = covered && pays?.[owner] === true
    if (paid && leftUnits !== undefined) leftUnits -= amountUnits
    return [{ owner, amountUnits, paid }]
  })
}

/** The claims after the pushes: what did not arrive is added. */
export function claimsAfter<Owner extends string>(
  claims: Readonly<Record<Owner, bigint>>,
  pushes: readonly Push<Owner>[],
): Readonly<Record<Owner, bigint>> {
  const after: Record<Owner, bigint> = { ...claims }
  for (const { owner, amountUnits, paid } of pushes) if (!paid) after[owner] += amountUnits
  return after
}

type PushEffect =
  | { readonly type: 'transfer'; readonly params: DeclaredTransfer }
  | { readonly type: 'emitLog'; readonly params: DeclaredLog }

/** What a push declares: the transfer, or the event that it is deferred. */
export function pushEffect({ owner, amountUnits, paid }: Push<string>): PushEffect {
  if (paid) return { type: 'transfer', params: { from: 'escrow', to: owner, amountUnits } }
  return { type: 'emitLog', params: { name: 'PaymentDeferred', args: { owner, amountUnits } } }
}
