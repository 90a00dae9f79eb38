/**
 * Goal: a trace file survives storage, and every broken one is refused with the place and the
 * reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MeterproofError } from '../models/kit/error.ts'
import { exampleRecord } from './exampleRecord.ts'
import { parseJson, stringifyJson } from './json.ts'
import {
  formatTraceFile,
  parseTraceFile,
  readTraceFile,
  requireReplayTarget,
  type TraceFile,
  traceFileOf,
} from './traceFile.ts'
import type { StoredDatum } from './traceSchema.ts'

function exampleFile(): TraceFile {
  const record = exampleRecord()
  const [failure] = record.failures
  if (failure === undefined) throw new Error('the example has a failure')
  return traceFileOf(record, failure)
}

/** The error of parsing the example after `change` was made to it. */
function errorAfter(change: (file: Record<string, unknown>) => void): MeterproofError {
  const file = parseJson(formatTraceFile(exampleFile())) as Record<string, unknown>
  change(file)
  return errorOf(stringifyJson(file))
}

function errorOf(text: string): MeterproofError {
  try {
    parseTraceFile(text, 'broken.trace.json')
  } catch (error) {
    if (error instanceof MeterproofError) return error
    throw error
  }
  throw new Error('the file was accepted')
}

type Steps = Record<string, unknown>[]
const stepsOf = (file: Record<string, unknown>) => file.steps as Steps

