/**
 * What a run of the checkpoint-download world is made from, checked and completed.
 *
 * Everything that is not given is drawn from (seed, run) or is a stated default, so that a
 * generator may fix any part of a world and leave the rest to chance.
 */
import { z } from 'zod'
import { DOWNLOAD_STARTING_UNITS } from '../../models/checkpoint-download/cast.ts'
import {
  type CheckpointDownloadParameters,
  checkpointDownloadParameters,
  DOWNLOAD_MODES,
  type DownloadMode,
  downloadTermsDefault,
} from '../../models/checkpoint-download/parameters.ts'
import { AMOUNT_UNITS_MAX, divCeil } from '../../models/kit/money.ts'
import type { Agreement } from '../../models/kit/trace.ts'
import { MEBIBYTE_BYTES, SOURCES_MAX } from '../world/download.ts'
import { type CommonOptions, type CommonSetup, commonSetup, parsed } from '../world/setup.ts'
import { seederAt, targetsOf } from './actors.ts'
import { type Behaviour, behaviourSchema, completed, drawBehaviour } from './behaviour.ts'
import type { WorldDefects } from './worldRun.ts'

const DEFAULT_PARAMETERS = checkpointDownloadParameters.parse({})
/** Drawn faults begin within this time: a download of default terms takes a minute or two. */
const FAULTS_WITHIN_MS = 4 * 60_000
/** Ranges of a file at most: more are no other world, only a slower one. */
export const CHUNKS_MAX = 20_000
export const SEEDERS_DEFAULT = 3

/** Terms of the download. */
export interface DownloadTerms {
  readonly fileBytes: number
  readonly pricePerMebibyteUnits: bigint
  readonly mode: DownloadMode
  readonly firstMebibytes: number
  readonly growthBps: number
  readonly seeders: number
}

export interface WorldOptions extends CommonOptions, Partial<DownloadTerms> {
  /** @defaultValue the protocol's defaults */
  readonly parameters?: Partial<CheckpointDownloadParameters>
  /** Parts that are to be fixed. @defaultValue drawn */
  readonly behaviour?: Partial<Behaviour>
  /** Kind of test token. @defaultValue 'plain18' */
  readonly token?: string
  readonly defects?: WorldDefects
}

/** Options with nothing left open. */
export interface WorldSetup extends CommonSetup {
  readonly parameters: CheckpointDownloadParameters
  readonly behaviour: Behaviour
  readonly terms: DownloadTerms
  readonly agreement: Agreement
  /** The download, and those in which the downloader's other money is locked. */
  readonly agreements: readonly Agreement[]
  readonly defects: WorldDefects
}

const termsSchema = z.strictObject({
  fileBytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  pricePerMebibyteUnits: z.bigint().min(1n).max(AMOUNT_UNITS_MAX),
  mode: z.enum(DOWNLOAD_MODES),
  firstMebibytes: z.number().int().min(1).max(1_000_000),
  growthBps: z.number().int().min(10_000).max(100_000),
  seeders: z.number().int().min(1).max(SOURCES_MAX),
})

/** One schema for each size of chunks: making one costs more than a run's whole setup. */
const schemas = new Map<number, ReturnType<typeof termsSchemaOf>>()

function termsSchemaOf(chunkBytes: number) {
  return termsSchema.refine(({ fileBytes }) => fileBytes <= CHUNKS_MAX * chunkBytes, {
    ...{ path: ['fileBytes'], message: `at most ${CHUNKS_MAX} chunks` },
  })
}

function termsSchemaFor(chunkBytes: number) {
  const known = schemas.get(chunkBytes)
  if (known !== undefined) return known
  const made = termsSchemaOf(chunkBytes)
  schemas.set(chunkBytes, made)
  return made
}

/** What so many bytes cost, rounded down. */
export function priceOf(pricePerMebibyteUnits: bigint, bytes: number): bigint {
  return (BigInt(bytes) * pricePerMebibyteUnits) / BigInt(MEBIBYTE_BYTES)
}

function termsOf(options: WorldOptions, { chunkBytes }: CheckpointDownloadParameters) {
  const { fileBytes: defaultBytes, ...defaults } = downloadTermsDefault
  return parsed(
    'terms',
    termsSchemaFor(chunkBytes).safeParse({
      fileBytes: options.fileBytes ?? Number(defaultBytes),
      pricePerMebibyteUnits: options.pricePerMebibyteUnits ?? defaults.pricePerMebibyteUnits,
      mode: options.mode ?? defaults.mode,
      firstMebibytes: options.firstMebibytes ?? defaults.firstMebibytes,
      growthBps: options.growthBps ?? defaults.growthBps,
      seeders: options.seeders ?? SEEDERS_DEFAULT,
    }),
  )
}

function agreementOf(terms: DownloadTerms, token: string): Agreement {
  const { seeders, fileBytes, ...rest } = terms
  const roles = Array.from({ length: seeders }, (_, at) => [seederAt(at), seederAt(at)])
  return {
    index: 0,
    roles: { downloader: 'downloader0', ...Object.fromEntries(roles) },
    token,
    terms: { ...rest, fileBytes: BigInt(fileBytes), salt: 0n },
  }
}

/**
 * Downloads that lock all but a part of the price: one MiB for all that one payment can be, until
 * no more is left at hand than wanted.
 */
function otherDownloads(
  { purseBps }: Behaviour,
  { fileBytes, pricePerMebibyteUnits, firstMebibytes }: DownloadTerms,
  token: string,
): readonly Agreement[] {
  if (purseBps === 0) return []
  const wholeUnits = priceOf(pricePerMebibyteUnits, fileBytes)
  const atHandUnits = divCeil(wholeUnits * BigInt(purseBps), 10_000n)
  const others: Agreement[] = []
  let restUnits = DOWNLOAD_STARTING_UNITS.downloader0 - atHandUnits
  while (restUnits > 0n) {
    const units = restUnits < AMOUNT_UNITS_MAX ? restUnits : AMOUNT_UNITS_MAX
    restUnits -= units
    const index = others.length + 1
    others.push({
      ...{ index, token, roles: { downloader: 'downloader0', seeder0: 'downloader1' } },
      terms: {
        ...{ fileBytes: BigInt(MEBIBYTE_BYTES), pricePerMebibyteUnits: units },
        ...{ mode: 'upfront', firstMebibytes, growthBps: 10_000, salt: BigInt(index) },
      },
    })
  }
  return others
}

/**
 * Checks options and draws what they leave open.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 */
export function setUpWorld(options: WorldOptions): WorldSetup {
  const { seed, run, defects = {}, token = 'plain18' } = options
  const parameters =
    options.parameters === undefined
      ? DEFAULT_PARAMETERS
      : parsed('parameters', checkpointDownloadParameters.safeParse(options.parameters))
  const terms = termsOf(options, parameters)
  const drawn = { ...drawBehaviour({ seed, run }, terms.fileBytes), ...options.behaviour }
  const behaviour =
    options.behaviour === undefined
      ? drawn
      : completed(parsed('behaviour', behaviourSchema.safeParse(drawn)))
  const common = commonSetup(options, targetsOf(terms.seeders), FAULTS_WITHIN_MS)
  const agreement = agreementOf(terms, token)
  const others = otherDownloads(behaviour, terms, token)
  return {
    ...common,
    profile: { ...common.profile, confirmations: parameters.confirmations },
    ...{ parameters, behaviour, terms, agreement, defects },
    agreements: [agreement, ...others],
  }
}
