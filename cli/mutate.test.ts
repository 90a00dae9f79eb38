/**
 * Goal: `mutate` refuses what it cannot do before it begins.
 */
import { expect, test } from 'vitest'
import { parseThreshold } from './commands/mutate.ts'
import { meterproofHere } from './testing/meterproof.ts'

const REFUSED = [
  { args: ['sesion-escrow'], names: ['sesion-escrow', 'Did you mean session-escrow?'] },
  { args: ['--only', 'gaurd'], names: ['gaurd', 'Did you mean guard?'] },
  { args: ['--threshold', '101'], names: ['101', 'from 0 to 100'] },
  { args: ['--threshold', '-1'], names: ['--threshold', '-1'] },
  { args: ['--runs', '0'], names: ['--runs', "'0'"] },
]

test.each(REFUSED)('refuses $args', async ({ args, names }) => {
  const { exitCode, stdout, stderr } = await meterproofHere(['mutate', ...args])
  expect(exitCode).toBe(64)
  expect(stdout).toBe('')
  for (const name of names) expect(stderr).toContain(name)
})

test('--threshold › is per cent', () => {
  expect(['0', '95', '97.5%', '100'].map(parseThreshold)).toEqual([0, 0.95, 0.975, 1])
})
