/**
 * What no check looks at in any protocol yet, as explanations that their mutants share. None of it
 * is equivalent: it counts as surviving.
 */
import type { Explanation } from './explanation.ts'

/** `nonReentrant` left out. */
export function guardGap(file: string): Explanation {
  return {
    ...{ file, operator: 'modifier', before: 'nonReentrant', after: '', equivalent: false },
    reason:
      'State changes before tokens are called, so that the guard is a second line, and the ' +
      're-entrant token of the campaigns makes one call from payouts only.',
  }
}

/** What a constructor refuses. */
export function constructorGap(file: string): Explanation {
  return {
    ...{ file, within: 'constructor', equivalent: false },
    reason: 'No campaign deploys a contract with parameters that its constructor refuses.',
  }
}

/** A view that works something out for users. */
export function readingGap(file: string, within: string): Explanation {
  return {
    ...{ file, within, equivalent: false },
    reason: 'A reading for users: no action uses it, and no campaign asks for it.',
  }
}
