/**
 * The deterministic world around one channel: the kit's engine, played with the participants, the
 * recorder and the ground truth of payment-channel.
 */
import { paymentChannel } from '../../models/payment-channel/protocol.ts'
import type { Chain } from '../chain/chain.ts'
import { playWorld, playWorldOn } from '../world/play.ts'
import type { Beginning, WorldFrame, WorldParts, WorldScript } from '../world/script.ts'
import { WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import {
  ACTORS,
  type Actor,
  CHANNEL_TARGETS,
  type ChannelReading,
  type Input,
  type Mark,
  type Message,
} from './actors.ts'
import { isOver, readChannel } from './channelReading.ts'
import { setUpWorld, type WorldOptions, type WorldSetup } from './options.ts'
import { createRecorder, showMessage } from './recorder.ts'
import { createRoster } from './roster.ts'
import type { ShownMessage, WorldRun } from './worldRun.ts'

type ChannelScript = WorldScript<Message, ChannelReading, Mark, ShownMessage, WorldRun>

const DAY_MS = 86_400_000

/** Both parties reach their nodes over their own links. */
function frameOf(setup: WorldSetup): WorldFrame {
  const { expirySeconds, parameters, behaviour } = setup
  // Each voucher that is kept back may start a challenge anew, and the last begin at the expiry.
  const challenges = behaviour.keepsBack + 2
  const longestSeconds = expirySeconds + challenges * parameters.challengeSeconds
  return {
    ...{ setup, actors: ACTORS, targets: CHANNEL_TARGETS },
    ...{ chainNeedsLink: ['payer', 'provider'], horizonMs: 2 * DAY_MS + longestSeconds * 2_000 },
  }
}

function begin({ behaviour }: WorldSetup, { look, timer }: Beginning): void {
  look('payer', 0)
  timer('payer', 'begin', behaviour.beginsAtMs)
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  for (const { atMs } of attempts) timer('stranger', 'begin', atMs)
}

function defectsOf({ defects }: WorldSetup, { clockOf }: WorldParts): Partial<ChannelScript> {
  if (defects.timesBySenderClock !== true) return {}
  return {
    stampSeconds: (sender, atMs) =>
      WORLD_EPOCH_SECONDS + Math.floor(clockOf(sender).wallMs(atMs) / 1000),
  }
}

function scriptOf(setup: WorldSetup) {
  return (parts: WorldParts): ChannelScript => {
    const { policy, parameters, agreement } = setup
    const { digest, faults } = parts
    const roster = createRoster(setup)
    const recorder = createRecorder({ setup, digest, healedMs: faults.healedMs })
    return {
      cast: { protocol: paymentChannel, policy, parameters, agreements: [agreement] },
      participantOf: agreement.roles,
      read: readChannel,
      give: (actor, input, now) => roster.give(actor as Actor, input as Input, now),
      begin: (beginning) => begin(setup, beginning),
      isOver: ({ reading }) => isOver(reading),
      finish: (ending) => recorder.finish(ending),
      show: showMessage,
      numberOf: (message) => showMessage(message).sequence ?? -1,
      mark: (actor, mark, atMs) => recorder.mark(actor, mark, atMs),
      arrived: (to, message, _, atMs) => recorder.arrived(to, message, atMs),
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
 * runWorld({ policy: 'hardened', regime: 'mixed', seed: 1, run: 0 }).endState.paidUnits
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
