/**
 * Claims about the world of payment-channel: judged on what reached whom in truth, not on what the
 * contract believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with.
 */
import { VACUOUS, type WorldInvariantOf } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import { exitInvariants } from './exitInvariants.ts'
import { reachedBy } from './exposure.ts'
import { heldInTimeUnits, paidUnits, voucherLossUnits } from './losses.ts'
import { isPresented, standingsOf } from './payments.ts'
import { owedUnits } from './price.ts'
import type { WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

function standings({ steps, agreements }: WorldRun) {
  return standingsOf(steps, agreements[0]?.roles.provider as string)
}

/** The worst of some amounts against a bound; vacuous without any. */
function atMostUnits(
  amounts: readonly { readonly atMs: number; readonly units: bigint }[],
  boundUnits: bigint,
  what: string,
) {
  const [first, ...others] = amounts
  if (first === undefined) return VACUOUS
  const { atMs, units } = others.reduce((a, b) => (b.units > a.units ? b : a), first)
  const evidence = `${what}: ${units} > ${boundUnits} base units`
  const violation = units > boundUnits ? { atMs, evidence } : null
  const observed = Math.max(0, Number(units))
  return { witnesses: amounts.length, violation, observed, bound: Number(boundUnits) }
}

const noUndelivered: WorldInvariant = {
  id: 'INV-W-NO-UNDELIVERED',
  statement: 'At no time has the payer paid for a byte that had not reached it by then.',
  formula: 'paid(t) ≤ floor(received(t) · step / bytesPerVoucher)',
  witness: 'a payment to the provider',
  unit: 'base units',
  judge(run) {
    const paid = standings(run).filter(({ dueUnits }, index, all) => {
      return dueUnits > (all[index - 1]?.dueUnits ?? 0n)
    })
    const over = paid.map(({ includedMs: atMs, dueUnits }) => {
      const delivered = owedUnits(run.price, reachedBy(run.received, atMs))
      return { atMs, units: dueUnits - delivered }
    })
    return atMostUnits(over, 0n, 'paid and not delivered')
  },
}

const voucherRedeemed: WorldInvariant = {
  id: 'INV-W-VOUCHER-REDEEMED',
  statement:
    'A voucher that the provider held in time is paid, unless faults kept both provider and ' +
    'watcher from getting it redeemed for as long as the challenge gives them (as-described: ' +
    'always).',
  formula:
    'min(held, D) − P ≤ 0; neither had time: ≤ held − max(entrusted to a watcher in time, paid)',
  witness: 'a channel that ended, with a voucher held in time',
  unit: 'base units',
  judge(run) {
    const { endedMs } = run.milestones
    const heldUnits = heldInTimeUnits(run)
    const lossUnits = voucherLossUnits(run)
    if (endedMs === null || heldUnits === null || heldUnits === 0n) return VACUOUS
    const loss = { atMs: endedMs, units: lossUnits ?? 0n }
    return atMostUnits([loss], bounds.excusedUnits(run), 'held in time and never paid')
  },
}

const paidOnce: WorldInvariant = {
  id: 'INV-W-PAID-ONCE',
  statement:
    'A voucher is paid exactly once, however often and in whatever order its copies arrive, are ' +
    'presented or are included again after a reorg.',
  formula: 'P = max over accepted n of min(n, D then); each payment ≤ its increase',
  witness: 'an accepted voucher',
  unit: 'base units',
  judge(run) {
    const witnesses = run.steps.filter(isPresented).length
    if (witnesses === 0) return VACUOUS
    const course = standings(run)
    const last = course.at(-1)
    const dueUnits = last?.dueUnits ?? 0n
    const early = course.find(({ receivedUnits, dueUnits: due }) => receivedUnits > due)
    const atMs = early?.includedMs ?? last?.includedMs ?? 0
    const units = early === undefined ? paidUnits(run) : early.receivedUnits
    const bound = early === undefined ? dueUnits : early.dueUnits
    const evidence = `${units} base units were paid for vouchers over ${bound}`
    const violation = units === bound ? null : { atMs, evidence }
    return { witnesses, violation, observed: Number(units), bound: Number(bound) }
  },
}

const voucherAuthentic: WorldInvariant = {
  id: 'INV-W-VOUCHER-AUTHENTIC',
  statement:
    'Only vouchers move money that the payer has signed for this channel, each before it was ' +
    'paid and for bytes that had reached the payer when it signed.',
  formula: 'accepted n ⇒ n is in the payer’s log; signed ≤ received at that time',
  witness: 'a voucher presented to the contract',
  judge(run) {
    const brings = ({ planned }: WorldRun['steps'][number]) =>
      planned.args.cumulativeUnits !== undefined && planned.args.cumulativeUnits !== 0n
    const witnesses = run.steps.filter(brings).length
    if (witnesses === 0) return VACUOUS
    for (const { planned, includedMs } of run.steps.filter(isPresented)) {
      const { cumulativeUnits, voucher } = planned.args
      const signed = run.signed.find(({ bytes }) => owedUnits(run.price, bytes) === cumulativeUnits)
      const isGood = voucher === 'genuine' && signed !== undefined && signed.signedMs <= includedMs
      const evidence = `a ${voucher} voucher over ${cumulativeUnits} was accepted, never signed`
      if (!isGood) return { witnesses, violation: { atMs: includedMs, evidence } }
    }
    const ahead = run.signed.find(
      ({ signedMs, bytes }) => bytes > reachedBy(run.received, signedMs),
    )
    if (ahead === undefined) return { witnesses, violation: null }
    const received = reachedBy(run.received, ahead.signedMs)
    const evidence = `signed for ${ahead.bytes} bytes with ${received} received`
    return { witnesses, violation: { atMs: ahead.signedMs, evidence } }
  },
}

const depositEnd: WorldInvariant = {
  id: 'INV-W-DEPOSIT-END',
  statement:
    'Nobody is served beyond what the deposit covers, but for a deposit that a reorg took back ' +
    'after it was final.',
  formula: 'floor(delivered · step / bytesPerVoucher) ≤ D + undone',
  witness: 'a channel that was served up to its first deposit',
  unit: 'base units',
  judge(run) {
    const boundUnits = run.endState.depositUnits + run.undoneUnits
    const [first] = standings(run)
    const units = owedUnits(run.price, run.deliveredBytes)
    if (first === undefined || units < first.depositUnits) return VACUOUS
    const atMs = run.received.at(-1)?.signedMs ?? 0
    return atMostUnits([{ atMs, units }], boundUnits, 'delivered')
  },
}

type Side = 'payerUnits' | 'providerUnits'

function exposed(run: WorldRun, side: Side, boundUnits: bigint) {
  if (run.milestones.openedMs === null) return VACUOUS
  const samples = run.exposure.map((sample) => ({ atMs: sample.atMs, units: sample[side] }))
  return atMostUnits(samples, boundUnits, 'exposed to')
}

const payerExposure: WorldInvariant = {
  id: 'INV-W-PAYER-EXPOSURE',
  statement:
    'At no instant could more be redeemed than has reached the payer, and never does more than ' +
    'the deposit leave the escrow.',
  formula: 'sup (min(signed, D) − delivered) ≤ 0; paid out ≤ D',
  witness: 'an instant at which an exposure turns',
  unit: 'base units',
  judge(run) {
    const judged = exposed(run, 'payerUnits', 0n)
    const { receivedUnits, refundedUnits, depositUnits } = run.endState
    const outUnits = receivedUnits + refundedUnits
    if (outUnits <= depositUnits || judged.witnesses === 0) return judged
    const evidence = `${outUnits} base units left of a deposit of ${depositUnits}`
    return { ...judged, violation: { atMs: run.milestones.overMs ?? 0, evidence } }
  },
}

const providerExposure: WorldInvariant = {
  id: 'INV-W-PROVIDER-EXPOSURE',
  statement:
    'At no instant has the provider delivered more than one voucher step beyond what it could ' +
    'redeem; after the end, beyond what it was paid and INV-W-VOUCHER-REDEEMED excuses.',
  formula: 'sup (delivered − min(held, D)) ≤ S + undone; at the end: delivered − P ≤ S + excused',
  witness: 'an instant at which an exposure turns',
  unit: 'base units',
  judge: (run) => exposed(run, 'providerUnits', bounds.providerBoundUnits(run)),
}

/** All claims about the world of payment-channel. */
export const paymentChannelWorldInvariants: readonly WorldInvariant[] = [
  noUndelivered,
  voucherRedeemed,
  paidOnce,
  voucherAuthentic,
  depositEnd,
  payerExposure,
  providerExposure,
  ...exitInvariants,
]

/** Claims that the mechanism as described cannot keep. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-VOUCHER-REDEEMED',
  'INV-W-PROVIDER-EXPOSURE',
  'INV-W-PAYER-WAIT',
]
