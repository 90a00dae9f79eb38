/**
 * The world around payment-channel in worked cases, to the base unit: vouchers and top-ups, cheats,
 * a forced end with and without a watcher, congestion, wrong clocks, copies and reorgs.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import { CHEATS } from './behaviour.ts'
import { isProviderCut, paidUnits, unpaidUnits, voucherLossUnits } from './losses.ts'
import { coveredBytes, owedUnits } from './price.ts'
import { broken, downFor, download } from './testing/describedDownload.ts'
import type { WorldRun } from './worldRun.ts'

const POLICIES = ['as-described', 'hardened'] as const
type Policy = (typeof POLICIES)[number]
const PRICE = 10_000_000n
const STEP = 100_000n

const edges = ({ steps }: WorldRun) => steps.map(({ edge }) => edge)
const ofAction = (run: WorldRun, action: string) =>
  run.steps.filter(({ planned }) => planned.action === action)
const offsetOf = (target: string, magnitude: number): Fault => ({
  ...{ kind: 'clock-offset', target, atMs: 0, durationMs: 0, magnitude },
})

test('prices round down, and what a deposit covers is exact at both ends', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      (voucherStepUnits, bytesPerVoucher, units) => {
        const price = { voucherStepUnits, bytesPerVoucher }
        const bytes = coveredBytes(price, units, Number.MAX_SAFE_INTEGER - 1)
        expect(owedUnits(price, bytes)).toBeLessThanOrEqual(units)
        const isMost = bytes === Number.MAX_SAFE_INTEGER - 1
        if (!isMost) expect(owedUnits(price, bytes + 1)).toBeGreaterThan(units)
        expect(owedUnits(price, bytesPerVoucher)).toBe(voucherStepUnits)
      },
    ),
  )
})

describe.each(POLICIES)('worked case: 100 MiB at 0.10 a MiB, %s', (policy) => {
  test('100 vouchers are the whole deposit of 10.00, in two transactions', () => {
    const run = download(policy)
    expect([run.signed.length, run.held.length, run.deliveredBytes]).toEqual([
      ...[100, 100, 100 * MEBIBYTE_BYTES],
    ])
    expect(edges(run)).toEqual(['None|open|Open', 'Open|close|Closed'])
    expect(run.endState).toMatchObject({ receivedUnits: PRICE, refundedUnits: 0n, escrowUnits: 0n })
    expect(broken(run)).toEqual([])
  })

  test('a payer that is done after 37 MiB pays 3.70 and has 6.30 back', () => {
    const run = download(policy, { takesBps: 3_700, lingersMs: 0 })
    expect(run.endState).toMatchObject({ receivedUnits: 3_700_000n, refundedUnits: 6_300_000n })
    expect(run.milestones).toMatchObject({ payerReason: 'satisfied', providerReason: 'done' })
  })

  test('redemptions in between change nothing of the sum', () => {
    const run = download(policy, { redeemsAtBps: 2_000 })
    expect(ofAction(run, 'redeem').length).toBeGreaterThan(1)
    for (const { outcome } of run.steps) expect(outcome.accepted).toBe(true)
    expect(paidUnits(run)).toBe(PRICE)
  })

  test('a deposit of 3.00 is topped up by 3.00, 3.00 and 1.00, and the transfer waits', () => {
    const run = download(policy, { depositBps: 3_000 })
    const amounts = run.steps.flatMap(({ planned }) => planned.args.amountUnits ?? [])
    expect(amounts).toEqual([3_000_000n, 3_000_000n, 3_000_000n, 1_000_000n])
    expect(run.waits.filter(({ on }) => on === 'deposit').length).toBe(3)
    expect(paidUnits(run)).toBe(PRICE)
    expect(broken(run)).toEqual([])
  })

  test('who tops up early enough waits for no deposit', () => {
    const early = { depositBps: 3_000, topsUpAheadBps: 2_500, bytesPerSecond: 500_000 }
    const run = download(policy, early)
    expect(run.endState.depositUnits).toBe(PRICE)
    expect(run.waits.filter(({ on }) => on === 'deposit')).toEqual([])
  })

  test.each(['stops', 'replays', 'forges'] as const)(
    'a payer that %s after 41.5 MiB gets one more step for nothing',
    (signs) => {
      const run = download(policy, { signs, signsUntilBps: 4_150 })
      expect(run.held.at(-1)?.bytes).toBe(41 * MEBIBYTE_BYTES)
      expect([paidUnits(run), unpaidUnits(run)]).toEqual([41n * STEP, STEP])
      expect(broken(run)).toEqual([])
    },
  )

  test.each(CHEATS.filter((cheat) => cheat !== 'no'))(
    'a provider gains nothing by %s',
    (cheats) => {
      const run = download(policy, { cheats, redeemsAtBps: 2_000 })
      const refusals = edges(run).filter((edge) => edge.includes('!'))
      const refusal = cheats === 'replayed' ? '!StaleVoucher' : '!InvalidVoucher'
      expect(refusals).toEqual([`Open|redeem|${refusal}`])
      expect(paidUnits(run)).toBe(PRICE)
      expect(broken(run)).toEqual([])
    },
  )
})

describe('the payer forces the end', () => {
  const forced = { payerEnds: 'forces' } as const
  const parameters = { challengeSeconds: 300 }

  test.each(POLICIES)('%s: a provider that is there redeems everything', (policy) => {
    const run = download(policy, forced, { parameters })
    expect(edges(run).slice(1)).toEqual([
      ...['Open|requestClose|Closing', 'Closing|redeem|Closing', 'Closing|finalise|Closed'],
    ])
    expect(paidUnits(run)).toBe(PRICE)
    const { requestedMs, endedMs } = run.milestones
    const waitedMs = (endedMs ?? 0) - (requestedMs ?? 0)
    const startsAnew = policy === 'as-described' ? 12_000 : 0
    expect([waitedMs - startsAnew >= 300_000, waitedMs - startsAnew < 330_000]).toEqual([
      true,
      true,
    ])
  })

  test.each(POLICIES)('%s: one that closes spares the payer the challenge', (policy) => {
    const run = download(policy, { ...forced, endsChallenges: true }, { parameters })
    expect(edges(run).at(-1)).toBe('Closing|close|Closed')
    expect(paidUnits(run)).toBe(PRICE)
  })

  // The file is complete after 55 s; 1 s later the payer leaves.
  const offline = [downFor('provider', 55_500, 1_200_000)]

  test('as described, 10.00 are lost while the provider is offline, watcher or not', () => {
    const run = download(
      'as-described',
      { ...forced, hasWatcher: true },
      { parameters, faults: offline },
    )
    expect(edges(run)).toContain('Closing|redeem|!NotProvider')
    expect([paidUnits(run), voucherLossUnits(run)]).toEqual([0n, PRICE])
    expect(broken(run)).toEqual(['INV-W-VOUCHER-REDEEMED', 'INV-W-PROVIDER-EXPOSURE'])
  })

  test('hardened, the watcher saves all of them', () => {
    const run = download(
      'hardened',
      { ...forced, hasWatcher: true },
      { parameters, faults: offline },
    )
    expect(ofAction(run, 'redeem').map(({ planned }) => planned.by)).toEqual(['watcher'])
    expect([paidUnits(run), voucherLossUnits(run)]).toEqual([PRICE, 0n])
    expect(broken(run)).toEqual([])
  })

  test('hardened, without one they are lost, and a longer challenge saves them', () => {
    const run = download('hardened', forced, { parameters, faults: offline })
    expect([voucherLossUnits(run), isProviderCut(run), broken(run)]).toEqual([PRICE, true, []])
    const longer = { challengeSeconds: 1_260 }
    const saved = download('hardened', forced, { parameters: longer, faults: offline })
    expect(voucherLossUnits(saved)).toBe(0n)
  })

  test('a payer that preys asks for the end as soon as the provider is offline', () => {
    const preys = { ...forced, preys: true, lingersMs: 900_000 }
    const faults = [downFor('provider', 200_000, 400_000)]
    const run = download('hardened', preys, { parameters, faults })
    expect(run.milestones.payerReason).toBe('offline')
    expect(run.milestones.payerLeftMs).toBeGreaterThan(205_000)
    expect(run.milestones.payerLeftMs).toBeLessThan(225_000)
    expect(voucherLossUnits(run)).toBe(PRICE)
  })

  test('as described, three vouchers kept back make the payer wait for four challenges', () => {
    const kept = { ...forced, keepsBack: 3 }
    const waitedMs = (policy: Policy) => {
      const { requestedMs, endedMs } = download(policy, kept, { parameters }).milestones
      return (endedMs ?? 0) - (requestedMs ?? 0)
    }
    // Each is presented two minutes before the end, as the margin says.
    expect(waitedMs('as-described')).toBeGreaterThan(4 * 180_000 + 300_000)
    expect(waitedMs('hardened')).toBeLessThan(330_000)
    expect(broken(download('as-described', kept, { parameters }))).toEqual(['INV-W-PAYER-WAIT'])
  })
})

describe('a redemption that is stuck in congestion', () => {
  const stuck: Fault = {
    ...{ kind: 'full-blocks', target: 'chain', atMs: 50_000, durationMs: 1_200_000 },
    magnitude: 20_000,
  }
  const run = (challengeSeconds: number) =>
    download(
      'hardened',
      { payerEnds: 'forces', preys: true, lingersMs: 1_000, hasWatcher: true },
      { parameters: { challengeSeconds }, faults: [stuck] },
    )

  test('loses the race against a payer that pays more, when the challenge is short', () => {
    expect(voucherLossUnits(run(60))).toBe(PRICE)
    expect(isProviderCut(run(60))).toBe(false)
    expect(broken(run(60))).toEqual([])
  })

  test('has got in by then, when it is not', () => {
    expect(voucherLossUnits(run(180))).toBe(0n)
  })
})

describe('clocks that are wrong', () => {
  test('a payer whose clock is ahead is told so once, and waits as long as it has to', () => {
    const faults = [offsetOf('payer', 40_000)]
    const parameters = { challengeSeconds: 300 }
    const run = download('hardened', { payerEnds: 'forces' }, { parameters, faults })
    const refusals = edges(run).filter((edge) => edge.includes('!'))
    expect(refusals).toEqual(['Closing|finalise|!ChallengeRunning'])
    const { requestedMs, endedMs } = run.milestones
    expect((endedMs ?? 0) - (requestedMs ?? 0)).toBeLessThan(330_000)
    expect(broken(run)).toEqual([])
  })

  test('one whose clock is behind finalises by as much later', () => {
    const faults = [offsetOf('payer', -90_000)]
    const parameters = { challengeSeconds: 300 }
    const run = download('hardened', { payerEnds: 'forces' }, { parameters, faults })
    const { requestedMs, endedMs } = run.milestones
    expect((endedMs ?? 0) - (requestedMs ?? 0)).toBeGreaterThanOrEqual(390_000)
    expect(broken(run)).toEqual([])
  })

  const expiring = { payerEnds: 'vanishes', providerWaits: true } as const
  const terms = { expirySeconds: 900, parameters: { challengeSeconds: 300 } }

  test('a provider that waits redeems before the expiry, by its margin', () => {
    const run = download('as-described', expiring, terms)
    expect(run.milestones).toMatchObject({ ending: 'close', providerReason: 'expired' })
    const leftMs = (run.milestones.openedMs ?? 0) + 900_000 - (run.milestones.endSentMs ?? 0)
    expect(leftMs).toBe(120_000)
  })

  test('as described, one that is behind by more than its margin comes too late', () => {
    const faults = [offsetOf('provider', -200_000)]
    const run = download('as-described', expiring, { ...terms, faults })
    expect([run.milestones.ending, voucherLossUnits(run)]).toEqual(['reclaimExpired', PRICE])
    expect(broken(run)).toContain('INV-W-VOUCHER-REDEEMED')
  })

  test('hardened, the grace makes up for it', () => {
    const faults = [offsetOf('provider', -200_000)]
    const run = download('hardened', expiring, { ...terms, faults })
    expect([run.milestones.ending, voucherLossUnits(run)]).toEqual(['close', 0n])
  })

  test('a payer that was too early to reclaim is none the later with its finalisation', () => {
    const parameters = { challengeSeconds: 60 }
    const early = { profile: 'l2', expirySeconds: 120, parameters }
    const faults = [offsetOf('payer', 200_000)]
    const run = download('hardened', { payerEnds: 'forces' }, { ...early, faults })
    expect(edges(run)).toContain('Open|reclaimExpired|!NotExpired')
    const { requestedMs, endedMs } = run.milestones
    expect((endedMs ?? 0) - (requestedMs ?? 0)).toBeLessThan(70_000)
    expect(broken(run)).toEqual([])
  })

  test('a payer whose top-up is swallowed until the expiry does not wait for ever', () => {
    const dropped: Fault = {
      ...{ kind: 'dropped-transaction', target: 'payer', atMs: 20_000, durationMs: 1_000_000 },
      magnitude: 1,
    }
    const run = download('hardened', { depositBps: 3_000 }, { ...terms, faults: [dropped] })
    expect(run.milestones.payerReason).toBe('expired')
    expect([paidUnits(run), broken(run)]).toEqual([3_000_000n, []])
  })

  test('a payer that nobody served gets its deposit back after expiry and grace', () => {
    const nothing = { payerEnds: 'vanishes', signs: 'stops', signsUntilBps: 0 } as const
    const run = download('hardened', nothing, terms)
    expect(run.milestones.ending).toBe('reclaimExpired')
    const { openedMs, endedMs } = run.milestones
    expect((endedMs ?? 0) - (openedMs ?? 0)).toBeGreaterThanOrEqual(1_200_000)
    expect(run.endState).toMatchObject({ refundedUnits: PRICE, receivedUnits: 0n })
    expect(broken(run)).toEqual([])
  })
})

describe('a voucher is paid exactly once', () => {
  const messy = (target: string): readonly Fault[] => [
    { kind: 'message-duplication', target, atMs: 0, durationMs: 600_000, magnitude: 10_000 },
    { kind: 'message-reordering', target, atMs: 0, durationMs: 600_000, magnitude: 3_000 },
  ]

  test.each(POLICIES)('%s: though copies arrive in any order and a reorg undoes it', (policy) => {
    const mess = [...messy('payer'), ...messy('provider')]
    const undisturbed = download(policy, { redeemsAtBps: 2_000 }, { faults: mess })
    const redeemedMs = ofAction(undisturbed, 'redeem')[0]?.includedMs ?? 0
    const reorg: Fault = {
      ...{ kind: 'reorg', target: 'chain', atMs: redeemedMs + 1_000, durationMs: 0, magnitude: 2 },
    }
    const run = download(policy, { redeemsAtBps: 2_000 }, { faults: [...mess, reorg] })
    expect(run.staleCount).toBeGreaterThan(50)
    expect(run.transactions.some(({ reorgs, action }) => reorgs > 0 && action === 'redeem')).toBe(
      true,
    )
    expect([paidUnits(run), run.endState.refundedUnits]).toEqual([PRICE, 0n])
    expect(broken(run)).toEqual([])
  })

  test('a top-up that a deep reorg took back is all that the provider loses by it', () => {
    const reorg: Fault = {
      ...{ kind: 'reorg', target: 'chain', atMs: 96_000, durationMs: 0, magnitude: 3 },
    }
    const small = { depositBps: 3_792, topsUpAheadBps: 140, bytesPerSecond: 3_350_000 }
    const run = download(
      'hardened',
      {
        ...small,
        payerEnds: 'vanishes',
        lingersMs: 56_000,
        providerWaits: true,
        redeemsAtBps: 2_449,
      },
      {
        ...{ seed: 618_652, fileBytes: 16 * MEBIBYTE_BYTES, depositUnits: 2_000_000n },
        ...{ expirySeconds: 90, parameters: { challengeSeconds: 60, redeemMarginSeconds: 30 } },
        faults: [reorg],
      },
    )
    expect(edges(run)).toContain('Closed|topUp|!NotOpen')
    const deliveredUnits = owedUnits(run.price, run.deliveredBytes)
    expect(deliveredUnits - run.endState.depositUnits).toBe(run.undoneUnits)
    expect(run.undoneUnits).toBeGreaterThan(0n)
    expect(broken(run)).toEqual([])
  })
})
