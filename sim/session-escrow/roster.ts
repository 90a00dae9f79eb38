/**
 * All participants of a session with their states: hands an input to one and keeps its next state.
 */
import type { Moment } from '../world/actors.ts'
import type { Actor, Effects, Input, Ping, PingMessage, Side } from './actors.ts'
import { INITIAL_PLATFORM, INITIAL_STRANGER, reducePlatform, reduceStranger } from './bystanders.ts'
import { type ClientConfig, initialClient, reduceClient } from './client.ts'
import { initialService, reduceService } from './heartbeatService.ts'
import type { WorldSetup } from './options.ts'
import { INITIAL_RELAYER, reduceRelayer } from './relayer.ts'

export interface Roster {
  give(actor: Actor, input: Input, now: Moment): Effects
  /** A copy of a message reaches the stranger. */
  overhear(message: PingMessage): void
}

/** Participants at the beginning of a run. */
export function createRoster(setup: WorldSetup): Roster {
  const { parameters, profile, policy, behaviour, depositUnits, defects } = setup
  const silenceMs = parameters.silenceTimeoutSeconds * 1000
  const { resendAfterMs } = profile
  const heartbeatMs = parameters.heartbeatIntervalSeconds * 1000
  const neverSettles = defects.nobodySettles === true
  const client = (side: Side): ClientConfig => ({
    ...{ side, policy, heartbeatMs, silenceMs, resendAfterMs, depositUnits, behaviour },
    neverSettles,
  })
  const configs = {
    student: client('student'),
    tutor: client('tutor'),
    service: { silenceMs, forgets: defects.serviceForgets ?? null },
    relayer: {
      startWindowMs: parameters.startWindowSeconds * 1000,
      resendAfterMs,
      neverRetries: defects.relayerNeverRetries === true,
      neverSettles,
    },
  }
  const attempts = [...behaviour.stranger].sort((a, b) => a.atMs - b.atMs)
  let student = initialClient()
  let tutor = initialClient()
  let service = initialService()
  let relayer = INITIAL_RELAYER
  let stranger = INITIAL_STRANGER
  let platform = INITIAL_PLATFORM
  const overheard: Record<Side, Ping | null> = { student: null, tutor: null }
  const give = (actor: Actor, input: Input, now: Moment): Effects => {
    switch (actor) {
      case 'student': {
        const step = reduceClient(configs.student, student, input, now)
        student = step[0]
        return step[1]
      }
      case 'tutor': {
        const step = reduceClient(configs.tutor, tutor, input, now)
        tutor = step[0]
        return step[1]
      }
      case 'service': {
        const step = reduceService(configs.service, service, input, now)
        service = step[0]
        return step[1]
      }
      case 'relayer': {
        const step = reduceRelayer(configs.relayer, relayer, input, now)
        relayer = step[0]
        return step[1]
      }
      case 'stranger': {
        const step = reduceStranger(attempts, stranger, overheard, input, now)
        stranger = step[0]
        return step[1]
      }
      case 'platform': {
        const step = reducePlatform(resendAfterMs, platform, input, now)
        platform = step[0]
        return step[1]
      }
    }
  }
  return {
    give,
    overhear({ ping }) {
      overheard[ping.side] = ping
    },
  }
}
