/**
 * What happens in a run of the checkpoint-download world: terms and behaviour, as stories.
 *
 * A campaign takes the stories in turn. The first is any download; each of the others puts a few
 * claims to the test in nearly every run, so that fifteen runs decide all of them: everybody keeps
 * to the rules and there are several payments; much is taken and little is paid; payments are not
 * what they say; all is paid before the first byte. All shrink towards short, small, one seeder.
 */
import fc from 'fast-check'
import { CHEATS, STRANGER_ATTEMPTS } from '../../sim/checkpoint-download/behaviour.ts'
import { MEBIBYTE_BYTES, SOURCES_MAX } from '../../sim/world/download.ts'
import { chance, seconds } from '../kit/scenarioArbitraries.ts'
import type { ScenarioDraw } from '../kit/scenarioPlayer.ts'

type Arbitraries = Readonly<Record<string, fc.Arbitrary<unknown>>>

interface Story {
  readonly terms: Arbitraries
  readonly parts: Arbitraries
  /** Faults are few and short, and none hits the downloader. */
  readonly isMild: boolean
}

/** The first value, or, with so many chances in a hundred, one of the others. */
function rarely<Value>(usual: Value, percent: number, other: fc.Arbitrary<Value>) {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constant(usual), weight: 100 - percent },
    { arbitrary: other, weight: percent },
  )
}

const CHUNK_BYTES = 262_144
/** A size between these in 99 of 100 runs; all shrink towards a byte. */
function mebibytes(least: number, most: number) {
  const [leastBytes, mostBytes] = [least * MEBIBYTE_BYTES, most * MEBIBYTE_BYTES]
  const spread = Math.ceil((100 * leastBytes) / (mostBytes - leastBytes))
  const max = leastBytes + spread * (mostBytes - leastBytes)
  return fc
    .noBias(fc.integer({ min: 1, max }))
    .map((n) => (n <= leastBytes ? n : leastBytes + Math.ceil((n - leastBytes) / spread)))
}

/** Sizes at which something changes, and any other up to 24 MiB. */
const anySize = fc.oneof(
  fc.constantFrom(
    ...[1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1],
    ...[MEBIBYTE_BYTES - 1, MEBIBYTE_BYTES, MEBIBYTE_BYTES + 1],
    ...[10 * MEBIBYTE_BYTES - 1, 10 * MEBIBYTE_BYTES, 10 * MEBIBYTE_BYTES + 1],
  ),
  { arbitrary: fc.integer({ min: 1, max: 24 * MEBIBYTE_BYTES }), weight: 2 },
)

const anyTerms: Arbitraries = {
  fileBytes: anySize,
  /** With 18 decimals and with 6, odd, and the least for eight seeders. */
  pricePerMebibyteUnits: fc.constantFrom(10n ** 15n, 1_000n, 333_333_333n, 8n),
  mode: rarely('exponential', 55, fc.constantFrom('upfront', 'constant')),
  firstMebibytes: fc.constantFrom(1, 2, 4),
  growthBps: fc.constantFrom(20_000, 10_000, 15_000, 40_000, 33_333),
  seeders: fc.constantFrom(1, 1, 1, 2, 3, 3, 8),
}
/** Several payments. */
const checkpoints: Arbitraries = {
  ...anyTerms,
  mode: rarely('exponential', 40, fc.constant('constant')),
  firstMebibytes: fc.constantFrom(1, 1, 2),
  growthBps: fc.constantFrom(20_000, 10_000, 15_000),
}

const bytesPerSecond = (least: number, most: number) => fc.integer({ min: least, max: most })
const bytes = fc.integer({ min: 1, max: 16 * MEBIBYTE_BYTES })
/** Leaves early in a few of a hundred, and shrinks towards leaving earlier: that is shorter. */
const cancelsAfterBytes = fc.nat(999).map((n) => (n < 70 ? (n + 1) * 262_144 : 0))
/**
 * Every other downloader keeps to the rules. What fails with one that reports nothing, or late, is
 * shorter so: counterexamples shrink towards these.
 */
const others = CHEATS.filter((each) => each !== 'none' && each !== 'late' && each !== 'nothing')
const anyCheat = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant('nothing'), weight: 6 },
  {
    arbitrary: fc.constantFrom(
      ...['late', ...others.map(() => 'none'), 'none', 'none', 'none', 'none'],
      ...[...others, 'underpays', 'takes'],
    ),
    weight: 94,
  },
)

