/**
 * How checkpoint-download is played: downloads over plain and hostile tokens that share seeders,
 * with files, prices and schedules around their limits, reports around the next checkpoint, and
 * payments of what is due, of something else, or of nothing.
 *
 * Reports are cumulative and checkpoints far apart, so one report is enough to reach each.
 */
import fc from 'fast-check'
import { checkpointDownloadBinding } from '../../contracts/bindings/checkpointDownload.ts'
import { DOWNLOAD_PARTICIPANTS, seedersOf } from '../../models/checkpoint-download/cast.ts'
import { checkpointDownloadParameters } from '../../models/checkpoint-download/parameters.ts'
import { AMOUNT_UNITS_MAX, maxBig, minBig } from '../../models/kit/money.ts'
import type { Agreement, AgreementView, PlannedStep } from '../../models/kit/trace.ts'
import { weighted, weightedCount } from '../kit/draws.ts'
import {
  type Command,
  HORIZON_SECONDS,
  type Moment,
  type Player,
  type RunSetup,
  START_SECONDS,
} from '../kit/player.ts'
import { downloadAbstraction, downloadAlphabet, downloadPathSetups } from './alphabet.ts'
import {
  agreementOf,
  BYTES_MAX,
  type Course,
  claimants,
  courseOf,
  type DrawnDownload,
  isHopeless,
  type Move,
  STRETCHING,
  UPFRONT,
} from './moves.ts'
import { progress, REPORTER } from './progress.ts'
import { downloadRelations } from './relations.ts'
import { checkpointDownloadScenario } from './scenario.ts'

const cases = [
  {},
  { maxCheckpointMebibytes: 12 },
  { minCheckpointMebibytes: 5, maxCheckpointMebibytes: 20 },
  { maxCheckpointMebibytes: 4 },
].map((given) => checkpointDownloadParameters.parse(given))

const download: fc.Arbitrary<DrawnDownload> = fc.record({
  downloader: weighted([5, 1]),
  count: weightedCount([8, 5, 3, 1]),
  first: weighted([6, 2, 2, 1, 1, 1, 1, 1]),
  stride: weighted([4, 2, 1]),
  fault: weighted([160, 1, 1, 1, 1, 1, 1]),
  token: weighted([30, 1, 2, 2, 4, 2, 2, 4, 4, 6, 5]),
  file: weighted([30, 24, 12, 9, 9, 12, 9, 9, 6, 6, 6, 3, 1]),
  price: weighted([42, 30, 18, 9, 6, 6, 6, 3, 1]),
  mode: weighted([10, 5, 4]),
  firstMebibytes: weighted([36, 9, 6, 6, 3, 1, 1]),
  growth: weighted([42, 12, 6, 9, 1, 1]),
})

/** Files of as many bytes as two first checkpoints have, and as one has. */
const UPFRONT_FILES = [2, 1] as const

/**
 * Downloads of downloader1 in one token. It has too little for those of the default price, and can
 * begin to pay the others, but not all. Every second one is paid upfront, so that others fail, and
 * can be paid when it is left.
 */
function stretched(drawn: readonly DrawnDownload[]): readonly DrawnDownload[] {
  const token = drawn[0]?.token ?? 0
  return drawn.map((each, index): DrawnDownload => {
    const price = each.price > 0 ? STRETCHING : 0
    const common = { ...each, downloader: 1, token, price, firstMebibytes: 0 }
    if (index % 2 === 0 && each.mode !== UPFRONT) return common
    return { ...common, mode: UPFRONT, file: UPFRONT_FILES[each.file % 2] ?? 1 }
  })
}

/** More are drawn than played, so that runs of several downloads are the most frequent. */
const DOWNLOADS_MAX = 3
const DRAWN_MAX = 5

const setup: fc.Arbitrary<RunSetup> = fc
  .tuple(
    weighted([6, 2, 2, 1]),
    fc.array(download, { minLength: 1, maxLength: DRAWN_MAX, size: 'max' }),
    weighted([4, 1]),
  )
  .map(([caseIndex, drawn, isStretched]) => {
    const played = drawn.slice(0, DOWNLOADS_MAX)
    const downloads = isStretched === 1 ? stretched(played) : played
    return { caseIndex, agreements: downloads.map((one, index) => agreementOf(index, one)) }
  })

/** Positions of the integers of a command. */
const AGREEMENT = 0
const MOVE = 1
const BY = 2
const WAIT = 3
const SEEDER = 4
const AMOUNT = 5
const FACTOR = 6
const SENT = 7
const TO = 8
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.nat(2),
  fc.nat(99),
  fc.nat(11),
  fc.nat(30),
  fc.nat(7),
  fc.nat(19),
  fc.nat(150),
  fc.nat(9),
  fc.nat(7),
)

