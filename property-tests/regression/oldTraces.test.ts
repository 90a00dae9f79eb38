/**
 * Goal: a trace file is replayed for ever, whatever becomes of the generators.
 * Method: files that were recorded once and are never written again, on today's code; and a walk
 * over everything that replaying loads.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readTraceFile } from '../../reports/traceFile.ts'
import { replayTrace } from '../replay.ts'
import { importsOf } from './imports.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const FIXTURES = here('fixtures')

describe('trace files', () => {
  const names = readdirSync(FIXTURES)

  test.each(names)('%s, recorded once, shows the same finding', async (name) => {
    const file = readTraceFile(join(FIXTURES, name))
    const { signal } = new AbortController()
    const result = await replayTrace(file, { lane: 'mined', contract: null, signal })
    expect(result.observed).toBe('violated')
    expect(result.evidence).toBe(`${file.finding?.invariant}: ${file.finding?.evidence}`)
    expect(result.steps).toHaveLength(file.steps.length)
  })

  test('are replayed without fast-check', () => {
    const { files, packages } = importsOf(here('../replay.ts'))
    expect(files.size).toBeGreaterThan(100)
    expect([...packages]).toContain('xstate')
    expect([...packages]).not.toContain('fast-check')
    // The walk sees it where it is.
    expect([...importsOf(here('../players.ts')).packages]).toContain('fast-check')
  })
})
