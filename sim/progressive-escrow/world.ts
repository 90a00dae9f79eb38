/**
 * The deterministic world around one session: the kit's engine, played with the participants, the
 * recorder and the ground truth of progressive-escrow.
 */
import { progressiveEscrow } from '../../models/progressive-escrow/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { createCallTruth } from '../world/callTruth.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import { WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import {
  ACTORS,
  type Actor,
  type Input,
  isOver,
  type Mark,
  type Message,
  PROGRESSIVE_TARGETS,
  type SessionReading,
  SIDES,
} from './actors.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { readSession } from './reading.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type SessionScript = WorldScript<Message, SessionReading, Mark, ShownMessage, WorldRun>

/** What comes after the time at which anyone may complete: long enough for every retry. */
const AFTERWARDS_MS = 2 * 24 * 3_600_000

function frameOf(setup: WorldSetup): WorldFrame {
  const { parameters, durationSeconds } = setup
  const dueSeconds = parameters.autoReleaseDelaySeconds + 3 * durationSeconds
  return {
    ...{ setup, actors: ACTORS, targets: PROGRESSIVE_TARGETS, chainNeedsLink: SIDES },
    horizonMs: dueSeconds * 1000 + AFTERWARDS_MS,
  }
}

/** The keeper acts for the contract's owner, whose other powers it never uses. */
export const CAST_NAMES: Readonly<Record<string, string>> = { keeper: 'owner' }

function begin({ behaviour }: WorldSetup, { look, timer }: Beginning): void {
  look('student', behaviour.createAtMs)
  for (const { atMs } of behaviour.stranger) timer('stranger', 'begin', atMs)
}

function defectsOf({ defects }: WorldSetup, { clockOf }: WorldParts): Partial<SessionScript> {
  const stampSeconds = (sender: string, atMs: number): number =>
    WORLD_EPOCH_SECONDS + Math.floor(clockOf(sender).wallMs(atMs) / 1000)
  return defects.billsBySenderClock === true ? { stampSeconds } : {}
}

function scriptOf(setup: WorldSetup) {
  return (parts: WorldParts): SessionScript => {
    const { policy, parameters, agreement } = setup
    const { lines, digest, faults } = parts
    const call = createCallTruth(SIDES, lines)
    const roster = createRoster(setup)
    const recorder = createRecorder({ setup, call, digest, healedMs: faults.healedMs })
    return {
      cast: { protocol: progressiveEscrow, policy, parameters, agreements: [agreement] },
      participantOf: { ...agreement.roles, ...CAST_NAMES },
      read: readSession,
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      isOver: ({ reading }) => isOver(reading),
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: (message) => (message.kind === 'hello' ? message.number : -1),
      call,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      looked: (actor, _view, atMs) => recorder.looked(actor, atMs),
      arrived: (to, message, sentMs, atMs) => recorder.arrived(to, message, sentMs, atMs),
      ...defectsOf(setup, parts),
    }
  }
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'disconnect', seed: 1, run: 0 }).leakage.postDropMs
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
