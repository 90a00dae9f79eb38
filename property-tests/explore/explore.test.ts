/**
 * Goal: an exploration answers as one would that takes no two states for the same, finds a shortest
 * counterexample, and writes the same whatever it is cut into.
 * Method: every way of a few attempts on the model, with and without reductions; then broken
 * contracts on a real Anvil.
 */
import { describe, expect, test } from 'vitest'
import type { Prediction } from '../../models/kit/population.ts'
import { POLICIES, type Policy } from '../../models/kit/trace.ts'
import { factsAt as channelFactsAt } from '../../models/payment-channel/oracle.ts'
import { explorationsCsv, explorationVerdict } from '../../reports/explorationText.ts'
import { canonicalJson } from '../../sim/world/canonicalJson.ts'
import { canariesOf } from '../canaries.ts'
import { predictedTrace } from '../kit/detect.ts'
import { judgeTrace, promisedBy, type TraceVerdict } from '../kit/judge.ts'
import { castOf, emptyPlan, momentAfter, type Plan } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { playerOf } from '../players.ts'
import { checkedSubjects } from '../subjects.ts'
import type { CallFault } from './alphabet.ts'
import { type Edge, type Expansion, expand } from './expand.ts'
import { type ExploreOptions, runExplore } from './explore.ts'
import { createExploreThreads } from './exploreJobs.ts'
import { type KeyOptions, PLAIN_KEY } from './key.ts'
import { memoryOf } from './memory.ts'
import { search } from './search.ts'
import { exploredWorlds, type WorldName } from './worlds.ts'

interface Said extends Pick<TraceVerdict, 'witnesses'> {
  readonly fresh: TraceVerdict['findings']
}

interface Way {
  readonly plan: Plan
  readonly fault: CallFault | null
}

/** What a search over one world comes across. */
interface Reached {
  /** States in full: machines, balances, accounts, times from now on; no key has a part in that. */
  readonly states: ReadonlySet<string>
  /** Each claim that was violated, by which edge, in how many attempts. */
  readonly violated: ReadonlySet<string>
  /** What the claims said of an attempt in a state, in full. */
  readonly sayings: ReadonlySet<string>
  readonly ways: number
}

const worldOf = (player: Player, name: WorldName) =>
  exploredWorlds(player).find((world) => world.name === name) ?? exploredWorlds(player)[0]

/** Every way of so many attempts on the model; states that `key` takes for the same once. */
function reach(
  protocol: string,
  policy: Policy,
  options: {
    readonly world: WorldName
    readonly depth: number
    readonly key: KeyOptions
    /** Whether two agreements are told apart by nothing but who and when. */
    readonly exchanged?: boolean
    /** Whether refusals that lead nowhere are judged, too. */
    readonly refusals?: boolean
  },
): Reached {
  const player = playerOf(protocol)
  const world = worldOf(player, options.world)
  if (world === undefined) throw new Error(`${protocol} has something to explore`)
  const { invariants } = player.binding.protocol
  const promised = promisedBy(invariants, policy)
  const seen = new Set<string>()
  const states = new Set<string>()
  const violated = new Set<string>()
  const sayings = new Set<string>()
  const { expectedRefutations } = player.binding.protocol
  const refutable = expectedRefutations.filter((each) => each.policy === policy)
  // A claim that was broken on one way and not on another is found by the first of them.
  const kept = promised.filter(({ id }) => !refutable.some(({ invariant }) => invariant === id))
  /** What each claim that must hold says of the last attempt. */
  const sayingOf = (before: TraceVerdict, { fresh, witnesses }: Said) => {
    const said = kept.map(({ id }) => {
      const more = (witnesses[id] ?? 0) - (before.witnesses[id] ?? 0)
      return `${id} ${more} ${fresh.find((finding) => finding.id === id)?.evidence ?? ''}`
    })
    return said.join('\n')
  }
  let frontier: Way[] = [{ plan: emptyPlan(castOf(player, policy, world.setup)), fault: null }]
  let ways = 0
  for (let depth = 1; depth <= options.depth; depth += 1) {
    const next: Way[] = []
    for (const { plan, fault } of frontier) {
      const { callFault } = world
      const from = inFull(plan)
      const { nowSeconds } = momentAfter(plan)
      const before = judgeTrace(predictedTrace(plan), promised)
      const expansion = expand(plan, fault, { player, key: options.key, callFault })
      for (const edge of options.refusals ? attemptsIn(expansion) : expansion.edges) {
        ways += 1
        const { findings, witnesses } = judgeTrace(predictedTrace(edge.plan), promised)
        const fresh = findings.filter(({ stepIndex }) => stepIndex >= depth - 1)
        for (const { id } of fresh) violated.add(`${id} ${edge.edge} ${depth}`)
        const asked = JSON.stringify(edge.plan.steps.at(-1), shown)
        const said = `${asked} ${sayingOf(before, { fresh, witnesses })}`
        sayings.add(`${from} ${countedFrom(nowSeconds, said)}`)
        if (edge.key === null) continue
        states.add(options.exchanged ? mirrored(edge.plan) : inFull(edge.plan))
        const name = `${edge.fault !== null} ${edge.key}`
        if (seen.has(name)) continue
        seen.add(name)
        next.push({ plan: edge.plan, fault: edge.fault })
      }
    }
    frontier = next
  }
  return { states, violated, sayings, ways }
}

