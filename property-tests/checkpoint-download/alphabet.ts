/**
 * Every attempt worth trying in a state of checkpoint-download, and the setups from which all its
 * edges can be reached: the input of the paths campaign.
 *
 * A payment that failed for want of money can come short by its token's fee only when the
 * downloader has got money back since. In the setup that shows this a second download has locked
 * some, and is left when the payment of the first has failed.
 */
import { DOWNLOAD_STARTING_UNITS, seedersOf } from '../../models/checkpoint-download/cast.ts'
import { AMOUNT_UNITS_MAX, maxBig } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import type { Moment, RunSetup } from '../kit/player.ts'
import {
  agreementOf,
  BYTES_MAX,
  type Course,
  claimants,
  courseOf,
  type DrawnDownload,
  MEBIBYTE,
  STRETCHING,
  TOKEN_KINDS,
  UPFRONT,
} from './moves.ts'

const plain: DrawnDownload = {
  downloader: 0,
  count: 0,
  first: 0,
  stride: 0,
  fault: 0,
  token: 0,
  file: 0,
  price: 0,
  mode: 0,
  firstMebibytes: 0,
  growth: 0,
}
const tokenNamed = (kind: string) => TOKEN_KINDS.indexOf(kind)
const poor = { downloader: 1, price: STRETCHING }
const dear = { pricePerMebibyteUnits: AMOUNT_UNITS_MAX }

/** The first checkpoint of the first costs all that its downloader has, and the second is cheap. */
const scarce = [
  pathDownload(
    { downloader: 1, token: tokenNamed('feeOnLargePull') },
    { pricePerMebibyteUnits: DOWNLOAD_STARTING_UNITS.downloader1 / 10n },
  ),
  pathDownload(
    { downloader: 1, token: tokenNamed('feeOnLargePull'), mode: UPFRONT },
    { pricePerMebibyteUnits: 1_000n, fileBytes: MEBIBYTE, salt: 1n },
  ),
]

const alone = [
  pathDownload({ count: 1 }),
  pathDownload({ downloader: 1 }),
  pathDownload({ mode: UPFRONT, count: 1 }),
  pathDownload({ ...poor, token: tokenNamed('refusesProviders') }),
  pathDownload({ token: tokenNamed('refusesAll') }),
  pathDownload({ mode: UPFRONT, token: tokenNamed('refusesAll') }),
  // The price of the whole file is the highest that there can be.
  pathDownload({ ...poor, mode: UPFRONT }, { fileBytes: MEBIBYTE, ...dear }),
  pathDownload({ token: tokenNamed('feeOnTransfer') }),
  pathDownload({ token: tokenNamed('feeOnTransfer') }, { fileBytes: MEBIBYTE }),
  pathDownload({ downloader: 1 }, { fileBytes: MEBIBYTE }),
  pathDownload({ fault: 1 }),
  pathDownload({ count: 2, fault: 2 }),
  pathDownload({ count: 2, fault: 3 }),
  pathDownload({ count: 2, fault: 4 }),
  pathDownload({ count: 2, fault: 5 }),
  pathDownload({ fault: 6 }),
  pathDownload({}, { fileBytes: 0n }),
  pathDownload({}, { pricePerMebibyteUnits: 0n }),
  pathDownload({}, { firstMebibytes: 0 }),
  pathDownload({}, { growthBps: 9_999 }),
  pathDownload({}, { fileBytes: BYTES_MAX, ...dear }),
]

export const downloadPathSetups: readonly RunSetup[] = [
  ...alone.map((agreement) => [agreement]),
  scarce,
].map((agreements) => ({
  caseIndex: 0,
  agreements: agreements.map((agreement, index) => ({ ...agreement, index })),
}))

function pathDownload(given: Partial<DrawnDownload>, terms: Agreement['terms'] = {}): Agreement {
  const agreement = agreementOf(0, { ...plain, ...given })
  return { ...agreement, terms: { ...agreement.terms, ...terms } }
}

/** What the second download does: it pays first of all, and leaves when the first one needs it. */
function aside(moment: Moment): {
  readonly steps: readonly PlannedStep[]
  readonly first: boolean
} {
  const { cast, population, nowSeconds: atSeconds } = moment
  const by = cast.agreements[1]?.roles.downloader
  if (by === undefined) return { steps: [], first: false }
  const step = (action: string, args: PlannedStep['args'] = {}): PlannedStep => {
    return { agreement: 1, action, by, atSeconds, args }
  }
  const states = population.view.agreements.map(({ state }) => state)
  const course = courseOf(moment, 1)
  if (states[1] === 'None') return { steps: [step('open')], first: true }
  if (states[1] === 'WaitingForPayment' && !course.isPending) {
    return { steps: [step('pay', payment(course))], first: true }
  }
  const leaves = states[0] === 'PaymentFailed' && states[1] !== 'Cancelled'
  return { steps: leaves ? [step('cancel')] : [], first: false }
}

