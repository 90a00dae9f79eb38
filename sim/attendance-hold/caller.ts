/**
 * How anybody in this world gets calls included: wishes, each with the second from which on the
 * contract takes it; the first that is due by one's own clock is pursued.
 *
 * One that was refused as too early waits for as long as the newest block says. Who only waits is
 * woken at the next of these seconds.
 */
import type { Moment } from '../world/actors.ts'
import { heldUntilMs, isReached, wakeFor } from '../world/ownClock.ts'
import { backOff, EMPTY_WALLET, pursue, type Wallet } from '../world/wallet.ts'
import type { Effect, Effects, HoldView, Intent } from './actors.ts'

export interface Wish {
  readonly intent: Intent
  readonly fromSeconds: number
}

export interface Caller {
  readonly wallet: Wallet
  readonly wakesMs: number
  /** A call that was refused as too early, and until when (monotonic) it waits. */
  readonly held: { readonly key: string; readonly untilMs: number }
}

export const INITIAL_CALLER: Caller = {
  wallet: EMPTY_WALLET,
  wakesMs: 0,
  held: { key: '', untilMs: 0 },
}

/** A wish that can be pursued at any time. */
export function atOnce(intent: Intent): Wish {
  return { intent, fromSeconds: 0 }
}

function dueWish({ held }: Caller, wishes: readonly Wish[], now: Moment): Wish | null {
  const isDue = ({ intent, fromSeconds }: Wish) => {
    const isHeld = held.key === intent.key && now.monotonicMs < held.untilMs
    return isReached(fromSeconds, now) && !isHeld
  }
  return wishes.find(isDue) ?? null
}

/** What somebody wants of the chain, in order of preference, and other seconds to be woken at. */
export interface Plan {
  readonly wishes: readonly Wish[]
  readonly wakes?: readonly number[]
}

/** Pursues the first wish that is due. */
export function seek(
  before: Caller,
  view: HoldView,
  { wishes, wakes: others = [] }: Plan,
  now: Moment,
  resendAfterMs: number,
): readonly [Caller, Effects] {
  const { monotonicMs } = now
  let caller = before
  let wish = dueWish(caller, wishes, now)
  const effects: Effect[] = []
  if (wish !== null) {
    const { intent, fromSeconds } = wish
    const untilMs = heldUntilMs({ wallet: caller.wallet, view, intent, fromSeconds }, now)
    if (untilMs > 0) {
      caller = { ...caller, held: { key: intent.key, untilMs } }
      effects.push({ kind: 'timer', name: 'wake', afterMs: untilMs - monotonicMs })
      wish = dueWish(caller, wishes, now)
    }
  }
  const seconds = [...wishes.map(({ fromSeconds }) => fromSeconds), ...others]
  const [wakesMs, wakes] = wakeFor(caller.wakesMs, seconds, now)
  const [wallet, sends] = pursue({
    ...{ wallet: caller.wallet, intent: wish?.intent ?? null, monotonicMs },
    ...{ nonce: view.nonce, resendAfterMs },
  })
  const isSame = wallet === caller.wallet && wakesMs === caller.wakesMs
  if (!isSame) caller = { ...caller, wallet, wakesMs }
  return [caller, [...effects, ...wakes, ...sends]]
}

/** The node answered with an error: the same again after a pause. */
export function failed(caller: Caller, { monotonicMs }: Moment): readonly [Caller, Effects] {
  const [wallet, timers] = backOff(caller.wallet, monotonicMs, caller.wallet.failures)
  return [{ ...caller, wallet }, timers]
}
