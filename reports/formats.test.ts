/**
 * Goal: every format is well-formed and tells what the record says, however hostile the strings in
 * it.
 */
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { invariantsCsv, stepsCsv } from './csv.ts'
import { exampleRecord, exampleTrace } from './exampleRecord.ts'
import { exampleWorldRecord } from './exampleWorld.ts'
import { livePageHtml, runHtml } from './html.ts'
import { parseJson, stringifyJson } from './json.ts'
import { junitXml } from './junit.ts'
import { formatRunRecord, parseRunRecord } from './readRun.ts'
import { type RunRecord, runRecordSchema } from './record.ts'
import { staticHtml } from './staticHtml.ts'
import { stepRows } from './stepRows.ts'
import { formatSummary } from './summary.ts'
import { checkMarkup } from './testMarkup.ts'
import { worldSections } from './worldSchema.ts'

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  ']]>&amp;<!--',
  '\u0000\u001b[31m\ud800\uffff',
  '=HYPERLINK("https://example.org")',
]

/** The example with `word` in every place that comes from outside. */
function recordWith(word: string): RunRecord {
  const record = exampleRecord()
  const claims = record.claims.map((claim) => ({
    ...claim,
    ...{ protocol: word, statement: word, formula: word, note: word },
  }))
  const failures = record.failures.map((failure) => ({
    ...failure,
    ...{ evidence: word, contract: word, replayCommand: word },
    trace: {
      ...failure.trace,
      steps: failure.trace.steps.map((step) => ({ ...step, role: word })),
    },
  }))
  const canaries = record.canaries.map((canary) => ({ ...canary, id: word, contract: word }))
  return { ...record, claims, failures, canaries, tools: { [word]: word }, notes: [word] }
}

const words = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }))

describe('run.json', () => {
  test('a record comes back as it was written', () => {
    const record = exampleRecord()
    expect(parseRunRecord(formatRunRecord(record), 'run.json')).toEqual(record)
  })

  test('a record of another version and a record with a broken field are refused', () => {
    const refusal = (code: string) => expect.objectContaining({ code })
    const record = exampleRecord()
    const broken = formatRunRecord(record).replace('"witnesses": 0', '"witnesses": -1')
    expect(() => parseRunRecord('{"schema":"meterproof.run/9"}', 'run.json')).toThrow(
      refusal('MP_RUN_VERSION'),
    )
    expect(() => parseRunRecord(broken, 'run.json')).toThrow(refusal('MP_RUN_INVALID'))
    expect(() => parseRunRecord(broken.slice(0, 90), 'run.json')).toThrow(
      refusal('MP_RUN_UNREADABLE'),
    )
  })
})

describe('steps', () => {
  test('a step lists what it changed and what the two sides tell differently', () => {
    const rows = stepRows(exampleTrace()).map(({ number, call, differs, facts }) => {
      const lines = facts.map(({ label, before, predicted, observed }) => {
        return [label, before ?? '-', predicted, observed]
      })
      return { step: `${number} ${call}`, differs, lines }
    })
    expect(rows).toMatchInlineSnapshot(`
      [
        {
          "differs": false,
          "lines": [
            [
              "outcome",
              "-",
              "accepted",
              "accepted",
            ],
            [
              "transfers",
              "-",
              "student0 → escrow 400 plain6",
              "student0 → escrow 400 plain6",
            ],
            [
              "events",
              "-",
              "Deposited(student student0, amount 400)",
              "Deposited(student student0, amount 400)",
            ],
            [
              "state of agreement 0",
              "Idle",
              "Funded",
              "Funded",
            ],
            [
              "deposit of agreement 0",
              "0",
              "400",
              "400",
            ],
            [
              "plain6 held by student0",
              "1,000,000",
              "999,600",
              "999,600",
            ],
            [
              "plain6 held by escrow",
              "0",
              "400",
              "400",
            ],
          ],
          "step": "1 deposit(amountUnits 400)",
        },
        {
          "differs": false,
          "lines": [
            [
              "outcome",
              "-",
              "refused: NotParty",
              "refused: NotParty",
            ],
          ],
          "step": "2 join()",
        },
        {
          "differs": true,
          "lines": [
            [
              "outcome",
              "-",
              "accepted",
              "accepted",
            ],
            [
              "transfers",
              "-",
              "escrow → tutor0 300 plain6",
              "escrow → tutor0 347 plain6",
            ],
            [
              "state of agreement 0",
              "Funded",
              "Closed",
              "Closed",
            ],
            [
              "billedSeconds of agreement 0",
              "0",
              "30",
              "34",
            ],
            [
              "plain6 held by tutor0",
              "0",
              "300",
              "347",
            ],
            [
              "plain6 held by escrow",
              "400",
              "100",
              "53",
            ],
          ],
          "step": "3 settle()",
        },
      ]
    `)
  })
})

