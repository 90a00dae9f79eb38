/**
 * All participants of a hold with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import type { Actor, Effects, Input } from './actors.ts'
import { INITIAL_ATTESTOR, reduceAttestor } from './attestor.ts'
import {
  INITIAL_OWNER,
  INITIAL_STRANGER,
  mischiefOf,
  reduceOwner,
  reduceStranger,
} from './bystanders.ts'
import { INITIAL_KEEPER, reduceKeeper } from './keeper.ts'
import type { WorldSetup } from './options.ts'
import { INITIAL_PARTY, partyConfig, reduceParty } from './party.ts'
import { initialRoom, type RoomConfig, reduceRoom } from './room.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup, lines: Pick<RoomConfig, 'isConnected'>): Roster {
  const { behaviour, startMs, defects, parameters } = setup
  const configs = { student: partyConfig(setup, 'student'), teacher: partyConfig(setup, 'teacher') }
  const bookedMs = parameters.sessionSeconds * 1000
  const roomConfig: RoomConfig = { behaviour, startMs, bookedMs, defects, ...lines }
  const mischief = mischiefOf(setup)
  const room = initialRoom()
  const parties = { student: INITIAL_PARTY, teacher: INITIAL_PARTY }
  const owners = { referrer: INITIAL_OWNER, platform: INITIAL_OWNER }
  const keepers = { keeper: INITIAL_KEEPER, secondKeeper: INITIAL_KEEPER }
  let attestor = INITIAL_ATTESTOR
  let stranger = INITIAL_STRANGER
  return {
    give(actor, input, now) {
      switch (actor) {
        case 'student':
        case 'teacher': {
          const step = reduceParty(configs[actor], parties[actor], input, now)
          parties[actor] = step[0]
          return step[1]
        }
        case 'referrer':
        case 'platform': {
          const step = reduceOwner(setup, actor, owners[actor], input, now)
          owners[actor] = step[0]
          return step[1]
        }
        case 'room':
          return reduceRoom(roomConfig, room, input, now)
        case 'attestor': {
          const step = reduceAttestor(setup, attestor, input, now)
          attestor = step[0]
          return step[1]
        }
        case 'keeper':
        case 'secondKeeper': {
          const step = reduceKeeper(setup, keepers[actor], input, now)
          keepers[actor] = step[0]
          return step[1]
        }
        case 'stranger': {
          const step = reduceStranger(setup, mischief, stranger, input)
          stranger = step[0]
          return step[1]
        }
      }
    },
  }
}
