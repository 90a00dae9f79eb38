/**
 * All participants of a session with their states: hands an input to one and keeps its next state.
 */
import type { Actor, Effects, Input, Message, Moment, Side } from './actors.ts'
import { INITIAL_PLATFORM, INITIAL_STRANGER, reducePlatform, reduceStranger } from './bystanders.ts'
import { type ClientConfig, INITIAL_CLIENT, reduceClient } from './client.ts'
import { INITIAL_SERVICE, reduceService } from './heartbeatService.ts'
import type { WorldSetup } from './options.ts'
import { INITIAL_RELAYER, reduceRelayer } from './relayer.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
  /** A copy of a message reaches the stranger. */
  overhear(message: Message, now: Moment): void
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const { parameters, profile, policy, behaviour, depositUnits, defects } = setup
  const silenceMs = parameters.silenceTimeoutSeconds * 1000
  const { resendAfterMs } = profile
  const heartbeatMs = parameters.heartbeatIntervalSeconds * 1000
  const client = (side: Side): ClientConfig => ({
    ...{ side, policy, heartbeatMs, silenceMs, resendAfterMs, depositUnits, behaviour },
  })
  const configs = {
    student: client('student'),
    tutor: client('tutor'),
    service: { silenceMs, forgets: defects.serviceForgets ?? null },
    relayer: {
      startWindowMs: parameters.startWindowSeconds * 1000,
      resendAfterMs,
      neverRetries: defects.relayerNeverRetries === true,
    },
  }
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  let student = INITIAL_CLIENT
  let tutor = INITIAL_CLIENT
  let service = INITIAL_SERVICE
  let relayer = INITIAL_RELAYER
  let stranger = INITIAL_STRANGER
  let platform = INITIAL_PLATFORM
  let effects: Effects = []
  const give = (actor: Actor, input: Input, now: Moment): Effects => {
    switch (actor) {
      case 'student':
        ;[student, effects] = reduceClient(configs.student, student, input, now)
        return effects
      case 'tutor':
        ;[tutor, effects] = reduceClient(configs.tutor, tutor, input, now)
        return effects
      case 'service':
        ;[service, effects] = reduceService(configs.service, service, input, now)
        return effects
      case 'relayer':
        ;[relayer, effects] = reduceRelayer(configs.relayer, relayer, input, now)
        return effects
      case 'stranger':
        ;[stranger, effects] = reduceStranger(attempts, stranger, input, now)
        return effects
      case 'platform':
        ;[platform, effects] = reducePlatform(resendAfterMs, platform, input, now)
        return effects
    }
  }
  return {
    give,
    overhear(message, now) {
      give('stranger', { kind: 'message', message }, now)
    },
  }
}
