/**
 * The deterministic world around one session: the kit's engine, played with the participants, the
 * recorder and the ground truth of session-escrow.
 */
import { sessionEscrow } from '../../models/session-escrow/protocol.ts'
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
  SESSION_TARGETS,
  type SessionReading,
  SIDES,
} from './actors.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster, type Roster } from './roster.ts'
import { readSession } from './sessionReading.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type SessionScript = WorldScript<Message, SessionReading, Mark, ShownMessage, WorldRun>

function frameOf(setup: WorldSetup): WorldFrame {
  return { setup, actors: ACTORS, targets: SESSION_TARGETS }
}

function pingNumber(message: Message): number | null {
  return message.kind === 'ping' ? message.ping.sequence : null
}

function begin({ behaviour }: WorldSetup, { look, timer }: Beginning): void {
  look('student', behaviour.depositAtMs)
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  for (const { atMs } of attempts) timer('stranger', 'begin', atMs)
}

/** The stranger taps the line to the service; what it hears is a copy. */
function tap(roster: Roster) {
  return (from: string, to: string, message: Message): void => {
    if (to === 'service' && message.kind === 'ping' && from !== 'stranger') roster.overhear(message)
  }
}

function defectsOf({ defects }: WorldSetup, { clockOf }: WorldParts): Partial<SessionScript> {
  const { signsByClockOf: signs, billsBySenderClock } = defects
  const stampSeconds = (sender: string, atMs: number): number =>
    WORLD_EPOCH_SECONDS + Math.floor(clockOf(sender).wallMs(atMs) / 1000)
  return {
    ...(signs === undefined ? {} : { signsByClockOf: { [signs.side]: signs.clockOf } }),
    ...(billsBySenderClock === true ? { stampSeconds } : {}),
  }
}

function scriptOf(setup: WorldSetup) {
  return (parts: WorldParts): SessionScript => {
    const { policy, parameters, agreement, behaviour } = setup
    const { lines, digest, faults } = parts
    const call = createCallTruth(SIDES, lines)
    const roster = createRoster(setup)
    const recorder = createRecorder({ setup, call, digest, healedMs: faults.healedMs })
    const rateUnits = agreement.terms.ratePerSecondUnits as bigint
    return {
      cast: { protocol: sessionEscrow, policy, parameters, agreements: [agreement] },
      participantOf: agreement.roles,
      read: (view) => readSession(view, rateUnits),
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      isOver: ({ reading }) => isOver(reading),
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: (message) => pingNumber(message) ?? -1,
      call,
      heartbeatNumber: pingNumber,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      looked: (actor, view, atMs) => recorder.looked(actor, view, atMs),
      arrived: (to, message, sentMs, atMs) => recorder.arrived(to, message, sentMs, atMs),
      ...(behaviour.stranger.length > 0 ? { sent: tap(roster) } : {}),
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
