/**
 * Goal: a party that cannot leave alone in time is found, whoever wrote its way out, and a claim
 * about leaving that nothing put to the test is not taken for one that held.
 * Method: models that are broken on purpose, a search that knows nothing of the players' ways, and
 * a broken contract on a real Anvil.
 */
import { describe, expect, test } from 'vitest'
import { declaredStates } from '../../models/kit/edges.ts'
import type { Protocol } from '../../models/kit/protocol.ts'
import { POLICIES, type Policy } from '../../models/kit/trace.ts'
import { explorationText, leavingCsv } from '../../reports/explorationText.ts'
import { canariesOf } from '../canaries.ts'
import { predictedTrace } from '../kit/detect.ts'
import { judgeTrace } from '../kit/judge.ts'
import { castOf, emptyPlan, extended, type Plan, planSteps } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { PROTOCOL_IDS, playerOf } from '../players.ts'
import { EXIT_CLAIM, type Exit, exitsFrom } from './exits.ts'
import { expand } from './expand.ts'
import { type ExploreOptions, runExplore } from './explore.ts'
import { PLAIN_KEY } from './key.ts'
import { exploredWorlds } from './worlds.ts'

const firstWorld = (player: Player) => {
  const [world] = exploredWorlds(player)
  if (world === undefined) throw new Error('there is something to explore')
  return world
}

/** States from which both ways are compared. */
const STATES = 12

/** The first states of a search, each by one of its shortest ways. */
function firstStates(player: Player, policy: Policy, count: number): readonly Plan[] {
  const plans = [emptyPlan(castOf(player, policy, firstWorld(player).setup))]
  const seen = new Set<string>()
  for (let at = 0; at < plans.length && plans.length < count; at += 1) {
    const { edges } = expand(plans[at] as Plan, null, { player, key: PLAIN_KEY, callFault: false })
    for (const { plan, key } of edges) {
      if (key === null || seen.has(key) || plans.length >= count) continue
      seen.add(key)
      plans.push(plan)
    }
  }
  return plans
}

/** The player with another model behind it. */
const withModel = (player: Player, changed: Partial<Protocol>): Player => ({
  ...player,
  binding: { ...player.binding, protocol: { ...player.binding.protocol, ...changed } },
})

const channel = playerOf('payment-channel')

/** An open channel of this player, and what its payer can do. */
function payersExit(player: Player): { readonly plan: Plan; readonly exit: Exit | undefined } {
  const cast = castOf(player, 'hardened', firstWorld(player).setup)
  const [opened] = expand(emptyPlan(cast), null, { player, key: PLAIN_KEY, callFault: false }).edges
  if (opened === undefined) throw new Error('a channel can be opened')
  return { ...opened, exit: exitsFrom(opened.plan, player).find(({ party }) => party === 'payer') }
}

/** What INV-EXIT says of an exit that goes as the model foretells. */
function saidOf({ plan }: Exit): string | null {
  const { invariants } = plan.cast.protocol
  const claims = invariants.filter(({ id }) => id === EXIT_CLAIM)
  return judgeTrace(predictedTrace(plan), claims).findings[0]?.evidence ?? null
}

describe('a search of a party’s own calls', () => {
  test.each(
    PROTOCOL_IDS.flatMap((protocol) => POLICIES.map((policy) => [protocol, policy] as const)),
  )('%s %s › finds a way wherever the player has one, and no other', (protocol, policy) => {
    const player = playerOf(protocol)
    const states = firstStates(player, policy, STATES)
    const played = states.flatMap((plan) => exitsFrom(plan, player))
    const searched = states.flatMap((plan) => exitsFrom(plan, { ...player, exit: () => null }))

    expect(played.length).toBeGreaterThan(0)
    expect(searched.map(({ party, from, isInTime }) => [party, from, isInTime])).toEqual(
      played.map(({ party, from, isInTime }) => [party, from, isInTime]),
    )
    for (const exit of [...played, ...searched]) {
      expect(exit.seconds).toBeLessThanOrEqual(exit.deadlineSeconds)
      expect(saidOf(exit) === null).toBe(exit.isInTime)
    }
  })

  test('leaves a channel without being told how', () => {
    const { plan, exit } = payersExit({ ...channel, exit: () => null })

    expect(exit).toMatchObject({ isInTime: true, from: 'Open', calls: 2, deadlineSeconds: 900 })
    const called = exit?.plan.steps.slice(plan.steps.length).map(({ action }) => action)
    expect(called).toEqual(['requestClose', 'finalise'])
  })
})

describe('a model', () => {
  const { input, toEvent } = channel.binding.protocol

  test('whose timer is longer than what is stated breaks the claim', () => {
    const longer = withModel(channel, {
      input(parameters, agreement) {
        const seconds = (parameters.challengeSeconds as number) + 1
        return input({ ...parameters, challengeSeconds: seconds }, agreement)
      },
    })
    const { exit } = payersExit(longer)

    expect(exit).toMatchObject({ isInTime: false, from: 'Open', seconds: 901 })
    expect(saidOf(exit as Exit)).toBe('the exit took 901 s, at most 900')
  })

  test.each([
    ['is refused', channel.exit],
    ['is not thought of', () => null],
  ])('without a way out breaks the claim, whether the player’s way %s', (_, exitOf) => {
    const closed = withModel(channel, {
      toEvent(step, agreement, ledger, shared) {
        const event = toEvent(step, agreement, ledger, shared)
        const isEnd = ['requestClose', 'reclaimExpired'].includes(step.action)
        return isEnd ? { ...event, type: 'finalise' } : event
      },
    })
    const { exit } = payersExit({ ...closed, exit: exitOf })

    expect(exit).toMatchObject({ isInTime: false, from: 'Open' })
    expect(saidOf(exit as Exit)).toMatch(
      /^payer0 is still in after \d+ s: Open \(\w+\), the contract holds [1-9]\d*$/,
    )
  })
})

