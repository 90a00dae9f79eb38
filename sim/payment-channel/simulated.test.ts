/**
 * What simulations are told of a channel: stages that begin and end where they should, waits that
 * make up a download, shares and sums that add up, and losses that depend on the challenge.
 */
import { describe, expect, test } from 'vitest'
import { REGIME_NAMES } from '../faults/regimes.ts'
import { MEBIBYTE_BYTES, pieceMs } from '../world/download.ts'
import { designOf, type SimulationSpec } from '../world/simulated.ts'
import { PIECE_BYTES } from './providerState.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { paymentChannelSimulated } from './simulated.ts'
import { downFor, download } from './testing/describedDownload.ts'

const POLICIES = ['as-described', 'hardened'] as const
type Policy = (typeof POLICIES)[number]

describe.each(POLICIES)('facts of the described download, %s', (policy) => {
  const run = download(policy)
  const facts = runFactsOf(run, true)
  const of = (stage: string) => facts.stages.filter((sample) => sample.stage === stage)

  test('each stage has a sample for each time that it was gone through', () => {
    const counts = Object.values(STAGES).map((stage) => of(stage).length)
    // Every tenth of 100 vouchers and the last; nobody asked for the end.
    expect(counts).toEqual([1, 11, 0, 0, 1])
    for (const { outcome } of facts.stages) expect(outcome).toBe('ended')
  })

  test('a download is what the line takes, what was waited, and a last latency', () => {
    const { samples } = facts
    const [waitedMs = 0] = samples.waitedMs ?? []
    const [downloadMs = 0] = samples.downloadMs ?? []
    const pieces = 100 * (MEBIBYTE_BYTES / PIECE_BYTES)
    const lineMs = pieces * pieceMs(PIECE_BYTES, 5_000_000)
    const restMs = Number(downloadMs) - Number(waitedMs) - lineMs
    expect(restMs).toBeGreaterThan(20)
    expect(restMs).toBeLessThan(500)
    const parts = ['waitedForOpening', 'waitedForVouchers', 'waitedForDeposit'] as const
    const sum = parts.reduce((total, name) => total + Number(samples[name]?.[0]), 0)
    expect(sum).toBe(waitedMs)
    expect(samples.downloadedBytes).toEqual([100 * MEBIBYTE_BYTES])
  })

  test('sums add up', () => {
    expect(facts).toMatchObject({ grossUnits: 10_000_000n, platformUnits: 0n, residualUnits: 0n })
    expect(facts.samples).toMatchObject({
      ...{ vouchers: [100], redemptions: [1], vouchersPerRedemption: [100], topUps: [0] },
      ...{ voucherLoss: [0n], voucherLossOnline: [0n], providerLoss: [0n], depositUsed: [10_000n] },
    })
    expect(facts.shares).toMatchObject({ complete: true, cooperative: true, lost: false })
    expect(facts.provider).toMatchObject({ worstUnits: 100_000n, boundUnits: 100_000n })
  })
})

describe('a forced end', () => {
  const options = { parameters: { challengeSeconds: 300 } }

  test('is timed from the request, to the redemption and to the end', () => {
    const facts = runFactsOf(download('hardened', { payerEnds: 'forces' }, options), false)
    const durations = [STAGES.redemption, STAGES.closing].map(
      (stage) => facts.stages.find((sample) => sample.stage === stage)?.durationMs,
    )
    expect(durations).toEqual([12_000, 324_000])
    expect(facts.shares).toMatchObject({ forced: true, cooperative: false, watcherRedeemed: null })
  })

  test('costs a provider that is offline its vouchers, which is not for want of blocks', () => {
    const faults = [downFor('provider', 55_500, 1_200_000)]
    const run = download('hardened', { payerEnds: 'forces' }, { ...options, faults })
    const { samples, shares, stages } = runFactsOf(run, false)
    expect([samples.voucherLoss, samples.voucherLossOnline]).toEqual([[10_000_000n], [0n]])
    expect(shares).toMatchObject({ lost: true, lostUnwatched: true, lostWatched: null })
    const redemption = stages.find(({ stage }) => stage === STAGES.redemption)
    expect(redemption).toMatchObject({ durationMs: null, outcome: 'failed' })
  })

  test('an outage is not counted as waiting for money', () => {
    const cut = [downFor('payer', 30_000, 20_000)]
    const waitedMs = (faults: typeof cut) =>
      Number(runFactsOf(download('hardened', {}, { faults }), false).samples.waitedMs?.[0])
    // What is left of it: a second until the payer asks again.
    expect(waitedMs(cut) - waitedMs([])).toBeLessThan(2_000)
  })
})

describe('over many runs', () => {
  const spec = (
    policy: Policy,
    regime: SimulationSpec['regime'],
    challengeSeconds = 900,
  ): SimulationSpec => ({
    ...{ protocol: 'payment-channel', policy, regime, seed: 3, profile: 'l1' },
    ...designOf(paymentChannelSimulated, { parameters: { challengeSeconds } }),
  })
  const ENDS = ['cooperative', 'closedAlone', 'forced', 'expired', 'reclaimed'] as const

  test.each(REGIME_NAMES)('nothing is lost or counted twice under %s', (regime) => {
    for (let run = 0; run < 20; run += 1) {
      for (const policy of POLICIES) {
        const played = paymentChannelSimulated.play(spec(policy, regime), run, 'summary')
        const { shares, samples, residualUnits, isSettled } = played.facts(false)
        expect(residualUnits).toBe(0n)
        expect(ENDS.filter((name) => shares[name] === true)).toHaveLength(isSettled ? 1 : 0)
        const known = paymentChannelSimulated.measures.map(({ name }) => name)
        for (const name of Object.keys({ ...samples, ...shares })) expect(known).toContain(name)
        expect(Number(samples.waitedMs?.[0] ?? 0)).toBeGreaterThanOrEqual(0)
      }
    }
  })

  test('a challenge of a minute loses vouchers that one of fifteen does not', () => {
    const lossUnits = (challengeSeconds: number) =>
      Array.from({ length: 120 }, (_, run) => {
        const design = spec('hardened', 'disconnect', challengeSeconds)
        const { samples } = paymentChannelSimulated.play(design, run, 'summary').facts(false)
        return BigInt(samples.voucherLoss?.[0] ?? 0)
      }).reduce((sum, units) => sum + units, 0n)
    expect(lossUnits(60)).toBeGreaterThan(0n)
    expect(lossUnits(960)).toBe(0n)
  })

  test('a run for the gas shows each action, whatever was drawn', () => {
    for (const policy of POLICIES) {
      const seen = [1, 3, 5].flatMap((run) => {
        return paymentChannelSimulated.playForGas?.(spec(policy, 'none'), run).steps ?? []
      })
      const actions = new Set(seen.map(({ action }) => action))
      expect([...paymentChannelSimulated.gasActions].every((each) => actions.has(each))).toBe(true)
    }
  })

  test('a voucher for nothing, and more vouchers than anybody counts, are no designs', () => {
    const design = (terms: SimulationSpec['terms']) => {
      const all = { ...designOf(paymentChannelSimulated).terms, ...terms }
      return paymentChannelSimulated.checkDesign?.({ ...spec('hardened', 'none'), terms: all })
    }
    expect(design({ fileBytes: 1 })).toMatchObject({ field: 'bytesPerVoucher' })
    expect(design({ fileBytes: 2 ** 33, bytesPerVoucher: 65_536 })).toMatchObject({
      allowed: 'at least 858994',
    })
    expect(design({})).toBeNull()
  })
})