/** Accepted and remembered attempts, and those that share a run, each by itself. */
function attemptsIn({ plan, edges, refused }: Expansion): readonly Edge[] {
  const before = plan.steps.length
  const alone = refused.steps.slice(before).map((planned, index): Edge => {
    const prediction = refused.predictions[before + index] as Prediction
    const [steps, predictions] = [plan.steps.concat(planned), plan.predictions.concat(prediction)]
    const { edge } = prediction
    return { plan: { ...plan, steps, predictions }, edge, accepted: false, fault: null, key: null }
  })
  return [...edges, ...alone]
}

const shown = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)

const TIME = /\b1[89]\d{8}\b/g

/** Times counted from another one: states that lie later as a whole are the same. */
const countedFrom = (zeroSeconds: number, text: string) =>
  text.replace(TIME, (at) => `${Number(at) - zeroSeconds} s`)

function inFull(plan: Plan): string {
  const { population, nowSeconds } = momentAfter(plan)
  const machines = population.snapshots.map(({ value, context }) => [value, context])
  return countedFrom(nowSeconds, canonicalJson([machines, population.view]))
}

/** What is the same for a state and its mirror image: what each machine says, in any order. */
function mirrored(plan: Plan): string {
  const { population, nowSeconds } = momentAfter(plan)
  const views = population.view.agreements.map((view) => canonicalJson(view))
  return countedFrom(nowSeconds, views.sort().join(' '))
}
const without = { ...PLAIN_KEY, deduplicates: false, exchanges: false }
const forgetful = { ...PLAIN_KEY, remembers: () => ({ own: [], shared: null }) }
/** Remembers of a channel what was shown and refused, too. */
const recalling: KeyOptions = {
  ...PLAIN_KEY,
  remembers: (trace) => ({
    own: [],
    shared: [memoryOf(trace), channelFactsAt(trace, trace.steps.length - 1, 0)],
  }),
}

describe.each([
  ['session-escrow', 4],
  ['attendance-hold', 3],
  ['withdrawal', 3],
  ['payment-channel', 3],
  ['progressive-escrow', 3],
] as const)('%s, %i attempts', (protocol, depth) => {
  test.each(POLICIES)('%s › de-duplication changes no answer and loses no state', (policy) => {
    const asked = { world: 'one', depth } as const
    const all = reach(protocol, policy, { ...asked, key: without })
    const few = reach(protocol, policy, { ...asked, key: PLAIN_KEY })

    expect(few.ways).toBeLessThanOrEqual(all.ways)
    expect(few.violated).toEqual(all.violated)
    expect(few.states).toEqual(all.states)
    expect(few.sayings).toEqual(all.sayings)
  })
})

test.each(POLICIES)('payment-channel %s › a voucher that is refused breaks no claim', (policy) => {
  const asked = { world: 'one', depth: 3, refusals: true } as const
  const few = reach('payment-channel', policy, { ...asked, key: PLAIN_KEY })
  const all = reach('payment-channel', policy, { ...asked, key: recalling })

  expect(few.ways).toBeLessThan(0.4 * all.ways)
  expect(few.violated).toEqual(all.violated)
  expect([...few.states].filter((state) => !all.states.has(state))).toEqual([])
  expect([...few.sayings].filter((said) => !all.sayings.has(said))).toEqual([])
})

