/**
 * The deterministic world around one job: the kit's engine, played with the participants, the
 * recorder and the ground truth of token-job.
 */
import { tokenJob } from '../../models/token-job/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import { WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import {
  ACTORS,
  type Actor,
  type Input,
  JOB_TARGETS,
  type JobReading,
  type Mark,
  type Message,
} from './actors.ts'
import { isOver, readJob } from './jobReading.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type JobScript = WorldScript<Message, JobReading, Mark, ShownMessage, WorldRun>

/** A job may last a day and be timed out after it. */
const HORIZON_MS = 3 * 86_400_000

/** Both parties reach their nodes over their own links. */
function frameOf(setup: WorldSetup): WorldFrame {
  const horizonMs = Math.max(HORIZON_MS, setup.openSeconds * 2_000)
  return {
    ...{ setup, actors: ACTORS, targets: JOB_TARGETS },
    ...{ chainNeedsLink: ['user', 'host'], horizonMs },
  }
}

function begin({ behaviour }: WorldSetup, { look, timer }: Beginning): void {
  look('user', 0)
  timer('user', 'begin', behaviour.beginsAtMs)
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  for (const { atMs } of attempts) timer('stranger', 'begin', atMs)
}

function messageNumber(message: Message): number {
  return showMessage(message).sequence ?? -1
}

function defectsOf({ defects }: WorldSetup, { clockOf }: WorldParts): Partial<JobScript> {
  if (defects.timesBySenderClock !== true) return {}
  return {
    stampSeconds: (sender, atMs) =>
      WORLD_EPOCH_SECONDS + Math.floor(clockOf(sender).wallMs(atMs) / 1000),
  }
}

function scriptOf(setup: WorldSetup) {
  return (parts: WorldParts): JobScript => {
    const { policy, parameters, agreement, behaviour } = setup
    const { digest, faults } = parts
    const roster = createRoster(setup)
    const recorder = createRecorder({ setup, digest, healedMs: faults.healedMs })
    const treasuryWaits = behaviour.treasuryEveryMs === 0
    return {
      cast: { protocol: tokenJob, policy, parameters, agreements: [agreement] },
      participantOf: agreement.roles,
      read: (view) => readJob(view, setup),
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      isOver: ({ reading }) => isOver(reading, { hostIsGone: recorder.hostIsGone, treasuryWaits }),
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: messageNumber,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      looked: (actor, view, atMs) => recorder.looked(actor, view, atMs),
      ...defectsOf(setup, parts),
    }
  }
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'mixed', seed: 1, run: 0 }).endState.billedTokens
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
