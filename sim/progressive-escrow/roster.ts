/**
 * All participants of a session with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import type { Actor, Effects, Input, Side } from './actors.ts'
import { INITIAL_PLATFORM, INITIAL_STRANGER, reducePlatform, reduceStranger } from './bystanders.ts'
import { reduceSide } from './client.ts'
import { INITIAL_KEEPER, type KeeperConfig, reduceKeeper } from './keeper.ts'
import type { WorldSetup } from './options.ts'
import { initialSide, type SideConfig } from './sideState.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

function configsOf({ parameters, durationSeconds, profile, policy, ...setup }: WorldSetup) {
  const { behaviour, defects } = setup
  const common = {
    rules: { policy, parameters, durationSeconds },
    resendAfterMs: profile.resendAfterMs,
    neverCompletes: defects.nobodyCompletes === true,
  }
  const sideOf = (side: Side): SideConfig => ({
    ...{ ...common, side, behaviour },
    beatsUnheard: defects.beatsUnheard === true,
    servesOn: defects.serveOn === true,
    neverClaims: defects.nobodyClaims === true,
    neverPausesOnTimeout: defects.nobodyPauses === true,
  })
  const keeper: KeeperConfig = {
    ...common,
    neverPauses: defects.nobodyPauses === true,
  }
  const { resendAfterMs } = common
  const platform = { resendAfterMs, neverClaims: defects.nobodyClaims === true }
  return { student: sideOf('student'), mentor: sideOf('mentor'), keeper, platform }
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const configs = configsOf(setup)
  const attempts = [...setup.behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  const sides = { student: initialSide(), mentor: initialSide() }
  let keeper = INITIAL_KEEPER
  let stranger = INITIAL_STRANGER
  let platform = INITIAL_PLATFORM
  return {
    give(actor, input, now) {
      switch (actor) {
        case 'student':
        case 'mentor': {
          const step = reduceSide(configs[actor], sides[actor], input, now)
          sides[actor] = step[0]
          return step[1]
        }
        case 'keeper': {
          const step = reduceKeeper(configs.keeper, keeper, input, now)
          keeper = step[0]
          return step[1]
        }
        case 'stranger': {
          const step = reduceStranger(attempts, stranger, input)
          stranger = step[0]
          return step[1]
        }
        case 'platform': {
          const step = reducePlatform(configs.platform, platform, input, now)
          platform = step[0]
          return step[1]
        }
      }
    },
  }
}
