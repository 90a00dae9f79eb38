/**
 * Writes down what happens and turns it into a `WorldRun` at the end.
 *
 * It watches; nothing that a participant or the chain does depends on it. What was paid is taken
 * from the rail, what the accounts were from what readers of the chain saw, and what happened when
 * from the steps that the chain has in the end.
 */
import type { Digest } from '../kernel/digest.ts'
import { canonicalJson } from '../world/canonicalJson.ts'
import { lockedCourse } from '../world/money.ts'
import type { WorldStep } from '../world/records.ts'
import type { Ending as RunEnding } from '../world/script.ts'
import { runHead } from '../world/setup.ts'
import type { Mark, Message, WithdrawalReading, WithdrawalView } from './actors.ts'
import { exposureOf } from './exposure.ts'
import { type Earning, netUnits, type PlannedWithdrawal, type WorldSetup } from './options.ts'
import { endStateOf } from './withdrawalReading.ts'
import type { Books, Course, End, Payment, ShownMessage, WorldRun } from './worldRun.ts'

export interface Recorder {
  looked(view: WithdrawalView): void
  arrived(to: string, message: Message, atMs: number): void
  mark(mark: Mark, atMs: number): void
  finish(ending: RunEnding<WithdrawalReading, ShownMessage>): WorldRun
}

interface RecorderOptions {
  readonly setup: WorldSetup
  readonly healedMs: number
  readonly digest: Digest
}

/** What is told of a withdrawal, the first time that it is. */
interface Told {
  wantedMs: number | null
  decidedMs: number | null
  unpayableMs: number | null
  impatientMs: number | null
}

const ENDS: Readonly<Record<string, End>> = {
  complete: 'Completed',
  reject: 'Rejected',
  bankFailed: 'Failed',
  cancel: 'Cancelled',
}

/** What a message record says besides its kind and times. */
export function showMessage({ withdrawal }: Message): ShownMessage {
  return { sequence: withdrawal }
}

class WorldRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #told: readonly Told[]
  readonly #earned: Earning[] = []
  readonly #payments: Payment[] = []
  readonly #books: Books[] = []

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#told = options.setup.withdrawals.map(() => ({
      ...{ wantedMs: null, decidedMs: null, unpayableMs: null, impatientMs: null },
    }))
  }

  looked({ newsNumber: block, ...reading }: WithdrawalView): void {
    const books = this.#books
    // A reorg takes blocks away, and with them what was seen of them.
    while (books.length > 0 && (books.at(-1) as Books).block > block) books.pop()
    if (books.at(-1)?.block === block) return
    const { availableUnits, pendingUnits, commissionUnits, escrowUnits } = reading
    books.push({ block, availableUnits, pendingUnits, commissionUnits, escrowUnits })
  }

  arrived(to: string, message: Message, atMs: number): void {
    const told = this.#told[message.withdrawal]
    const isNo =
      (message.kind === 'checked' && !message.isPayable) ||
      (message.kind === 'returned' && to.startsWith('admin'))
    if (isNo && told !== undefined) told.unpayableMs ??= atMs
  }

  mark(mark: Mark, atMs: number): void {
    switch (mark.kind) {
      case 'earned': {
        const { teacher, grossUnits } = mark
        const { commissionBps } = this.#options.setup.parameters
        const net = netUnits(grossUnits, commissionBps)
        this.#earned.push({ atMs, teacher, grossUnits, netUnits: net })
        return
      }
      case 'paid':
        this.#payments.push({ atMs, withdrawal: mark.withdrawal, units: mark.units })
        return
      default: {
        const told = this.#told[mark.withdrawal]
        if (told !== undefined) told[`${mark.kind}Ms`] ??= atMs
      }
    }
  }

  finish(ending: RunEnding<WithdrawalReading, ShownMessage>): WorldRun {
    const { setup, digest, healedMs } = this.#options
    const { side, course, counts, messages, nowMs } = ending
    const payments = this.#payments
    const parts = {
      ...{ protocol: 'withdrawal' as const, ...runHead(setup), behaviour: setup.behaviour },
      ...{ agreements: setup.agreements, ...course, earned: this.#earned, payments },
      courses: setup.withdrawals.map((planned) => this.#course(planned, course.steps)),
      ...{ books: this.#books, healedMs, ...counts },
      endState: endStateOf(side, nowMs),
    }
    digest.addText(canonicalJson(parts))
    const exposure = exposureOf(parts, lockedCourse(course.steps))
    return { ...parts, exposure, messages, hash: digest.hex() }
  }

  #course(planned: PlannedWithdrawal, steps: readonly WorldStep[]): Course {
    const { request: _, atMs: _at, ...identity } = planned
    const { index } = planned
    const own = steps.filter((step) => step.planned.agreement === index && step.outcome.accepted)
    const first = (action: string) => own.find((step) => step.planned.action === action)
    const end = own.find(({ planned: { action } }) => ENDS[action] !== undefined)
    const approval = first('approve')
    return {
      ...identity,
      ...(this.#told[index] as Told),
      requestedMs: first('request')?.includedMs ?? null,
      approvedMs: approval?.includedMs ?? null,
      approvedBlock: approval?.block ?? null,
      endedMs: end?.includedMs ?? null,
      end: ENDS[end?.planned.action ?? ''] ?? null,
      claimedMs: first('claim')?.includedMs ?? null,
      paidMs: this.#payments.find(({ withdrawal }) => withdrawal === index)?.atMs ?? null,
    }
  }
}

/** An empty record. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new WorldRecorder(options)
}
