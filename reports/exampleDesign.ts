/**
 * Made-up curves and downloads by the gigabyte, for tests and for working on a view. No result of
 * any run.
 *
 * A curve of each kind: a share over sizes, a risk that falls in steps, and single designs. The
 * sums of downloads come from forty made-up runs each, so that quotients and intervals can be
 * checked by another route.
 */
import type { Curve, Gigabyte, Scope } from './record.ts'
import { pairSums } from './statistics/ratios.ts'

const MEBIBYTE = 1_048_576
const token = { name: 'plain6', decimals: 6 } as const
const amounts = { unit: 'base units', scale: 'linear', token } as const
const POLICIES = ['as-described', 'hardened'] as const

type Series = Curve['series'][number]

function line(policy: Series['policy'], name: string, points: Series['points']): Series {
  return { name, policy, how: 'an example', shape: 'line', points }
}

/** Falls to 0 at 10 and 30 MiB, and rises between them. */
function unpaid(): Curve {
  const sizes = [1, 1_024, MEBIBYTE, 10 * MEBIBYTE - 1, 10 * MEBIBYTE, 20 * MEBIBYTE]
  const all = [...sizes, 30 * MEBIBYTE - 1, 30 * MEBIBYTE, 1_024 * MEBIBYTE]
  const shares = [1_000_000, 1_000_000, 1_000_000, 1_000_000, 0, 500_000, 666_667, 0, 970_704]
  const at = (value: (index: number) => number) => all.map((x, index) => ({ x, y: value(index) }))
  return {
    ...{ protocol: 'session-escrow', id: 'unpaid', about: 'An example; shares rounded up.' },
    title: 'Which share is never paid, by the size of the file?',
    x: { name: 'size of the file', unit: 'bytes', scale: 'log' },
    y: { name: 'never paid', unit: 'millionths', scale: 'linear' },
    series: [
      line(
        'as-described',
        'tail left',
        at((index) => shares[index] ?? 0),
      ),
      line(
        'as-described',
        'tail paid',
        at(() => 0),
      ),
      line(
        'hardened',
        'pays',
        at(() => 0),
      ),
    ],
  }
}

/** Paid in two steps of a hundred MiB; two lines come so close that their names must move apart. */
function sunk(): Curve {
  const steps = (policy: Series['policy'], name: string, units: readonly bigint[]): Series => {
    const points = units.map((y, index) => ({ x: ([0, 10, 30][index] ?? 0) * MEBIBYTE, y }))
    return { ...line(policy, name, [...points, { x: 100 * MEBIBYTE, y: 0n }]), shape: 'step' }
  }
  return {
    ...{ protocol: 'session-escrow', id: 'sunk', about: 'An example, 0.001 a MiB.' },
    title: 'What is sunk, should the rest never come?',
    x: { name: 'delivered', unit: 'bytes', scale: 'linear' },
    y: { ...amounts, name: 'paid, file not complete' },
    series: [
      ...POLICIES.flatMap((policy) => [
        steps(policy, '×1.5', [0n, 10_000n, 29_000n]),
        steps(policy, '×2', [0n, 10_000n, 30_000n]),
      ]),
      steps('as-described', 'upfront', [100_000n]),
    ],
  }
}

function choice(): Curve {
  const labels = ['×1', '×2', '×4']
  const points = (xs: readonly number[], ys: readonly bigint[]): Series['points'] =>
    labels.map((label, index) => ({ x: xs[index] ?? 1, y: ys[index] ?? 0n, label }))
  return {
    ...{ protocol: 'session-escrow', id: 'choice', about: 'An example.' },
    title: 'Which growth factor: how much at risk for how many payments?',
    x: { name: 'payments per gigabyte', unit: 'payments', scale: 'log' },
    y: { ...amounts, name: 'worst of what can be lost', scale: 'log' },
    series: [
      {
        ...line(
          'as-described',
          'at checkpoints',
          points([95, 6, 4], [10_000n, 320_000n, 640_000n]),
        ),
        shape: 'points',
      },
      {
        ...line('hardened', 'at checkpoints', points([96, 21, 21], [10_000n, 50_000n, 50_000n])),
        shape: 'points',
      },
    ],
  }
}

/** One of each kind. */
export function exampleCurves(): Curve[] {
  return [unpaid(), sunk(), choice()]
}

const RUNS = 40
const RUN_BYTES = 100_000_000
const GAS_EACH = 90_000

/** Downloads of one machine under one regime; the worse the regime, the more of everything. */
export function exampleGigabyte(
  scope: Scope,
  severity: number,
  way: Pick<Gigabyte, 'payment' | 'locks'> & { readonly calls: number },
): Gigabyte {
  const { payment, locks, calls } = way
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const isBroken = run % 10 < severity
    const ofPayer = calls + (run % 3) + severity
    const ofProvider = calls / 2
    const waitedMs = (payment === 'voucher' ? 40 : 9_000) * (1 + severity) + 35 * (run % 7)
    const transactions = ofPayer + ofProvider
    return {
      ...{ transactions, transactionsOfPayer: ofPayer, transactionsOfProvider: ofProvider },
      ...{ gas: transactions * GAS_EACH, gasOfPayer: ofPayer * GAS_EACH },
      ...{ gasOfProvider: ofProvider * GAS_EACH, waitedMs, downloadMs: 30_000 + waitedMs },
      ...{ payments: payment === 'voucher' ? 400 : calls, bytes: isBroken ? 1 : RUN_BYTES },
    }
  })
  const names = ['transactions', 'transactionsOfPayer', 'transactionsOfProvider'] as const
  const more = ['gas', 'gasOfPayer', 'gasOfProvider', 'payments', 'waitedMs', 'downloadMs'] as const
  const measures = [...names, ...more].map((name) => {
    const pairs = runs.map((run) => [BigInt(run[name]), BigInt(run.bytes)] as const)
    const { n, y, x, yy, xx, xy } = pairSums(pairs)
    const sums = { totalSquares: yy, bytesSquares: xx, products: xy }
    return { name, runs: n, total: Number(y), bytes: Number(x), ...sums }
  })
  const gas = runs.reduce((sum, run) => sum + run.gas, 0)
  return {
    ...{ ...scope, profile: 'l1', runs: RUNS, token, tokensPerEther: 3_000n },
    ...{ bytes: runs.reduce((sum, { bytes }) => sum + bytes, 0), payment, locks, measures },
    terms: { fileBytes: RUN_BYTES, pricePerMebibyteUnits: 1_000n },
    // A gas costs 3 base units at a gwei: 3,000 tokens of 6 decimals an ether.
    prices: [0.01, 1, 5, 20, 100].map((gwei) => {
      return { gwei, costUnits: BigInt(Math.floor(gas * gwei * 3)) }
    }),
  }
}
