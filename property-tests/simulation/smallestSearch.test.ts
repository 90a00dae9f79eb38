/**
 * Goal: the search finds what trying everything would find wherever larger is safer, and says no
 * more than what it tried where it is not.
 * Method: tables of losses instead of worlds; all of them where they are small, drawn ones beyond.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  exceptionsIn,
  type Losses,
  ladderOf,
  type SmallestAnswer,
  searchSmallest,
  stepsIn,
  type Trial,
  wholeRows,
  worstOf,
} from './smallestSearch.ts'

interface Table {
  readonly least: number
  readonly most: number
  readonly runs: number
  loss(run: number, value: number): bigint
}

interface Searched {
  readonly answer: SmallestAnswer
  readonly tried: ReadonlyMap<bigint, Losses>
  readonly trials: readonly Trial[]
  readonly plays: number
}

function searched({ least, most, runs, loss }: Table): Searched {
  const tried = new Map<bigint, Losses>()
  const search = searchSmallest({ least: BigInt(least), most: BigInt(most) }, runs, tried)
  const trials: Trial[] = []
  let plays = 0
  let next = search.next()
  while (!next.done) {
    const { value, runs: asked } = next.value
    expect(value >= BigInt(least) && value <= BigInt(most)).toBe(true)
    trials.push(next.value)
    plays += asked.length
    next = search.next(new Map(asked.map((run) => [run, loss(run, Number(value))])))
  }
  return { answer: next.value, tried, trials, plays }
}

const valuesOf = ({ least, most }: Table) =>
  Array.from({ length: most - least + 1 }, (_, index) => least + index)
const losesAt = ({ runs, loss }: Table, value: number) =>
  Array.from({ length: runs }, (_, run) => run).some((run) => loss(run, value) > 0n)

/** What trying everything gives: the value above the highest one at which anything loses. */
function bruteForce(table: Table): SmallestAnswer {
  const losing = valuesOf(table).filter((value) => losesAt(table, value))
  const highest = losing.at(-1)
  if (highest === undefined) return { kind: 'lowest', value: BigInt(table.least) }
  if (highest === table.most) return { kind: 'none' }
  return { kind: 'found', value: BigInt(highest + 1) }
}

/** What an answer claims, held against the table and against what was tried. */
function expectHonest(table: Table, { answer, tried }: Searched): void {
  const losing = [...tried].filter(([, losses]) => [...losses.values()].some((each) => each > 0n))
  for (const [value, losses] of tried) {
    for (const [run, loss] of losses) expect(loss).toBe(table.loss(run, Number(value)))
  }
  if (answer.kind === 'none') {
    expect(losesAt(table, table.most)).toBe(true)
    return
  }
  const whole = wholeRows(tried, table.runs).map(([value]) => value)
  expect(losesAt(table, Number(answer.value))).toBe(false)
  expect(losing.every(([value]) => value < answer.value)).toBe(true)
  expect(whole).toContain(answer.value)
  expect(whole).toEqual(expect.arrayContaining([BigInt(table.least), BigInt(table.most)]))
  if (answer.kind === 'lowest') {
    expect(losing).toEqual([])
    return
  }
  expect(losesAt(table, Number(answer.value) - 1)).toBe(true)
  expect(whole).toContain(answer.value - 1n)
}

const bit = (word: number, index: number) => ((word >> index) & 1) === 1

test('search › every table of two runs and five values is answered honestly', () => {
  for (let word = 0; word < 2 ** 10; word += 1) {
    const loss = (run: number, value: number) => (bit(word, 5 * run + value - 3) ? 1n : 0n)
    const table: Table = { least: 3, most: 7, runs: 2, loss }
    expectHonest(table, searched(table))
  }
})

test('search › every monotone table of three runs and nine values is answered exactly', () => {
  const [least, most] = [60, 68]
  for (let word = 0; word < 10 ** 3; word += 1) {
    const edges = [word % 10, Math.floor(word / 10) % 10, Math.floor(word / 100)]
    const loss = (run: number, value: number) => (value - least < (edges[run] as number) ? 5n : 0n)
    const table: Table = { least, most, runs: 3, loss }
    const found = searched(table)

    expect(found.answer).toEqual(bruteForce(table))
    expect(exceptionsIn(found.tried)).toEqual([])
    // Nothing is played twice.
    expect(found.plays).toBe([...found.tried.values()].reduce((sum, { size }) => sum + size, 0))
    expectHonest(table, found)
  }
})

