/**
 * Whom faults may hit: a world declares its participants by what they are to faults.
 *
 * A kind of fault names a reach (`FAULT_KINDS`), never a participant, so that one list of kinds
 * serves every protocol. Order counts: draws choose by position.
 */

export interface FaultTargets {
  /** Participants who reach the others over a link of their own, on devices of their own. */
  readonly access: readonly string[]
  /** Participants with a process and a clock, those with access links among them. */
  readonly clocked: readonly string[]
  /** Participants who send transactions, each through its own node. */
  readonly senders: readonly string[]
  /** Those of `access` who send heartbeats as messages of their own. @defaultValue `access` */
  readonly heartbeats?: readonly string[]
  /** Senders who keep a queue of requests for others. @defaultValue none */
  readonly keepers?: readonly string[]
  /** Senders whom a given plan may hit, though no regime draws anything for them. */
  readonly guests?: readonly string[]
  /**
   * Participants, or single timers of them (`<actor>.<timer>`), that run in a tab that can be
   * hidden. @defaultValue none
   */
  readonly throttled?: readonly string[]
  /** Links that a final drop chooses from. @defaultValue all accesses and all their directions */
  readonly finalDrops?: readonly string[]
}

/** What a kind of fault can hit. */
export type FaultReach =
  | 'links'
  | 'heartbeats'
  | 'clocked'
  | 'senders'
  | 'keepers'
  | 'throttled'
  | 'chain'

/** The accesses and their directions, `<actor>.up` and `<actor>.down`. */
export function linksOf({ access }: FaultTargets): readonly string[] {
  return [...access, ...access.flatMap((actor) => [`${actor}.up`, `${actor}.down`])]
}

/** The names that a fault of this reach may bear as its target. */
export function targetsWithin(reach: FaultReach, targets: FaultTargets): readonly string[] {
  switch (reach) {
    case 'links':
      return linksOf(targets)
    case 'heartbeats':
      return targets.heartbeats ?? targets.access
    case 'clocked':
      return targets.clocked
    case 'senders':
      return [...targets.senders, ...(targets.guests ?? [])]
    case 'keepers':
      return targets.keepers ?? []
    case 'throttled':
      return targets.throttled ?? []
    case 'chain':
      return ['chain']
  }
}
