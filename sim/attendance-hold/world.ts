/**
 * The deterministic world around one hold: the kit's engine, played with the participants, the
 * recorder and the ground truth of attendance-hold.
 */
import { attendanceHold } from '../../models/attendance-hold/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { faultEndMs } from '../faults/fault.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import { WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import {
  ACTORS,
  type Actor,
  HOLD_TARGETS,
  type HoldReading,
  type Input,
  KEEPERS,
  type Mark,
  type Message,
  SIDES,
} from './actors.ts'
import { mischiefOf } from './bystanders.ts'
import { isPaidOut, readHold } from './holdReading.ts'
import {
  bookedEndSeconds,
  lessonMs,
  noShowAtSeconds,
  setUpWorld,
  type WorldOptions,
  type WorldSetup,
} from './options.ts'
import { createPresence } from './presence.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type HoldScript = WorldScript<Message, HoldReading, Mark, ShownMessage, WorldRun>

const SECOND_MS = 1000
const HALF_DAY_MS = 43_200_000
const WHOLE_BPS = 10_000

/** True time of a second of the contract. */
export function trueMsOf(seconds: number): number {
  return (seconds - WORLD_EPOCH_SECONDS) * SECOND_MS
}

/** Both sides reach their nodes over their own links; both keepers send from one account. */
function frameOf(setup: WorldSetup): WorldFrame {
  const { attestationWindowSeconds, keeperWindowSeconds } = setup.parameters
  const windowsMs = (attestationWindowSeconds + keeperWindowSeconds) * SECOND_MS
  return {
    ...{ setup, actors: ACTORS, targets: HOLD_TARGETS },
    ...{ chainNeedsLink: SIDES, accountOf: { secondKeeper: 'keeper' } },
    horizonMs: trueMsOf(noShowAtSeconds(setup)) + windowsMs + HALF_DAY_MS,
  }
}

/** When the room is closed at the latest: in time for its end to be told before a no-show. */
export function curfewAtMs(
  setup: Pick<WorldSetup, 'behaviour' | 'startsAtSeconds' | 'parameters'>,
) {
  const { behaviour, parameters } = setup
  const mostMs = Math.floor((parameters.noShowSeconds * SECOND_MS) / 4)
  return trueMsOf(bookedEndSeconds(setup)) + Math.min(behaviour.curfewMs, mostMs)
}

/** When the attestor stops waiting for an end: half way from the booked end to a no-show. */
export function patienceAtMs(setup: Pick<WorldSetup, 'startsAtSeconds' | 'parameters'>): number {
  const waitMs = Math.floor((setup.parameters.noShowSeconds * SECOND_MS) / 2)
  return trueMsOf(bookedEndSeconds(setup)) + waitMs
}

/** The room hears when a line or a process goes, the client itself when it is back. */
function beginLines({ faults }: WorldSetup, { timer }: Beginning): void {
  for (const fault of faults) {
    const { kind, target, atMs } = fault
    const side = SIDES.find((each) => target === each || target.startsWith(`${each}.`))
    if (side === undefined || (kind !== 'link-down' && kind !== 'process-crash')) continue
    timer('room', 'line', atMs + 1)
    timer('room', 'line', faultEndMs(fault) + 1)
    timer(side, 'line', faultEndMs(fault) + 1)
  }
}

function beginKeepers({ behaviour, parameters }: WorldSetup, { timer }: Beginning): void {
  const count = behaviour.keepers === 'both' ? 2 : behaviour.keepers === 'one' ? 1 : 0
  const intervalMs = parameters.keeperIntervalSeconds * SECOND_MS
  for (const [index, keeper] of KEEPERS.slice(0, count).entries()) {
    const phaseBps = index === 0 ? behaviour.phaseBps : behaviour.secondPhaseBps
    timer(keeper, 'round', Math.floor((intervalMs * phaseBps) / WHOLE_BPS))
  }
}

function begin(setup: WorldSetup, beginning: Beginning): void {
  const { behaviour } = setup
  const { look, timer } = beginning
  look('student', 0)
  timer('student', 'begin', behaviour.beginsAtMs)
  for (const { atMs } of mischiefOf(setup)) timer('stranger', 'begin', atMs)
  for (const side of SIDES) {
    const visits = side === 'student' ? behaviour.studentVisits : behaviour.teacherVisits
    for (const { fromBps, untilBps } of visits) {
      timer(side, 'enter', lessonMs(setup, fromBps))
      timer(side, 'leave', lessonMs(setup, Math.max(fromBps, untilBps)))
    }
  }
  timer('room', 'curfew', curfewAtMs(setup))
  timer('attestor', 'patience', patienceAtMs(setup))
  beginKeepers(setup, beginning)
  beginLines(setup, beginning)
}

function defectsOf({ defects }: WorldSetup, { clockOf }: WorldParts): Partial<HoldScript> {
  if (defects.timesBySenderClock !== true) return {}
  return {
    stampSeconds: (sender, atMs) =>
      WORLD_EPOCH_SECONDS + Math.floor(clockOf(sender).wallMs(atMs) / SECOND_MS),
  }
}

function scriptOf(setup: WorldSetup) {
  return (parts: WorldParts): HoldScript => {
    const { policy, parameters, agreement, startsAtSeconds } = setup
    const { digest, faults, lines } = parts
    const presence = createPresence(lines)
    const roster = createRoster(setup, presence)
    const recorder = createRecorder({ setup, presence, digest, healedMs: faults.healedMs })
    return {
      cast: { protocol: attendanceHold, policy, parameters, agreements: [agreement] },
      participantOf: agreement.roles,
      read: readHold,
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      // A hold may be resolved before its lesson is over; the truth goes on until then.
      isOver: ({ reading }) => isPaidOut(reading) && recorder.isClosed,
      finish: (ending) => recorder.finish(ending),
      show: (message) => showMessage(message, startsAtSeconds),
      numberOf: (message) => showMessage(message, startsAtSeconds).sequence ?? -1,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      arrived: (to, message, _, atMs) => recorder.arrived(to, message, atMs),
      linesChanged: (atMs) => presence.settle(atMs),
      ...defectsOf(setup, parts),
    }
  }
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'mixed', seed: 1, run: 0 }).endState.attendedSeconds
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
