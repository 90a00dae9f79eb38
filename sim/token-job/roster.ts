/**
 * All participants of a job with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import type { Actor, Effects, Input } from './actors.ts'
import {
  INITIAL_STRANGER,
  INITIAL_TREASURY,
  reduceRegistry,
  reduceStranger,
  reduceTreasury,
} from './bystanders.ts'
import { type HostConfig, initialHost, reduceHost } from './host.ts'
import type { WorldSetup } from './options.ts'
import { reduceUser } from './user.ts'
import { initialUser, type UserConfig } from './userState.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

function userConfig(setup: WorldSetup): UserConfig {
  const { policy, behaviour, parameters, profile, defects } = setup
  return {
    ...{ policy, behaviour, depositUnits: setup.depositUnits },
    affordableTokens: setup.affordableTokens,
    intervalTokens: parameters.proofIntervalTokens,
    approvalUnits: BigInt(parameters.approvalUnits),
    confirmations: profile.confirmations,
    blockMs: profile.blockIntervalMs,
    resendAfterMs: profile.resendAfterMs,
    signsClaims: defects.userSignsClaims === true,
    signsAheadTokens: defects.userSignsAheadTokens ?? 0,
    neverEnds: defects.nobodyEnds === true,
  }
}

function hostConfig(setup: WorldSetup): HostConfig {
  const { policy, behaviour, parameters, profile, defects, agreement } = setup
  return {
    ...{ policy, behaviour, affordableTokens: setup.affordableTokens },
    intervalTokens: parameters.proofIntervalTokens,
    openSeconds: setup.openSeconds,
    account: agreement.roles.host as string,
    resendAfterMs: profile.resendAfterMs,
    streamsPastDeposit: defects.hostStreamsPastDeposit === true,
    streamsWithoutReceipts: defects.hostStreamsWithoutReceipts === true,
    neverProves: defects.hostNeverProves === true,
    neverEnds: defects.nobodyEnds === true,
  }
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const { behaviour, profile, openSeconds, policy, defects } = setup
  const configs = {
    user: userConfig(setup),
    host: hostConfig(setup),
    treasury: {
      ...{ openSeconds, everyMs: behaviour.treasuryEveryMs },
      resendAfterMs: profile.resendAfterMs,
      neverTimesOut: defects.nobodyEnds === true,
    },
    stranger: { policy, attempts: [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs) },
  }
  let user = initialUser()
  let host = initialHost()
  let treasury = INITIAL_TREASURY
  let stranger = INITIAL_STRANGER
  return {
    give(actor, input, now) {
      switch (actor) {
        case 'user': {
          const step = reduceUser(configs.user, user, input, now)
          user = step[0]
          return step[1]
        }
        case 'host': {
          const step = reduceHost(configs.host, host, input, now)
          host = step[0]
          return step[1]
        }
        case 'registry':
          return reduceRegistry(behaviour, input)
        case 'treasury': {
          const step = reduceTreasury(configs.treasury, treasury, input, now)
          treasury = step[0]
          return step[1]
        }
        case 'stranger': {
          const step = reduceStranger(configs.stranger, stranger, input)
          stranger = step[0]
          return step[1]
        }
      }
    },
  }
}