describe('token-job', () => {
  test('a key that forgets what claims remember loses judgements', () => {
    const asked = { world: 'one', depth: 4, refusals: true } as const
    const few = reach('token-job', 'as-described', { ...asked, key: PLAIN_KEY })
    const blind = reach('token-job', 'as-described', { ...asked, key: forgetful })
    const lost = [...few.sayings].filter((said) => !blind.sayings.has(said))

    expect([...few.violated]).toEqual(['INV-PROOF-WINDOW Completed|submitProof|!NotActive 4'])
    expect(lost.length).toBeGreaterThan(0)
  })

  test('exchanging agreements changes no answer and loses no state', () => {
    const asked = { world: 'two', depth: 3, exchanged: true } as const
    const few = reach('token-job', 'hardened', { ...asked, key: PLAIN_KEY })
    const all = reach('token-job', 'hardened', {
      ...asked,
      key: { ...PLAIN_KEY, exchanges: false },
    })

    expect(few.ways).toBeLessThan(0.7 * all.ways)
    expect(few.violated).toEqual(all.violated)
    expect(few.states).toEqual(all.states)
  })
})

const quiet = {
  ...{ depth: null, budgetMs: null, only: [], workers: 1, contract: null, outDir: 'out' },
  on: 'contract',
  onProgress: () => {},
} as const
const explore = (options: Partial<ExploreOptions> & Pick<ExploreOptions, 'protocols'>) =>
  runExplore({ ...quiet, policies: POLICIES, signal: new AbortController().signal, ...options })

test('however the work is cut, the answer is the same', async () => {
  const [subject] = await checkedSubjects({
    player: playerOf('session-escrow'),
    policies: ['hardened'],
    path: null,
  })
  if (subject === undefined) throw new Error('there is a contract')
  const searched = (nodesPerJob: number) =>
    search({
      threads: createExploreThreads(1),
      setting: { protocol: 'session-escrow', subject, world: 'one', only: [], on: 'model' },
      depth: 3,
      nodesPerJob,
      isExpected: () => true,
      halted: () => null,
      onReport: () => {},
    })

  expect(await searched(1)).toEqual(await searched(7))
})

test('a budget ends it after a whole depth, and says so', async () => {
  const record = await explore({
    ...{ protocols: ['withdrawal'], policies: ['hardened'], on: 'model', depth: 9 },
    budgetMs: 1_500,
  })

  expect(record.summary).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
  const [one] = record.exploration ?? []
  expect(one).toMatchObject({ asked: 9, ending: 'budget', explored: one?.depths.length })
  expect(record.summary.reasons.join(' ')).toContain(`depth ${one?.explored} of 9`)
})

describe('on the contract', () => {
  test('refutes what it should, in as few attempts as there are', async () => {
    const record = await explore({ protocols: ['checkpoint-download'], depth: 3 })

    expect(record.summary).toMatchObject({ verdict: 'held', exitCode: 0, violated: 0 })
    const refuted = record.failures.map(({ invariant, trace }) => [invariant, trace.steps.length])
    expect(refuted).toEqual([
      ['INV-METER', 2],
      ['INV-SEGMENT-CAP', 2],
    ])
    expect(record.failures.every(({ confirmedOnMinedLane }) => confirmedOnMinedLane)).toBe(true)
    const said =
      'no other counterexample exists within these bounds, 2 refuted as expected, depth 3'
    expect(explorationVerdict(record)).toContain(said)
    const rows = explorationsCsv(record).trim().split('\n')
    expect(rows).toHaveLength(1 + 2 * 3 * 3)
    expect(rows[2]).toMatch(/^checkpoint-download,as-described,one,.*INV-METER INV-SEGMENT-CAP$/)
  })

  test.each([
    ['withdrawal', 'commission-not-booked', 1],
    ['token-job', 'treasury-not-credited', 3],
    ['payment-channel', 'grace-of-one-minute', 2],
  ])('%s › finds %s by its claim in %i attempts', async (protocol, id, attempts) => {
    const canary = canariesOf(protocol).find((each) => each.id === id)
    if (canary === undefined) throw new Error(`there is a canary ${id}`)
    const contract = `contracts/canaries/${protocol}/${canary.contract}.sol`
    const { policy, caughtBy } = canary
    const record = await explore({ protocols: [protocol], policies: [policy], contract })

    const failure = record.failures.find(({ invariant }) => invariant === caughtBy)
    expect(failure?.trace.steps.length).toBe(attempts)
    expect(failure?.replayCommand).toContain(failure?.traceFile)
    expect(failure?.confirmedOnMinedLane).toBe(true)
    expect(record.summary).toMatchObject({ verdict: 'violated', exitCode: 1 })
    expect(record.exploration?.[0]).toMatchObject({ ending: 'counterexample', explored: attempts })
  })
})