const ACTIONS = [
  'reportProgress',
  'pay',
  'cancel',
  'confirm',
  'complete',
  'claim',
  'retryPayment',
  'open',
  'pay',
] as const
/** Draws of a move from here on are made even on a download that has ended. */
const INSISTS_FROM = 92
/** Moves below this number are progress, the others are anything by anyone. */
const PROGRESS_BELOW = 80

function moveOf(drawn: Command, moment: Moment, agreement: Agreement, view: AgreementView): Move {
  const move = drawn[MOVE] as number
  const moves = progress(moment, agreement, view)
  const isFixed = view.state === 'None' && isHopeless(moment, agreement.index)
  if ((move < PROGRESS_BELOW || isFixed) && moves.length > 0) {
    const [action, by, on] = moves[move % moves.length] as Move
    return [action, by === REPORTER ? reporter(drawn, moment, agreement) : by, on]
  }
  const { downloader = 'stranger' } = agreement.roles
  const parties = [downloader, ...seedersOf(agreement), 'stranger', 'downloader1', 'seeder7']
  return [
    ACTIONS[move % ACTIONS.length] as string,
    parties[(drawn[BY] as number) % parties.length] as string,
  ]
}

/** Whose progress is reported, as an index; one that the download has. */
function seederOf(drawn: Command, agreement: Agreement): number {
  return (drawn[SEEDER] as number) % Math.max(1, seedersOf(agreement).length)
}

function reporter(drawn: Command, { cast }: Moment, agreement: Agreement): string {
  const { downloader = 'stranger' } = agreement.roles
  if (cast.policy === 'as-described') return downloader
  return seedersOf(agreement)[seederOf(drawn, agreement)] ?? 'stranger'
}

/** The draw of an amount that names a seeder whom the download has not. */
const UNKNOWN_SEEDER = 19

/** What a seeder is said to have delivered: so much that the total is at, or around, a boundary. */
function bytesOf(drawn: Command, course: Course, deliveredBytes: bigint): bigint {
  const { totalBytes, goalBytes, segmentBytes, fileBytes } = course
  const factor = BigInt(drawn[FACTOR] as number)
  const missing = maxBig(0n, goalBytes - totalBytes)
  const within = (total: bigint) => minBig(total, fileBytes)
  const reaching = (total: bigint) => deliveredBytes + total - totalBytes
  switch (drawn[AMOUNT]) {
    case 8:
    case 9:
      return reaching(totalBytes + (missing + 1n) / 2n)
    case 10:
      return reaching(goalBytes - 1n)
    case 11:
      return reaching(within(goalBytes + 1n))
    case 12:
      return reaching(within(goalBytes + maxBig(0n, segmentBytes - 1n)))
    case 13:
      return reaching(within(goalBytes + segmentBytes))
    case 14:
      return reaching(within(goalBytes + (segmentBytes * factor) / 150n))
    case 15:
      return reaching(fileBytes)
    case 16:
      return reaching(fileBytes + 1n)
    case 17:
      return deliveredBytes - (factor % 2n)
    case 18:
      return reaching(within(totalBytes + 1n))
    default:
      return reaching(goalBytes)
  }
}

/** A payment: mostly what is due, else one unit off, nothing, or all that fits. */
function amountOf(drawn: Command, { dueUnits }: Course): bigint {
  switch (drawn[AMOUNT]) {
    case 14:
      return dueUnits + 1n
    case 15:
      return maxBig(0n, dueUnits - 1n)
    case 16:
      return 0n
    case 17:
      return AMOUNT_UNITS_MAX
    default:
      return dueUnits
  }
}

/** The checkpoint that a payment names: mostly the one that is due. */
function checkpointOf(drawn: Command, { checkpoint }: Course): number {
  switch (drawn[AMOUNT]) {
    case 18:
      return checkpoint + 1
    case 19:
      return Math.max(0, checkpoint - 1)
    default:
      return checkpoint
  }
}

/** What the downloader really sends with a payment as described. */
function sentOf(drawn: Command, amountUnits: bigint): bigint {
  switch (drawn[SENT]) {
    case 6:
      return amountUnits / 2n
    case 7:
      return 0n
    case 8:
      return maxBig(0n, amountUnits - 1n)
    case 9:
      return amountUnits + 1n
    default:
      return amountUnits
  }
}

/** So few references that the same one comes again. */
const REFERENCES = 3n

