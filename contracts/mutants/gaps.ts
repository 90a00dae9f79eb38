/**
 * What mutants of several protocols have in common, as explanations.
 */
import type { Explanation } from './explanation.ts'

/** `if (deferred > 0) claim += deferred;` done also when nothing was deferred. */
export function addsNothing(file: string, within: string): readonly Explanation[] {
  const change = { file, within, before: 'deferred > 0', equivalent: true }
  const reason = 'What was not deferred is zero, and adding it changes nothing.'
  return ['true', 'deferred >= 0'].map((after) => ({ ...change, after, reason }))
}

/** `share += deferred;` as `share = deferred;` where the share is still zero. */
export function firstShare(file: string, within: string, share: string): Explanation {
  return {
    ...{ file, within, before: `${share} += deferred`, after: `${share} = deferred` },
    equivalent: true,
    reason: 'It is pushed once, in the action that ends the agreement: nothing waited before.',
  }
}

/** Lines that say nothing in the policy as described. */
export function idle(
  place: Pick<Explanation, 'file' | 'within'>,
  befores: readonly string[],
  reason: string,
): readonly Explanation[] {
  return befores.map((before) => {
    return { ...place, policy: 'as-described', before, equivalent: true, reason }
  })
}

/** A reading that is zero before a beginning, without looking whether there was one. */
export function zeroAnyway(file: string, within: string, struct: string): readonly Explanation[] {
  const change = { file, within, equivalent: true }
  const reason = 'Before the beginning all that is added up is zero, and no block has the time 1.'
  return [
    { ...change, operator: 'boolean', after: `_${within}(${struct})`, reason },
    { ...change, operator: 'boundary', before: '0', after: '1', reason },
  ]
}
