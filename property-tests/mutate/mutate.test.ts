/**
 * Goal: a whole `mutate` on real Anvil kills what it should and says of the rest why it lives; what
 * is finished is not done again, and gives the same record. Method: the smallest amount that has
 * both, one worker.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { mutantsCsv, mutationText } from '../../reports/mutationText.ts'
import { formatRunRecord, parseRunRecord } from '../../reports/readRun.ts'
import { runMutate } from './mutate.ts'

const folder = mkdtempSync(join(tmpdir(), 'meterproof-mutate-'))
const storePath = join(folder, 'out', 'mutants.jsonl')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (signal: AbortSignal, resume: boolean) =>
  runMutate({
    ...{ protocols: ['session-escrow'], policies: ['hardened'], operators: ['arithmetic'] },
    shared: false,
    ...{ seed: 1, sequences: 2, threshold: 0.5, budgetMs: null, workers: 1, resume },
    ...{ storePath, signal, onProgress: () => {} },
  })

test('mutants are killed or shown; a second run takes over what the first finished', async () => {
  const record = await run(new AbortController().signal, false)
  const [section] = record.mutations ?? []
  expect(section?.counts).toMatchObject({ stillborn: 0, untried: 0 })
  const own = section?.mutants ?? []
  const added = own.find(({ after }) => after === 's.deposit -= amount')
  expect(added).toMatchObject({
    status: 'killed',
    killedBy: expect.arrayContaining(['DIVERGENCE']),
  })
  const first = own.find(({ after }) => after === 'amount = s.claimStudent')
  expect(first).toMatchObject({
    status: 'survived',
    survivor: { class: 'noEffect', explanation: { equivalent: true } },
  })
  expect(mutationText(record).join('\n')).toContain(`+${' '.repeat(12)}amount = s.claimStudent;`)
  expect(mutantsCsv(record).split('\n')).toHaveLength(own.length + 2)
  expect(parseRunRecord(formatRunRecord(record), 'run.json').mutations).toEqual(record.mutations)

  const kept = readFileSync(storePath, 'utf8')
  // An interruption that comes before anything begins leaves only what was finished earlier.
  const again = await run(AbortSignal.abort(), true)
  expect(again.mutations).toEqual(record.mutations)
  expect(readFileSync(storePath, 'utf8')).toBe(kept)
}, 180_000)
