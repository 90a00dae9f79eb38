/**
 * checkpoint-download as simulations know it: its stages, measures and claims, and how a run is
 * played.
 *
 * Only words and settings; runs come from `world.ts`, their facts from `runFacts.ts`. Terms that
 * are words stand among the parameters, so that they can be set and swept like these; the contract
 * is deployed with the others.
 */
import { z } from 'zod'
import {
  checkpointDownloadParameters,
  DOWNLOAD_MODES,
  type DownloadMode,
  downloadTermsDefault,
  REPUTATIONS,
  type Reputation,
  termsOfReputation,
} from '../../models/checkpoint-download/parameters.ts'
import { AMOUNT_UNITS_MAX } from '../../models/kit/money.ts'
import { CHAIN_STAGES } from '../world/deriveFacts.ts'
import { SOURCES_MAX } from '../world/download.ts'
import type {
  DesignComplaint,
  MeasureInfo,
  PlayedRun,
  SimulatedWorld,
  SimulationSpec,
  TermInfo,
} from '../world/simulated.ts'
import type { Behaviour } from './behaviour.ts'
import { STAGES } from './measured.ts'
import { CHUNKS_MAX, priceOf, SEEDERS_DEFAULT, type WorldOptions } from './options.ts'
import { reportOf } from './report.ts'
import { runFactsOf } from './runFacts.ts'
import { runWorld } from './world.ts'
import { AS_DESCRIBED_REFUTED, checkpointDownloadWorldInvariants } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const TEBIBYTE_BYTES = 2 ** 40

const parameters = checkpointDownloadParameters.extend({
  mode: z
    .enum(DOWNLOAD_MODES)
    .default(downloadTermsDefault.mode)
    .describe('a term: how checkpoints follow each other'),
  reputation: z
    .enum(REPUTATIONS)
    .default('none')
    .describe('a term: any but none says which mode and which first checkpoint'),
})

const bps = { least: 0, most: 10_000 }
const bytes = { unit: 'bytes', usual: 'mean', from: 'samples' } as const
const ms = { unit: 'ms', better: 'less', usual: 'mean', from: 'samples' } as const
const count = { better: 'less', usual: 'mean', from: 'samples' } as const
const bpsOf = { unit: 'basis points', usual: 'mean', from: 'samples', range: bps } as const
const ofAll = { unit: 'share of downloads', usual: 'rate', from: 'shares' } as const
const time = { unit: 'ms', better: 'less', usual: 'p95' } as const

const measures: readonly MeasureInfo[] = [
  { ...bytes, name: 'downloadedBytes', about: 'bytes that reached the downloader', better: null },
  { ...ofAll, name: 'whole', about: 'the whole file arrived', better: 'more' },
  { ...ms, name: 'downloadMs', about: 'from the wish for a file to its last byte' },
  { ...ms, name: 'waitedMs', about: 'standing still until a payment, or the opening, counted' },
  { ...ms, name: 'waitedForOpening', about: 'of it until the first byte' },
  { ...ms, name: 'waitedAtCheckpoints', about: 'of it at checkpoints' },
  { ...count, name: 'payments', about: 'payments of a download', unit: 'payments' },
  { ...count, name: 'promptsPerGB', about: 'payments for 10^9 bytes', unit: 'payments' },
  {
    ...{ ...bpsOf, name: 'sunk', better: 'less' },
    about: 'part of the file’s price paid while the file was not complete',
  },
  { ...bpsOf, name: 'unbilled', about: 'part delivered and never paid', better: 'less' },
  {
    ...{ ...bpsOf, name: 'unbilledHonest', better: 'less' },
    about: 'the same, of completed downloads of honest downloaders',
  },
  { ...bytes, name: 'overshoot', about: 'beyond a checkpoint when it was paid', better: 'less' },
  { ...count, name: 'refusals', about: '402 answers of a download', unit: 'answers' },
  { ...count, name: 'polls', about: 'requests repeated after a 402', unit: 'requests' },
  { ...count, name: 'reassignments', about: 'seeders taken for absent', unit: 'times' },
  { ...bytes, name: 'fetchedTwice', about: 'bytes that came from two seeders', better: 'less' },
  { ...count, name: 'failedPayments', about: 'payments whose tokens did not move', unit: 'times' },
  { ...ofAll, name: 'completed', about: 'completed on chain', better: 'more' },
  { ...ofAll, name: 'cancelled', about: 'cancelled by a party', better: 'less' },
  { ...ofAll, name: 'failed', about: 'ended by a payment that failed', better: 'less' },
  { ...time, name: 'due', about: 'from threshold to due', from: { stage: STAGES.due } },
  { ...time, name: 'paying', about: 'from due to paid', from: { stage: STAGES.paid } },
  { ...time, name: 'resumed', about: 'from 402 to the next chunk', from: { stage: STAGES.served } },
]