/** The arguments of a payment; as described it may send less than it says. */
function payment(course: Course, more = 0n, sentUnits?: bigint): PlannedStep['args'] {
  const amountUnits = course.dueUnits + more
  if (course.isHardened) return { checkpoint: course.checkpoint, amountUnits }
  return { reference: 1n, amountUnits, sentUnits: sentUnits ?? amountUnits }
}

/** Totals worth reporting: around the next checkpoint, beyond it, the end, and beyond that. */
function totals({ totalBytes, goalBytes, segmentBytes, fileBytes }: Course): readonly bigint[] {
  const all = [goalBytes, goalBytes + segmentBytes, fileBytes, totalBytes, totalBytes + 1n]
  return [...new Set([...all, fileBytes + 1n, maxBig(0n, goalBytes - 1n)])]
}

/**
 * How a checkpoint is shared where there are several seeders: a byte is missing to it, or the last
 * of them has delivered that byte and nothing else. Whose shares are wrong is seen best then.
 */
function sharing(agreement: Agreement, { figures }: AgreementView, course: Course): string {
  const { totalBytes, goalBytes, segmentBytes } = course
  const last = seedersOf(agreement).length - 1
  if (last < 1 || totalBytes <= 1n) return ''
  const isNear = segmentBytes > 0n && totalBytes === goalBytes - 1n
  const isLone = figures[`delivered${last}`] === 1n
  return `${isNear ? ' a byte to come' : ''}${isLone ? ' a byte of the last' : ''}`
}

export function downloadAlphabet(moment: Moment): readonly PlannedStep[] {
  const beside = aside(moment)
  if (beside.first) return beside.steps
  const { cast, population, nowSeconds: atSeconds } = moment
  const agreement = cast.agreements[0] as Agreement
  const view = population.view.agreements[0] as AgreementView
  const course = courseOf(moment, 0)
  const seeders = seedersOf(agreement)
  const downloader = agreement.roles.downloader as string
  const steps: PlannedStep[] = []
  const add = (action: string, by: string, args: PlannedStep['args'] = {}) =>
    steps.push({ agreement: 0, action, by, atSeconds, args })
  for (const by of [downloader, ...seeders, 'stranger']) {
    for (const action of ['open', 'confirm', 'complete', 'cancel']) add(action, by)
    for (const to of ['elsewhere', 'downloader1', 'nobody', by]) add('claim', by, { to })
    // The first place behind the last seeder, and one that is further.
    const beyond = seeders.length + (by === 'stranger' ? 1 : 0)
    add('reportProgress', by, { seeder: beyond, bytes: 1n })
    for (const seeder of seeders.keys()) {
      const others = course.totalBytes - (view.figures[`delivered${seeder}`] ?? 0n)
      for (const total of totals(course)) {
        add('reportProgress', by, { seeder, bytes: maxBig(0n, total - others) })
      }
    }
  }
  for (const by of [downloader, 'stranger']) {
    for (const more of course.dueUnits < AMOUNT_UNITS_MAX ? [0n, 1n] : [0n]) {
      add('pay', by, payment(course, more))
      const { checkpoint, dueUnits } = course
      add('retryPayment', by, { checkpoint, amountUnits: dueUnits + more })
    }
  }
  if (!course.isHardened) {
    add('pay', downloader, payment(course, 0n, 0n))
  } else {
    const wrong = { checkpoint: course.checkpoint + 1, amountUnits: course.dueUnits }
    for (const action of ['pay', 'retryPayment']) add(action, downloader, wrong)
  }
  return [...steps, ...beside.steps]
}

/** Downloads that agree in this are the same to the paths campaign. */
export function downloadAbstraction(moment: Moment): string {
  const { cast, population } = moment
  const downloads = population.view.agreements.map((view, index) => {
    const agreement = cast.agreements[index] as Agreement
    const hasClaims = claimants(agreement, view).length > 0
    if (cast.protocol.terminalStates.includes(view.state)) return `${view.state} ${hasClaims}`
    const course = courseOf(moment, index)
    const { isWhole, isPending, dueUnits } = course
    const has = population.view.balances[agreement.token]?.[agreement.roles.downloader ?? ''] ?? 0n
    const flags = [hasClaims, isWhole, isPending, dueUnits > 0n, has < dueUnits]
    const shared = sharing(agreement, view, course)
    return `${view.state} ${flags.map((flag) => (flag ? 'y' : 'n')).join('')}${shared}`
  })
  return downloads.join(' / ')
}
