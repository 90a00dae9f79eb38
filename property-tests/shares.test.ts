import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { POLICIES } from '../models/kit/trace.ts'
import { campaignJobs } from './kit/campaignJobs.ts'
import { RUNS_PER_CHUNK } from './kit/conformance.ts'
import { deadlineOfShare, ROUND_RUNS, sharesOf, undecidedOf } from './kit/shares.ts'
import { PROTOCOL_IDS, playerOf } from './players.ts'
import { checkedSubjects } from './subjects.ts'

describe('sharing the work between protocols', () => {
  test('first shares are whole chunks, and never more than half of all but for the least', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 12 }),
      (runsInAll, protocols) => {
        const { first, further } = sharesOf(runsInAll, protocols)
        expect(first % RUNS_PER_CHUNK).toBe(0)
        expect(further % ROUND_RUNS).toBe(0)
        expect(first).toBeGreaterThanOrEqual(3 * RUNS_PER_CHUNK)
        const even = Math.ceil(runsInAll / 2 / protocols)
        expect(first).toBeLessThan(Math.max(even, 3 * RUNS_PER_CHUNK) + RUNS_PER_CHUNK)
      },
    )
    fc.assert(property)
  })

  test('time that one protocol does not need is there for the next', () => {
    const deadlineMs = 120_000
    const first = deadlineOfShare({ nowMs: 0, deadlineMs, protocolsLeft: 3 })
    expect(first).toBe(40_000)
    expect(deadlineOfShare({ nowMs: 10_000, deadlineMs, protocolsLeft: 2 })).toBe(65_000)
    expect(deadlineOfShare({ nowMs: 130_000, deadlineMs, protocolsLeft: 1 })).toBe(130_000)
    const unlimited = { nowMs: 5, deadlineMs: Number.POSITIVE_INFINITY, protocolsLeft: 2 }
    expect(deadlineOfShare(unlimited)).toBe(Number.POSITIVE_INFINITY)
  })

  test.each(PROTOCOL_IDS)('a further round of %s repeats nothing of an earlier one', async (id) => {
    const player = playerOf(id)
    const subjects = await checkedSubjects({ player, policies: POLICIES, path: null })
    const options = { seed: 1, only: [], regimes: ['none', 'mixed'], budgetMs: null }
    const names = [0, 75, 125].flatMap((fromRun) => {
      const jobs = campaignJobs(
        { ...options, fromRun, runs: fromRun === 0 ? 75 : 50 },
        player,
        subjects,
      )
      return jobs.map(({ kind, policy, ...job }) => {
        const index = 'chunkIndex' in job ? job.chunkIndex : 'setupIndex' in job && job.setupIndex
        return [kind, policy, 'regime' in job ? job.regime : '', index].join(' ')
      })
    })
    expect(new Set(names).size).toBe(names.length)
  })

  test('a protocol of which nothing was run is undecided in every claim and edge', async () => {
    const player = playerOf('session-escrow')
    const subjects = await checkedSubjects({ player, policies: ['hardened'], path: null })
    const tally = { campaigns: [], findings: [] }
    const outcome = { player, subjects, tally, counterexamples: [], regimes: ['none'] }
    const open = undecidedOf({ ...outcome, only: [] })
    for (const { id } of player.binding.protocol.invariants) {
      expect(open.some((sentence) => sentence.startsWith(id))).toBe(true)
    }
    expect(open.at(-1)).toContain('Edges never reached')
  })
})
