/**
 * Goal: curves and downloads by the gigabyte survive the record, and every format says of them what
 * can be worked out by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { curvesCsv, gigabytesCsv } from './designCsv.ts'
import { exampleGigabyte } from './exampleDesign.ts'
import { exampleTwoProtocols } from './exampleProtocols.ts'
import { exampleRecord } from './exampleRecord.ts'
import { exampleWorldRecord } from './exampleWorld.ts'
import { gigabyteCostUnits, gigabyteRatio, runsText } from './gigabyte.ts'
import { gigabyteText } from './gigabyteText.ts'
import { stringifyJson } from './json.ts'
import { parseRunRecord } from './readRun.ts'
import type { Curve, Gigabyte, RunRecord } from './record.ts'
import { formatSummary } from './summary.ts'
import { writeRun } from './writeRun.ts'

const scope = { protocol: 'token-job', policy: 'hardened', regime: 'none' } as const
const way = { payment: 'voucher', locks: 'a deposit; an example', calls: 4 } as const
/** Forty runs of 0.1 GB. */
const calm = exampleGigabyte(scope, 0, way)

const withGigabytes = (...perGigabyte: Gigabyte[]): RunRecord => {
  return { ...exampleRecord(), perGigabyte }
}

test('record › curves and gigabytes come back as they were, old records without them', () => {
  const record = exampleTwoProtocols()
  const { perGigabyte: _, curves: __, ...old } = record

  expect(record.perGigabyte).toHaveLength(20)
  expect(record.curves).toHaveLength(6)
  expect(parseRunRecord(stringifyJson(record), 'text')).toEqual(record)
  expect(parseRunRecord(stringifyJson(old), 'text')).toEqual(old)
})

const BROKEN: readonly (readonly [field: string, point: object])[] = [
  ['curves[0].series[0].points[0].y', { x: 1, y: 0.5 }],
  ['curves[0].series[0].points[0].x', { x: '1', y: 1 }],
]

test.each(BROKEN)('record › %s is not taken when it is not exact', (field, point) => {
  const [first, ...rest] = exampleWorldRecord().curves ?? []
  const { series, ...curve } = first as Curve
  const broken = { ...curve, series: series.map((each) => ({ ...each, points: [point] })) }
  const record = { ...exampleWorldRecord(), curves: [broken, ...rest] }

  expect(() => parseRunRecord(stringifyJson(record), 'text')).toThrow(`${field} is not valid`)
})

test('gigabyte › quotients of sums with their intervals; nothing where not a byte came', () => {
  const none: Gigabyte = { ...calm, bytes: 0, measures: [] }
  const gas = gigabyteRatio(calm, 'gas')

  // Four calls and two, and one more on average: 40 runs have 14 · 0 + 13 · 1 + 13 · 2 more.
  expect(gigabyteRatio(calm, 'transactions')?.value).toBe((40 * 6 + 39) / 4)
  expect(gas?.value).toBe(((40 * 6 + 39) * 90_000) / 4)
  expect(gas?.interval?.low).toBeLessThan(gas?.value ?? 0)
  expect(gas?.interval?.high).toBeGreaterThan(gas?.value ?? 0)
  expect(gigabyteRatio(calm, 'gasOfProvider')?.value).toBe(40 * 2 * 90_000 * 0.25)
  // 279 transactions of 90,000 gas at 20 gwei and 3 units: 1,506,600,000 for 4 GB.
  expect(gigabyteCostUnits(calm, 20)).toBe(376_650_000n)
  expect([gigabyteRatio(none, 'gas'), gigabyteCostUnits(none, 20)]).toEqual([null, null])
  expect(gigabyteCostUnits(calm, 7)).toBeNull()
  expect([runsText([calm]), runsText([calm, { ...calm, runs: 7 }])]).toEqual([
    '40 runs each',
    '7 to 40 runs each',
  ])
})

