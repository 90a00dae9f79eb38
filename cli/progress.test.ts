/**
 * Goal: progress is quiet enough for a log and quick enough for a terminal.
 * Method: events against a clock that the test moves.
 */
import { expect, test } from 'vitest'
import { createProgress, type Progress } from './progress.ts'

interface Setting {
  readonly progress: Progress
  readonly written: string[]
  /** Moves the clock. */
  later(ms: number): void
}

function setting(options: { animated: boolean; quiet?: boolean }): Setting {
  const written: string[] = []
  const clock = { ms: 0 }
  const progress = createProgress({
    write: (text) => written.push(text),
    animated: options.animated,
    quiet: options.quiet ?? false,
    columns: () => 60,
    nowMs: () => clock.ms,
  })
  const later = (ms: number) => {
    clock.ms += ms
  }
  return { progress, written, later }
}

const pulse = (done: number, total: number | null = 100) =>
  ({ kind: 'pulse', label: 'paths', done, total, stepsPerSecond: 1234.5 }) as const

test('progress › without a terminal, prints one line for each tenth', () => {
  const { progress, written, later } = setting({ animated: false })

  for (let done = 1; done <= 100; done += 1) {
    later(10)
    progress.show(pulse(done))
  }

  expect(written.length).toBe(10)
  expect(written[0]).toBe('paths  10/100  10 %  1,235 steps/s  1 s left\n')
  expect(written.at(-1)).toBe('paths  100/100  100 %  1,235 steps/s  0 s left\n')
})

test('progress › tells a slow rate to a tenth', () => {
  const { progress, written, later } = setting({ animated: false })
  later(10)
  progress.show({ ...pulse(10), stepsPerSecond: 0.34, unit: 'parts' })
  expect(written).toEqual(['paths  10/100  10 %  0.3 parts/s  0 s left\n'])
})

test('progress › without a terminal and without a total, prints a line each 30 s', () => {
  const { progress, written, later } = setting({ animated: false })

  for (let second = 0; second <= 90; second += 1) {
    progress.show(pulse(second, null))
    later(1000)
  }

  expect(written).toEqual([
    'paths  30  1,235 steps/s\n',
    'paths  60  1,235 steps/s\n',
    'paths  90  1,235 steps/s\n',
  ])
})

test('progress › on a terminal, redraws one line at most each 100 ms, cut to the width', () => {
  const { progress, written, later } = setting({ animated: true })

  for (let done = 1; done <= 100; done += 1) {
    progress.show({ ...pulse(done), label: 'a label that is far too long for this terminal' })
    later(10)
  }
  progress.end()

  expect(written.length).toBe(11)
  expect(written.slice(0, -1).every((text) => text.startsWith('\r\u001b[2K'))).toBe(true)
  expect(Math.max(...written.map((text) => text.length))).toBe(59 + '\r\u001b[2K'.length)
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('progress › when quiet, still tells findings and notices', () => {
  const { progress, written } = setting({ animated: false, quiet: true })

  progress.show({ kind: 'phase', label: 'starting' })
  progress.show(pulse(100))
  progress.show({ kind: 'finding', invariant: 'INV-CAP', evidence: 'paid 2 > 1' })
  progress.show({ kind: 'notice', text: 'Anvil was restarted' })

  expect(written).toEqual(['found: INV-CAP  paid 2 > 1\n', 'note: Anvil was restarted\n'])
})
