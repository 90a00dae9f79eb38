/**
 * payment-channel as simulations know it: its stages, measures and claims, and how a run is played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`. The chain is
 * an L1 unless somebody says otherwise: vouchers are for where a transaction for each chunk is too
 * dear, and there redemptions get stuck.
 */
import {
  channelTermsDefault,
  paymentChannelParameters,
} from '../../models/payment-channel/parameters.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import type {
  DesignComplaint,
  MeasureInfo,
  PlayedRun,
  SimulatedWorld,
  SimulationSpec,
  TermInfo,
} from '../world/simulated.ts'
import type { Behaviour } from './behaviour.ts'
import { BYTES_PER_VOUCHER_DEFAULT, FILE_BYTES_DEFAULT, type WorldOptions } from './options.ts'
import { owedUnits } from './price.ts'
import { runFactsOf, STAGES } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, paymentChannelWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const AMOUNT_MAX = 10n ** 12n
const YEAR_SECONDS = 31_536_000
const GIBIBYTE_BYTES = 2 ** 30
const VOUCHERS_MAX = 10_000

const units = { unit: 'base units', better: 'less', usual: 'mean', from: 'samples' } as const
const count = { unit: 'count', better: null, usual: 'mean', from: 'samples' } as const
const ms = { unit: 'ms', better: 'less', usual: 'mean', from: 'samples' } as const
const ofChannels = { unit: 'share of channels', usual: 'rate', from: 'shares' } as const
const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  { ...units, name: 'voucherLoss', about: 'vouchers held in time and never paid' },
  { ...units, name: 'voucherLossOnline', about: 'of it while the provider’s line was up' },
  { ...units, name: 'providerLoss', about: 'delivered and never paid' },
  { ...ofChannels, name: 'lost', about: 'a voucher was lost', better: 'less' },
  { ...ofChannels, name: 'lostUnwatched', about: 'of those without a watcher', better: 'less' },
  { ...ofChannels, name: 'lostWatched', about: 'of those with a watcher', better: 'less' },
  { ...ofChannels, name: 'watcherRedeemed', about: 'a watcher redeemed', better: null },
  { ...count, name: 'downloadedBytes', about: 'bytes that reached the payer', unit: 'bytes' },
  { ...ofChannels, name: 'complete', about: 'the whole file arrived', better: 'more' },
  { ...ms, name: 'downloadMs', about: 'from the wish for a file to its last byte' },
  { ...ms, name: 'waitedMs', about: 'standing still for want of money, outages aside' },
  { ...ms, name: 'waitedForOpening', about: 'of it until the first piece' },
  { ...ms, name: 'waitedForVouchers', about: 'of it for vouchers' },
  { ...ms, name: 'waitedForDeposit', about: 'of it for top-ups' },
  { ...count, name: 'vouchers', about: 'vouchers signed' },
  { ...count, name: 'redemptions', about: 'accepted vouchers on chain' },
  { ...count, name: 'vouchersPerRedemption', about: 'vouchers signed for each of them' },
  { ...count, name: 'staleVouchers', about: 'copies and overtaken vouchers that arrived' },
  { ...count, name: 'topUps', about: 'top-ups of a channel' },
  {
    ...{ name: 'depositUsed', about: 'part of the deposit that was paid', unit: 'basis points' },
    ...{ better: 'more', usual: 'mean', from: 'samples', range: { least: 0, most: 10_000 } },
  },
  { ...ofChannels, name: 'cooperative', about: 'closed when the payer was done', better: 'more' },
  { ...ofChannels, name: 'closedAlone', about: 'closed on a silent payer', better: null },
  { ...ofChannels, name: 'forced', about: 'the payer asked for the end', better: 'less' },
  { ...ofChannels, name: 'expired', about: 'closed by the provider at the expiry', better: 'less' },
  { ...ofChannels, name: 'reclaimed', about: 'reclaimed by the payer', better: 'less' },
  { ...time, name: 'opening', about: 'from asked to open', from: { stage: STAGES.opening } },
  { ...time, name: 'redemption', about: 'request to redeemed', from: { stage: STAGES.redemption } },
  {
    ...time,
    name: 'closing',
    about: 'from the request to the end',
    from: { stage: STAGES.closing },
  },
  { ...time, name: 'refund', about: 'from leaving to the rest', from: { stage: STAGES.refund } },
]

const amount = { unit: 'base units', kind: 'amount', least: 1n, most: AMOUNT_MAX } as const
const terms: readonly TermInfo[] = [
  {
    ...{ name: 'fileBytes', about: 'length of the file', unit: 'bytes', kind: 'integer' },
    ...{ default: FILE_BYTES_DEFAULT, least: 1, most: 8 * GIBIBYTE_BYTES },
  },
  {
    ...{ name: 'bytesPerVoucher', about: 'bytes that a voucher step pays for', unit: 'bytes' },
    ...{ kind: 'integer', default: BYTES_PER_VOUCHER_DEFAULT, least: 65_536, most: GIBIBYTE_BYTES },
  },
  {
    ...{ ...amount, name: 'voucherStepUnits', about: 'price of a voucher step' },
    default: channelTermsDefault.voucherStepUnits,
  },
  {
    ...{ ...amount, name: 'depositUnits', about: 'deposit of a payer that locks all at once' },
    default: channelTermsDefault.depositUnits,
  },
  {
    ...{ name: 'expirySeconds', about: 'time until a channel expires', unit: 's' },
    ...{ kind: 'integer', default: channelTermsDefault.expirySeconds },
    ...{ least: 1, most: YEAR_SECONDS },
  },
]

