/**
 * The deterministic world around one download: the kit's engine, played with the participants, the
 * recorder and the ground truth of checkpoint-download.
 */
import { checkpointDownload } from '../../models/checkpoint-download/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { CALL_GAS_UNIT } from '../chain/poolRules.ts'
import { pieceMs } from '../world/download.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import {
  type Actor,
  actorsOf,
  type DownloadReading,
  type Input,
  type Mark,
  type Message,
  targetsOf,
} from './actors.ts'
import { isOver, readDownload } from './downloadReading.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { bytesIn, createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type DownloadScript = WorldScript<Message, DownloadReading, Mark, ShownMessage, WorldRun>

/** Longer than faults and patience delay any download. */
const HORIZON_MS = 86_400_000
/** A payment goes to as many as eight seeders in one call. */
const CALL_GAS = 3 * CALL_GAS_UNIT

/** All parties reach their nodes over their own links. */
function frameOf(setup: WorldSetup): WorldFrame {
  const { seeders, fileBytes } = setup.terms
  const targets = targetsOf(seeders)
  const slowest = Math.min(...setup.behaviour.upBytesPerSecond.slice(0, seeders))
  const horizonMs = HORIZON_MS + 2 * seeders * pieceMs(fileBytes, slowest)
  return {
    ...{ setup, actors: actorsOf(seeders), targets, chainNeedsLink: targets.access },
    ...{ horizonMs, callGas: CALL_GAS },
  }
}

function begin({ behaviour }: WorldSetup, { look, timer }: Beginning): void {
  look('downloader', 0)
  timer('downloader', 'begin', behaviour.beginsAtMs)
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  for (const { atMs } of attempts) timer('stranger', 'begin', atMs)
}

function scriptOf(setup: WorldSetup) {
  return ({ digest, faults }: WorldParts): DownloadScript => {
    const { policy, parameters, agreement, agreements } = setup
    const roster = createRoster(setup)
    const recorder = createRecorder({ setup, digest, healedMs: faults.healedMs })
    return {
      cast: { protocol: checkpointDownload, policy, parameters, agreements },
      participantOf: agreement.roles,
      read: (view) => readDownload(view, setup),
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      isOver: ({ reading }) => isOver(setup, reading, (actor) => recorder.isGone(actor)),
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: bytesIn,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      arrived: (_to, _message, sentMs, atMs) => recorder.arrived(sentMs, atMs),
      looked: (actor, view, atMs) => recorder.looked(actor, view, atMs),
      submitted: (actor, submission, atMs) => recorder.submitted(actor, submission, atMs),
    }
  }
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'mixed', seed: 1, run: 0 }).receivedBytes
 */
export function runWorld(options: WorldOptions): WorldRun {
  const setup = setUpWorld(options)
  return playWorld(frameOf(setup), scriptOf(setup))
}

/** One run of the world on any chain, for example Anvil's mined lane. */
export async function runWorldOn(chain: Chain, options: WorldOptions): Promise<WorldRun> {
  const setup = setUpWorld(options)
  return await playWorldOn(chain, frameOf(setup), scriptOf(setup))
}
