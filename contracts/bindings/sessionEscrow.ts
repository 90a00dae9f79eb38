/**
 * session-escrow on chain: constructor, observation and logs of `SessionEscrow*.sol`.
 */
import { type Abi, type Address, encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import type { AgreementView, LogEntry, Scalar } from '../../models/kit/trace.ts'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import { sessionEscrowAsDescribedAbi, sessionEscrowHardenedAbi } from '../generated.ts'
import { errorName, errorNames, eventDecoder, uintAt, wordAt } from './abi.ts'
import type { Binding, Observed, RawResult, RunBinding } from './binding.ts'
import {
  arming,
  type BindOptions,
  type BoundAgreement,
  bindAgreement,
  callOf,
} from './sessionEscrowCalls.ts'
import { decodeTokenTransfers, type TokenReads, tokenReads } from './tokenReads.ts'

const STATES = [
  'Idle',
  'Funded',
  'Active',
  'Stopping',
  'Settled',
  'Refunded',
  'Closed',
  'Cancelled',
] as const

/** Words of the struct that `session(id)` returns, by position. */
const SESSION_WORDS = 16
const FIGURE_WORDS = [
  ['studentJoined', 1],
  ['tutorJoined', 2],
  ['deposit', 7],
  ['fundedAt', 8],
  ['startedAt', 9],
  ['stoppedAt', 10],
  ['billedSeconds', 11],
  ['evidenceUntil', 12],
  ['claimStudent', 13],
  ['claimTutor', 14],
  ['claimPlatform', 15],
] as const

const CONSTRUCTOR_DEPLOYMENT = parseAbiParameters('uint16, address, address, uint32, uint32')
const CONSTRUCTOR_EVIDENCE = parseAbiParameters('uint32')

/** The hardened contract has all events and errors of the other. */
const errorsByPolicy = {
  'as-described': errorNames(sessionEscrowAsDescribedAbi as Abi),
  hardened: errorNames(sessionEscrowHardenedAbi as Abi),
}
const decodeEvent = eventDecoder(sessionEscrowHardenedAbi as Abi)

function bind(options: BindOptions): RunBinding {
  const { stage, policy } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const kinds = options.agreements.map(({ token }) => token)
  const tokens = tokenReads({ stage, kinds })
  const errors = errorsByPolicy[policy]
  const reading = { bound, tokens }
  return {
    prelude: bound.flatMap((agreement) => arming(options, agreement)),
    views: [...bound.map(({ view }) => view), ...tokens.views],
    encode: (steps) => Promise.all(steps.map((step) => callOf({ options, bound }, step))),
    outcome: ({ ok, returnData }) => ({
      accepted: ok,
      error: ok ? null : errorName(errors, returnData),
    }),
    effects: ({ logs }) => ({
      transfers: decodeTokenTransfers(tokens, logs),
      logs: logs.flatMap((log) => {
        if (log.address.toLowerCase() !== stage.escrow) return []
        return [logEntry(reading, log)]
      }),
    }),
    observe: (words, previous) => observe(reading, words, previous),
  }
}

/** What is needed to read what the chain says about a run. */
interface Reading {
  readonly bound: readonly BoundAgreement[]
  readonly tokens: TokenReads
}

function logEntry({ bound, tokens }: Reading, log: RawResult['logs'][number]): LogEntry {
  const decoded = decodeEvent(log)
  if (decoded === null) return { name: `unknown event ${log.topics[0]}`, args: {} }
  const named = (address: unknown): string => {
    const at = String(address)
    return tokens.kindOf(at) ?? tokens.holderOf(at) ?? at
  }
  const { sessionId, ...rest } = decoded.args
  const args: Record<string, Scalar> = {
    agreement: bound.findIndex(({ id }) => id === sessionId),
  }
  for (const [key, value] of Object.entries(rest)) {
    args[LOG_KEYS[key] ?? key] = typeof value === 'bigint' ? value : named(value)
  }
  return { name: decoded.name, args }
}

function observe({ bound, tokens }: Reading, words: Hex, previous: Observed | null): Observed {
  if (previous !== null && previous.words === words) return previous
  const agreements = bound.map((_, index) => {
    const at = index * SESSION_WORDS
    const same = previous !== null && sameWords(previous.words, words, at, SESSION_WORDS)
    return same ? (previous.view.agreements[index] as AgreementView) : sessionView(words, at)
  })
  const balances = tokens.balances(words, bound.length * SESSION_WORDS, previous)
  return { words, view: { agreements, balances } }
}

/** Names of event parameters in Solidity, as the machine's logs have them. */
const LOG_KEYS: Readonly<Record<string, string>> = {
  caller: 'by',
  ratePerSecond: 'ratePerSecondUnits',
  amount: 'amountUnits',
  deposit: 'depositUnits',
  startedAt: 'startedAtSeconds',
  tutorAmount: 'tutorUnits',
  fee: 'platformUnits',
  refund: 'refundUnits',
}

function sameWords(before: Hex, after: Hex, fromWord: number, count: number): boolean {
  const from = 2 + fromWord * 64
  const to = from + count * 64
  return before.slice(from, to) === after.slice(from, to)
}

function sessionView(words: Hex, fromWord: number): AgreementView {
  const figures: Record<string, bigint> = {}
  for (const [name, word] of FIGURE_WORDS) figures[name] = uintAt(words, fromWord + word)
  const status = Number.parseInt(wordAt(words, fromWord), 16)
  return { state: STATES[status] ?? `unknown status ${status}`, figures }
}

export const sessionEscrowBinding: Binding = {
  protocol: sessionEscrow,
  contractNames: {
    'as-described': 'SessionEscrowAsDescribed',
    hardened: 'SessionEscrowHardened',
  },
  constructorArguments({ policy, parameters, accounts }) {
    const deployment = encodeAbiParameters(CONSTRUCTOR_DEPLOYMENT, [
      parameters.feeBps as number,
      accounts.platform as Address,
      accounts.relayer as Address,
      parameters.silenceTimeoutSeconds as number,
      parameters.startWindowSeconds as number,
    ])
    if (policy === 'as-described') return deployment
    const evidence = [parameters.evidenceWindowSeconds as number] as const
    return `${deployment}${encodeAbiParameters(CONSTRUCTOR_EVIDENCE, evidence).slice(2)}`
  },
  bind,
}
