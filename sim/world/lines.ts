/**
 * Which lines are up and which processes live at this moment, for participants with an access link.
 *
 * Kept up to date at the instants at which a fault begins or ends, so that asking costs nothing.
 * Everybody else stands in a data centre, whose lines do not fail.
 */
import type { FaultLookup } from '../faults/faultLookup.ts'

export interface Lines {
  /** Whether a participant reaches the others over a link that can fail. */
  hasLink(actor: string): boolean
  /** Whether a direction (for instance `student.up`) is up; true for those without a link. */
  isUp(direction: string): boolean
  /** Whether the process of a participant with a link lives. */
  isAlive(actor: string): boolean
  /** When both directions of a participant's link are next up, as far as is known now. */
  upAgainMs(actor: string, atMs: number): number
  /** To be called whenever a fault of a link or a process begins or ends. */
  refresh(atMs: number): void
}

/** Lines of one run, as the faults at time 0 have them. */
export function createLines(faults: FaultLookup, linked: readonly string[]): Lines {
  const alive: Record<string, boolean> = {}
  const up: Record<string, boolean> = {}
  const refresh = (atMs: number): void => {
    for (const actor of linked) {
      alive[actor] = faults.active('process-crash', actor, atMs) === undefined
      const isDown = faults.active('link-down', actor, atMs) !== undefined
      for (const direction of [`${actor}.up`, `${actor}.down`]) {
        up[direction] = !isDown && faults.active('link-down', direction, atMs) === undefined
      }
    }
  }
  refresh(0)
  return {
    refresh,
    hasLink: (actor) => linked.includes(actor),
    isUp: (direction) => up[direction] !== false,
    isAlive: (actor) => alive[actor] !== false,
    upAgainMs(actor, atMs) {
      const parts = [actor, `${actor}.up`, `${actor}.down`]
      const endMs = (fromMs: number) =>
        Math.max(...parts.map((part) => faults.endOf('link-down', part, fromMs)))
      let freeMs = atMs
      for (let nextMs = endMs(freeMs); nextMs > freeMs; nextMs = endMs(freeMs)) freeMs = nextMs
      return freeMs
    },
  }
}
