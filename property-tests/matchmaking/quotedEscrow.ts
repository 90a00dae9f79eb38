/**
 * Matchmaking and session escrow on one Anvil, each deployed with the address of the other, and how
 * to play schedules of real transactions on them. Reads are sent like calls, so that each sees the
 * state at its place.
 */
import {
  type Abi,
  type Address,
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  keccak256,
  maxUint256,
  parseAbiParameters,
  toHex,
} from 'viem'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import { quote } from '../../contracts/bindings/quotes.ts'
import { artifactNamed, compileProject } from '../../contracts/compile.ts'
import {
  matchmakingHardenedAbi,
  plainTokenAbi,
  sessionEscrowQuotedAbi,
  soulboundCredentialAbi,
} from '../../contracts/generated.ts'
import { assert } from '../../models/kit/error.ts'
import { MATCHMAKING_PARTICIPANTS } from '../../models/matchmaking/cast.ts'
import { startAnvilSession } from '../../sim/chain/anvilSession.ts'
import type { CallResult } from '../../sim/chain/lane.ts'
import { createMinedLane } from '../../sim/chain/minedLane.ts'
import { CALL_GAS } from '../../sim/chain/schedule.ts'
import { DEPLOYER, type SetupNode } from '../../sim/chain/setupNode.ts'
import { CHAIN_ID } from '../kit/testbed.ts'

const accounts = accountsOf([...MATCHMAKING_PARTICIPANTS, 'platform'])
export const accountOf = (name: string) => accounts[name] as Address
export const matchmakingAbi = matchmakingHardenedAbi as Abi
export const escrowAbi = sessionEscrowQuotedAbi as Abi
export const credentialAbi = soulboundCredentialAbi as Abi
export const tokenAbi = plainTokenAbi as Abi

/** What the tutor accepts, and the most that the student deposits, in base units. */
export const RATE_UNITS = 9_000n
export const CAP_UNITS = 1_000_000n
export const STARTING_UNITS = 10_000_000n
export const CREDENTIAL_SECONDS = 60
const PROPOSAL_TTL_SECONDS = 30
const DEPOSIT_WINDOW_SECONDS = 120
const MAX_RATE_UNITS = 10_000n

/** The contracts of one deployment, which know each other. */
interface Pair {
  readonly matchmaking: Address
  readonly escrow: Address
}

interface Prepared {
  readonly token: Address
  readonly otherToken: Address
  readonly sound: Pair
  /** With a matchmaking that refuses the end of a session without a credential. */
  readonly broken: Pair
}
export type PairName = 'sound' | 'broken'

const CONFIG_WORDS = parseAbiParameters('address, address, uint32, uint8, uint32, uint32')
const ESCROW_WORDS = parseAbiParameters('uint16, address, address, uint32, uint32, uint32, address')

async function prepare(node: SetupNode): Promise<Prepared> {
  const artifacts = await compileProject()
  let deployed = 0n
  const deploy = (name: string, args: Hex) => {
    deployed += 1n
    const { bytecode } = artifactNamed(artifacts, name)
    return node.deploy({ bytecode: `${bytecode}${args.slice(2)}` })
  }
  const pairOf = async (matchmakingName: string): Promise<Pair> => {
    const next = (ahead: bigint) => getContractAddress({ from: DEPLOYER, nonce: deployed + ahead })
    const escrow = next(1n)
    const numbers = [PROPOSAL_TTL_SECONDS, 3, DEPOSIT_WINDOW_SECONDS, CREDENTIAL_SECONDS] as const
    const config = [accountOf('matchmaker'), escrow, ...numbers] as const
    const matchmaking = await deploy(matchmakingName, encodeAbiParameters(CONFIG_WORDS, config))
    const platform = accountOf('platform')
    const ofEscrow = [1_000, platform, platform, 90, 60, 30, matchmaking] as const
    await deploy('SessionEscrowQuoted', encodeAbiParameters(ESCROW_WORDS, ofEscrow))
    return { matchmaking, escrow }
  }
  const decimals = encodeAbiParameters(parseAbiParameters('uint8'), [6])
  const token = await deploy('PlainToken', decimals)
  const otherToken = await deploy('PlainToken', decimals)
  const sound = await pairOf('MatchmakingHardened')
  const broken = await pairOf('ShortSessionStuck')
  const callsOf = (from: Address) =>
    [token, otherToken].flatMap((to) => {
      const call = (functionName: string, args: readonly unknown[]) => {
        return { from, to, data: encodeFunctionData({ abi: tokenAbi, functionName, args }) }
      }
      const approvals = [sound, broken].map(({ escrow }) => call('approve', [escrow, maxUint256]))
      return [call('mint', [from, STARTING_UNITS]), ...approvals]
    })
  await node.sendAll(['student0', 'student1'].map(accountOf).flatMap(callsOf))
  return { token, otherToken, sound, broken }
}

