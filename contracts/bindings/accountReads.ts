/**
 * Reading the accounts that a contract keeps over several agreements: by token, in the order of the
 * protocol's list.
 */
import type { Hex } from 'viem'
import type { Accounts } from '../../models/kit/trace.ts'
import { uintAt } from './abi.ts'
import type { Observed, Stage, ViewCall } from './binding.ts'
import { perStage } from './perStage.ts'
import { sameWords } from './structs.ts'

export interface AccountReads {
  readonly views: readonly ViewCall[]
  /** Accounts from the observation's words, starting at word `fromWord`. */
  accounts(words: Hex, fromWord: number, previous: Observed | null): Accounts
}

/**
 * A reader of one contract's accounts.
 *
 * @param names of all accounts, for instance `earnings:host0` and `treasury`
 * @param viewOf how one of them is read in one kind of token
 */
export function accountReader(
  names: readonly string[],
  viewOf: (stage: Stage, name: string, kind: string) => ViewCall,
): (stage: Stage, kinds: readonly string[]) => AccountReads {
  const viewsByKindOn = perStage((stage) => {
    const views = (kind: string) => names.map((name) => viewOf(stage, name, kind))
    const kinds = Object.keys(stage.tokens)
    return new Map(kinds.map((kind): [string, readonly ViewCall[]] => [kind, views(kind)]))
  })
  return (stage, kinds) => ({
    views: kinds.flatMap((kind) => viewsByKindOn(stage).get(kind) ?? []),
    accounts: (words, fromWord, previous) => {
      const count = kinds.length * names.length
      const kept = previous?.view.accounts
      if (previous && kept && sameWords(previous.words, words, fromWord, count)) return kept
      const unitsAt = (kindIndex: number, index: number) =>
        uintAt(words, fromWord + kindIndex * names.length + index)
      return Object.fromEntries(
        kinds.map((kind, kindIndex) => [
          kind,
          Object.fromEntries(names.map((name, index) => [name, unitsAt(kindIndex, index)])),
        ]),
      )
    },
  })
}
