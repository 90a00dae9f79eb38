/**
 * The re-entrant test token: what it is armed with, and what it tells of it.
 *
 * It is armed with a call of every action that the contract guards, so that each of them is tried
 * from inside each movement of tokens. A token is nobody's participant and signs nothing, so behind
 * the guard most calls are refused all the same; by which name tells that it was not there.
 */
import { type Address, type Hex, toEventSelector } from 'viem'
import type { Agreement, PlannedStep, Reentry } from '../../models/kit/trace.ts'
import { reentrantTokenAbi } from '../generated.ts'
import { callEncoder, errorName } from './abi.ts'
import type { BoundCall, RawResult, Stage } from './binding.ts'

const encodeArm = callEncoder(reentrantTokenAbi, 'arm')

const REENTERED_TOPIC = toEventSelector('event Reentered(bytes answers)')
/** Digits of an answer: two selectors. */
const ANSWER_DIGITS = 16
const ACCEPTED = '0x00000000'
const NO_SELECTOR = '0xffffffff'

/** What the re-entrant token of a run does. */
export interface Arming {
  /** The calls that arm it; none in a run without that token. */
  readonly prelude: readonly BoundCall[]
  /** What it has tried during a call, each pair of action and answer once. */
  readReentries(
    logs: RawResult['logs'],
    errors: ReadonlyMap<string, string>,
  ): readonly Reentry[] | undefined
}

const UNARMED: Arming = { prelude: [], readReentries: () => undefined }

/**
 * The arming of a run. One agreement over the re-entrant token is enough, and it is the last.
 *
 * @param options.actions all that is tried
 * @param options.argsOf arguments of the actions that need some
 * @param options.dataOf call data of an attempt at an agreement
 */
export function arming<Bound extends { readonly agreement: Agreement }>(options: {
  readonly stage: Stage
  readonly bound: readonly Bound[]
  readonly actions: readonly string[]
  readonly argsOf: Readonly<Record<string, PlannedStep['args']>>
  dataOf(step: PlannedStep, of: Bound): Hex
}): Arming {
  const { stage, bound, actions, argsOf, dataOf } = options
  const last = bound.findLast(({ agreement }) => agreement.token === 'reentrant')
  if (last === undefined) return UNARMED
  const nobodys = { agreement: last.agreement.index, by: 'stranger', atSeconds: 0 }
  const calls = actions.map((action) =>
    dataOf({ ...nobodys, action, args: argsOf[action] ?? {} }, last),
  )
  const actionBySelector = new Map(calls.map((data, at) => [data.slice(2, 10), actions[at] ?? '']))
  const to = stage.tokens.reentrant as Address
  const from = stage.accounts.stranger as Address
  return {
    prelude: [{ from, to, data: encodeArm([stage.escrow, calls]) }],
    readReentries: (logs, errors) => reentriesOf(logs, actionBySelector, errors),
  }
}

function reentriesOf(
  logs: RawResult['logs'],
  actionBySelector: ReadonlyMap<string, string>,
  errors: ReadonlyMap<string, string>,
): readonly Reentry[] | undefined {
  const found = new Map<string, Reentry>()
  for (const { topics, data } of logs) {
    if (topics[0] !== REENTERED_TOPIC) continue
    for (const answer of answersIn(data)) {
      if (found.has(answer)) continue
      const selector = answer.slice(0, 8)
      const action = actionBySelector.get(selector) ?? `unknown function 0x${selector}`
      found.set(answer, { action, error: errorOf(`0x${answer.slice(8)}`, errors) })
    }
  }
  return found.size === 0 ? undefined : [...found.values()]
}

/** The content of the event's only parameter, cut into answers. */
function answersIn(data: Hex): readonly string[] {
  const from = 2 + 2 * 64
  const digits = 2 * Number(`0x${data.slice(2 + 64, from)}`)
  return Array.from({ length: digits / ANSWER_DIGITS }, (_, index) =>
    data.slice(from + index * ANSWER_DIGITS, from + (index + 1) * ANSWER_DIGITS),
  )
}

function errorOf(selector: Hex, errors: ReadonlyMap<string, string>): string | null {
  if (selector === ACCEPTED) return null
  return errorName(errors, selector === NO_SELECTOR ? '0x' : selector)
}