/** A call in the block that many seconds after the base state. */
export interface Step {
  readonly after: number
  readonly by: string
  readonly to: Address
  readonly data: Hex
}

interface RequestTerms {
  readonly student: Address
  readonly token: Address
  readonly maxRate: bigint
  readonly cap: bigint
  readonly salt: bigint
}

export interface SessionTerms {
  readonly student: Address
  readonly tutor: Address
  readonly token: Address
  readonly ratePerSecond: bigint
  readonly salt: bigint
}

const REQUEST_WORDS = parseAbiParameters('address, address, uint128, uint128, uint256')
const SESSION_WORDS = parseAbiParameters('address, address, address, uint128, uint256')

export function requestIdOf({ student, token, maxRate, cap, salt }: RequestTerms): Hex {
  return keccak256(encodeAbiParameters(REQUEST_WORDS, [student, token, maxRate, cap, salt]))
}

export function sessionIdOf({ student, tutor, token, ratePerSecond, salt }: SessionTerms): Hex {
  return keccak256(encodeAbiParameters(SESSION_WORDS, [student, tutor, token, ratePerSecond, salt]))
}

export function stepTo(to: Address, abi: Abi) {
  return (after: number, by: string, functionName: string, args: readonly unknown[]): Step => {
    return { after, by, to, data: encodeFunctionData({ abi, functionName, args }) }
  }
}

/** A call as `eth_simulateV1` answers it. */
interface SimulatedCall extends Pick<CallResult, 'returnData' | 'logs'> {
  readonly status: string
  readonly gasUsed: string
}
interface SimulatedBlock {
  readonly calls: readonly SimulatedCall[]
}

export type QuotedEscrow = Awaited<ReturnType<typeof startQuotedEscrow>>

