/**
 * What a canary is: a contract that is broken on purpose, and the claim that must notice.
 *
 * A claim that holds on the sound contract proves little unless the same campaign finds it violated
 * on one that is broken in the way the claim speaks of. A canary that is missed is a hole in the
 * workbench, reported as inconclusive and never as green.
 */

/** Which mechanism a canary was derived from; it takes the same constructor arguments. */
export type CanaryPolicy = 'as-described' | 'hardened'

export interface Canary {
  /** Kebab-case form of `contract`; names the canary on the command line and in reports. */
  readonly id: string
  /** Solidity contract, as `compileCanaries` names it. */
  readonly contract: string
  readonly policy: CanaryPolicy
  /** The invariant that must be found violated; others may be as well. */
  readonly caughtBy: `INV-${string}`
  /** What is broken, one clause. */
  readonly summary: string
}
