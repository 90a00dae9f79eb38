/**
 * What an explained mutant is: one that `meterproof mutate` lets live, and why that is no hole.
 *
 * An explanation is a claim like any other: one whose mutants are noticed after all is stale and is
 * reported. It names mutants by what was changed and where, not by line, so that it outlives edits
 * elsewhere in the file.
 */
import type { Policy } from '../../models/kit/trace.ts'

export interface Explanation {
  /** File without folders. */
  readonly file: string
  /** Policy under which it holds. @defaultValue any */
  readonly policy?: Policy
  /** Function around it, `constructor` or `state`. @defaultValue any */
  readonly within?: string
  /** Operators that it speaks of. @defaultValue any */
  readonly operator?: string
  /** Text that was replaced, and by what, each as one line. @defaultValue any */
  readonly before?: string
  readonly after?: string
  /**
   * Whether no call at all can tell the mutant from the contract. Such a mutant counts as
   * equivalent; any other one that is explained still counts as a survivor.
   */
  readonly equivalent: boolean
  /** One sentence. */
  readonly reason: string
}
