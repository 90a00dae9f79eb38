/**
 * Claims about the money of a download in the world: who is paid for what, once, and what each side
 * can lose.
 */
import { VACUOUS, type WorldJudgement } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import { priceOf } from './options.ts'
import type { WorldInvariant } from './worldInvariants.ts'
import type { WorldRun } from './worldRun.ts'

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n)
const worth = ({ terms }: WorldRun, bytes: number) => priceOf(terms.pricePerMebibyteUnits, bytes)
const lastReached = ({ sources }: WorldRun, at: number) => sources[at]?.reached.at(-1)?.bytes ?? 0
const paidUnits = ({ ledger }: WorldRun) => ledger.at(-1)?.paidUnits ?? []

function found(atMs: number, evidence: string | null, witnesses = 1): WorldJudgement {
  return { witnesses, violation: evidence === null ? null : { atMs, evidence } }
}

interface Measured {
  readonly atMs: number
  readonly units: bigint
  readonly boundUnits: bigint
  readonly what: string
  readonly witnesses?: number
}

function atMost({ atMs, units, boundUnits, what, witnesses = 1 }: Measured): WorldJudgement {
  const evidence = `${what}: ${units} > ${boundUnits} base units`
  const violation = units > boundUnits ? { atMs, evidence } : null
  return { witnesses, violation, observed: Number(units), bound: Number(boundUnits) }
}

const noUndelivered: WorldInvariant = {
  id: 'INV-W-NO-UNDELIVERED',
  statement:
    'The downloader does not pay for a byte that never reached it (in mode upfront, where it ' +
    'trusts the seeders, at most the price of the file).',
  formula: 'paid ≤ price(reached), when all is over; upfront: paid ≤ price(file)',
  witness: 'a download of which something was paid',
  unit: 'base units',
  judge(run) {
    const paid = sum(paidUnits(run))
    if (paid === 0n) return VACUOUS
    const places = run.sources.map((_, at) => at)
    const boundUnits = bounds.payerBoundUnits(run)
    const reached = places.reduce((all, at) => all + lastReached(run, at), 0)
    // Hardened each seeder answers for itself; shares round down, in the downloader's favour.
    const over = places.map((at) => (paidUnits(run)[at] ?? 0n) - worth(run, lastReached(run, at)))
    const isEach = run.policy === 'hardened' && run.terms.mode !== 'upfront'
    const overUnits = isEach ? sum(over.filter((units) => units > 0n)) : paid - worth(run, reached)
    const units = overUnits > 0n ? overUnits : 0n
    const what = 'paid for what never arrived'
    return atMost({ atMs: run.milestones.endedMs ?? 0, units, boundUnits, what })
  },
}

const seederLoss: WorldInvariant = {
  id: 'INV-W-SEEDER-LOSS',
  statement: 'A seeder never loses more than one segment and what is on its way.',
  formula: 'price(reached(i)) − paid(i) ≤ price(S + W) at the end; upfront ≤ price(2·R + W)',
  witness: 'a seeder from whom something arrived, in a download that ended',
  unit: 'base units',
  judge(run) {
    const { endedMs } = run.milestones
    if (endedMs === null) return VACUOUS
    const course = bounds.allowanceCourse(run)
    let worst: Measured | null = null
    let witnesses = 0
    for (const at of run.sources.keys()) {
      const reached = lastReached(run, at)
      if (reached === 0) continue
      witnesses += 1
      const lossUnits = worth(run, reached) - (paidUnits(run)[at] ?? 0n)
      const units = lossUnits > 0n ? lossUnits : 0n
      const boundUnits = bounds.openUnits(run, course.openBytes(at, Number.MAX_VALUE))
      const what = `seeder ${at} delivered and was never paid`
      if (worst === null || units - boundUnits > worst.units - worst.boundUnits) {
        worst = { atMs: endedMs, units, boundUnits, what }
      }
    }
    return worst === null ? VACUOUS : atMost({ ...worst, witnesses })
  },
}

