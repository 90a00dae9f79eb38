/**
 * Searches the smallest value from which on no tried value loses, by asking which runs lose what at
 * which value.
 *
 * It is not assumed that a larger value is a safer one. All runs are tried on a ladder over the
 * whole range (60, 120, 240, …), so that a loss far above shows; between the highest rung that
 * loses and the next, only runs that lose below are followed by bisection; and what that finds is
 * tried with all runs again: one below it, at the value, and in growing steps above it. Whatever
 * loses there moves the floor up, and the search goes on from it. Pure: a generator that is told
 * the answers, so that the same search serves any number of workers, a table in a test, and an
 * interruption.
 */
import type { SweepRange } from '../../sim/sweep.ts'

/** Losses by run, in whole units. */
export type Losses = ReadonlyMap<number, bigint>

/** Everything that was tried, by value. */
export type Tried = ReadonlyMap<bigint, Losses>

export interface Trial {
  readonly value: bigint
  /** Ascending. */
  readonly runs: readonly number[]
}

export type SmallestAnswer =
  /** Nothing loses from this value on, and one below it something does. */
  | { readonly kind: 'found'; readonly value: bigint }
  /** Nothing loses at the lower end of the range, nor anywhere above. */
  | { readonly kind: 'lowest'; readonly value: bigint }
  /** Something loses at the upper end of the range. */
  | { readonly kind: 'none' }

/** Both ends of the range, and between them each value twice the one before. */
export function ladderOf({ least, most }: SweepRange): readonly bigint[] {
  const rungs: bigint[] = []
  for (let rung = least; rung < most; rung = rung === 0n ? 1n : 2n * rung) rungs.push(rung)
  return [...rungs, most]
}

/** Values at distances 0, 1, 3, 7, … from the lower end, as far as the upper one. */
export function stepsIn({ least, most }: SweepRange): readonly bigint[] {
  const values: bigint[] = []
  for (let step = 1n; least + step - 1n <= most; step *= 2n) values.push(least + step - 1n)
  return values
}

const losersIn = (losses: Losses | undefined): readonly number[] =>
  [...(losses ?? [])].filter(([, loss]) => loss > 0n).map(([run]) => run)

function keep(tried: Map<bigint, Losses>, value: bigint, losses: Losses): void {
  const all = [...(tried.get(value) ?? []), ...losses]
  tried.set(value, new Map(all.sort(([a], [b]) => a - b)))
}

/** The highest value at which anything is known to lose. */
function floorOf(tried: Tried): bigint | null {
  return [...tried].reduce<bigint | null>((floor, [value, losses]) => {
    const isHigher = floor === null || value > floor
    return isHigher && losersIn(losses).length > 0 ? value : floor
  }, null)
}

type Search<Result> = Generator<Trial, Result, Losses>

/**
 * Asks until the answer is known. Runs are 0 to `runs` − 1; the answers are kept in `tried`.
 */
export function* searchSmallest(
  range: SweepRange,
  runs: number,
  tried: Map<bigint, Losses>,
): Search<SmallestAnswer> {
  const everyRun = Array.from({ length: runs }, (_, run) => run)
  const whole = new Set<bigint>()
  function* tryAll(value: bigint): Search<void> {
    if (whole.has(value)) return
    whole.add(value)
    const known = tried.get(value) ?? new Map()
    const open = everyRun.filter((run) => !known.has(run))
    keep(tried, value, yield { value, runs: open })
  }
  for (const value of ladderOf(range)) yield* tryAll(value)
  for (;;) {
    const floor = floorOf(tried)
    if (floor === null) return { kind: 'lowest', value: range.least }
    if (floor === range.most) return { kind: 'none' }
    const above = [...whole].filter((value) => value > floor)
    const next = above.reduce((a, b) => (b < a ? b : a))
    const low = yield* bisected({ low: floor, high: next }, tried)
    yield* tryAll(low)
    // Where larger is not always safer, it shows near the edge.
    for (const value of stepsIn({ least: low + 1n, most: next })) {
      if (floorOf(tried) === low) yield* tryAll(value)
    }
    if (floorOf(tried) === low) return { kind: 'found', value: low + 1n }
  }
}

/**
 * The highest value at which a run that loses at `low` still loses, if such a run changes once
 * between the two. Only those that still lose are followed.
 */
function* bisected(
  between: { readonly low: bigint; readonly high: bigint },
  tried: Map<bigint, Losses>,
): Search<bigint> {
  let { low, high } = between
  let active = losersIn(tried.get(low))
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    const losses = yield { value: middle, runs: active }
    keep(tried, middle, losses)
    const losers = losersIn(losses)
    if (losers.length === 0) {
      high = middle
      continue
    }
    low = middle
    active = losers
  }
  return low
}

/** A run that loses nothing at one value and something at a larger one. */
export interface Exception {
  readonly run: number
  readonly safe: bigint
  readonly losing: bigint
}

/** All such runs, each once, with its largest value that loses. */
export function exceptionsIn(tried: Tried): readonly Exception[] {
  const safest = new Map<number, bigint>()
  const found = new Map<number, Exception>()
  for (const [value, losses] of [...tried].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [run, loss] of losses) {
      const safe = safest.get(run)
      if (loss === 0n && safe === undefined) safest.set(run, value)
      if (loss > 0n && safe !== undefined) found.set(run, { run, safe, losing: value })
    }
  }
  return [...found.values()].sort((a, b) => a.run - b.run)
}

/** Values at which every run was tried, ascending. */
export function wholeRows(tried: Tried, runs: number): readonly (readonly [bigint, Losses])[] {
  const rows = [...tried].filter(([, losses]) => losses.size === runs)
  return rows.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** The run that loses most, the first of them; null when none loses. */
export function worstOf(losses: Losses): { readonly run: number; readonly loss: bigint } | null {
  return [...losses].reduce<{ run: number; loss: bigint } | null>((worst, [run, loss]) => {
    return loss > (worst?.loss ?? 0n) ? { run, loss } : worst
  }, null)
}
