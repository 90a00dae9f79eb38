/**
 * Design curves of checkpoint-download: what is never paid by the size of the file, what each side
 * risks along the way for each growth factor, and which factor to choose.
 *
 * Pure. Every number is read from a play of the lifecycle machine; a test reads the same plays on
 * the contract and must get the same curves.
 */
import { assert } from '../../models/kit/error.ts'
import { divCeil, maxBig } from '../../models/kit/money.ts'
import { POLICIES, type Policy, type StepAccount } from '../../models/kit/trace.ts'
import type { Curve } from '../../reports/record.ts'
import {
  BEHAVIOURS,
  type Behaviour,
  CURVE_TOKEN,
  type CurvePlay,
  planPlay,
  playKey,
  priceOf,
  type Reading,
  readingsOf,
} from './curvePlays.ts'

type Series = Curve['series'][number]
type Point = Series['points'][number]

const PROTOCOL = 'checkpoint-download'
const MEBIBYTE = 1n << 20n
const GIBIBYTE = 1n << 30n
const MILLION = 1_000_000n
const FIRST_MEBIBYTES = [5, 10, 20] as const
const GROWTHS_BPS = [10_000, 15_000, 20_000, 30_000, 40_000] as const
const FILES = [
  { id: '100-mib', name: '100 MiB', bytes: 100n * MEBIBYTE },
  { id: '1-gb', name: '1 GB (10^9 bytes)', bytes: 1_000_000_000n },
] as const
const GIGABYTE_FILE = FILES[1]

const DEFAULTS = { mode: 'exponential', firstMebibytes: 10, growthBps: 20_000 } as const
const PRICED = 'One seeder, 0.001 a MiB: 0.01 stands for 10 MiB.'

const BYTES = { unit: 'bytes', scale: 'linear' } as const
const UNITS = { unit: 'base units', scale: 'linear', token: CURVE_TOKEN } as const

/** How a play is read: the accounts of its steps, predicted by the machine or observed. */
export type AccountsOf = (play: CurvePlay) => readonly StepAccount[]

const predicted: AccountsOf = (play) => planPlay(play).predictions.map(({ account }) => account)

/** All curves; those of the machine unless the accounts of somebody else are given. */
export function checkpointDownloadCurves(accountsOf: AccountsOf = predicted): readonly Curve[] {
  const known = new Map<string, readonly Reading[]>()
  const read = (play: CurvePlay) => {
    const key = playKey(play)
    const readings = known.get(key) ?? readingsOf(accountsOf(play))
    known.set(key, readings)
    return readings
  }
  return [
    unpaidBySize(read),
    unpaidByBehaviour(read),
    ...FILES.map((file) => providerAtRisk(read, file)),
    ...FILES.map((file) => downloaderSunk(read, file)),
    prepaid(read),
    growthChoice(read),
  ]
}

type Read = (play: CurvePlay) => readonly Reading[]

const lastOf = (readings: readonly Reading[]): Reading => {
  const last = readings.at(-1)
  assert(last !== undefined, 'a play has steps')
  return last
}

/** `×1.5` */
const growthText = (growthBps: number) => `×${growthBps / 10_000}`

/** Sizes from a byte to a GiB: each power of two, quarters between them from a MiB on. */
function sizesBetween(): readonly bigint[] {
  const sizes: bigint[] = []
  for (let base = 1n; base < GIBIBYTE; base *= 2n) {
    const quarters = base < MEBIBYTE ? [4n] : [4n, 5n, 6n, 7n]
    sizes.push(...quarters.map((quarter) => (base * quarter) / 4n))
  }
  return [...sizes, GIBIBYTE]
}

/** The same, with every checkpoint of a GiB and the bytes beside it. */
function sizesFor(read: Read, play: Omit<CurvePlay, 'fileBytes'>): readonly bigint[] {
  const whole = read({ ...play, fileBytes: GIBIBYTE })
  const checkpoints = whole.flatMap(({ thresholdBytes: at }) => [at - 1n, at, at + 1n])
  const inside = checkpoints.filter((at) => at > 0n && at <= GIBIBYTE)
  const all = [...new Set([...sizesBetween(), ...inside])]
  return all.sort((a, b) => (a < b ? -1 : 1))
}

/** What is never paid of files of all sizes, in millionths of the price, rounded up. */
function unpaidPoints(read: Read, play: Omit<CurvePlay, 'fileBytes'>): readonly Point[] {
  // Checkpoints are those of a downloader that reports at each.
  const sizes = sizesFor(read, { ...play, behaviour: 'must' })
  return sizes.map((fileBytes) => {
    const { paidUnits } = lastOf(read({ ...play, fileBytes }))
    const price = priceOf(fileBytes)
    return { x: Number(fileBytes), y: Number(divCeil((price - paidUnits) * MILLION, price)) }
  })
}

