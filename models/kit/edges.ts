/**
 * The edges that a machine declares, read from its definition: what coverage is measured against.
 *
 * Names are those of `step`: `from|action|to` for a change and `from|action|!Error` for a refusal.
 */
import type { AnyStateMachine } from 'xstate'
import { edgeName } from './step.ts'

export interface DeclaredEdge {
  readonly name: string
  readonly from: string
  readonly action: string
  readonly to: string
  /** The named refusal, or null for an accepting edge. */
  readonly rejection: string | null
}

/** Every edge of a flat machine, each name once, in the order of the definition. */
export function declaredEdges(machine: AnyStateMachine): readonly DeclaredEdge[] {
  const edges = new Map<string, DeclaredEdge>()
  for (const state of Object.values(machine.root.states)) {
    for (const [action, transitions] of state.transitions) {
      for (const { target, actions } of transitions) {
        const from = state.key
        const rejection = rejectionOf(actions)
        const to = rejection === null ? (target?.[0]?.key ?? from) : from
        const name = edgeName(from, action, to, rejection)
        edges.set(name, { name, from, action, to, rejection })
      }
    }
  }
  return [...edges.values()]
}

function rejectionOf(actions: readonly unknown[]): string | null {
  for (const action of actions) {
    const { type, params } = action as { type?: string; params?: { error?: string } }
    if (type === 'reject') return params?.error ?? 'unnamed'
  }
  return null
}

/** Names of all states, in the order of the definition. */
export function declaredStates(machine: AnyStateMachine): readonly string[] {
  return Object.keys(machine.root.states)
}
