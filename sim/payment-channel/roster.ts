/**
 * All participants of a channel with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import type { Actor, Effects, Input } from './actors.ts'
import { INITIAL_STRANGER, INITIAL_WATCHER, reduceStranger, reduceWatcher } from './bystanders.ts'
import type { WorldSetup } from './options.ts'
import { reducePayer } from './payer.ts'
import { initialPayer, payerConfig } from './payerState.ts'
import { reduceProvider } from './provider.ts'
import { initialProvider, providerConfig } from './providerState.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const configs = { payer: payerConfig(setup), provider: providerConfig(setup) }
  const attempts = [...setup.behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  let payer = initialPayer()
  let provider = initialProvider()
  let watcher = INITIAL_WATCHER
  let stranger = INITIAL_STRANGER
  return {
    give(actor, input, now) {
      switch (actor) {
        case 'payer': {
          const step = reducePayer(configs.payer, payer, input, now)
          payer = step[0]
          return step[1]
        }
        case 'provider': {
          const step = reduceProvider(configs.provider, provider, input, now)
          provider = step[0]
          return step[1]
        }
        case 'watcher': {
          const step = reduceWatcher(setup, watcher, input, now)
          watcher = step[0]
          return step[1]
        }
        case 'stranger': {
          const step = reduceStranger(attempts, stranger, input)
          stranger = step[0]
          return step[1]
        }
      }
    },
  }
}