const SIZE_AXES = {
  x: { name: 'size of the file', unit: 'bytes', scale: 'log' },
  y: { name: 'never paid', unit: 'millionths', scale: 'linear' },
} as const
const ROUNDED_UP =
  'Shares of the price of the file, rounded up to a millionth: 0 is nothing at all.'

function unpaidBySize(read: Read): Curve {
  return {
    ...{ protocol: PROTOCOL, id: 'unpaid-by-size', ...SIZE_AXES },
    title: 'Which share of a completed download is never paid, by the size of the file?',
    about:
      `By the size of the first checkpoint. The downloader ${BEHAVIOURS.must}; segments double. ` +
      `Sizes from 1 byte to 1 GiB, every checkpoint with the byte before and after. ${ROUNDED_UP}`,
    series: POLICIES.flatMap((policy) =>
      FIRST_MEBIBYTES.map((firstMebibytes) => ({
        ...{ name: `first ${firstMebibytes} MiB`, policy, how: BEHAVIOURS.must },
        shape: 'line' as const,
        points: [...unpaidPoints(read, { ...DEFAULTS, policy, behaviour: 'must', firstMebibytes })],
      })),
    ),
  }
}

/** What a downloader may do, by policy. */
const CHOICES: Readonly<Record<Policy, readonly (readonly [Behaviour, name: string])[]>> = {
  'as-described': [
    ['honest', 'tail paid'],
    ['must', 'tail left'],
    ['once', 'one report'],
  ],
  hardened: [
    ['must', 'pays'],
    ['leaves', 'leaves at 402'],
  ],
}

function unpaidByBehaviour(read: Read): Curve {
  return {
    ...{ protocol: PROTOCOL, id: 'unpaid-by-behaviour', ...SIZE_AXES },
    title: 'Which share is never paid once the file is there, by what the downloader does?',
    about:
      'Everything here is legal. Who leaves at 402 has the whole file and does not pay what is ' +
      `due. First checkpoint 10 MiB, segments double. ${ROUNDED_UP}`,
    series: POLICIES.flatMap((policy) =>
      CHOICES[policy].map(([behaviour, name]) => ({
        ...{ name, policy, how: BEHAVIOURS[behaviour], shape: 'line' as const },
        points: unpaidPoints(read, { ...DEFAULTS, policy, behaviour }),
      })),
    ),
  }
}

/** Points wherever something changes. */
function changes(readings: readonly Reading[], unitsOf: (reading: Reading) => bigint): Point[] {
  const points = readings.map((reading) => {
    return { x: Number(reading.deliveredBytes), y: unitsOf(reading) }
  })
  return points.filter(({ x, y }, at) => x !== points[at - 1]?.x || y !== points[at - 1]?.y)
}

/** Delivered and not paid. */
const owed = ({ priceUnits, paidUnits }: Reading) => maxBig(0n, priceUnits - paidUnits)

type File = (typeof FILES)[number]

function byGrowth(read: Read, { bytes }: File, pointsOf: (all: readonly Reading[]) => Point[]) {
  return (shape: Series['shape'], policy: Policy): readonly Series[] =>
    GROWTHS_BPS.map((growthBps) => {
      const play = { ...DEFAULTS, policy, growthBps, fileBytes: bytes } as const
      const points = pointsOf(read({ ...play, behaviour: 'must' }))
      return { name: growthText(growthBps), policy, how: BEHAVIOURS.must, shape, points }
    })
}

function providerAtRisk(read: Read, file: File): Curve {
  const seriesOf = byGrowth(read, file, (readings) => changes(readings, owed))
  return {
    ...{ protocol: PROTOCOL, id: `provider-at-risk-${file.id}` },
    title: `What can the seeder lose of ${file.name}, by the growth of the segments?`,
    about:
      'Delivered and not paid, after every report and every payment; it falls where a checkpoint ' +
      `is paid. First checkpoint 10 MiB, the downloader ${BEHAVIOURS.must}. ${PRICED}`,
    x: { ...BYTES, name: 'bytes delivered' },
    y: { ...UNITS, name: 'delivered, not paid' },
    series: POLICIES.flatMap((policy) => seriesOf('line', policy)),
  }
}