const seedersWho = (vanish: fc.Arbitrary<number>, overReport: fc.Arbitrary<number>) =>
  fc.array(fc.record({ vanishesAfterBytes: vanish, overReportsBps: overReport }), {
    ...{ minLength: SOURCES_MAX, maxLength: SOURCES_MAX },
  })
const vanishes = (percent: number) =>
  rarely(0, percent, fc.integer({ min: 1, max: 4 * MEBIBYTE_BYTES }))
const never = fc.constant(0)

const anyBehaviour: Arbitraries = {
  beginsAtMs: never,
  downBytesPerSecond: bytesPerSecond(2_000_000, 20_000_000),
  upBytesPerSecond: fc.array(bytesPerSecond(500_000, 10_000_000), {
    ...{ minLength: SOURCES_MAX, maxLength: SOURCES_MAX },
  }),
  stopsByItself: chance(30),
  cheat: anyCheat,
  cheatBps: fc.integer({ min: 500, max: 10_000 }),
  cheatsFrom: fc.integer({ min: 0, max: 3 }),
  cancelsAfterBytes,
  vanishesAfterBytes: rarely(0, 7, bytes),
  purseBps: rarely(0, 12, fc.integer({ min: 1, max: 9_999 })),
  freesMoney: chance(70),
  downloaderPatienceMs: seconds(60, 300),
  seederPatienceMs: seconds(60, 600),
  seeders: seedersWho(vanishes(15), rarely(0, 8, fc.integer({ min: 1, max: 5_000 }))),
  stranger: fc.array(
    fc.record({ atMs: seconds(1, 120), attempt: fc.constantFrom(...STRANGER_ATTEMPTS) }),
    { maxLength: 3 },
  ),
}
/** Nobody leaves before the end, and money is no matter. */
const staying: Arbitraries = {
  ...anyBehaviour,
  stopsByItself: chance(10),
  cancelsAfterBytes: never,
  vanishesAfterBytes: never,
  purseBps: never,
  seeders: seedersWho(never, never),
}

/** What a downloader of a story does, at times something else; `nothing` makes short runs. */
const mostly = (usual: string, percent: number, ...rest: readonly string[]) =>
  rarely('nothing', 98, rarely(usual, percent, fc.constantFrom(...rest)))

const any: Story = { terms: anyTerms, parts: anyBehaviour, isMild: false }
const kept: Story = {
  terms: {
    ...checkpoints,
    fileBytes: mebibytes(5, 16),
    seeders: fc.constantFrom(1, 3, 3, 2, 3, 3, 3, 2, 3, 3),
  },
  parts: {
    ...staying,
    cheat: rarely('nothing', 98, fc.constant('none')),
    downloaderPatienceMs: seconds(240, 300),
    seederPatienceMs: seconds(300, 600),
    seeders: seedersWho(vanishes(8), never),
  },
  isMild: true,
}
const taken: Story = {
  terms: { ...checkpoints, fileBytes: mebibytes(14, 24), seeders: fc.constant(1) },
  parts: { ...staying, cheat: mostly('nothing', 25, 'takes', 'late', 'less', 'skipsTail') },
  isMild: true,
}
const mispaid: Story = {
  terms: {
    ...checkpoints,
    fileBytes: mebibytes(5, 12),
    firstMebibytes: fc.constant(1),
    seeders: fc.constantFrom(1, 2, 3),
  },
  parts: {
    ...staying,
    cheat: mostly('repeats', 8, 'underpays'),
    cheatsFrom: fc.integer({ min: 0, max: 1 }),
  },
  isMild: true,
}
const upfront: Story = {
  terms: {
    ...anyTerms,
    mode: fc.constant('upfront'),
    fileBytes: mebibytes(1, 12),
    seeders: fc.constantFrom(1, 3),
  },
  parts: { ...staying, cheat: mostly('underpays', 5, 'none') },
  isMild: true,
}

/** In the order in which a campaign takes them. */
export const STORIES: readonly Story[] = [any, kept, taken, mispaid, upfront]

/** Behaviours of a story, with the terms among them. */
export function behaviourOf({ terms, parts }: Story): fc.Arbitrary<ScenarioDraw['behaviour']> {
  const whole = fc.record({ terms: fc.record({ ...terms }), ...parts })
  return whole as fc.Arbitrary<ScenarioDraw['behaviour']>
}