const terms: readonly TermInfo[] = [
  {
    ...{ name: 'fileBytes', about: 'length of the file', unit: 'bytes', kind: 'integer' },
    ...{ default: Number(downloadTermsDefault.fileBytes), least: 1, most: TEBIBYTE_BYTES },
  },
  {
    ...{ name: 'pricePerMebibyteUnits', about: 'price of a MiB', unit: 'base units' },
    ...{ kind: 'amount', default: downloadTermsDefault.pricePerMebibyteUnits },
    ...{ least: 1n, most: 10n ** 24n },
  },
  {
    ...{ name: 'firstMebibytes', about: 'first checkpoint', unit: 'MiB', kind: 'integer' },
    ...{ default: downloadTermsDefault.firstMebibytes, least: 1, most: 1_000_000 },
  },
  {
    ...{ name: 'growthBps', about: 'a segment by the one before', unit: 'basis points' },
    ...{ kind: 'integer', default: downloadTermsDefault.growthBps, least: 10_000, most: 100_000 },
  },
  {
    ...{ name: 'seeders', about: 'seeders of a download', unit: '', kind: 'integer' },
    ...{ default: SEEDERS_DEFAULT, least: 1, most: SOURCES_MAX },
  },
]

interface GivenTerms {
  readonly fileBytes: number
  readonly pricePerMebibyteUnits: bigint
  readonly firstMebibytes: number
  readonly growthBps: number
  readonly seeders: number
}

/** Terms by number and by word; a reputation says two of them. */
function termsOf({ terms: given, parameters: words }: SimulationSpec) {
  const all = Object.fromEntries(terms.map((term) => [term.name, term.default]))
  const { reputation = 'none', mode = downloadTermsDefault.mode } = words
  const numbers = { ...all, ...given } as unknown as GivenTerms
  const stated = reputation === 'none' ? {} : termsOfReputation(reputation as Reputation)
  return { ...numbers, mode: mode as DownloadMode, ...stated }
}

function checkDesign(spec: SimulationSpec): DesignComplaint | null {
  const { fileBytes, pricePerMebibyteUnits, firstMebibytes, seeders } = termsOf(spec)
  const { minCheckpointMebibytes: least, chunkBytes } = spec.parameters as Record<string, number>
  if (firstMebibytes < (least ?? 0)) {
    const sentence = 'A first checkpoint below the least is refused.'
    const allowed = `at least minCheckpointMebibytes, ${least}`
    return { sentence, field: 'firstMebibytes', given: String(firstMebibytes), allowed }
  }
  const isPriced = pricePerMebibyteUnits >= BigInt(seeders)
  if (!isPriced || priceOf(pricePerMebibyteUnits, fileBytes) > AMOUNT_UNITS_MAX) {
    const sentence = 'A MiB costs a base unit for each seeder at least, a file at most 2^128 − 1.'
    const allowed = `at least seeders, ${seeders}`
    const given = String(pricePerMebibyteUnits)
    return { sentence, field: 'pricePerMebibyteUnits', given, allowed }
  }
  if (fileBytes <= CHUNKS_MAX * (chunkBytes ?? 1)) return null
  const sentence = `A file has ${CHUNKS_MAX} chunks at most; more are only slower to simulate.`
  const allowed = `at least ${Math.ceil(fileBytes / CHUNKS_MAX)}`
  return { sentence, field: 'chunkBytes', given: String(chunkBytes), allowed }
}

