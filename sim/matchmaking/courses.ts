/**
 * The course of each request, from the steps that the chain has in the end and what participants
 * told the record. Times are when blocks were made, never what a call says of itself.
 */

import type { WorldView } from '../../models/kit/trace.ts'
import { participantAt } from '../../models/matchmaking/cast.ts'
import type { WorldStep } from '../world/records.ts'
import { TUTORS } from './actors.ts'
import type { PlannedRequest } from './options.ts'
import type { Acceptance, Course, Deposit, End, Stay } from './worldRun.ts'

/** What participants say of a request, the first time that they do. */
export type Told = Pick<Course, 'wantedMs' | 'unfundedMs' | 'impatientMs'>

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

const ENDS: Readonly<Record<string, End>> = {
  complete: 'Completed',
  release: 'Expired',
  cancel: 'Cancelled',
}
const TUTOR_NAMES: readonly unknown[] = TUTORS
const BEGIN_SEARCHES: readonly string[] = ['request', 'waitlist', 'book']

/** State after a step that was accepted; edges read `from|action|to`. */
function stateAfter({ edge }: WorldStep): string {
  return edge.split('|')[2] ?? ''
}

function staysOf(steps: readonly WorldStep[]): readonly Stay[] {
  const stays: Mutable<Stay>[] = []
  let [attempt, search] = [0, 0]
  for (const step of steps) {
    const { action, args } = step.planned
    const { includedMs: fromMs } = step
    const last = stays.at(-1)
    const state = stateAfter(step)
    if (BEGIN_SEARCHES.includes(action)) {
      attempt = 0
      search += 1
    }
    if (action === 'propose') attempt += 1
    if (last?.state === state) continue
    if (last !== undefined) Object.assign(last, { untilMs: fromMs, by: action })
    const tutor = action === 'propose' ? TUTOR_NAMES.indexOf(args.tutor) : (last?.tutor ?? -1)
    stays.push({ state, fromMs, untilMs: null, by: null, tutor, attempt, search })
  }
  return stays
}

function acceptancesOf(steps: readonly WorldStep[], stays: readonly Stay[]): readonly Acceptance[] {
  return steps.flatMap(({ planned: { action, args }, includedMs: atMs }) => {
    if (action !== 'accept') return []
    const tutor = stays.find(({ state, fromMs }) => state === 'AwaitingDeposit' && fromMs === atMs)
    const expirySeconds = (args.expiry as number | undefined) ?? null
    const nonce = (args.nonce as bigint | undefined) ?? 0n
    const rateUnits = args.rateUnits as bigint
    return [{ atMs, tutor: tutor?.tutor ?? -1, rateUnits, expirySeconds, nonce }]
  })
}

function depositsOf(steps: readonly WorldStep[], termsUnits: bigint): readonly Deposit[] {
  let units = termsUnits
  return steps.flatMap(({ planned: { action, args }, includedMs: atMs }) => {
    if (action === 'reduceCap') units = args.capUnits as bigint
    if (action !== 'consume') return []
    return [{ atMs, student: args.student as string, rateUnits: args.rateUnits as bigint, units }]
  })
}

/** One request's course; `view` is how the chain stands in the end. */
export function courseOf(
  planned: PlannedRequest,
  told: Told,
  all: readonly WorldStep[],
  { view, epochMs }: { readonly view: WorldView; readonly epochMs: number },
): Course {
  const { request: _, ...identity } = planned
  const { index, capUnits } = planned
  const steps = all.filter((step) => step.planned.agreement === index && step.outcome.accepted)
  const of = (...actions: readonly string[]) =>
    steps.filter((step) => actions.includes(step.planned.action))
  const [end] = of(...Object.keys(ENDS))
  const booking = of('book').at(-1)
  const stays = staysOf(steps)
  const figures = view.agreements[index]?.figures ?? {}
  return {
    ...{ ...identity, ...told, stays },
    requestedMs: of('request')[0]?.includedMs ?? null,
    acceptances: acceptancesOf(steps, stays),
    deposits: depositsOf(steps, capUnits),
    reports: of('complete').map(({ planned: { args }, includedMs: atMs }) => {
      return { atMs, billedSeconds: args.billedSeconds as number }
    }),
    bookedForMs: booking === undefined ? null : Number(booking.planned.args.at) * 1000 - epochMs,
    ratings: of('rate').map(({ planned: { by, args } }) => ({ by, score: args.score as number })),
    credentials: Number(figures.credentials ?? 0n),
    holder: participantAt(figures.holder ?? 0n),
    endedMs: end?.includedMs ?? null,
    end: ENDS[end?.planned.action ?? ''] ?? null,
  }
}
