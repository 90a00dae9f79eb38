/**
 * What calls have answered, in the machine's words: by which name they were refused, which tokens
 * moved, which events the contract under test has emitted, what a re-entrant token has tried.
 */
import type { Hex } from 'viem'
import { errorName } from './abi.ts'
import type { Arming } from './arming.ts'
import type { RunBinding, Stage } from './binding.ts'
import type { EventReader } from './eventLogs.ts'
import { decodeTokenTransfers, type TokenReads } from './tokenReads.ts'

/** The half of a run's binding that understands results. */
export function answersOf(options: {
  readonly stage: Stage
  /** Error names by selector. */
  readonly errors: ReadonlyMap<string, string>
  readonly tokens: TokenReads
  /** Ids of the run's agreements, by index. */
  readonly ids: readonly Hex[]
  readonly readEvent: EventReader
  /** Of a protocol whose contract moves tokens. */
  readonly armed?: Arming
}): Pick<RunBinding, 'outcome' | 'effects'> {
  const { stage, errors, tokens, ids, readEvent, armed } = options
  return {
    outcome: ({ ok, returnData }) => ({
      accepted: ok,
      error: ok ? null : errorName(errors, returnData),
    }),
    effects({ logs }) {
      const reentries = armed?.readReentries(logs, errors)
      return {
        transfers: decodeTokenTransfers(tokens, logs),
        logs: logs
          .filter(({ address }) => address.toLowerCase() === stage.escrow)
          .map((log) => readEvent(log, ids, tokens)),
        ...(reentries === undefined ? {} : { reentries }),
      }
    },
  }
}
