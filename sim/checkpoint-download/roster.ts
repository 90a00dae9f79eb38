/**
 * All participants of a download with their states: hands an input to one and keeps its next state.
 */

import type { Moment } from '../world/actors.ts'
import { MEBIBYTE_BYTES } from '../world/download.ts'
import { type Actor, type Effects, type Input, seederAt } from './actors.ts'
import { INITIAL_STRANGER, reduceStranger } from './bystanders.ts'
import { reduceDownloader } from './downloader.ts'
import { type DownloaderConfig, initialDownloader, WINDOW } from './downloaderState.ts'
import type { WorldSetup } from './options.ts'
import { reduceSeeder } from './seeder.ts'
import { initialSeeder, type SeederConfig, type SeederState } from './seederState.ts'

const BPS = 10_000
const MEGABYTE_BYTES = 1_000_000

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

function downloaderConfig(setup: WorldSetup): DownloaderConfig {
  const { policy, behaviour, terms, parameters, profile, defects, agreements } = setup
  return {
    ...{ policy, behaviour, terms, chunkBytes: parameters.chunkBytes },
    pollIntervalMs: parameters.pollIntervalMs,
    resendAfterMs: profile.resendAfterMs,
    confirmMs: parameters.confirmations * profile.blockIntervalMs,
    otherUnits: agreements.slice(1).map((other) => other.terms.pricePerMebibyteUnits as bigint),
    mebibyteBytes: defects.megabytesForMebibytes === true ? MEGABYTE_BYTES : MEBIBYTE_BYTES,
    paysWhateverIsAsked: defects.downloaderPaysWhateverIsAsked === true,
    paysAgain: defects.downloaderPaysAgain === true,
    neverReassigns: defects.downloaderNeverReassigns === true,
    neverPolls: defects.downloaderNeverPolls === true,
    neverLeaves: defects.nobodyLeaves === true,
  }
}

function seederConfig(setup: WorldSetup, seeder: number): SeederConfig {
  const { policy, behaviour, terms, parameters, profile, defects } = setup
  const { chunkBytes, maxCheckpointMebibytes } = parameters
  const mostBytes = maxCheckpointMebibytes * MEBIBYTE_BYTES
  const growthBps = terms.mode === 'exponential' ? terms.growthBps : BPS
  return {
    ...{ policy, seeder, behaviour, terms, chunkBytes },
    windowBytes: WINDOW * chunkBytes,
    upfrontStepBytes: terms.firstMebibytes * MEBIBYTE_BYTES,
    // Exact: a segment is at most 10^12 bytes, and a growth at most 10^5.
    nextSegmentBytes: (bytes) => Math.min(Math.floor((bytes * growthBps) / BPS), mostBytes),
    confirmations: parameters.confirmations,
    blockMs: profile.blockIntervalMs,
    resendAfterMs: profile.resendAfterMs,
    servesPastLimit: defects.seederServesPastLimit === true,
    reportsWhatItSent: defects.seederReportsWhatItSent === true,
    servesUnconfirmed: defects.seederServesUnconfirmed === true,
    neverLeaves: defects.nobodyLeaves === true,
  }
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const { behaviour, policy, terms } = setup
  const config = downloaderConfig(setup)
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  const places = Array.from({ length: terms.seeders }, (_, at) => at)
  const configs = new Map<Actor, SeederConfig>(
    places.map((at) => [seederAt(at), seederConfig(setup, at)]),
  )
  const seeders = new Map<Actor, SeederState>(places.map((at) => [seederAt(at), initialSeeder()]))
  let downloader = initialDownloader(terms.seeders)
  let stranger = INITIAL_STRANGER
  return {
    give(actor, input, now) {
      if (actor === 'downloader') {
        const step = reduceDownloader(config, downloader, input, now)
        downloader = step[0]
        return step[1]
      }
      if (actor === 'stranger') {
        const step = reduceStranger({ policy, attempts }, stranger, input)
        stranger = step[0]
        return step[1]
      }
      const own = configs.get(actor) as SeederConfig
      const step = reduceSeeder(own, seeders.get(actor) as SeederState, input, now)
      seeders.set(actor, step[0])
      return step[1]
    },
  }
}
