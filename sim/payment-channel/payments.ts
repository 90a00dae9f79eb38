/**
 * What a channel owes and pays after each step, worked out from the calls that were accepted, the
 * vouchers in them and the tokens that moved: the machine's own figures are judged by it.
 */
import { maxBig, minBig } from '../../models/kit/money.ts'
import { ELSEWHERE, ESCROW } from '../../models/kit/trace.ts'
import type { WorldStep } from '../world/records.ts'

export interface Standing {
  readonly includedMs: number
  readonly depositUnits: bigint
  /** The most that an accepted voucher was worth, given the deposit of its time. */
  readonly dueUnits: bigint
  /** What has reached the provider's wallet. */
  readonly receivedUnits: bigint
}

const START: Standing = { includedMs: 0, depositUnits: 0n, dueUnits: 0n, receivedUnits: 0n }

/** An accepted call that brought a voucher; `close` with the number 0 brings none. */
export function isPresented({ planned, outcome }: WorldStep): boolean {
  const { action, args } = planned
  const brings = action === 'redeem' || action === 'close'
  return brings && outcome.accepted && (args.cumulativeUnits as bigint) > 0n
}

function movedTo({ transfers, planned }: WorldStep, holder: string): bigint {
  return transfers.reduce((sum, { from, to, amountUnits }) => {
    const receiver = to === ELSEWHERE ? planned.by : to
    return from === ESCROW && receiver === holder ? sum + amountUnits : sum
  }, 0n)
}

/** One entry for each step. */
export function standingsOf(steps: readonly WorldStep[], provider: string): readonly Standing[] {
  let before = START
  return steps.map((step) => {
    const { transfers, includedMs } = step
    const lockedUnits = transfers.reduce(
      (sum, { to, amountUnits }) => (to === ESCROW ? sum + amountUnits : sum),
      0n,
    )
    const depositUnits = before.depositUnits + lockedUnits
    const number = isPresented(step) ? (step.planned.args.cumulativeUnits as bigint) : 0n
    const dueUnits = maxBig(before.dueUnits, minBig(number, depositUnits))
    const receivedUnits = before.receivedUnits + movedTo(step, provider)
    before = { includedMs, depositUnits, dueUnits, receivedUnits }
    return before
  })
}

/** What was locked at a time. */
export function depositAt(standings: readonly Standing[], atMs: number): bigint {
  return standings.findLast(({ includedMs }) => includedMs <= atMs)?.depositUnits ?? 0n
}