const providerExposure: WorldInvariant = {
  id: 'INV-W-PROVIDER-EXPOSURE',
  statement:
    'At no instant have all seeders together delivered more than a segment and a window each ' +
    'that is not paid.',
  formula: 'sup Σ (price(reached(i)) − paid(i)) ≤ k · price(S + W); upfront k · price(2·R + W)',
  witness: 'an instant of a download',
  unit: 'base units',
  judge(run) {
    const { exposure, sources } = run
    if (run.received.length === 0) return VACUOUS
    const course = bounds.allowanceCourse(run)
    let worst: Measured = { atMs: 0, units: 0n, boundUnits: 1n, what: '' }
    let last = { openBytes: -1, boundUnits: 0n }
    for (const { atMs, providerUnits: units } of exposure) {
      const openBytes = sources.reduce((all, _, at) => all + course.openBytes(at, atMs), 0)
      if (openBytes !== last.openBytes) {
        const each = sources.map((_, at) => bounds.openUnits(run, course.openBytes(at, atMs)))
        last = { openBytes, boundUnits: sum(each) }
      }
      const { boundUnits } = last
      // The instant that comes nearest to its bound, in proportion.
      if (units * worst.boundUnits <= worst.units * boundUnits) continue
      worst = { atMs, units, boundUnits, what: 'delivered and not paid' }
    }
    return atMost({ ...worst, witnesses: exposure.length })
  },
}

const payerExposure: WorldInvariant = {
  id: 'INV-W-PAYER-EXPOSURE',
  statement:
    'At no instant has the downloader paid for what has not reached it; in mode upfront it risks ' +
    'the price of the file and no more.',
  formula: 'sup (paid − price(reached)) ≤ 0; upfront: paid and locked, ≤ price(file)',
  witness: 'an instant of a download',
  unit: 'base units',
  judge(run) {
    const { exposure } = run
    if (run.milestones.openedMs === null || exposure.length === 0) return VACUOUS
    const { payerUnits: units, atMs } = exposure.reduce((a, b) =>
      b.payerUnits > a.payerUnits ? b : a,
    )
    const boundUnits = bounds.payerBoundUnits(run)
    const what = 'paid and not delivered'
    return atMost({ atMs, units, boundUnits, what, witnesses: exposure.length })
  },
}

function wholeFault(run: WorldRun): string | null {
  const { terms, ledger } = run
  const paid = sum(paidUnits(run))
  const whole = worth(run, terms.fileBytes)
  const delivered = ledger.at(-1)?.deliveredBytes ?? []
  const total = delivered.reduce((all, bytes) => all + bytes, 0)
  if (total !== terms.fileBytes) return `${total} of ${terms.fileBytes} bytes were reported`
  if (paid > whole || paid + BigInt(terms.seeders) <= whole) {
    return `the file costs ${whole}, and ${paid} were paid`
  }
  const shares = sum(delivered.map((bytes) => worth(run, bytes)))
  const isSplit = run.policy === 'as-described' || paid === shares
  return isSplit ? null : `the shares are ${shares} together, and ${paid} were paid`
}

const wholeFile: WorldInvariant = {
  id: 'INV-W-WHOLE-FILE',
  statement:
    'A file that is completed costs its size times the price, for every size; several seeders ' +
    'round down their shares, so that less than one base unit each is missing.',
  formula:
    'Completed ⇒ price(file) − k < paid ≤ price(file); hardened: paid = Σ price(delivered(i))',
  witness: 'a completed download',
  judge(run) {
    if (run.endState.state !== 'Completed') return VACUOUS
    return found(run.milestones.endedMs ?? 0, wholeFault(run))
  },
}

const split: WorldInvariant = {
  id: 'INV-W-SPLIT',
  statement: 'Each seeder gets what it delivered is worth, neither more nor less.',
  formula: 'paid(i) = price(credited(i)) after every payment that counts',
  witness: 'a payment that counts',
  judge({ ledger, terms }) {
    let witnesses = 0
    for (const [index, entry] of ledger.entries()) {
      if (entry.checkpoint === (ledger[index - 1]?.checkpoint ?? 0)) continue
      if (terms.mode === 'upfront') continue
      witnesses += 1
      const wrong = entry.creditedBytes.findIndex(
        (bytes, at) => entry.paidUnits[at] !== priceOf(terms.pricePerMebibyteUnits, bytes),
      )
      if (wrong < 0) continue
      const due = priceOf(terms.pricePerMebibyteUnits, entry.creditedBytes[wrong] ?? 0)
      const evidence = `seeder ${wrong} got ${entry.paidUnits[wrong]} instead of ${due}`
      return found(entry.atMs, evidence, witnesses)
    }
    return witnesses === 0 ? VACUOUS : found(0, null, witnesses)
  },
}