test('an exit took as long as it was waited for, be it by one call', () => {
  const player = playerOf('session-escrow')
  const [, funded] = firstStates(player, 'hardened', 2)
  if (funded === undefined) throw new Error('a session can be funded')
  const tutors = exitsFrom(funded, player).find(({ party }) => party === 'tutor')
  expect(tutors).toMatchObject({ calls: 1, seconds: 901, deadlineSeconds: 901 })
  const [last] = (tutors as Exit).plan.steps.slice(-1)
  if (last === undefined) throw new Error('there is a call')

  const late = extended(funded, [{ ...last, atSeconds: last.atSeconds + 1 }])

  expect(saidOf({ ...(tutors as Exit), plan: late })).toBe('the exit took 902 s, at most 901')
})

/** States between the first and the terminal ones that hold nobody. */
const HOLD_NOBODY: Readonly<Record<string, readonly string[]>> = {
  // What is left is claims, and they hold whoever has one.
  'session-escrow': ['Settled', 'Refunded'],
  // An allowance, no deposit.
  'token-job': ['Approved'],
  // From here on the session escrow holds the money, and says when the session is over.
  matchmaking: ['Matched'],
}

test.each(PROTOCOL_IDS)('%s › every state with something at stake holds a party', (id) => {
  const { protocol } = playerOf(id).binding
  const { initialState, terminalStates, leaving } = protocol
  const free = [initialState, ...terminalStates, ...leaving.flatMap(({ stillIn }) => stillIn)]
  const states = POLICIES.flatMap((policy) => declaredStates(protocol.machines[policy]))
  const others = new Set(states.filter((state) => !free.includes(state)))

  expect([...others]).toEqual(HOLD_NOBODY[id] ?? [])
})

test('an account holds its owner in the agreements that have begun, and in no other', () => {
  const player = playerOf('token-job')
  const two = exploredWorlds(player).find(({ name }) => name === 'two')
  if (two === undefined) throw new Error('there is a world of two jobs')
  const follow = (plan: Plan, action: string) => {
    const { edges } = expand(plan, null, { player, key: PLAIN_KEY, callFault: false })
    const next = edges.find((each) => each.accepted && each.plan.steps.at(-1)?.action === action)
    if (next === undefined) throw new Error(`${action} is accepted`)
    return next.plan
  }
  const start = emptyPlan(castOf(player, 'hardened', two.setup))
  const proven = ['approve', 'createSession', 'submitProof'].reduce(follow, start)
  const [earned] = exitsFrom(proven, player).filter(({ party }) => party === 'host')
  const ended = (earned as Exit).plan.steps.findLastIndex(({ action }) => action === 'endSession')
  const owed = planSteps(proven.cast, (earned as Exit).plan.steps.slice(0, ended + 1))

  expect(earned).toMatchObject({ isInTime: true, from: 'Active', calls: 2 })
  expect(exitsFrom(owed, player)).toMatchObject([{ party: 'host', isInTime: true, calls: 1 }])
})

const quiet = {
  ...{ depth: null, budgetMs: null, only: [], workers: 1, contract: null, outDir: 'out' },
  onProgress: () => {},
} as const
const explore = (options: Pick<ExploreOptions, 'protocols' | 'depth' | 'on' | 'contract'>) =>
  runExplore({
    ...{ ...quiet, policies: ['hardened'], signal: new AbortController().signal },
    ...options,
  })

describe('an exploration', () => {
  test('that reaches no state that holds a party is inconclusive about its leaving', async () => {
    const asked = { protocols: ['withdrawal'], depth: 1, on: 'model', contract: null } as const
    const record = await explore(asked)

    expect(record.summary).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
    expect(record.summary.reasons).toEqual([
      'withdrawal hardened: no state was reached that holds the teacher.',
    ])
    expect(record.exploration?.[0]?.leaving).toEqual([
      {
        ...{ party: 'teacher', formula: 'processingTimeoutSeconds', deadlineSeconds: null },
        ...{ states: 0, missed: 0, longest: null },
      },
    ])
  })

  test('finds a contract that refuses the payer’s way out', async () => {
    const canary = canariesOf('payment-channel').find(
      ({ id }) => id === 'request-only-once-expired',
    )
    const contract = `contracts/canaries/payment-channel/${canary?.contract}.sol`
    const asked = { protocols: ['payment-channel'], depth: 2, on: 'contract', contract } as const
    const record = await explore(asked)

    expect(record.summary).toMatchObject({ verdict: 'violated', exitCode: 1 })
    const failure = record.failures.find(({ invariant }) => invariant === EXIT_CLAIM)
    expect(failure?.evidence).toMatch(/^payer0 is still in after 900 s: Open \(NotClosing\), /)
    expect(failure?.confirmedOnMinedLane).toBe(true)
    const [one] = record.exploration ?? []
    const missed = one?.leaving?.map((each) => [each.party, each.states > 0, each.missed > 0])
    expect(missed).toEqual([
      ['payer', false, true],
      ['provider', true, false],
    ])
    expect(one?.leaving?.[1]?.longest).toEqual({
      ...{ seconds: 0, calls: 1, from: 'Open', confirmedOnMinedLane: true },
    })
    expect(record.samples.map(({ campaign }) => campaign)).toEqual(['longest exit of provider'])
    expect(explorationText(record).join('\n')).toContain(
      'provider leaves alone, stated at once: shown from ',
    )
    expect(leavingCsv(record).split('\n')[1]).toMatch(
      /^payment-channel,hardened,payer,challengeSeconds,900,0,[1-9]\d*,,,,$/,
    )
  })
})