/** Starts Anvil with both pairs. */
export async function startQuotedEscrow() {
  const session = await startAnvilSession({ prepare })
  const lane = createMinedLane(session)
  const baseSeconds = session.base.timestampSeconds
  const { token, otherToken } = session.prepared
  const requestTerms = (salt: bigint, student: string): RequestTerms => {
    const address = accountOf(student)
    return { student: address, token, maxRate: MAX_RATE_UNITS, cap: CAP_UNITS, salt }
  }
  return {
    token,
    otherToken,
    requestTerms,
    /** The request that `accepted` is about. */
    requestId: requestIdOf(requestTerms(0n, 'student0')),
    /** What student and tutor agree on; as in the request unless changed. */
    sessionTerms(changed: Partial<SessionTerms> = {}): SessionTerms {
      const parties = { student: accountOf('student0'), tutor: accountOf('tutor0') }
      return { ...parties, token, ratePerSecond: RATE_UNITS, salt: 0n, ...changed }
    },
    /** The addresses of a pair, and its steps. */
    pairNamed(name: PairName = 'sound') {
      const pair = session.prepared[name]
      const ofMatchmaking = stepTo(pair.matchmaking, matchmakingAbi)
      const ofEscrow = stepTo(pair.escrow, escrowAbi)
      /** Request, proposal and acceptance by a quote: in the seconds 1 to 3. */
      const accepted = async (validSeconds = 1_000): Promise<readonly Step[]> => {
        const terms = requestTerms(0n, 'student0')
        const request = { ...terms, id: requestIdOf(terms) }
        const expirySeconds = BigInt(baseSeconds + 3 + validSeconds)
        const stage = { chainId: CHAIN_ID, escrow: pair.matchmaking, tokens: {}, accounts }
        const signed = await quote(stage, 'genuine', {
          ...{ request, foreign: request, rateUnits: RATE_UNITS, expirySeconds, nonce: 1n },
          ...{ tutor: 'tutor0', student: 'student0', otherStudent: 'student1' },
        })
        return [
          ofMatchmaking(1, 'student0', 'requestMatch', [terms]),
          ofMatchmaking(2, 'matchmaker', 'propose', [request.id, accountOf('tutor0')]),
          ofMatchmaking(3, 'stranger', 'accept', [
            ...[request.id, RATE_UNITS, expirySeconds, 1n, signed],
          ]),
        ]
      }
      return { pair, ofMatchmaking, ofEscrow, accepted }
    },
    /** Plays the steps from the base state, each in a block of its own. */
    play(steps: readonly Step[]): Promise<readonly CallResult[]> {
      const blocks = steps.map(({ after, by, to, data }) => ({
        timestampSeconds: baseSeconds + after,
        calls: [{ from: accountOf(by), to, data }],
      }))
      return lane.execute({ blocks })
    },
    /** What the last of the steps does with a gas limit of its own. */
    async lastWithGas(steps: readonly Step[], gasLimit: number): Promise<CallResult> {
      const blockStateCalls = steps.map(({ after, by, to, data }, index) => ({
        blockOverrides: {
          number: toHex(session.base.number + 1 + index),
          time: toHex(baseSeconds + after),
        },
        calls: [
          {
            ...{ from: accountOf(by), to, input: data },
            gas: toHex(index === steps.length - 1 ? gasLimit : CALL_GAS),
          },
        ],
      }))
      const simulated = await session.shared((rpc) =>
        rpc.request<readonly SimulatedBlock[]>('eth_simulateV1', [{ blockStateCalls }, 'latest']),
      )
      const last = simulated.at(-1)?.calls[0]
      assert(last !== undefined, 'every block was simulated')
      const { status, returnData, gasUsed, logs } = last
      return { ok: status === '0x1', returnData, gasUsed: BigInt(gasUsed), logs }
    },
    stop: () => session.stop(),
  }
}

const NO_PING = { sequence: 0n, at: 0n, signature: '0x' }
/** Places of two of the calls of `held`. */
export const STOPPED = 6
export const SETTLED = 7

/**
 * A whole session: deposit, both join, the student stops that many seconds later, and it is paid.
 */
export async function held(
  on: QuotedEscrow,
  name: PairName,
  seconds: number,
): Promise<readonly Step[]> {
  const { ofEscrow, accepted } = on.pairNamed(name)
  const id = sessionIdOf(on.sessionTerms())
  return [
    ...(await accepted()),
    ofEscrow(4, 'student0', 'depositQuoted', [on.requestId, on.sessionTerms(), CAP_UNITS]),
    ofEscrow(5, 'student0', 'join', [id]),
    ofEscrow(6, 'tutor0', 'join', [id]),
    ofEscrow(6 + seconds, 'student0', 'stop', [id, NO_PING, NO_PING]),
    ofEscrow(7 + seconds, 'stranger', 'settle', [id]),
  ]
}

/** By which name a call was refused; null when it was accepted. */
export function refusalOf({ ok, returnData }: CallResult): string | null {
  if (ok) return null
  const abi = [...matchmakingAbi, ...escrowAbi, ...credentialAbi]
  return decodeErrorResult({ abi, data: returnData }).errorName
}

/** What a read has answered. */
export function readAs<Answer>(
  abi: Abi,
  functionName: string,
  result: CallResult | undefined,
): Answer {
  const data = result?.returnData ?? '0x'
  return decodeFunctionResult({ abi, functionName, data }) as Answer
}

/** Names of the escrow's own events in a call, in order. */
export function escrowEvents(result: CallResult | undefined, escrow: Address): readonly string[] {
  const own = (result?.logs ?? []).filter(({ address }) => {
    return address.toLowerCase() === escrow.toLowerCase()
  })
  return own.map(({ topics, data }) => {
    return String(
      decodeEventLog({ abi: escrowAbi, topics: topics as [Hex, ...Hex[]], data }).eventName,
    )
  })
}