const upfront: WorldInvariant = {
  id: 'INV-W-UPFRONT',
  statement: 'In mode upfront nothing is served that is not paid for, or locked, already.',
  formula: 'price(reached) ≤ paid + locked, while the download is open',
  witness: 'a chunk that arrived in mode upfront',
  judge(run) {
    const { terms, received, ledger, sources, milestones } = run
    if (terms.mode !== 'upfront' || received.length === 0) return VACUOUS
    const course = bounds.allowanceCourse(run)
    // A payment that a reorg took back was seen, and is made again.
    const isUndone = (atMs: number, checkpoint: number) =>
      sources.some(({ looks }) => looks.some((l) => l.atMs <= atMs && l.checkpoint > checkpoint))
    const endedMs = milestones.endedMs ?? Number.POSITIVE_INFINITY
    for (const { signedMs: atMs, bytes } of received) {
      const books = course.books(atMs)
      if (atMs >= endedMs || isUndone(atMs, books?.checkpoint ?? 0)) continue
      const coveredUnits = sum(books?.paidUnits ?? []) + (books?.heldUnits ?? 0n)
      if (worth(run, bytes) <= coveredUnits) continue
      const evidence = `${worth(run, bytes)} base units served, ${coveredUnits} paid or locked`
      return found(atMs, evidence, received.length)
    }
    return found(ledger[0]?.atMs ?? 0, null, received.length)
  },
}

/** A payment that the final chain takes although it has taken it before. */
function takenTwice({ steps, policy }: WorldRun): WorldJudgement {
  const taken = new Set<string>()
  for (const { planned, outcome, edge, includedMs: atMs } of steps) {
    const isPayment = planned.action === 'pay' || planned.action === 'retryPayment'
    if (planned.agreement !== 0 || !isPayment || planned.by !== 'downloader0') continue
    if (!outcome.accepted || edge.endsWith('|PaymentFailed')) continue
    const { reference, checkpoint } = planned.args
    const isTrusted = policy === 'as-described'
    const name = isTrusted ? `reference ${reference}` : `payment ${checkpoint}`
    const evidence = `${name} was presented again and taken`
    if (taken.has(name)) return { witnesses: taken.size + 1, violation: { atMs, evidence } }
    taken.add(name)
  }
  return { witnesses: taken.size, violation: null }
}

/**
 * A payment that a client asks for although, by what it sees of the chain at that moment, it has
 * gone through, or may still do so under an earlier nonce. A reorg is no excuse and no danger: what
 * it undid is not seen any more, and what it refused or took is not known yet.
 */
function sentTwice({ requests, policy, behaviour }: WorldRun): WorldJudgement['violation'] {
  const nonces = new Map<number, Set<number>>()
  for (const { atMs, payment, nonce, seenNonce, seenCheckpoint } of requests) {
    const isPaid = policy === 'hardened' && payment < seenCheckpoint
    if (isPaid && behaviour.cheat !== 'repeats') {
      return { atMs, evidence: `payment ${payment} was paid already and is sent once more` }
    }
    const before = nonces.get(payment) ?? new Set()
    const open = [...before].find((other) => other < nonce && other >= seenNonce)
    if (open !== undefined) {
      const evidence = `payment ${payment} is sent again while its transaction ${open} is open`
      return { atMs, evidence: `${evidence}, as transaction ${nonce}` }
    }
    nonces.set(payment, before.add(nonce))
  }
  return null
}

const paysOnce: WorldInvariant = {
  id: 'INV-W-PAYS-ONCE',
  statement:
    'A payment counts once, however often it is sent: the chain takes no reference or checkpoint ' +
    'twice, and no client sends one again that it sees paid, or beside one that is on its way.',
  formula:
    'taken payments differ; sent (n, nonce) ⇒ n not seen paid, and no open (n, nonce′ < nonce)',
  witness: 'a payment that was taken',
  judge(run) {
    const taken = takenTwice(run)
    return { ...taken, violation: taken.violation ?? sentTwice(run) }
  },
}

export const moneyInvariants: readonly WorldInvariant[] = [
  noUndelivered,
  seederLoss,
  wholeFile,
  split,
  upfront,
  paysOnce,
  payerExposure,
  providerExposure,
]
