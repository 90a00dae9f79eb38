/**
 * The three contracts of a journey, deployed together on one Anvil, each with the addresses of the
 * others; how a step becomes a call, and how what it did is read back, part by part.
 */
import {
  type Abi,
  type AbiEvent,
  type Address,
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  maxUint256,
  parseAbiParameters,
  toEventSelector,
} from 'viem'
import { callEncoder, callSelector, errorName, errorNames } from '../../contracts/bindings/abi.ts'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import type { Binding, BoundCall, RunBinding, Stage } from '../../contracts/bindings/binding.ts'
import { encodeViews } from '../../contracts/bindings/encodeViews.ts'
import { matchmakingBinding } from '../../contracts/bindings/matchmaking.ts'
import { bindAgreement as bindRequest } from '../../contracts/bindings/matchmakingCalls.ts'
import { sessionEscrowBinding } from '../../contracts/bindings/sessionEscrow.ts'
import { bindAgreement as bindSession } from '../../contracts/bindings/sessionEscrowCalls.ts'
import { withdrawalBinding } from '../../contracts/bindings/withdrawal.ts'
import {
  type Artifacts,
  artifactNamed,
  compileContracts,
  compileProject,
} from '../../contracts/compile.ts'
import {
  matchmakingHardenedAbi,
  observerAbi,
  plainTokenAbi,
  sessionEscrowCreditingAbi,
  withdrawalHardenedAbi,
} from '../../contracts/generated.ts'
import { assert } from '../../models/kit/error.ts'
import {
  ELSEWHERE,
  type Outcome,
  type PlannedStep,
  type WorldView,
} from '../../models/kit/trace.ts'
import { type AnvilSession, startAnvilSession } from '../../sim/chain/anvilSession.ts'
import type { CallResult, Lane, Probe } from '../../sim/chain/lane.ts'
import { createMinedLane } from '../../sim/chain/minedLane.ts'
import { DEPLOYER, type SetupNode } from '../../sim/chain/setupNode.ts'
import { JOURNEY_PARAMETERS } from '../../sim/end-to-end/options.ts'
import {
  CONTRACTS,
  FIRST_WITHDRAWAL,
  inJourney,
  inPart,
  PARTS,
  type Part,
  PEOPLE,
  REQUEST,
} from '../../sim/end-to-end/parts.ts'
import { castOfPart, type JourneyCast, STUDENT_UNITS } from '../../sim/end-to-end/predict.ts'
import { CHAIN_ID } from '../kit/testbed.ts'

const TOKEN = 'plain6'
/** What the compiler calls the contract of each part. */
export const CONTRACT_NAMES: Readonly<Record<Part, string>> = {
  matchmaking: 'MatchmakingHardened',
  'session-escrow': 'SessionEscrowCrediting',
  withdrawal: 'WithdrawalHardened',
}
const BINDINGS: Readonly<Record<Part, Binding>> = {
  matchmaking: matchmakingBinding,
  'session-escrow': sessionEscrowBinding,
  withdrawal: withdrawalBinding,
}
/** Words of the struct that each contract keeps for an agreement; every other read is one word. */
const STRUCT_WORDS: Readonly<Record<Part, number>> = {
  ...{ matchmaking: 18, 'session-escrow': 16, withdrawal: 8 },
}
const WORD_DIGITS = 64

const escrowAbi = sessionEscrowCreditingAbi as Abi
const encodeDeposit = callEncoder(escrowAbi, 'depositQuoted')
const encodePass = callEncoder(escrowAbi, 'passCommission')
const encodeMint = callEncoder(plainTokenAbi, 'mint')
const encodeApprove = callEncoder(plainTokenAbi, 'approve')
const observeSelector = callSelector(observerAbi, 'observe')
const observeAndLogSelector = callSelector(observerAbi, 'observeAndLog')
const errors = errorNames([
  ...(matchmakingHardenedAbi as Abi),
  ...escrowAbi,
  ...(withdrawalHardenedAbi as Abi),
])
/** The escrow tells that it has reported an end; the machine of a session knows no requests. */
const END_REPORTED = eventTopic('EndReported')

function eventTopic(name: string): string {
  const found = escrowAbi.find((item) => item.type === 'event' && item.name === name)
  assert(found !== undefined, `the escrow has an event ${name}`)
  return toEventSelector(found as AbiEvent)
}

interface Deployed {
  readonly observer: Address
  readonly token: Address
  readonly contracts: Readonly<Record<Part, Address>>
}

const words = (address: Address) =>
  encodeAbiParameters(parseAbiParameters('address'), [address]).slice(2)

