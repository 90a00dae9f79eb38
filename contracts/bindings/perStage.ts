/**
 * Work that is the same for every run on one stage, done once.
 *
 * A testbed hands out one object for each stage, so the object itself is the key. Whatever is kept
 * goes when the stage goes.
 */
import type { Stage } from './binding.ts'

/** As `make`, but at most once for each stage. */
export function perStage<Result>(make: (stage: Stage) => Result): (stage: Stage) => Result {
  const known = new WeakMap<Stage, { readonly result: Result }>()
  return (stage) => {
    const found = known.get(stage)
    if (found !== undefined) return found.result
    const result = make(stage)
    known.set(stage, { result })
    return result
  }
}
