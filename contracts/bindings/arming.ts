/**
 * The re-entrant test token: what it is armed with, and what it tells of it.
 *
 * It is armed with a call of every action that the contract guards, so that each of them is tried
 * from inside each movement of tokens. A token is nobody's participant and signs nothing, so behind
 * the guard most calls are refused all the same; by which name tells that it was not there.
 */
import { type Address, type Hex, toEventSelector } from 'viem'
import type { Agreement, PlannedStep, Policy, Reentry } from '../../models/kit/trace.ts'
import { reentrantTokenAbi } from '../generated.ts'
import { callEncoder, errorName } from './abi.ts'
import type { Binding, BoundCall, RawResult } from './binding.ts'

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

/** A run whose token may be armed. */
export interface ArmedRun<Bound> {
  readonly options: Parameters<Binding['bind']>[0]
  readonly bound: readonly Bound[]
}

/**
 * How the runs of a protocol are armed. One agreement over the re-entrant token is enough, and it
 * is the last.
 *
 * @param protocol.guarded all that is tried, by policy
 * @param protocol.argsOf arguments of the actions that need some
 * @param protocol.dataOf call data of an attempt at an agreement
 */
export function armingBy<Bound extends { readonly agreement: Agreement }>(protocol: {
  readonly guarded: Readonly<Record<Policy, readonly string[]>>
  readonly argsOf: Readonly<Record<string, PlannedStep['args']>>
  dataOf(run: ArmedRun<Bound>, step: PlannedStep, of: Bound): Hex
}): (run: ArmedRun<Bound>) => Arming {
  const { guarded, argsOf, dataOf } = protocol
  return (run) => {
    const { stage, policy } = run.options
    const last = run.bound.findLast(({ agreement }) => agreement.token === 'reentrant')
    if (last === undefined) return UNARMED
    const actions = guarded[policy]
    const nobodys = { agreement: last.agreement.index, by: 'stranger', atSeconds: 0 }
    const calls = actions.map((action) =>
      dataOf(run, { ...nobodys, action, args: argsOf[action] ?? {} }, last),
    )
    const selectors = calls.map((data) => data.slice(2, 10))
    const actionBySelector = new Map(selectors.map((each, at) => [each, actions[at] ?? '']))
    const to = stage.tokens.reentrant as Address
    const from = stage.accounts.stranger as Address
    return {
      prelude: [{ from, to, data: encodeArm([stage.escrow, calls]) }],
      readReentries: (logs, errors) => reentriesOf(logs, actionBySelector, errors),
    }
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
