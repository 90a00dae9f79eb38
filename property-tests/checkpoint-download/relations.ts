/**
 * Metamorphic relations of checkpoint-download: M1, M2, M3, M4, M5, M8 and M9 of the catalogue.
 *
 * M6 (a pause of zero length changes nothing) does not apply: nothing here depends on time. Shares
 * are read by participant and not by role, as M5 changes who bears which role.
 */
import { seedersOf } from '../../models/checkpoint-download/cast.ts'
import { booksAt, booksOf, type OwnerOf } from '../../models/invariants/books.ts'
import { figure } from '../../models/invariants/judging.ts'
import type { Agreement, AgreementView, Datum, PlannedStep, Trace } from '../../models/kit/trace.ts'
import { endReading } from '../kit/endReading.ts'
import {
  amountScale,
  firstDifference,
  independence,
  replayedCalls,
  SCALED_UNITS_MAX,
  sameEnd,
  sameOutcomes,
  strangersCalls,
  timeShift,
} from '../kit/neutralRelations.ts'
import type { Plan } from '../kit/plan.ts'
import type { Changed, Relation } from '../kit/relation.ts'
import { MEBIBYTE } from './moves.ts'

const noun = 'download'

/** Base units paid to each participant, or waiting for them; and what was paid in. */
type Shares = Readonly<Record<string, bigint>>

/** A claimed share is its owner's, wherever it is sent. */
const ownerOf: OwnerOf = ({ planned }, _, { to }) => (planned.action === 'claim' ? planned.by : to)

function sharesAt(trace: Trace, stepIndex: number, index: number, view: AgreementView): Shares {
  const agreement = trace.agreements[index] as Agreement
  const shares: Record<string, bigint> = {
    ...booksAt(booksOf(trace, ownerOf), stepIndex, index).paidUnits,
  }
  const add = (owner: string, units: bigint) => {
    if (units > 0n) shares[owner] = (shares[owner] ?? 0n) + units
  }
  add(agreement.roles.downloader as string, figure(view, 'claimDownloader'))
  for (const [at, seeder] of seedersOf(agreement).entries()) add(seeder, figure(view, `claim${at}`))
  return shares
}

function shareText(shares: Shares): string {
  const sorted = Object.keys(shares).sort()
  return sorted.map((owner) => `${owner} ${shares[owner]}`).join(', ')
}

const { finalShares, shares, gains } = endReading<Shares>({
  ownerOf,
  sharesAt,
  text: shareText,
  lessPaidIn: (final, inUnits) => ({ ...final, 'paid in': inUnits }),
})

/** The numbers of a call that are money. */
const AMOUNT_KEYS = ['amountUnits', 'sentUnits'] as const

/** Whether nothing is ever rounded in this download, whatever is reported, due and sent. */
function isExact({ cast, steps }: Plan, index: number): boolean {
  const agreement = cast.agreements[index] as Agreement
  const { pricePerMebibyteUnits, fileBytes, mode, growthBps } = agreement.terms
  const isPriced = (bytes: Datum = 0n) =>
    ((bytes as bigint) * (pricePerMebibyteUnits as bigint)) % MEBIBYTE === 0n
  const own = steps.filter((step) => step.agreement === index)
  if (!isPriced(fileBytes) || !own.every(({ args }) => isPriced(args.bytes))) return false
  if (cast.policy === 'hardened') return true
  // As described segments have a price of their own, and upfront seeders share alike.
  const seeders = BigInt(mode === 'upfront' ? Math.max(1, seedersOf(agreement).length) : 1)
  const isShared = ({ args }: PlannedStep) => ((args.sentUnits ?? 0n) as bigint) % seeders === 0n
  return (isPriced(1n) || (growthBps as number) % 10_000 === 0) && own.every(isShared)
}

/** Whether no limit on prices or balances comes into play for this download, scaled or not. */
function isFree(agreement: Agreement, factor: bigint): boolean {
  const { roles, token, terms } = agreement
  const price = terms.pricePerMebibyteUnits as bigint
  const whole = (price * (terms.fileBytes as bigint)) / MEBIBYTE
  const fits = price >= seedersOf(agreement).length && whole * factor <= SCALED_UNITS_MAX
  return fits && roles.downloader === 'downloader0' && !token.startsWith('feeOn')
}

function scaled(plan: Plan, factor: bigint): Changed | null {
  const { cast, steps } = plan
  if (!cast.agreements.every((each, index) => isFree(each, factor) && isExact(plan, index))) {
    return null
  }
  const agreements = cast.agreements.map((agreement) => {
    const price = agreement.terms.pricePerMebibyteUnits as bigint
    return { ...agreement, terms: { ...agreement.terms, pricePerMebibyteUnits: price * factor } }
  })
  const bigger = steps.map((step): PlannedStep => {
    const args = { ...step.args }
    for (const key of AMOUNT_KEYS) {
      const units = args[key]
      // What is beyond every limit stays there.
      if (typeof units === 'bigint' && units <= SCALED_UNITS_MAX) args[key] = units * factor
    }
    return { ...step, args }
  })
  return { cast: { ...cast, agreements }, steps: bigger }
}

function scaledShares(original: Trace, changed: Trace, factor: bigint): string | null {
  const expected = finalShares(original).map((each) =>
    shareText(
      Object.fromEntries(Object.entries(each).map(([who, units]) => [who, units * factor])),
    ),
  )
  return firstDifference(`shares, scaled by ${factor}, of download`, expected, shares(changed))
}

