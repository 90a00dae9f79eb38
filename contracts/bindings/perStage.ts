/**
 * Work that is the same for every run on one stage, done once; who and what has which address.
 *
 * A testbed hands out one object for each stage, so the object itself is the key. Whatever is kept
 * goes when the stage goes.
 */
import type { Address } from 'viem'
import { assert } from '../../models/kit/error.ts'
import { ESCROW } from '../../models/kit/trace.ts'
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

/** Address of a participant or of the contract under test. */
export function addressOn(stage: Stage, name: string | undefined): Address {
  const address = name === ESCROW ? stage.escrow : stage.accounts[name ?? '']
  assert(address !== undefined, `participant ${name} has an address`)
  return address
}

/** Address of a kind of test token. */
export function tokenOn(stage: Stage, kind: string): Address {
  const token = stage.tokens[kind]
  assert(token !== undefined, `token ${kind} is deployed`)
  return token
}