/** Everybody's address, the contracts' among them, in a part's own names. */
function accountsFor(part: Part, contracts: Deployed['contracts']): Stage['accounts'] {
  const { [ELSEWHERE]: elsewhere, ...people } = accountsOf([...PEOPLE])
  // First, as a part may have another name for somebody: to the withdrawal the platform is nobody.
  const named: [string, Address][] = [
    [ELSEWHERE, elsewhere as Address],
    ...Object.entries(people),
    ...PARTS.filter((other) => other !== part).map((other): [string, Address] => {
      return [CONTRACTS[other], contracts[other]]
    }),
  ]
  return Object.fromEntries(named.map(([name, address]) => [inPart(part, name), address]))
}

/** Deploys the observer, a token, and three contracts that know each other. */
async function deployAll(
  node: SetupNode,
  {
    artifacts,
    names,
    before,
  }: {
    readonly artifacts: Artifacts
    readonly names: typeof CONTRACT_NAMES
    /** Contracts that were deployed before. */
    readonly before: number
  },
): Promise<Deployed> {
  let deployed = before
  const deploy = async (name: string, args: string) => {
    deployed += 1
    const { bytecode } = artifactNamed(artifacts, name)
    return (await node.deploy({ bytecode: `${bytecode}${args}` })).toLowerCase() as Address
  }
  const observer = await deploy('Observer', '')
  const decimals = encodeAbiParameters(parseAbiParameters('uint8'), [6]).slice(2)
  const token = await deploy('PlainToken', decimals)
  const at = (ahead: number) => {
    const nonce = BigInt(deployed + ahead)
    return getContractAddress({ from: DEPLOYER, nonce }).toLowerCase() as Address
  }
  const contracts = { matchmaking: at(0), 'session-escrow': at(1), withdrawal: at(2) }
  const constructed = (part: Part) => {
    const accounts = accountsFor(part, contracts)
    const options = { policy: 'hardened', parameters: JOURNEY_PARAMETERS, accounts } as const
    return BINDINGS[part].constructorArguments(options).slice(2)
  }
  const others = `${words(contracts.matchmaking)}${words(contracts.withdrawal)}`
  for (const part of PARTS) {
    const args = `${constructed(part)}${part === 'session-escrow' ? others : ''}`
    const address = await deploy(names[part], args)
    assert(address === contracts[part], `${part} stands where the others expect it`)
  }
  const from = accountsOf(['student0']).student0 as Address
  await node.sendAll([
    { from, to: token, data: encodeMint([from, STUDENT_UNITS]) },
    { from, to: token, data: encodeApprove([contracts['session-escrow'], maxUint256]) },
  ])
  return { observer, token, contracts }
}

/** The journey's contracts on a running Anvil. */
export interface JourneyContracts {
  readonly lane: Lane
  /** What is the same for all journeys on these contracts. */
  bind(cast: JourneyCast, variant?: number): BoundJourney
  /** Where the contracts and the token of a variant stand. */
  addresses(variant?: number): Omit<Deployed, 'observer'>
  /** For whoever does to the node what no schedule can; restores what it changes. */
  exclusive: AnvilSession<unknown>['exclusive']
  stop(): Promise<void>
}

/** What was read after a call. */
export interface Reading {
  /** In each part's own names; balances of all who take part. */
  readonly parts: Readonly<Record<Part, WorldView>>
  /** In the journey's names. */
  readonly balances: WorldView['balances']
}

export interface BoundJourney {
  readonly probe: Probe
  readonly sessionId: Hex
  encode(planned: PlannedStep): BoundCall
  read(observation: Hex): Reading
  outcome(result: CallResult): Outcome
  /** Transfers and logs of one part, in its own names. */
  effects(part: Part, result: CallResult): ReturnType<RunBinding['effects']>
  /** All movements of tokens, in the journey's names. */
  transfers(result: CallResult): ReturnType<RunBinding['effects']>['transfers']
}

/** To find out the id of one agreement the others need not be known. */
const UNBOUND = { policy: 'hardened', agreements: [] } as const

class Bound implements BoundJourney {
  readonly probe: Probe
  readonly #cast: JourneyCast
  readonly #stages: Readonly<Record<Part, Stage>>
  readonly #bindings: Readonly<Record<Part, RunBinding>>

