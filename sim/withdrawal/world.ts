/**
 * The deterministic world around some withdrawals: the kit's engine, played with the participants,
 * the recorder and the ground truth of withdrawal.
 */
import { withdrawal } from '../../models/withdrawal/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import { WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import {
  ACTORS,
  type Actor,
  type Input,
  type Mark,
  type Message,
  TEACHERS,
  WITHDRAWAL_TARGETS,
  type WithdrawalReading,
} from './actors.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import { readWithdrawals } from './withdrawalReading.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type Script = WorldScript<Message, WithdrawalReading, Mark, ShownMessage, WorldRun>

/** Longer than patience, late answers and closed offices delay anything. */
const HORIZON_MS = 21 * 86_400_000

/** Teachers and admins reach their nodes over their own links. */
function frameOf(setup: WorldSetup): WorldFrame {
  const { processingTimeoutSeconds } = setup.parameters
  return {
    ...{ setup, actors: ACTORS, targets: WITHDRAWAL_TARGETS },
    ...{ chainNeedsLink: WITHDRAWAL_TARGETS.access },
    horizonMs: HORIZON_MS + processingTimeoutSeconds * 3_000,
  }
}

function begin(setup: WorldSetup, { look, timer }: Beginning): void {
  const { earnings, withdrawals, behaviour } = setup
  for (const actor of ACTORS) look(actor, 0)
  for (const { atMs } of earnings) timer('platform', 'begin', atMs)
  const first = withdrawals.filter(({ againOf }) => againOf === null)
  for (const { teacher, atMs } of [...first].sort((a, b) => a.atMs - b.atMs)) {
    timer(TEACHERS[teacher] as Actor, 'begin', atMs)
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
      cast: { protocol: withdrawal, policy, parameters, agreements },
      participantOf: {},
      read: (view) => readWithdrawals(view, setup),
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      // Money moves where no chain sees it: a run ends when nothing is left to happen.
      isOver: () => false,
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: ({ withdrawal: number }) => number,
      mark: (_, mark, atMs) => recorder.mark(mark, atMs),
      arrived: (to, message, _, atMs) => recorder.arrived(to, message, atMs),
      looked: (_, view) => recorder.looked(view),
      ...defectsOf(setup, parts),
    }
  }
}

/**
 * One run of the world on the model chain.
 *
 * @throws MeterproofError `MP_WORLD_INVALID`, `MP_FAULT_…` or `MP_CHAIN_PROFILE_UNKNOWN`
 * @example
 * runWorld({ policy: 'hardened', regime: 'mixed', seed: 1, run: 0 }).payments.length
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
