/**
 * One step of a lifecycle machine, as a pure function.
 *
 * XState's `transition()` returns the next snapshot and the actions that the machine *declares*;
 * nothing is performed. Here those actions become effects (transfers, logs) or one named rejection,
 * and the edge that was taken gets its name.
 */
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  initialTransition,
  transition,
} from 'xstate'
import { assert } from './error.ts'
import type { Scalar } from './trace.ts'

/** A transfer between roles (or the escrow, or a participant by id) that the machine declares. */
export interface DeclaredTransfer {
  readonly from: string
  readonly to: string
  readonly amountUnits: bigint
}

export interface DeclaredLog {
  readonly name: string
  readonly args: Readonly<Record<string, Scalar>>
}

export interface StepResult {
  readonly snapshot: AnyMachineSnapshot
  /** The named refusal, or null when the action was accepted. */
  readonly rejection: string | null
  readonly transfers: readonly DeclaredTransfer[]
  readonly logs: readonly DeclaredLog[]
  /** `from|action|to` or `from|action|!Error`. */
  readonly edge: string
}

/** Every machine event: who (as a role) does what, and in which second of block time. */
export interface LifecycleEvent {
  readonly type: string
  readonly by: string
  readonly atSeconds: number
}

/** What XState hands back for each declared action. */
interface DeclaredAction {
  readonly type: string
  readonly params: unknown
}

export function initialSnapshot(machine: AnyStateMachine, input: unknown): AnyMachineSnapshot {
  const [snapshot] = initialTransition(machine, input as never)
  return snapshot as AnyMachineSnapshot
}

/** Name of the state, with nested states joined by dots. */
export function stateName(snapshot: AnyMachineSnapshot): string {
  const { value } = snapshot
  if (typeof value === 'string') return value
  const parts: string[] = []
  let rest: unknown = value
  while (typeof rest === 'object' && rest !== null) {
    const [key, inner] = Object.entries(rest)[0] as [string, unknown]
    parts.push(key)
    rest = inner
  }
  if (typeof rest === 'string') parts.push(rest)
  return parts.join('.')
}

export function edgeName(from: string, action: string, to: string, rejection: string | null) {
  return `${from}|${action}|${rejection === null ? to : `!${rejection}`}`
}

/**
 * Takes one event. A machine must answer every event in every state: with a change, or with exactly
 * one `reject`.
 *
 * @throws MeterproofError `MP_INTERNAL_ASSERTION` when a machine both rejects and declares effects
 */
export function step(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: LifecycleEvent,
): StepResult {
  const [next, actions] = transition(machine, snapshot, event as never)
  const transfers: DeclaredTransfer[] = []
  const logs: DeclaredLog[] = []
  let rejection: string | null = null
  for (const { type, params } of actions as readonly DeclaredAction[]) {
    if (type === 'reject') {
      assert(rejection === null, `${event.type} is rejected once`)
      rejection = (params as { error: string }).error
    } else if (type === 'transfer') {
      const transfer = params as DeclaredTransfer
      if (transfer.amountUnits > 0n) transfers.push(transfer)
    } else if (type === 'emitLog') {
      logs.push(params as DeclaredLog)
    }
  }
  assert(rejection === null || transfers.length + logs.length === 0, 'a rejection has no effects')
  const from = stateName(snapshot)
  const to = stateName(next as AnyMachineSnapshot)
  assert(rejection === null || from === to, 'a rejection leaves the state as it was')
  const edge = edgeName(from, event.type, to, rejection)
  return { snapshot: next as AnyMachineSnapshot, rejection, transfers, logs, edge }
}