const names = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__')
const scalars = fc.oneof(fc.string(), fc.integer(), fc.bigInt(), fc.boolean(), fc.constant(null))
const { datum } = fc.letrec<{ datum: StoredDatum }>((tie) => ({
  datum: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.dictionary(names, tie('datum'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
const dictionary = <Value>(values: fc.Arbitrary<Value>) =>
  fc.dictionary(names, values, { maxKeys: 3, noNullPrototype: true })

const files: fc.Arbitrary<TraceFile> = fc
  .record({
    parameters: dictionary(scalars),
    terms: dictionary(datum),
    steps: fc.array(
      fc.record(
        {
          action: names,
          by: names,
          args: dictionary(datum),
          gapSeconds: fc.nat(10_000),
          purpose: fc.constant('exit' as const),
        },
        { requiredKeys: ['action', 'by', 'args', 'gapSeconds'] },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    finding: fc.option(fc.record({ invariant: names, evidence: fc.string() })),
  })
  .map(({ parameters, terms, steps, finding }) => {
    let atSeconds = 0
    return {
      ...exampleFile(),
      parameters,
      agreements: [{ index: 0, roles: { student: 'student0' }, token: 'plain6', terms }],
      steps: steps.map(({ gapSeconds, ...step }) => {
        atSeconds += gapSeconds
        return { ...step, agreement: 0, atSeconds }
      }),
      finding: finding === null ? null : { ...finding, stepIndex: steps.length - 1 },
    }
  })

test('any trace file comes back as it was written', () => {
  fc.assert(
    fc.property(files, (file) => {
      expect(parseTraceFile(formatTraceFile(file), 'any.trace.json')).toEqual(file)
    }),
    { numRuns: 200 },
  )
})

test('a file that was cut short anywhere is refused as unreadable, with the position', () => {
  const text = formatTraceFile(exampleFile()).trimEnd()
  for (let length = 0; length < text.length; length++) {
    const error = errorOf(text.slice(0, length))
    expect(error.code).toBe('MP_TRACE_UNREADABLE')
    expect(error.class).toBe('usage')
    expect(error.facts.position).toMatch(/^\d+:\d+$/)
  }
})

test('the message of a truncated file names file, position and what to do', () => {
  const text = '{\n "schema": "meterproof.trace/1",\n "steps": ['
  expect(
    errorOf(text)
      .format()
      .replace(/reason: .*/, 'reason: …'),
  ).toMatchInlineSnapshot(`
    "broken.trace.json is not valid JSON. [MP_TRACE_UNREADABLE]
      file:     broken.trace.json
      position: 3:12
      bytes:    46
      reason: …
    Hint: The file may have been cut short; write it again or take a whole copy."
  `)
})

test('a slip of the pen is found where it is, with or without the help of the engine', () => {
  const lines = formatTraceFile(exampleFile()).split('\n')
  for (const slip of ['x', ']', '"', '-', ',']) {
    lines.forEach((line, index) => {
      if (line.trim() === '') return
      const broken = lines.with(index, `${line.trimEnd().replace(/,$/, '')} ${slip}${slip}`)
      const [row = 0] = String(errorOf(broken.join('\n')).facts.position)
        .split(':')
        .map(Number)
      expect(Math.abs(row - (index + 1))).toBeLessThanOrEqual(1)
    })
  }
})

test('another schema version is refused before any field is looked at', () => {
  const error = errorOf('{"schema":"meterproof.trace/2","steps":7}')
  expect(error.code).toBe('MP_TRACE_VERSION')
  expect(error.message).toContain('has schema "meterproof.trace/2"')
  expect(error.facts.expected).toBe('meterproof.trace/1')
  expect(errorOf('[]').code).toBe('MP_TRACE_VERSION')
  expect(errorOf('null').code).toBe('MP_TRACE_VERSION')
})

test('a field of the wrong shape is named with its path and value', () => {
  const error = errorAfter((file) => {
    const [first] = stepsOf(file)
    if (first !== undefined) first.atSeconds = 'noon'
  })
  expect(error.format()).toMatchInlineSnapshot(`
    "broken.trace.json: steps[0].atSeconds is not valid. [MP_TRACE_INVALID]
      file:    broken.trace.json
      field:   steps[0].atSeconds
      value:   "noon"
      problem: Invalid input: expected number, received string"
  `)
})

test.each([
  ['policy', (file: Record<string, unknown>) => Object.assign(file, { policy: 'lenient' })],
  [
    'steps[1].agreement',
    (file: Record<string, unknown>) => Object.assign(stepsOf(file)[1] ?? {}, { agreement: 3 }),
  ],
  [
    'steps[2].atSeconds',
    (file: Record<string, unknown>) => Object.assign(stepsOf(file)[2] ?? {}, { atSeconds: 4 }),
  ],
  [
    'steps[0].atSecond',
    (file: Record<string, unknown>) => Object.assign(stepsOf(file)[0] ?? {}, { atSecond: 4 }),
  ],
  [
    'steps[0].args.pings',
    (file: Record<string, unknown>) =>
      Object.assign(stepsOf(file)[0] ?? {}, { args: { pings: [1] } }),
  ],
  [
    'finding.stepIndex',
    (file: Record<string, unknown>) => Object.assign(file.finding ?? {}, { stepIndex: 3 }),
  ],
  ['agreements', (file: Record<string, unknown>) => Object.assign(file, { agreements: [] })],
  [
    'contract',
    (file: Record<string, unknown>) => {
      delete file.contract
    },
  ],
])('%s is found to be invalid', (field, change) => {
  const error = errorAfter(change)
  expect(error.code).toBe('MP_TRACE_INVALID')
  expect(error.facts.field).toBe(field)
})

test('only a trace about a constructor has neither agreements nor steps', () => {
  const emptied = (invariant: string) => (file: Record<string, unknown>) => {
    const finding = { invariant, evidence: '', stepIndex: null }
    return Object.assign(file, { agreements: [], steps: [], outcomes: [], finding })
  }
  expect(errorAfter(emptied('INV-CAP')).facts.field).toBe('agreements')
  expect(() => errorAfter(emptied('DEPLOYMENT'))).toThrow('the file was accepted')
})

test('a broken amount is refused with what an amount looks like', () => {
  const error = errorOf('{"schema":"meterproof.trace/1","amount":{"#bigint":"4e2"}}')
  expect(error.code).toBe('MP_TRACE_INVALID')
  expect(error.facts.value).toBe('"4e2"')
})

test('no text whatever makes the parser throw anything but its own errors', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(errorOf(text).code).toMatch(/^MP_TRACE_(UNREADABLE|VERSION|INVALID)$/)
    }),
    { numRuns: 500 },
  )
})

test('a file that is not there is unreadable, and one that is there is read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meterproof-'))
  try {
    const path = join(folder, 'some.trace.json')
    expect(() => readTraceFile(path)).toThrow(
      expect.objectContaining({ code: 'MP_TRACE_UNREADABLE' }),
    )
    writeFileSync(path, formatTraceFile(exampleFile()))
    expect(readTraceFile(path)).toEqual(exampleFile())
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a trace is refused for another protocol, policy or contract, not for other bytecode', () => {
  const file = exampleFile()
  const target = {
    protocol: 'session-escrow',
    policy: 'as-described',
    contract: 'SessionEscrow',
    bytecodeHash: file.contract.bytecodeHash,
  }
  const check = (change: Partial<typeof target>) =>
    requireReplayTarget(file, 'a.trace.json', { ...target, ...change })
  const refusal = expect.objectContaining({ code: 'MP_TRACE_CONTRACT' })
  expect(check({})).toEqual({ sameBytecode: true })
  expect(check({ bytecodeHash: '0x00' })).toEqual({ sameBytecode: false })
  expect(() => check({ protocol: 'milestone-course' })).toThrow(refusal)
  expect(() => check({ policy: 'hardened' })).toThrow(refusal)
  expect(() => check({ contract: 'Other' })).toThrow(refusal)
})