function played(run: WorldRun): PlayedRun {
  const { faults, agreements, steps } = run
  return {
    ...{ faults, agreements },
    facts: (hasCourse) => runFactsOf(run, hasCourse),
    steps: steps.map(({ planned }) => planned),
    report: () => reportOf(run),
  }
}

function optionsOf(spec: SimulationSpec): WorldOptions {
  const { protocol: _, terms: _terms, parameters: given, ...rest } = spec
  const { mode: _mode, reputation: _reputation, ...deployed } = given
  return {
    ...rest,
    run: 0,
    parameters: checkpointDownloadParameters.parse(deployed),
    ...termsOf(spec),
  }
}

/** Everybody is there; what is rare in ordinary runs happens in one of them. */
const FOR_GAS: readonly Partial<Behaviour>[] = [
  { purseBps: 5_000, freesMoney: true },
  { cheat: 'takes', cheatsFrom: 1 },
].map((each) => ({
  ...({ cheat: 'none', purseBps: 0 } as const),
  ...{ cancelsAfterBytes: 0, vanishesAfterBytes: 0, stranger: [], ...(each as Partial<Behaviour>) },
  seeders: Array.from({ length: SOURCES_MAX }, () => ({
    ...{ vanishesAfterBytes: 0, overReportsBps: 0 },
  })),
}))

/** The claim that says nothing of downloads in another mode. */
const ABOUT_UPFRONT = 'INV-W-UPFRONT'
const isUpfront = (spec: SimulationSpec) => termsOf(spec).mode === 'upfront'

export const checkpointDownloadSimulated: SimulatedWorld = {
  protocol: 'checkpoint-download',
  policies: ['as-described', 'hardened'],
  claims: checkpointDownloadWorldInvariants.map(({ judge: _, ...claim }) =>
    claim.id === ABOUT_UPFRONT ? { ...claim, concerns: isUpfront } : claim,
  ),
  refutedAsDescribed: AS_DESCRIBED_REFUTED,
  stages: [
    ...CHAIN_STAGES.map((name) => ({ name })),
    ...Object.values(STAGES).map((name) =>
      name === STAGES.complete ? { name, isCompared: true } : { name },
    ),
  ],
  leakage: {
    unit: 'bytes',
    about: 'paid for and never delivered, downloads of which something was paid',
    causes: ['prepaid', 'reported'],
  },
  measures,
  shownMetrics: [
    { outcome: 'whole.rate', metric: 'the whole file arrived', unit: '%', times: 100 },
    { outcome: 'waitedMs.mean', metric: 'stood still', unit: 's', times: 0.001 },
    { outcome: 'downloadMs.mean', metric: 'download', unit: 's', times: 0.001 },
    { outcome: 'promptsPerGB.mean', metric: 'payments by the GB', unit: '', times: 1 },
    { outcome: 'sunk.mean', metric: 'paid before the last byte', unit: '%', times: 0.01 },
    { outcome: 'unbilled.mean', metric: 'share not paid', unit: '%', times: 0.01 },
    { outcome: 'overshoot.p95', metric: 'beyond a checkpoint (p95)', unit: 'bytes', times: 1 },
    { outcome: 'reassignments.mean', metric: 're-assignments', unit: '', times: 1 },
  ],
  serviceLevels: [],
  objectives: ['unbilled.mean', 'waitedMs.mean', 'gas.mean'],
  livenessActions: [],
  gasActions: ['open', 'reportProgress', 'pay', 'complete', 'cancel'],
  defaultProfile: 'l2',
  download: {
    payers: ['downloader'],
    payment: { name: 'checkpoint', from: { sample: 'payments' } },
    alike: { seeders: 1 },
    locks: 'nothing; each checkpoint is a transaction, and serving waits until it counts',
  },
  parameters,
  terms,
  checkDesign,
  playForGas(spec, run) {
    const behaviour = FOR_GAS[(run >> 1) % FOR_GAS.length] ?? {}
    return played(runWorld({ ...optionsOf(spec), regime: 'none', run, behaviour }))
  },
  play: (spec, run, detail) => played(runWorld({ ...optionsOf(spec), run, detail })),
}
