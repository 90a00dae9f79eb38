/**
 * One step of a lifecycle machine, as a pure function.
 *
 * XState gives the next snapshot and the actions that the machine *declares*; nothing is performed.
 * Here those actions become effects (transfers, logs) or one named rejection, and the edge that was
 * taken gets its name.
 *
 * XState's `transition()` makes an actor for each call, which costs several times the transition
 * itself, so one actor of each machine is kept; and a transition that only rejects leaves the
 * snapshot as it is, so it is not performed at all. A test holds both equal to `transition()`.
 */
import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
} from 'xstate'
import { assert } from './error.ts'
import type { Scalar } from './trace.ts'

/** A transfer between roles (or the escrow, or a participant by id) that the machine declares. */
export interface DeclaredTransfer {
  readonly from: string
  readonly to: string
  readonly amountUnits: bigint
}

/** A change of one of the contract's accounts that the machine declares. */
export interface DeclaredPosting {
  /** As in `Protocol.accounts`, or with a role in place of the participant. */
  readonly account: string
  /** Positive for a credit, negative for a debit. */
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
  readonly postings: readonly DeclaredPosting[]
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

interface Interpreter {
  readonly initial: (input: unknown) => AnyMachineSnapshot
  /** Takes one event and notes the declared actions in `declared`. */
  readonly next: (
    snapshot: AnyMachineSnapshot,
    event: LifecycleEvent,
    declared: DeclaredAction[],
  ) => AnyMachineSnapshot
}

const interpreters = new WeakMap<AnyStateMachine, Interpreter>()

function interpreterOf(machine: AnyStateMachine): Interpreter {
  const known = interpreters.get(machine)
  if (known !== undefined) return known
  const interpreter = createInterpreter(machine)
  interpreters.set(machine, interpreter)
  return interpreter
}

/** An actor that is never started: it stands for "self" where nothing is performed. */
function createInterpreter(machine: AnyStateMachine): Interpreter {
  const self = createActor(machine)
  const ignore = () => {}
  const scopeWith = (actionExecutor: AnyActorScope['actionExecutor']): AnyActorScope => ({
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: ignore,
    defer: ignore,
    stopChild: ignore,
    emit: ignore,
    actionExecutor,
  })
  return {
    initial: (input) => machine.getInitialSnapshot(scopeWith(ignore), input) as AnyMachineSnapshot,
    next: (snapshot, event, declared) => {
      const scope = scopeWith(({ type, params }) => declared.push({ type, params }))
      return machine.transition(snapshot, event, scope) as AnyMachineSnapshot
    },
  }
}

/** The error when all that the machine does with this event is to reject it, else null. */
function mereRejection(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: LifecycleEvent,
): string | null {
  const [selected, ...others] = machine.getTransitionData(snapshot, event)
  if (selected === undefined || others.length > 0) return null
  const { target, actions } = selected
  const [only, ...further] = actions as readonly Partial<DeclaredAction>[]
  if (target !== undefined || only?.type !== 'reject' || further.length > 0) return null
  const { error } = only.params as { readonly error?: unknown }
  return typeof error === 'string' ? error : null
}

export function initialSnapshot(machine: AnyStateMachine, input: unknown): AnyMachineSnapshot {
  return interpreterOf(machine).initial(input)
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
  const from = stateName(snapshot)
  const refusal = mereRejection(machine, snapshot, event)
  if (refusal !== null) {
    const edge = edgeName(from, event.type, from, refusal)
    return { snapshot, rejection: refusal, transfers: [], postings: [], logs: [], edge }
  }
  const declared: DeclaredAction[] = []
  const next = interpreterOf(machine).next(snapshot, event, declared)
  const transfers: DeclaredTransfer[] = []
  const postings: DeclaredPosting[] = []
  const logs: DeclaredLog[] = []
  let rejection: string | null = null
  for (const { type, params } of declared) {
    if (type === 'reject') {
      assert(rejection === null, `${event.type} is rejected once`)
      rejection = (params as { error: string }).error
    } else if (type === 'transfer') {
      const transfer = params as DeclaredTransfer
      if (transfer.amountUnits > 0n) transfers.push(transfer)
    } else if (type === 'post') {
      const posting = params as DeclaredPosting
      if (posting.amountUnits !== 0n) postings.push(posting)
    } else if (type === 'emitLog') {
      logs.push(params as DeclaredLog)
    }
  }
  const effectCount = transfers.length + postings.length + logs.length
  assert(rejection === null || effectCount === 0, 'a rejection has no effects')
  const to = stateName(next)
  assert(rejection === null || from === to, 'a rejection leaves the state as it was')
  const edge = edgeName(from, event.type, to, rejection)
  return { snapshot: next, rejection, transfers, postings, logs, edge }
}