/** Paid while the file is not there: lost, if the rest never comes. */
function sunkPoints(readings: readonly Reading[]): Point[] {
  const fileBytes = lastOf(readings).deliveredBytes
  const open = readings.filter(({ deliveredBytes }) => deliveredBytes < fileBytes)
  const points = changes(open, ({ paidUnits }) => paidUnits)
  const steps = points.filter(({ y }, at) => y !== points[at - 1]?.y)
  return [...steps, { x: Number(fileBytes), y: 0n }]
}

const upfront = (policy: Policy, file: File): CurvePlay => {
  return { ...DEFAULTS, policy, behaviour: 'must', mode: 'upfront', fileBytes: file.bytes }
}

function downloaderSunk(read: Read, file: File): Curve {
  const seriesOf = byGrowth(read, file, sunkPoints)
  return {
    ...{ protocol: PROTOCOL, id: `downloader-sunk-${file.id}` },
    title: `What has the downloader sunk into ${file.name}, should the rest never come?`,
    about:
      'Paid to the seeder while the file is not complete; a part of a file is taken to be worth ' +
      `nothing. First checkpoint 10 MiB, the downloader ${BEHAVIOURS.must}. ${PRICED}`,
    x: { ...BYTES, name: 'bytes delivered' },
    y: { ...UNITS, name: 'paid, file not complete' },
    series: POLICIES.flatMap((policy) => [
      ...seriesOf('step', policy),
      {
        ...{ name: 'upfront', policy, how: BEHAVIOURS.must, shape: 'step' as const },
        points: sunkPoints(read(upfront(policy, file))),
      },
    ]),
  }
}

/** Handed over for what has not come. */
const advanced = ({ priceUnits, paidUnits }: Reading) => maxBig(0n, paidUnits - priceUnits)

function prepaid(read: Read): Curve {
  const file = FILES[0]
  const line = (policy: Policy, name: string, points: Point[]): Series => {
    return { name, policy, how: BEHAVIOURS.must, shape: 'line', points }
  }
  return {
    ...{ protocol: PROTOCOL, id: 'downloader-prepaid' },
    title: `What has the downloader paid for bytes of ${file.name} that have not come?`,
    about:
      'Handed over means that nobody can make the seeder return it; locked means that the ' +
      `contract does when a party cancels. ${PRICED}`,
    x: { ...BYTES, name: 'bytes delivered' },
    y: { ...UNITS, name: 'paid, not delivered' },
    series: POLICIES.flatMap((policy) => {
      const readings = read(upfront(policy, file))
      const checkpoints = { ...DEFAULTS, policy, behaviour: 'must', fileBytes: file.bytes } as const
      return [
        line(policy, 'upfront, handed over', changes(readings, advanced)),
        ...(policy === 'hardened'
          ? [
              line(
                policy,
                'upfront, locked',
                changes(readings, ({ lockedUnits }) => lockedUnits),
              ),
            ]
          : []),
        line(policy, 'checkpoints', changes(read(checkpoints), advanced)),
      ]
    }),
  }
}

/** What may happen between the two sides, by policy, as names of series. */
const REPORTS: Readonly<Record<Policy, readonly (readonly [Behaviour, name: string])[]>> = {
  'as-described': [
    ['must', 'at checkpoints'],
    ['once', 'one report'],
  ],
  hardened: [
    ['must', 'at checkpoints'],
    ['far', 'beyond checkpoints'],
  ],
}

function growthChoice(read: Read): Curve {
  const { name, bytes: fileBytes } = GIGABYTE_FILE
  const series = POLICIES.flatMap((policy) =>
    REPORTS[policy].map(([behaviour, label]): Series => {
      const points = GROWTHS_BPS.map((growthBps): Point => {
        const readings = read({ ...DEFAULTS, policy, behaviour, growthBps, fileBytes })
        const y = maxBig(0n, ...readings.map(owed))
        return { x: lastOf(readings).payments, y, label: growthText(growthBps) }
      })
      return { name: label, policy, how: BEHAVIOURS[behaviour], shape: 'points', points }
    }),
  )
  return {
    ...{ protocol: PROTOCOL, id: 'growth-choice' },
    title: 'Which growth factor: how much at risk for how many payments a gigabyte?',
    about:
      `Worst that the seeder can lose, beside the payments of ${name}. First checkpoint 10 MiB; ` +
      `hardened segments end at 50 MiB. ${PRICED}`,
    x: { name: 'payments per gigabyte', unit: 'payments', scale: 'log' },
    y: { ...UNITS, name: 'worst of what the seeder can lose', scale: 'log' },
    series,
  }
}