const splitReports: Relation = {
  id: 'M3',
  statement: 'Reporting progress in two parts does what one report does.',
  formula: 'report(a + b) = report(a); report(a + b), a before the next checkpoint',
  witness: 'a run with an accepted report of at least two further bytes',
  transform(plan) {
    const { cast, steps } = plan
    const split = steps.flatMap((step, index) => [...firstPart(plan, index), step])
    return split.length === steps.length ? null : { cast, steps: split }
  },
  compare: sameEnd(noun, shares),
}

/** The report of a third of what an accepted report adds; none when that reaches a checkpoint. */
function firstPart({ steps, predictions, start }: Plan, index: number): readonly PlannedStep[] {
  const step = steps[index]
  if (step?.action !== 'reportProgress') return []
  if (predictions[index]?.account.outcome.accepted !== true) return []
  const { view } = predictions[index - 1]?.population ?? start
  const { figures } = view.agreements[step.agreement] as AgreementView
  const delivered = figures[`delivered${step.args.seeder}`] ?? 0n
  const added = (step.args.bytes as bigint) - delivered
  // Rounds up, so that the first of the two adds something.
  const part = (added + 2n) / 3n
  const { threshold = 0n, total = 0n } = figures
  const isBefore = threshold === 0n || total + part < threshold
  if (part >= added || !isBefore) return []
  return [{ ...step, args: { ...step.args, bytes: delivered + part } }]
}

/** The seeders of every download moved up by one in its terms, and calls that name them. */
const turnedSeeders: Relation = {
  id: 'M5',
  statement: 'The order in which the terms name the seeders decides nothing.',
  formula: 'run(π(seeders)) = run(seeders); as-described: but who of them gets how much',
  witness: 'a run with a download of several seeders (as-described: and without claims)',
  transform({ cast, steps }) {
    const counts = cast.agreements.map((agreement) => seedersOf(agreement).length)
    const claims = cast.policy === 'as-described' && steps.some(({ action }) => action === 'claim')
    if (claims || !counts.some((count) => count > 1)) return null
    const agreements = cast.agreements.map((agreement): Agreement => {
      const seeders = seedersOf(agreement)
      const turned = seeders.map((_, at) => [
        `seeder${at}`,
        seeders[(at + 1) % seeders.length] as string,
      ])
      return { ...agreement, roles: { ...agreement.roles, ...Object.fromEntries(turned) } }
    })
    const renamed = steps.map((step): PlannedStep => {
      const count = counts[step.agreement] as number
      const seeder = step.args.seeder as number
      if (step.action !== 'reportProgress' || seeder >= count) return step
      return { ...step, args: { ...step.args, seeder: (seeder + count - 1) % count } }
    })
    return { cast: { ...cast, agreements }, steps: renamed }
  },
  compare: sameOutcomes((original, changed) => {
    const read = original.policy === 'hardened' ? shares : paidIn
    return sameEnd(noun, read)(original, changed)
  }),
}

/** What the downloader of each download has paid; as-described the first seeders are paid first. */
function paidIn(trace: Trace): readonly string[] {
  const books = booksOf(trace, ownerOf)
  return trace.agreements.map((_, index) => {
    return `paid in ${booksAt(books, trace.steps.length - 1, index).inUnits}`
  })
}

/** Whether a downloader may lack, or have, tokens because of another download. */
function isTied({ cast, predictions }: Plan, kept: readonly PlannedStep[]): boolean {
  const own = cast.agreements[kept[0]?.agreement ?? 0] as Agreement
  const isPoor = own.roles.downloader !== 'downloader0'
  const failed = ({ agreements }: { agreements: readonly AgreementView[] }) =>
    agreements.some(({ state }) => state === 'PaymentFailed')
  return isPoor || predictions.some(({ account }) => failed(account.after))
}

/** What a stranger would pay, were it the downloader: what is due. */
function dueBefore({ steps, predictions, start }: Plan, step: PlannedStep): PlannedStep['args'] {
  const { view } = predictions[steps.indexOf(step) - 1]?.population ?? start
  const { due = 0n, checkpoint = 0n } = view.agreements[step.agreement]?.figures ?? {}
  return { checkpoint: Number(checkpoint), reference: 1n, amountUnits: due, sentUnits: due }
}

export const downloadRelations: readonly Relation[] = [
  timeShift({ noun, shares }),
  amountScale({
    statement: 'Scaling price and payments by k scales every share by k, where nothing is rounded.',
    formula: 'P(k·p) = k·P(p), p a multiple of 2^20',
    scaled,
    compareShares: scaledShares,
  }),
  splitReports,
  independence({ noun, isTied }),
  turnedSeeders,
  replayedCalls({ noun, shares }),
  strangersCalls({
    noun,
    tries: 'report, pay, confirm, complete, cancel and claim',
    ended: ['Completed', 'Cancelled'],
    gains,
    attempts: (step, plan) => [
      ['reportProgress', { seeder: step.args.seeder ?? 0, bytes: step.args.bytes ?? 1n }],
      ['pay', dueBefore(plan, step)],
      ['retryPayment', dueBefore(plan, step)],
      ['confirm'],
      ['complete'],
      ['cancel'],
      ['claim', { to: 'stranger' }],
    ],
  }),
]