test('search › large monotone tables are answered exactly, with few plays', () => {
  const edges = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 90_000 }), edges, (least, size, edge) => {
      const loss = (run: number, value: number) => (value < (edge[run] as number) ? 7n : 0n)
      const table: Table = { least, most: least + size, runs: edge.length, loss }
      const highest = Math.max(...edge)
      const found = searched(table)
      const expected = highest <= least ? 'lowest' : highest > table.most ? 'none' : BigInt(highest)

      expect(
        'value' in found.answer && found.answer.kind === 'found'
          ? found.answer.value
          : found.answer.kind,
      ).toBe(expected)
      // Two ladders of at most 18 rungs and one value for all, 17 halvings for those that lose.
      expect(found.plays).toBeLessThanOrEqual((18 + 18 + 1 + 17) * edge.length)
    }),
  )
})

test('search › only runs that still lose are followed', () => {
  const loss = (run: number, value: number) => (value < 1_000 + run ? 1n : 0n)
  const table: Table = { least: 1, most: 4_096, runs: 100, loss }
  const { trials, answer } = searched(table)
  const sizes = trials.map(({ runs }) => runs.length)

  expect(answer).toEqual({ kind: 'found', value: 1_099n })
  for (const [index, { value, runs }] of trials.entries()) {
    const before = trials.slice(0, index).map((trial) => Number(trial.value))
    // The others are asked for the rest of the runs in the end.
    if (runs.length === table.runs || before.includes(Number(value))) continue
    const floor = Math.max(...before.filter((each) => losesAt(table, each)))
    expect(floor).toBeLessThan(Number(value))
    for (const run of runs) expect(loss(run, floor)).toBe(1n)
  }
  expect(sizes).toContain(75)
  expect(Math.min(...sizes)).toBe(1)
})

test('search › tables of any shape are answered honestly', () => {
  const rows = fc.array(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), {
    minLength: 1,
    maxLength: 4,
  })
  const sparse = fc.array(fc.uniqueArray(fc.nat(59), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  })
  const shapes = fc.oneof(
    rows.map((all) => ({ runs: all.length, has: (run: number, at: number) => all[run]?.[at] })),
    sparse.map((all) => ({
      runs: all.length,
      has: (run: number, at: number) => all[run]?.includes(at),
    })),
  )
  fc.assert(
    fc.property(shapes, ({ runs, has }) => {
      const loss = (run: number, value: number) => (has(run, value - 5) === true ? 2n : 0n)
      const table: Table = { least: 5, most: 64, runs, loss }
      expectHonest(table, searched(table))
    }),
    { numRuns: 500 },
  )
})

test('search › a loss far above the first safe value moves the answer and is told', () => {
  const loss = (run: number, value: number) => {
    if (run === 0) return value < 70 ? 3n : 0n
    return value >= 120 && value < 130 ? 9n : 0n
  }
  const found = searched({ least: 60, most: 600, runs: 2, loss })

  expect(found.answer).toEqual({ kind: 'found', value: 130n })
  expect(exceptionsIn(found.tried)).toEqual([{ run: 1, safe: 60n, losing: 129n }])
  expect(worstOf(found.tried.get(129n) as Losses)).toEqual({ run: 1, loss: 9n })
})

test('search › a loss just above the edge is found, though no rung of the ladder has it', () => {
  const loss = (run: number, value: number) =>
    value < 470 || (run === 1 && value === 473) ? 1n : 0n
  const found = searched({ least: 60, most: 6_000, runs: 2, loss })

  expect(found.answer).toEqual({ kind: 'found', value: 474n })
  expect(exceptionsIn(found.tried)).toEqual([{ run: 1, safe: 470n, losing: 473n }])
})

test('ladder › begins and ends with the range, each rung twice the one before', () => {
  expect(ladderOf({ least: 60n, most: 500n })).toEqual([60n, 120n, 240n, 480n, 500n])
  expect(ladderOf({ least: 0n, most: 5n })).toEqual([0n, 1n, 2n, 4n, 5n])
  expect(ladderOf({ least: 60n, most: 60n })).toEqual([60n])
  expect(ladderOf({ least: 60n, most: 86_400n })).toHaveLength(12)
  expect(stepsIn({ least: 60n, most: 70n })).toEqual([60n, 61n, 63n, 67n])
  expect(stepsIn({ least: 60n, most: 61n })).toEqual([60n, 61n])
})

test('worst › is the first of the largest losses, and nobody where nobody loses', () => {
  expect(
    worstOf(
      new Map([
        [1, 4n],
        [2, 9n],
        [3, 9n],
      ]),
    ),
  ).toEqual({ run: 2, loss: 9n })
  expect(worstOf(new Map([[1, 0n]]))).toBeNull()
})
