/**
 * Throttled timers: what a hidden tab does to the timers that are set in it.
 *
 * While such a fault is on, timers go off only at whole multiples of its period (of true time), all
 * timers of the participant together; the end of the fault lets those go off that are overdue.
 */
import { type Fault, type FaultPlan, faultEndMs } from '../faults/fault.ts'
import type { FaultLookup } from '../faults/faultLookup.ts'

export interface Throttle {
  /** True time at which a timer that is due at `dueMs` goes off. */
  delayed(actor: string, timer: string, dueMs: number): number
}

const FREE: Throttle = { delayed: (_actor, _timer, dueMs) => dueMs }

function delayedBy(fault: Fault, dueMs: number): number {
  const tickMs = Math.ceil(dueMs / fault.magnitude) * fault.magnitude
  return Math.min(tickMs, faultEndMs(fault))
}

/** The throttle of one run; costs nothing in runs without such a fault. */
export function createThrottle(plan: FaultPlan, faults: FaultLookup): Throttle {
  if (!plan.some(({ kind }) => kind === 'timer-throttle')) return FREE
  const delayed = (actor: string, timer: string, dueMs: number): number => {
    const now = [actor, `${actor}.${timer}`].flatMap((target) => {
      const fault = faults.active('timer-throttle', target, dueMs)
      return fault === undefined ? [] : [delayedBy(fault, dueMs)]
    })
    const laterMs = Math.max(dueMs, ...now)
    // Until no fault has anything against this time.
    return laterMs === dueMs ? dueMs : delayed(actor, timer, laterMs)
  }
  return { delayed }
}
