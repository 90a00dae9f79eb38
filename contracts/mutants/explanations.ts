/**
 * The explained mutants of all protocols. A protocol that needs none has no line here.
 */
import type { Explanation } from './explanation.ts'

const explanations: Readonly<Record<string, readonly Explanation[]>> = {}

/** Why mutants of a protocol's contracts may live. */
export function explanationsOf(protocol: string): readonly Explanation[] {
  return explanations[protocol] ?? []
}
