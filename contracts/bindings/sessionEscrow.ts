/**
 * session-escrow on chain: calls, constructor, observation and logs of `SessionEscrow*.sol`.
 */
import {
  type Abi,
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
} from 'viem'
import { assert } from '../../models/kit/error.ts'
import type {
  Agreement,
  AgreementView,
  Datum,
  LogEntry,
  PlannedStep,
  Scalar,
  Transfer,
} from '../../models/kit/trace.ts'
import { ESCROW } from '../../models/kit/trace.ts'
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
import { sessionEscrowAsDescribedAbi, sessionEscrowHardenedAbi } from '../generated.ts'
import { callEncoder, errorName, errorNames, eventDecoder, uintAt, wordAt } from './abi.ts'
import type {
  Binding,
  BoundCall,
  Observed,
  RawResult,
  RunBinding,
  Stage,
  ViewCall,
} from './binding.ts'
import { perStage } from './perStage.ts'
import { type PingSigner, pingSigner } from './pings.ts'
import { decodeTokenTransfers, tokenReads } from './tokenReads.ts'

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

const TERMS_WORDS = parseAbiParameters('address, address, address, uint128, uint256')
const CONSTRUCTOR_DEPLOYMENT = parseAbiParameters('uint16, address, address, uint32, uint32')
const CONSTRUCTOR_EVIDENCE = parseAbiParameters('uint32')

const abis = { 'as-described': sessionEscrowAsDescribedAbi, hardened: sessionEscrowHardenedAbi }
const hardened = {
  errors: errorNames(abis.hardened as Abi),
  events: eventDecoder(abis.hardened as Abi),
}
const asDescribedErrors = errorNames(abis['as-described'] as Abi)
const encode = {
  deposit: callEncoder(abis.hardened as Abi, 'deposit'),
  join: callEncoder(abis.hardened as Abi, 'join'),
  topUp: callEncoder(abis.hardened as Abi, 'topUp'),
  settle: callEncoder(abis.hardened as Abi, 'settle'),
  cancel: callEncoder(abis.hardened as Abi, 'cancel'),
  claim: callEncoder(abis.hardened as Abi, 'claim'),
  session: callEncoder(abis.hardened as Abi, 'session'),
  stopWithPings: callEncoder(abis.hardened as Abi, 'stop'),
  stop: callEncoder(abis['as-described'] as Abi, 'stop'),
  arm: callEncoder(
    [
      {
        type: 'function',
        name: 'arm',
        stateMutability: 'nonpayable',
        inputs: [
          { name: 'target', type: 'address' },
          { name: 'payload', type: 'bytes' },
        ],
        outputs: [],
      },
    ],
    'arm',
  ),
}

/** A session that nobody opened, for pings that belong elsewhere. */
const FOREIGN_SESSION_ID: Hex = `0x${'f0'.repeat(32)}`

/** What a session is on one stage: a function of its roles, token, rate and index. */
interface BoundSession {
  readonly id: Hex
  readonly terms: Readonly<Record<string, unknown>>
  readonly student: Address
  readonly tutor: Address
  readonly view: ViewCall
}

interface BoundAgreement extends BoundSession {
  readonly agreement: Agreement
}

type BindOptions = Parameters<Binding['bind']>[0]

/** What runs on one stage share: sessions by their terms, and a signer with its signatures. */
const sharedOf = perStage((stage) => ({
  sessions: new Map<string, BoundSession>(),
  signer: lazySigner(stage),
}))

/** Most stages never see a signature, and the domain separator is dear. */
function lazySigner(stage: Stage): PingSigner {
  let signer: PingSigner | undefined
  return (name, content) => {
    signer ??= pingSigner({ chainId: stage.chainId, verifyingContract: stage.escrow })
    return signer(name, content)
  }
}

function bindAgreement({ stage }: BindOptions, agreement: Agreement): BoundAgreement {
  const { index, roles, token } = agreement
  const rate = agreement.terms.ratePerSecondUnits as bigint
  const key = `${roles.student}|${roles.tutor}|${token}|${rate}|${index}`
  const { sessions } = sharedOf(stage)
  const known = sessions.get(key)
  const session = known ?? sessionOn(stage, agreement)
  if (known === undefined) sessions.set(key, session)
  return { ...session, agreement }
}

function sessionOn(stage: Stage, agreement: Agreement): BoundSession {
  const addressOf = (name: string | undefined): Address => {
    const address = name === ESCROW ? stage.escrow : stage.accounts[name ?? '']
    assert(address !== undefined, `participant ${name} has an address`)
    return address
  }
  const student = addressOf(agreement.roles.student)
  const tutor = addressOf(agreement.roles.tutor)
  const token = stage.tokens[agreement.token]
  assert(token !== undefined, `token ${agreement.token} is deployed`)
  const ratePerSecond = agreement.terms.ratePerSecondUnits as bigint
  const salt = BigInt(agreement.index)
  const terms = { student, tutor, token, ratePerSecond, salt }
  const id = keccak256(
    encodeAbiParameters(TERMS_WORDS, [student, tutor, token, ratePerSecond, salt]),
  )
  const view = { target: stage.escrow, data: encode.session([id]) }
  return { id, terms, student, tutor, view }
}