describe('CSV', () => {
  test('both tables are as they were looked at once', async () => {
    await expect(invariantsCsv(exampleRecord())).toMatchFileSnapshot('golden/invariants.csv')
    await expect(stepsCsv(exampleRecord())).toMatchFileSnapshot('golden/steps.csv')
  })

  test('every claim, and every step of failures and samples, has its row', () => {
    const record = exampleRecord()
    expect(invariantsCsv(record).trimEnd().split('\n')).toHaveLength(1 + record.claims.length)
    expect(stepsCsv(record).trimEnd().split('\n')).toHaveLength(1 + 3 * 3)
  })

  test('text that a spreadsheet would run is defused', () => {
    expect(invariantsCsv(recordWith('=1+1'))).toContain("'=1+1")
    expect(invariantsCsv(recordWith('=1+1'))).not.toMatch(/(^|,|")=1\+1/m)
  })
})

describe('JUnit', () => {
  test('the document is well-formed whatever the record says', () => {
    fc.assert(
      fc.property(words, (word) => {
        checkMarkup(junitXml(recordWith(word)))
      }),
      { numRuns: 100 },
    )
  })

  test('suites and cases have the attributes and the order of the common schema', () => {
    const { elements } = checkMarkup(junitXml(exampleRecord()))
    const suites = elements.filter(({ name }) => name === 'testsuite')
    for (const { attributes, children } of suites) {
      expect(Object.keys(attributes)).toEqual(
        'id name package tests failures errors time timestamp hostname'.split(' '),
      )
      expect(attributes.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
      expect(children.join(' ')).toMatch(/^properties( testcase)* system-out system-err$/)
      const cases = children.filter((name) => name === 'testcase')
      expect(attributes.tests).toBe(String(cases.length))
    }
    const sum = (name: string) =>
      suites.reduce((total, { attributes }) => total + Number(attributes[name]), 0)
    expect(sum('failures')).toBe(elements.filter(({ name }) => name === 'failure').length)
    expect(sum('errors')).toBe(elements.filter(({ name }) => name === 'error').length)
    for (const { name, attributes } of elements) {
      if (name === 'testcase')
        expect(Object.keys(attributes)).toEqual(['name', 'classname', 'time'])
    }
    expect(elements.some(({ name }) => name === 'skipped')).toBe(false)
  })

  test('a violation carries its replay command, and what is open is inconclusive', () => {
    const { elements } = checkMarkup(junitXml(exampleRecord()))
    const problems = elements.filter(({ name }) => name === 'failure' || name === 'error')
    expect(problems.map(({ name, attributes }) => [name, attributes.type])).toEqual([
      ['failure', 'violated'],
      ['error', 'inconclusive'],
      ['error', 'inconclusive'],
      ['error', 'inconclusive'],
    ])
    expect(problems[0]?.text).toContain('replay: meterproof replay reports/out/')
  })

  test('a divergence that no claim points at is still a failure', () => {
    const record = exampleRecord()
    const failures = record.failures.slice(0, 1).map((failure) => ({
      ...failure,
      ...{ id: 'DIVERGENCE-1', invariant: 'DIVERGENCE' },
    }))
    const { elements } = checkMarkup(junitXml({ ...record, claims: [], failures }))
    expect(elements.find(({ name }) => name === 'failure')?.attributes.type).toBe('DIVERGENCE')
  })
})

describe('HTML', () => {
  const inert = (html: string, id: string) =>
    new RegExp(`<script type="[a-z/]+" id="${id}">([^<]*)</script>`).exec(html)?.[1] ?? 'none'
  // The script's own text is not markup of the page; names of the SVG namespace are no requests.
  const withoutScript = (html: string) =>
    html.replace(/<script type="module"[\s\S]*?<\/script>/, '')

  test('the page asks for nothing from anywhere', () => {
    const html = withoutScript(runHtml(exampleRecord()))
    expect(html).not.toMatch(/https?:|@import|url\(|<link|<iframe|<img|\bsrc=/)
    expect(html).toContain("default-src 'none'")
    expect(html).not.toContain('connect-src')
    expect(livePageHtml()).toContain("connect-src 'self'")
  })

  test('the record comes out of the page as it went in', () => {
    const record = exampleWorldRecord()
    const html = runHtml(record)
    const packed = Buffer.from(inert(html, 'meterproof-record'), 'base64')
    expect(parseJson(inflateSync(packed).toString())).toEqual(record)
    expect(packed.length).toBeLessThan(stringifyJson(record, 0).length / 4)
    expect(inert(livePageHtml(), 'meterproof-record')).toBe('')
    expect(html).not.toMatch(/meterproof:(policy|title|static|layouts|record)/)
  })

  test('the example has every section that the schema knows', () => {
    const record = exampleWorldRecord()
    expect(runRecordSchema.parse(record)).toEqual(record)
    for (const section of Object.keys(worldSections)) expect(record).toHaveProperty(section)
  })

  test('no string of the record becomes markup', () => {
    const plain = checkMarkup(staticHtml(recordWith('word')))
    const tags = plain.elements.map(({ name }) => name)
    fc.assert(
      fc.property(words, (word) => {
        const page = checkMarkup(staticHtml(recordWith(word)))
        const names = page.elements.map(({ name }) => name)
        expect(names.filter((name) => name === 'script' || name === 'img')).toEqual([])
        if (word !== '' && word !== 'word') expect(names.length).toBe(tags.length)
        const html = withoutScript(runHtml(recordWith(word)))
        expect(html.match(/<script/g)?.length).toBe(2)
      }),
      { numRuns: 50 },
    )
  })

  test('without a script the page holds verdict, claims and how to replay', () => {
    const html = staticHtml(exampleRecord())
    for (const part of [
      '✗ violated',
      'refuted, as expected',
      'never exercised',
      '41,203 witnesses',
      'meterproof replay reports/out/',
    ]) {
      expect(html).toContain(part)
    }
  })
})

describe('summary', () => {
  const summary = (record: RunRecord, colour = false) =>
    formatSummary(record, { width: 96, colour, reportPath: 'reports/out/latest/index.html' })

  test('the text is as a reader of the terminal sees it', async () => {
    await expect(summary(exampleRecord())).toMatchFileSnapshot('golden/summary.txt')
  })

  test('the verdict and the exit code are the last line', () => {
    const lines = summary(exampleRecord()).trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(/^✗ violated: .* exit 1$/)
  })

  test('colour adds escapes and changes no character of the text', () => {
    const coloured = summary(exampleRecord(), true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what is looked for
    const escapes = /\u001b\[\d+m/g
    expect(coloured).toMatch(escapes)
    expect(coloured.replace(escapes, '')).toBe(summary(exampleRecord()))
  })
})
