/**
 * Liveness as claims with deadlines: which party must be able to leave an agreement by its own
 * calls alone, and within which time, from whatever state can be reached.
 *
 * A protocol states each deadline as a formula in its parameters and terms. INV-EXIT judges every
 * exit against it, and an exploration looks for a way out that keeps it from every state.
 */
import {
  type Agreement,
  type AgreementView,
  ESCROW,
  type Parameters,
  type ParticipantId,
  type Policy,
  type Role,
  type WorldView,
} from './trace.ts'

/** From when on a party leaves, and on which terms. */
export interface Beginning {
  readonly parameters: Parameters
  readonly agreement: Agreement
  /** Second in which the party begins: that of the state from which it leaves. */
  readonly atSeconds: number
}

/** Longest time in which a party is out, if it begins now and nobody else does anything. */
export interface Deadline {
  /** In the names of parameters and terms; t is the second in which the party begins. */
  readonly formula: string
  seconds(beginning: Beginning): number
}

export interface Leaving {
  /** What reports call the party. */
  readonly party: string
  /** Roles of this party; that of its name when absent. */
  readonly roles?: readonly Role[]
  /** States that hold the party, at least one of its participants. */
  readonly stillIn: readonly string[]
  /** Whether a participant is the one who is held; everyone in the role when absent. */
  isHeld?(view: AgreementView, by: ParticipantId): boolean
  /** Figure with what the contract still owes to the party, of an agreement. */
  claimOf?(role: Role): string
  /** Account over several agreements with what the contract owes to the party. */
  accountOf?(by: ParticipantId): string
  readonly deadline: Readonly<Record<Policy, Deadline>>
}

/** An agreement as one of its participants sees it. */
export interface Seat {
  readonly view: WorldView
  readonly agreement: Agreement
  /** Place of the agreement in the view. */
  readonly index: number
  readonly by: ParticipantId
  readonly role: Role
}

/** A deadline of no time: the party is out with its first call. */
export const AT_ONCE: Deadline = { formula: '0', seconds: () => 0 }

/** The claim about who plays this role, or null when nothing is promised to it. */
export function leavingOf(all: readonly Leaving[], role: Role): Leaving | null {
  return all.find(({ party, roles = [party] }) => roles.includes(role)) ?? null
}

/** Whether the state of the agreement holds the party. */
export function isStillIn({ stillIn, isHeld }: Leaving, { view, index, by }: Seat): boolean {
  const own = view.agreements[index] as AgreementView
  return stillIn.includes(own.state) && (isHeld === undefined || isHeld(own, by))
}

/** Base units that the contract owes to the party by its own figures. */
export function owedUnits(leaving: Leaving, { view, agreement, index, by, role }: Seat): bigint {
  const { claimOf, accountOf } = leaving
  const figures = view.agreements[index]?.figures
  const claimed = claimOf === undefined ? 0n : (figures?.[claimOf(role)] ?? 0n)
  if (accountOf === undefined) return claimed
  return claimed + (view.accounts?.[agreement.token]?.[accountOf(by)] ?? 0n)
}

/** Whether the agreement is over for the party, with all that it is owed. */
export function isOut(leaving: Leaving, seat: Seat): boolean {
  return !isStillIn(leaving, seat) && owedUnits(leaving, seat) === 0n
}

/** Base units of the agreement's token that the contract holds, of this agreement and others. */
export function heldUnits({ view, agreement }: Pick<Seat, 'view' | 'agreement'>): bigint {
  return view.balances[agreement.token]?.[ESCROW] ?? 0n
}