function bind(options: BindOptions): RunBinding {
  const { stage, policy } = options
  const bound = options.agreements.map((agreement) => bindAgreement(options, agreement))
  const { signer } = sharedOf(stage)
  const tokens = tokenReads({
    stage,
    kinds: options.agreements.map(({ token }) => token),
  })
  const errors = policy === 'hardened' ? hardened.errors : asDescribedErrors

  async function ping(
    session: BoundAgreement,
    side: 'student' | 'tutor',
    datum: Datum | undefined,
  ) {
    if (typeof datum !== 'object' || datum === null || datum === undefined) {
      return { sequence: 0n, at: 0n, signature: '0x' }
    }
    const sequence = BigInt(datum.sequence as bigint)
    const at = BigInt(datum.atSeconds as bigint)
    const party = session[side]
    const content = { sessionId: session.id, party, sequence, atSeconds: at }
    const name = session.agreement.roles[side] as string
    const other = session.agreement.roles[side === 'student' ? 'tutor' : 'student'] as string
    switch (datum.kind) {
      case 'genuine':
        return { sequence, at, signature: await signer(name, content) }
      case 'forged':
        return { sequence, at, signature: await signer('stranger', content) }
      case 'crossed':
        return { sequence, at, signature: await signer(other, content) }
      case 'foreign': {
        const foreign = bound.find(({ id }) => id !== session.id)?.id ?? FOREIGN_SESSION_ID
        return { sequence, at, signature: await signer(name, { ...content, sessionId: foreign }) }
      }
      case 'altered':
        return { sequence, at: at + 1n, signature: await signer(name, content) }
      default:
        throw new Error(`unknown kind of ping: ${String(datum.kind)}`)
    }
  }

  async function dataOf(step: PlannedStep, session: BoundAgreement): Promise<Hex> {
    const { args } = step
    switch (step.action) {
      case 'deposit':
        return encode.deposit([session.terms, args.amountUnits])
      case 'topUp':
        return encode.topUp([session.id, args.amountUnits])
      case 'join':
        return encode.join([session.id])
      case 'settle':
        return encode.settle([session.id])
      case 'cancel':
        return encode.cancel([session.id])
      case 'claim':
        return encode.claim([session.id, recipientAddress(args.to as string)])
      case 'stop':
        if (policy === 'as-described') return encode.stop([session.id])
        return encode.stopWithPings([
          session.id,
          await ping(session, 'student', args.studentPing),
          await ping(session, 'tutor', args.tutorPing),
        ])
      default:
        throw new Error(`session-escrow has no action ${step.action}`)
    }
  }

  function recipientAddress(name: string): Address {
    const address = name === ESCROW ? stage.escrow : stage.accounts[name]
    assert(address !== undefined, `recipient ${name} has an address`)
    return address
  }

  function named(address: unknown): string {
    const at = String(address)
    return tokens.kindOf(at) ?? tokens.holderOf(at) ?? at
  }

  function logEntry(log: RawResult['logs'][number]): LogEntry | null {
    if (log.address.toLowerCase() !== stage.escrow) return null
    const decoded = hardened.events(log)
    if (decoded === null) return { name: `unknown event ${log.topics[0]}`, args: {} }
    const { sessionId, ...rest } = decoded.args
    const args: Record<string, Scalar> = {
      agreement: bound.findIndex(({ id }) => id === sessionId),
    }
    for (const [key, value] of Object.entries(rest)) {
      args[LOG_KEYS[key] ?? key] = typeof value === 'bigint' ? value : named(value)
    }
    return { name: decoded.name, args }
  }

  function observe(words: Hex, previous: Observed | null): Observed {
    if (previous !== null && previous.words === words) return previous
    const agreements = bound.map((_, index) => {
      const at = index * SESSION_WORDS
      const same = previous !== null && sameWords(previous.words, words, at, SESSION_WORDS)
      return same ? (previous.view.agreements[index] as AgreementView) : sessionView(words, at)
    })
    const balances = tokens.balances(words, bound.length * SESSION_WORDS, previous)
    return { words, view: { agreements, balances } }
  }

  return {
    prelude: bound.flatMap(({ agreement, id }) => arming(options, agreement, id)),
    views: [...bound.map(({ view }) => view), ...tokens.views],
    encode: (steps) =>
      Promise.all(
        steps.map(async (step): Promise<BoundCall> => {
          const session = bound[step.agreement]
          assert(session !== undefined, `agreement ${step.agreement} is part of the run`)
          const from = stage.accounts[step.by] as Address
          return { from, to: stage.escrow, data: await dataOf(step, session) }
        }),
      ),
    outcome: ({ ok, returnData }) => ({
      accepted: ok,
      error: ok ? null : errorName(errors, returnData),
    }),
    effects: ({ logs }) => ({
      transfers: decodeTokenTransfers(tokens, logs) as readonly Transfer[],
      logs: logs.flatMap((log) => (tokens.kindOf(log.address) ? [] : (logEntry(log) ?? []))),
    }),
    observe,
  }
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

/** A re-entrant token tries to settle (and, once settled, to settle again) from inside a payout. */
function arming({ stage }: BindOptions, agreement: Agreement, id: Hex): BoundCall[] {
  if (agreement.token !== 'reentrant') return []
  const token = stage.tokens.reentrant as Address
  const from = stage.accounts.stranger as Address
  return [{ from, to: token, data: encode.arm([stage.escrow, encode.settle([id])]) }]
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
