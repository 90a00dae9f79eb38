/**
 * The deterministic world around some requests: the kit's engine, played with the participants, the
 * recorder and the ground truth of matchmaking.
 */
import { matchmaking } from '../../models/matchmaking/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import { WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import {
  ACTORS,
  type Actor,
  type Input,
  MATCHMAKING_TARGETS,
  type Mark,
  type MatchReading,
  type Message,
  STUDENTS,
  TUTORS,
} from './actors.ts'
import { readRequests } from './matchReading.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type Script = WorldScript<Message, MatchReading, Mark, ShownMessage, WorldRun>

/** Longer than patience, bookings and calls delay anything. */
const HORIZON_MS = 7 * 86_400_000

/** Students and tutors reach their nodes over their own links. */
function frameOf(setup: WorldSetup): WorldFrame {
  return {
    ...{ setup, actors: ACTORS, targets: MATCHMAKING_TARGETS },
    ...{ chainNeedsLink: MATCHMAKING_TARGETS.access, horizonMs: HORIZON_MS },
  }
}

function begin({ requests, behaviour }: WorldSetup, { look, timer }: Beginning): void {
  for (const actor of ACTORS) look(actor, 0)
  for (const [at, { shiftsMs }] of behaviour.tutors.entries()) {
    const inOrder = [...shiftsMs].sort((a, b) => a - b)
    for (const atMs of inOrder) timer(TUTORS[at] as Actor, 'begin', atMs)
  }
  for (const { student, request } of requests) {
    timer(STUDENTS[student] as Actor, 'begin', request.atMs)
  }
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  for (const { atMs } of attempts) timer('stranger', 'begin', atMs)
}

function defectsOf({ defects }: WorldSetup, { clockOf }: WorldParts): Partial<Script> {
  if (defects.timesBySenderClock !== true) return {}
  return {
    stampSeconds: (sender, atMs) =>
      WORLD_EPOCH_SECONDS + Math.floor(clockOf(sender).wallMs(atMs) / 1000),
  }
}

function scriptOf(setup: WorldSetup) {
  return (parts: WorldParts): Script => {
    const { policy, parameters, agreements } = setup
    const { digest, faults } = parts
    const roster = createRoster(setup)
    const recorder = createRecorder({ setup, digest, healedMs: faults.healedMs })
    return {
      cast: { protocol: matchmaking, policy, parameters, agreements },
      participantOf: {},
      read: readRequests,
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      // Calls go on where no chain sees them: a run ends when nothing is left to happen.
      isOver: () => false,
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: (message) => showMessage(message).sequence ?? -1,
      mark: (_, mark, atMs) => recorder.mark(mark, atMs),
      ...defectsOf(setup, parts),
    }
  }
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'mixed', seed: 1, run: 0 }).courses.length
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
