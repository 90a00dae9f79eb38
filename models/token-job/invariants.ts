import type { Invariant } from '../invariants/invariant.ts'
export const tokenJobInvariants: readonly Invariant[] = []