test('text › protocols stand beside each other in each regime, and what they lock below', () => {
  const text = gigabyteText(exampleTwoProtocols()).join('\n')
  const [none = '', disconnect = ''] = text.split(/regime (?:disconnect|skew)/)

  expect(text).toContain('per gigabyte (10^9 bytes) that arrived, 40 runs each')
  expect(text).toContain('  Cost in tokens at 20 gwei; times of downloads that all completed.')
  expect(none).toMatch(/session-escrow, hardened +130 +11\.68 ±2\.0 % +69 % +80 payments/)
  expect(none).toMatch(/token-job, hardened +39\.8 .* 4,000 vouchers +1\.4 s ±16 % +301\.4 s/)
  expect(disconnect).toMatch(/session-escrow, as-described +155 /)
  expect(text).toContain(
    '  token-job locks a deposit in an open channel.\n' +
      '    with fileBytes 100,000,000, pricePerMebibyteUnits 1,000.',
  )
  const rows = text.split('\n').filter((line) => !line.includes('locks'))
  expect(rows.every((line) => line.length <= 120)).toBe(true)
})

test('text › one protocol shows its own numbers, a run without downloads says nothing', () => {
  const alone = formatSummary(withGigabytes(calm), { width: 100, colour: false })
  const few: Gigabyte = {
    ...calm,
    measures: calm.measures.map((measure) => ({ ...measure, runs: 5 })),
  }

  expect(alone).toContain('per gigabyte (10^9 bytes)')
  expect(alone).toContain('token-job locks a deposit; an example.')
  expect(alone).not.toContain('session-escrow locks')
  expect(gigabyteText(withGigabytes(few)).join('\n')).not.toContain('±')
  expect(gigabyteText(exampleRecord())).toEqual([])
  expect(formatSummary(exampleWorldRecord(), { width: 100, colour: false })).toContain(
    'design curves  3 of session-escrow: view Design of the report, curves.csv',
  )
  expect(formatSummary(exampleRecord(), { width: 100, colour: false })).not.toContain('curves')
  expect(formatSummary(exampleRecord(), { width: 100, colour: false })).not.toContain('gigabyte')
})

test('csv › sums, quotients and ends of intervals; costs at every price', () => {
  const [head = '', first = ''] = gigabytesCsv(withGigabytes(calm)).split('\n')
  const cells = Object.fromEntries(
    head.split(',').map((name, index) => [name, first.split(',')[index]]),
  )

  expect(cells).toMatchObject({
    ...{ protocol: 'token-job', regime: 'none', profile: 'l1', runs: '40', bytes: '4000000000' },
    ...{ gas: '25110000', gasRuns: '40', gasPerGb: '6277500', payments: '16000' },
    ...{ costUnitsPerGbAt20Gwei: '376650000', token: 'plain6' },
  })
  expect(Number(cells.gasPerGbLow)).toBeLessThan(6_277_500)
})

test('csv › every point of every curve, exact', () => {
  const rows = curvesCsv(exampleWorldRecord()).trimEnd().split('\n')
  const points = (exampleWorldRecord().curves ?? []).flatMap(({ series }) =>
    series.flatMap((each) => each.points),
  )

  expect(rows).toHaveLength(1 + points.length)
  expect(rows[0]).toBe('protocol,curve,policy,series,how,shape,label,xName,xUnit,x,yName,yUnit,y')
  expect(rows).toContain(
    'session-escrow,unpaid,as-described,tail left,an example,line,,size of the file,bytes,' +
      '31457279,never paid,millionths,666667',
  )
  expect(rows).toContain(
    'session-escrow,choice,hardened,at checkpoints,an example,points,×4,payments per gigabyte,' +
      'payments,21,worst of what can be lost,base units,50000',
  )
})

test('run directory › has the tables of what there is, and no empty ones', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'meterproof-design-'))
  try {
    const filesOf = (record: RunRecord) => writeRun({ record, outDir, name: 'a' }).files
    const empty = { ...exampleWorldRecord(), perGigabyte: [], curves: [] }

    expect(filesOf(exampleWorldRecord())).toEqual(
      expect.arrayContaining(['per-gigabyte.csv', 'curves.csv']),
    )
    expect(filesOf(empty).filter((name) => /gigabyte|curves/.test(name))).toEqual([])
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
})