interface GivenTerms {
  readonly fileBytes: number
  readonly bytesPerVoucher: number
  readonly voucherStepUnits: bigint
  readonly depositUnits: bigint
  readonly expirySeconds: number
}

function termsOf(given: SimulationSpec['terms']): GivenTerms {
  const all = Object.fromEntries(terms.map((term) => [term.name, term.default]))
  return { ...all, ...given } as unknown as GivenTerms
}

function checkDesign(spec: SimulationSpec): DesignComplaint | null {
  const { fileBytes, bytesPerVoucher, voucherStepUnits } = termsOf(spec.terms)
  const field = 'bytesPerVoucher'
  if (owedUnits({ bytesPerVoucher, voucherStepUnits }, fileBytes) < 1n) {
    const sentence = 'A file must cost one base unit at least.'
    const allowed = `at most fileBytes · voucherStepUnits, ${BigInt(fileBytes) * voucherStepUnits}`
    return { sentence, field, given: String(bytesPerVoucher), allowed }
  }
  if (fileBytes <= VOUCHERS_MAX * bytesPerVoucher) return null
  const sentence = `A file may take ${VOUCHERS_MAX} vouchers at most.`
  const allowed = `at least ${Math.ceil(fileBytes / VOUCHERS_MAX)}`
  return { sentence, field, given: String(bytesPerVoucher), allowed }
}

function played(run: WorldRun): PlayedRun {
  const { faults, agreements, steps, profile } = run
  return {
    ...{ faults, agreements },
    facts: (hasCourse) => runFactsOf(run, hasCourse),
    steps: steps.map(({ planned }) => planned),
    report: () => ({ ...run, profile: profile.name }),
  }
}

function optionsOf({
  protocol: _,
  terms: given,
  parameters,
  ...spec
}: SimulationSpec): WorldOptions {
  return {
    ...spec,
    run: 0,
    parameters: paymentChannelParameters.parse(parameters),
    ...termsOf(given),
  }
}

/** Everybody is there; what is rare in ordinary runs happens in one of them. */
const FOR_GAS: readonly Partial<Behaviour>[] = [
  { payerEnds: 'cooperates', depositBps: 5_000, redeemsAtBps: 3_000 },
  { payerEnds: 'forces', endsChallenges: false, providerPatienceMs: 3_600_000 },
  { payerEnds: 'vanishes', signs: 'stops', signsUntilBps: 0 },
].map((each) => ({
  ...({ takesBps: 10_000, signs: 'always', lingersMs: 1_000, preys: false, cheats: 'no' } as const),
  ...{ keepsBack: 0, stranger: [], ...(each as Partial<Behaviour>) },
}))

export const paymentChannelSimulated: SimulatedWorld = {
  protocol: 'payment-channel',
  policies: ['as-described', 'hardened'],
  claims: paymentChannelWorldInvariants.map(({ judge: _, ...claim }) => claim),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    { name: STAGES.opening },
    { name: STAGES.voucher },
    { name: STAGES.redemption, limitMs: challengeMs },
    { name: STAGES.closing, limitMs: challengeMs },
    { name: STAGES.refund, isCompared: true },
  ],
  leakage: null,
  measures,
  shownMetrics: [
    { outcome: 'lost.rate', metric: 'channels with a lost voucher', unit: '%', times: 100 },
    { outcome: 'voucherLoss.mean', metric: 'vouchers lost', unit: 'base units', times: 1 },
    { outcome: 'waitedMs.mean', metric: 'waited for money', unit: 's', times: 0.001 },
    { outcome: 'downloadMs.mean', metric: 'download', unit: 's', times: 0.001 },
    { outcome: 'vouchersPerRedemption.mean', metric: 'vouchers a redemption', unit: '', times: 1 },
    { outcome: 'depositUsed.mean', metric: 'deposit used', unit: '%', times: 0.01 },
    { outcome: 'cooperative.rate', metric: 'closed cooperatively', unit: '%', times: 100 },
    { outcome: 'forced.rate', metric: 'closed by force', unit: '%', times: 100 },
  ],
  serviceLevels: [],
  smallest: [
    { parameter: 'challengeSeconds', loss: 'voucherLoss', most: fileUnits },
    { parameter: 'challengeSeconds', loss: 'voucherLossOnline', most: fileUnits },
  ],
  objectives: ['voucherLoss.mean', 'refund.p95', 'gas.mean'],
  livenessActions: [],
  gasActions: ['open', 'topUp', 'redeem', 'close', 'requestClose', 'finalise', 'reclaimExpired'],
  defaultProfile: 'l1',
  download: {
    payers: ['payer'],
    payment: { name: 'voucher', from: { sample: 'vouchers' } },
    locks: 'a deposit in an open channel before the first byte; its vouchers cost no gas',
  },
  parameters: paymentChannelParameters,
  terms,
  checkDesign,
  playForGas(spec, run) {
    const behaviour = FOR_GAS[(run >> 1) % FOR_GAS.length] ?? {}
    return played(runWorld({ ...optionsOf(spec), regime: 'none', run, behaviour }))
  },
  play: (spec, run, detail) => played(runWorld({ ...optionsOf(spec), run, detail })),
}

/** What the whole file costs: no voucher is over more. */
function fileUnits({ terms: given }: SimulationSpec): bigint {
  const { fileBytes, ...price } = termsOf(given)
  return owedUnits(price, fileBytes)
}

function challengeMs({ parameters }: SimulationSpec): number {
  return (parameters.challengeSeconds as number) * 1000
}