const RECIPIENTS = [
  'elsewhere',
  'elsewhere',
  'own',
  'downloader1',
  'downloader1',
  'seeder1',
  'nobody',
  'escrow',
] as const

function argsOf(
  drawn: Command,
  moment: Moment,
  agreement: Agreement,
  [action, by]: Move,
): PlannedStep['args'] {
  const course = courseOf(moment, agreement.index)
  const amountUnits = minBig(amountOf(drawn, course), AMOUNT_UNITS_MAX)
  switch (action) {
    case 'reportProgress': {
      const count = seedersOf(agreement).length
      const seeder = drawn[AMOUNT] === UNKNOWN_SEEDER ? count : seederOf(drawn, agreement)
      const { figures } = moment.population.view.agreements[agreement.index] as AgreementView
      const bytes = bytesOf(drawn, course, figures[`delivered${seeder}`] ?? 0n)
      return { seeder, bytes: maxBig(0n, minBig(bytes, BYTES_MAX)) }
    }
    case 'pay': {
      if (course.isHardened) return { checkpoint: checkpointOf(drawn, course), amountUnits }
      const reference = (BigInt(drawn[FACTOR] as number) % REFERENCES) + 1n
      const sentUnits = minBig(sentOf(drawn, amountUnits), AMOUNT_UNITS_MAX)
      return { reference, amountUnits, sentUnits }
    }
    case 'retryPayment':
      return { checkpoint: checkpointOf(drawn, course), amountUnits }
    case 'claim': {
      const to = RECIPIENTS[drawn[TO] as number] as string
      return { to: to === 'own' ? by : to }
    }
    default:
      return {}
  }
}

/** The drawn download, or, when nothing is left to do in it, mostly another in which there is. */
function worthwhile(drawn: Command, moment: Moment): number | null {
  const { cast, population } = moment
  const index = (drawn[AGREEMENT] as number) % cast.agreements.length
  const isOver = (at: number) => {
    const view = population.view.agreements[at] as AgreementView
    if (view.state === 'None') return isHopeless(moment, at)
    const ended = cast.protocol.terminalStates.includes(view.state)
    return ended && claimants(cast.agreements[at] as Agreement, view).length === 0
  }
  if (!isOver(index) || (drawn[MOVE] as number) >= INSISTS_FROM) return index
  const other = cast.agreements.findIndex((_, at) => !isOver(at))
  return other < 0 ? null : other
}

function resolve(drawn: Command, moment: Moment): PlannedStep | null {
  const { cast, population, nowSeconds } = moment
  const index = worthwhile(drawn, moment)
  if (index === null) return null
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const move = moveOf(drawn, moment, agreement, view)
  const [action, by, on = index] = move
  if (!DOWNLOAD_PARTICIPANTS.includes(by as never)) return null
  const atSeconds = nowSeconds + (drawn[WAIT] as number)
  if (atSeconds > START_SECONDS + HORIZON_SECONDS) return null
  return { agreement: on, action, by, atSeconds, args: argsOf(drawn, moment, agreement, move) }
}

function exit({ moment, agreement: index, by }: Parameters<Player['exit']>[0]): PlannedStep | null {
  const { cast, population, nowSeconds: atSeconds } = moment
  const agreement = cast.agreements[index] as Agreement
  const view = population.view.agreements[index] as AgreementView
  const attempt = (action: string, args: PlannedStep['args'] = {}): PlannedStep => {
    return { agreement: index, action, by, atSeconds, args, purpose: 'exit' }
  }
  switch (view.state) {
    case 'None':
      return null
    case 'Serving':
      return attempt(courseOf(moment, index).isWhole ? 'complete' : 'cancel')
    case 'WaitingForPayment':
    case 'PaymentFailed':
      return attempt('cancel')
    default: {
      const mine = claimants(agreement, view).some(([, owner]) => owner === by)
      return mine ? attempt('claim', { to: 'elsewhere' }) : null
    }
  }
}

/** The downloader, and one seeder: of each download another. */
function exitParties(agreement: Agreement): readonly string[] {
  const seeders = seedersOf(agreement)
  const seeder = seeders[agreement.index % Math.max(1, seeders.length)] ?? 'stranger'
  return [agreement.roles.downloader as string, seeder]
}

export const checkpointDownloadPlayer: Player = {
  binding: checkpointDownloadBinding,
  cases,
  setup,
  command,
  resolve,
  pathSetups: downloadPathSetups,
  alphabet: downloadAlphabet,
  abstraction: downloadAbstraction,
  relations: downloadRelations,
  exit,
  exitParties,
  scenario: checkpointDownloadScenario,
}