  constructor(cast: JourneyCast, { observer, token, contracts }: Deployed) {
    this.#cast = cast
    const stageOf = (part: Part): Stage => ({
      ...{ chainId: CHAIN_ID, escrow: contracts[part], tokens: { [TOKEN]: token } },
      accounts: accountsFor(part, contracts),
    })
    this.#stages = byPart(stageOf)
    this.#bindings = byPart((part) => {
      const { agreements } = castOfPart(cast, part)
      return BINDINGS[part].bind({ stage: this.#stages[part], policy: 'hardened', agreements })
    })
    const views = PARTS.flatMap((part) => this.#bindings[part].views)
    const data = encodeViews(views)
    const from = accountsOf([]).elsewhere as Address
    this.probe = {
      batch: { from, to: observer, data: `${observeSelector}${data}` },
      mined: { from, to: observer, data: `${observeAndLogSelector}${data}` },
    }
  }

  get sessionId(): Hex {
    return this.#session().id
  }

  #session() {
    const options = { stage: this.#stages['session-escrow'], ...UNBOUND }
    return bindSession(options, this.#cast.session)
  }

  encode(planned: PlannedStep): BoundCall {
    const { agreement, action, by } = planned
    if (agreement === REQUEST) return this.#call('matchmaking', planned)
    if (agreement >= FIRST_WITHDRAWAL) {
      const own = { ...planned, by: inPart('withdrawal', by) }
      return this.#call('withdrawal', { ...own, agreement: agreement - FIRST_WITHDRAWAL })
    }
    const stage = this.#stages['session-escrow']
    const sent = { from: stage.accounts[by] as Address, to: stage.escrow }
    if (action === 'passCommission') {
      return { ...sent, data: encodePass([stage.tokens[TOKEN]]) }
    }
    if (action !== 'deposit') return this.#call('session-escrow', { ...planned, agreement: 0 })
    const options = { stage: this.#stages.matchmaking, ...UNBOUND }
    const { id } = bindRequest(options, this.#cast.request)
    const { terms } = this.#session()
    return { ...sent, data: encodeDeposit([id, terms, planned.args.amountUnits]) }
  }

  #call(part: Part, planned: PlannedStep): BoundCall {
    const [call] = this.#bindings[part].encode([planned])
    assert(call !== undefined, 'every step has a call')
    return call
  }

  read(observation: Hex): Reading {
    let from = 2
    const parts = byPart((part) => {
      const count = castOfPart(this.#cast, part).agreements.length
      const { views } = this.#bindings[part]
      const digits = (count * STRUCT_WORDS[part] + views.length - count) * WORD_DIGITS
      const own: Hex = `0x${observation.slice(from, from + digits)}`
      from += digits
      return this.#bindings[part].observe(own, null).view
    })
    assert(from === observation.length, 'every word of the observation was read')
    const units = Object.entries(parts.matchmaking.balances[TOKEN] ?? {})
    const named = units.map(([holder, held]) => [inJourney('matchmaking', holder), held])
    return { parts, balances: { [TOKEN]: Object.fromEntries(named) } }
  }

  outcome({ ok, returnData }: CallResult): Outcome {
    return { accepted: ok, error: ok ? null : errorName(errors, returnData) }
  }

  effects(part: Part, result: CallResult) {
    if (!result.ok) return { transfers: [], logs: [] }
    const logs = result.logs.filter(({ topics }) => topics[0] !== END_REPORTED)
    return this.#bindings[part].effects({ ...result, logs })
  }

  transfers(result: CallResult) {
    const { transfers } = this.effects('matchmaking', result)
    return transfers.map((transfer) => ({
      ...transfer,
      from: inJourney('matchmaking', transfer.from),
      to: inJourney('matchmaking', transfer.to),
    }))
  }
}

function byPart<Value>(make: (part: Part) => Value): Readonly<Record<Part, Value>> {
  return {
    matchmaking: make('matchmaking'),
    'session-escrow': make('session-escrow'),
    withdrawal: make('withdrawal'),
  }
}

/** Contracts in place of the sound ones, by part. */
export type Variant = Partial<typeof CONTRACT_NAMES>

/** Contracts that are deployed for one variant. */
const DEPLOYED_EACH = 2 + PARTS.length

/**
 * Starts Anvil and deploys everything, once for each variant.
 *
 * @throws MeterproofError `MP_ANVIL_…`, `MP_CHAIN_SETUP_REVERTED`, `MP_COMPILE_…`
 */
export async function openJourneyContracts(
  variants: readonly Variant[] = [{}],
): Promise<JourneyContracts> {
  const isSound = variants.every((variant) => Object.keys(variant).length === 0)
  const artifacts = await (isSound ? compileContracts() : compileProject())
  const session: AnvilSession<readonly Deployed[]> = await startAnvilSession({
    async prepare(node) {
      const all: Deployed[] = []
      for (const variant of variants) {
        const names = { ...CONTRACT_NAMES, ...variant }
        const before = all.length * DEPLOYED_EACH
        all.push(await deployAll(node, { artifacts, names, before }))
      }
      return all
    },
  })
  const deployedAs = (variant: number): Deployed => {
    const deployed = session.prepared[variant]
    assert(deployed !== undefined, 'the variant was deployed')
    return deployed
  }
  return {
    lane: createMinedLane(session),
    bind: (cast, variant = 0) => new Bound(cast, deployedAs(variant)),
    addresses: (variant = 0) => deployedAs(variant),
    exclusive: (task) => session.exclusive(task),
    stop: () => session.stop(),
  }
}
