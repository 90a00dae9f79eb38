/**
 * The same worlds on the model chain and on Anvil: what happens when, and what the real contract
 * does about it. The machine's prediction and the contract agree on every step, quotes, nonces and
 * the times of other requests among them.
 *
 * Runs are equal but for base fees, which lie up to 2 % lower on Anvil, as a real call uses less
 * gas than it offers. Everything is short here: Anvil makes every block.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { matchmakingBinding } from '../../contracts/bindings/matchmaking.ts'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import { matchmakingParameters } from '../../models/matchmaking/parameters.ts'
import { ACTORS } from '../../sim/matchmaking/actors.ts'
import type { RequestBehaviour } from '../../sim/matchmaking/behaviour.ts'
import { setUpWorld, type WorldOptions } from '../../sim/matchmaking/options.ts'
import { DESCRIBED_MATCH, fault, request } from '../../sim/matchmaking/testing/describedMatch.ts'
import { runWorld, runWorldOn } from '../../sim/matchmaking/world.ts'
import type { WorldRun } from '../../sim/matchmaking/worldRun.ts'
import { type AnvilWorlds, openAnvilWorlds } from '../kit/anvilWorld.ts'
import { expectAsPredicted, withoutFees } from '../testing/sameOnAnvil.ts'
import { optionsOf } from './scenario.ts'
import { scenarioDraws } from './scenarioDraws.ts'

const parameters = { proposalTtlSeconds: 60 }
/** A story for each regime, so that a few worlds show all of both. */
const DRAWN = ['none', 'disconnect', 'skew', 'congestion', 'mixed'] as const
const STORY_OF = [1, 0, 2, 0, 4]

let worlds: AnvilWorlds<WorldOptions, WorldRun>
beforeAll(async () => {
  const artifacts = await compileContracts()
  const subjects = POLICIES.map((policy) => {
    const name = matchmakingBinding.contractNames[policy]
    return { name, policy, bytecode: artifactNamed(artifacts, name).bytecode }
  })
  const world = {
    ...{ binding: matchmakingBinding, actors: ACTORS },
    ...{ setUp: setUpWorld, runOn: runWorldOn },
  }
  const cases = [matchmakingParameters.parse(parameters)]
  worlds = await openAnvilWorlds({ world, subjects, cases })
})
afterAll(() => worlds.close())

const brief = (each: RequestBehaviour): RequestBehaviour => ({
  ...{ ...each, patienceMs: Math.min(each.patienceMs, 240_000) },
  ...{ callMs: Math.min(each.callMs, 90_000), bookMs: Math.min(each.bookMs, 60_000) },
})

/** A drawn world of the campaign, shortened so that a real chain can make all its blocks. */
function drawnOptions(at: number): Partial<WorldOptions> {
  const regime = DRAWN[at] as (typeof DRAWN)[number]
  const draws = scenarioDraws(regime, 1, { story: STORY_OF[at] as number })
  const [draw] = fc.sample(draws, { seed: 17, numRuns: 1 })
  const options = optionsOf(draw as NonNullable<typeof draw>)
  const { requests = [], ...people } = options.behaviour ?? {}
  return {
    ...options,
    regime,
    profile: 'l1',
    behaviour: { ...people, requests: requests.map(brief) },
  }
}

describe.each(POLICIES)('the same world on both chains, %s', (policy) => {
  test.each(DRAWN)('%s: the same run but for fees, and the contract agrees', async (regime) => {
    const options = { ...drawnOptions(DRAWN.indexOf(regime)), seed: 9, run: 0, policy, parameters }
    const real = await worlds.run(options)
    expect(real.observed.length).toBeGreaterThan(0)
    expect(withoutFees(real.run)).toEqual(withoutFees(runWorld(options)))
    expectAsPredicted(real)
  })

  test('two students who want the same tutor, whose acceptance a reorg undoes', async () => {
    const requests = [request(), request({ student: 1, atMs: 10_500 })].map(brief)
    const behaviour = { ...DESCRIBED_MATCH.behaviour, requests }
    const base = { ...DESCRIBED_MATCH, policy, parameters, behaviour, profile: 'l1' }
    const [course] = runWorld(base).courses
    const acceptedMs = course?.acceptances[0]?.atMs as number
    const options = { ...base, faults: [fault('reorg', 'chain', acceptedMs + 1_000, 0, 1)] }
    const real = await worlds.run(options)
    expect(real.run.transactions.some(({ reorgs }) => reorgs > 0)).toBe(true)
    const matches = real.run.courses.map(({ deposits }) => deposits.length)
    // As described both are matched, and who waits for a slow block orders the deposit again.
    if (policy === 'hardened') expect(matches[0]).toBe(1)
    else for (const deposits of matches) expect(deposits).toBeGreaterThan(0)
    expectAsPredicted(real)
  })
})
