/**
 * Calls of the contract that participants want, as steps of the schedule have them.
 */
import type { Intent } from './actors.ts'

/** A call without arguments. */
export function plainIntent(
  action: 'open' | 'confirm' | 'complete' | 'cancel',
  agreement = 0,
): Intent {
  const key = agreement === 0 ? action : `${action}:${agreement}`
  return { action, key, args: {}, agreement }
}

/** A report; a higher one under the same key is another payload. */
export function reportIntent(seeder: number, bytes: number): Intent {
  const args = { seeder, bytes: BigInt(bytes) }
  return { action: 'reportProgress', key: `report:${seeder}`, args, payloadKey: String(bytes) }
}

/** hardened: the payment of a checkpoint, for the first time or again. */
export function payIntent(
  action: 'pay' | 'retryPayment',
  { checkpoint, amountUnits }: { readonly checkpoint: number; readonly amountUnits: bigint },
  agreement = 0,
): Intent {
  const key = `${action}:${agreement}:${checkpoint}`
  const args = { checkpoint, amountUnits }
  return { action, key, args, payloadKey: String(amountUnits), agreement }
}

/** as-described: a reference, what it is said to pay and what is really sent. */
export function payOnTrustIntent(
  checkpoint: number,
  args: {
    readonly reference: bigint
    readonly amountUnits: bigint
    readonly sentUnits: bigint
  },
  agreement = 0,
): Intent {
  const payloadKey = `${args.amountUnits}:${args.sentUnits}`
  return { action: 'pay', key: `pay:${agreement}:${checkpoint}`, args, payloadKey, agreement }
}

export function claimIntent(to: string): Intent {
  return { action: 'claim', key: 'claim', args: { to } }
}
