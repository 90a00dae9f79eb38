/**
 * Writes down what happens and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it. What was offered and who
 * was there is taken from the participants themselves, what happened when from the steps that the
 * chain has in the end.
 */
import type { Digest } from '../kernel/digest.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import type { Ending as RunEnding } from '../world/script.ts'
import { runHead, WORLD_EPOCH_SECONDS } from '../world/setup.ts'
import { type Mark, type MatchReading, type Message, TUTORS } from './actors.ts'
import { courseOf, type Told } from './courses.ts'
import { exposureOf } from './exposure.ts'
import { endStateOf } from './matchReading.ts'
import type { WorldSetup } from './options.ts'
import type { Offer, ShownMessage, WorldRun } from './worldRun.ts'

export interface Recorder {
  mark(mark: Mark, atMs: number): void
  finish(ending: RunEnding<MatchReading, ShownMessage>): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly healedMs: number
  readonly digest: Digest
}

/** What a message record says besides its kind and times. */
export function showMessage(message: Message): ShownMessage {
  return { sequence: 'request' in message ? message.request : null }
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #told: { -readonly [Key in keyof Told]: Told[Key] }[]
  readonly #offers: Offer[] = []
  readonly #online: { fromMs: number; untilMs: number }[][] = TUTORS.map(() => [])

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#told = options.setup.requests.map(() => ({
      ...{ wantedMs: null, unfundedMs: null, impatientMs: null },
    }))
  }

  mark(mark: Mark, atMs: number): void {
    switch (mark.kind) {
      case 'offered': {
        const { request, ownRateUnits, quote } = mark
        this.#offers.push({ atMs, request, ownRateUnits, quote })
        return
      }
      case 'online': {
        const shifts = this.#online[mark.tutor] ?? []
        const last = shifts.at(-1)
        if (mark.isOnline) shifts.push({ fromMs: atMs, untilMs: Number.MAX_SAFE_INTEGER })
        else if (last !== undefined) last.untilMs = atMs
        return
      }
      default: {
        const told = this.#told[mark.request]
        if (told !== undefined) told[`${mark.kind}Ms`] ??= atMs
      }
    }
  }

  finish(ending: RunEnding<MatchReading, ShownMessage>): WorldRun {
    const { setup, digest, healedMs } = this.#options
    const { side, course, counts, messages, nowMs } = ending
    const chain = { view: side.world, epochMs: WORLD_EPOCH_SECONDS * 1000 }
    const parts = {
      ...{ protocol: 'matchmaking' as const, ...runHead(setup), behaviour: setup.behaviour },
      ...{ agreements: setup.agreements, ...course, offers: this.#offers },
      listedRateUnits: setup.tutors.map(({ listedRateUnits }) => listedRateUnits),
      courses: setup.requests.map((planned) => {
        const told = this.#told[planned.index] as Told
        return courseOf(planned, told, course.steps, chain)
      }),
      ...{ online: this.#online, healedMs, ...counts },
      endState: endStateOf(side, nowMs),
    }
    digest.addText(canonicalJson(parts))
    return { ...parts, exposure: exposureOf(parts), messages, hash: digest.hex() }
  }
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
