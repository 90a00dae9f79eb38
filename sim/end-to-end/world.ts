/**
 * The deterministic world around one journey: a match at a locked rate, a call with a drop, its
 * settlement, ratings, and the withdrawal of what was earned, over three contracts.
 *
 * One world and not three after each other: one time, one network, one plan of faults, one chain.
 */

import { createCallTruth } from '../world/callTruth.ts'
import { playWorld } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import {
  ACCOUNT_OF,
  ACTORS,
  type Actor,
  type Input,
  JOURNEY_TARGETS,
  type JourneyReading,
  type Mark,
  type Message,
  PARTICIPANTS,
} from './actors.ts'
import type { JourneyRun, ShownMessage } from './journeyRun.ts'
import { type JourneyOptions, type JourneySetup, payoutSetup, setUpJourney } from './options.ts'
import { type JourneyCast, journeyPredictor } from './predict.ts'
import { readJourney } from './reading.ts'
import { Recorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'

type Script = WorldScript<Message, JourneyReading, Mark, ShownMessage, JourneyRun>

/** A settlement reports to two contracts and moves three payments: up to 400,000 gas. */
const CALL_GAS = 600_000
/** Longer than patience, late answers and the bank's time delay anything. */
const HORIZON_MS = 2 * 86_400_000

/** Who takes part on which terms, when the tutor asks for so much. */
export function castOf(setup: JourneySetup, askedUnits: () => bigint): JourneyCast {
  const { parameters, token, request, session } = setup
  const withdrawals = () => payoutSetup(setup, askedUnits()).agreements
  return { parameters, token, request, session, withdrawals }
}

function frameOf(setup: JourneySetup): WorldFrame {
  return {
    ...{ setup, actors: ACTORS, targets: JOURNEY_TARGETS, accountOf: ACCOUNT_OF },
    // Admins and the tutor's page reach their nodes over their own links, as in their own world.
    ...{ chainNeedsLink: ['teacher', 'admin0', 'admin1'], horizonMs: HORIZON_MS },
    callGas: CALL_GAS,
  }
}

function begin({ look }: Beginning): void {
  for (const actor of ACTORS) look(actor, 0)
}

function scriptOf(setup: JourneySetup) {
  return (parts: WorldParts): Script => {
    const { lines, digest, faults } = parts
    const call = createCallTruth(['student', 'tutor'], lines)
    const roster = createRoster(setup)
    const askedUnits = () => roster.askedUnits
    const recorder = new Recorder({ setup, call, digest, healedMs: faults.healedMs, askedUnits })
    const cast = castOf(setup, askedUnits)
    const { signsByClockOf: signs } = setup.defects
    const numberOf = (message: Message) => (message.kind === 'ping' ? message.ping.sequence : null)
    return {
      cast: journeyPredictor(cast),
      participantOf: PARTICIPANTS,
      read: (view) => readJourney(view, setup),
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin,
      // Money moves where no chain sees it: a run ends when nothing is left to happen.
      isOver: () => false,
      finish: (ending) => recorder.finish(ending, cast),
      show: showMessage,
      numberOf: (message) => numberOf(message) ?? -1,
      call,
      heartbeatNumber: numberOf,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      looked: (actor, view, atMs) => recorder.looked(actor, view, atMs),
      arrived: (to, message, sentMs, atMs) => recorder.arrived(to, message, sentMs, atMs),
      ...(signs === undefined ? {} : { signsByClockOf: { [signs.side]: signs.clockOf } }),
    }
  }
}

/**
 * One journey on the model chain.
 *
 * @throws MeterproofError `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runJourney({ regime: 'mixed', seed: 1, run: 0 }).stage
 */
export function runJourney(options: JourneyOptions): JourneyRun {
  const setup = setUpJourney(options)
  return playWorld(frameOf(setup), scriptOf(setup))
}
