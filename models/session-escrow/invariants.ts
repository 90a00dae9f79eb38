import type { Invariant } from '../invariants/invariant.ts'
export const sessionEscrowInvariants: readonly Invariant[] = []
