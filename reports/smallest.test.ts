/**
 * Goal: the answer to how small a parameter may be is told with its bounds, and nothing is called
 * safe that fresh runs speak against; old records can still be read.
 */
import { expect, test } from 'vitest'
import { exampleRecord } from './exampleRecord.ts'
import { exampleSmallest } from './exampleSmallest.ts'
import { exampleWorldRecord } from './exampleWorld.ts'
import { formatRunRecord, parseRunRecord } from './readRun.ts'
import type { RunRecord, Smallest } from './record.ts'
import {
  answerSentence,
  freshSentence,
  isSafe,
  losingSentence,
  notMonotoneSentence,
} from './smallest.ts'
import { smallestCsv, smallestText, smallestTriedCsv } from './smallestText.ts'

const [safe, unsafe, none] = exampleSmallest('worst') as [Smallest, Smallest, Smallest]
const recordOf = (...smallest: readonly Smallest[]): RunRecord => ({ ...exampleRecord(), smallest })
const open: Smallest = { ...none, outcome: 'open', losing: null, tried: none.tried.slice(0, 2) }
const lowest: Smallest = { ...safe, outcome: 'lowest', value: 5, losing: null }

test('answer › is safe only when fresh runs have nothing against it', () => {
  expect([safe, unsafe, none, open, { ...safe, fresh: null }].map(isSafe)).toEqual([
    ...[true, false, false, false, false],
  ])
  expect(answerSentence(safe)).toEqual({
    tone: 'good',
    text:
      'silenceTimeoutSeconds 47 s is the smallest without a loss in 400 runs, ' +
      'nor in 400 fresh ones',
  })
  expect(answerSentence(unsafe)).toMatchObject({
    tone: 'bad',
    text: expect.stringContaining('but not safe: 1 of 400 fresh ones lose'),
  })
  expect(answerSentence(none).text).toBe(
    'no silenceTimeoutSeconds from 5 s to 600 s is without a loss',
  )
  expect(answerSentence({ ...safe, fresh: null }).text).toContain('no fresh run was played')
  expect(answerSentence(open).text).toContain('interrupted')
  expect(answerSentence(lowest).text).toContain('5 s, the lower end, is the smallest')
})

test('losing run › is named with what it loses, and whether the contract agrees', () => {
  const differs = { ...safe, losing: { ...safe.losing, confirmedOnMinedLane: false } } as Smallest

  expect(losingSentence(safe)?.text).toBe(
    'run 173 loses 470,000 base units at 46 s, and nothing at 47 s (on Anvil as in the model)',
  )
  expect(losingSentence(none)?.text).toContain('at 600 s (on Anvil')
  expect(losingSentence(differs)?.text).toContain('DIFFER')
  expect(losingSentence(lowest)?.text).toContain('no edge to show')
  expect(losingSentence(open)).toBeNull()
})

test('fresh runs › bounds with their level, and the worst that was seen', () => {
  expect(freshSentence(safe)?.text).toBe(
    'fresh runs 400 to 799 at 47 s: 0 lose, chance of a loss at most 0.75 %, mean loss at most ' +
      '268,609 base units of 36,000,000 at stake (95 %)',
  )
  expect(freshSentence(unsafe)?.text).toContain('worst: run 512 loses 120,000 base units')
  expect(freshSentence(none)).toBeNull()
  expect(notMonotoneSentence(unsafe)?.text).toBe(
    'larger is not always safer: 2 runs, for instance run 12 loses nothing at 6 s and ' +
      'something at ' +
      '36 s',
  )
  expect(notMonotoneSentence(safe)).toBeNull()
})

test('text › every tried value, the replay command, and all answers side by side', () => {
  const text = smallestText(recordOf(safe, unsafe, none)).join('\n')
  const one = smallestText(recordOf(safe)).join('\n')

  expect(one).toMatch(/5 s +310 +77\.5 % \[62 %, 93\.75 %\] +3,100,000 base units/)
  expect(one).toMatch(/47 s +0 +0 % \[0 %, 0\.75 %\] +–/)
  expect(one).not.toContain('one below loses')
  expect(text).not.toContain('310')
  expect(text).toContain('replay: npx meterproof replay reports/out/example/smallest.trace.json')
  expect(text).toMatch(/regime mixed, chain l1 +47 s +run 173: 470,000 +1\/400 .* ✗ not safe/)
  expect(text).toMatch(/regime mixed, chain l2 +none /)
  expect(smallestText(recordOf())).toContain('No answer yet.')
})

test('csv › one row an answer, one a tried value, other parameters as columns', () => {
  const withSetting = { ...unsafe, settings: { feeBps: 5 } }
  const answers = smallestCsv(recordOf(safe, withSetting, none)).split('\n')
  const tried = smallestTriedCsv(recordOf(safe)).split('\n')

  expect(answers[0]).toContain('profile,feeBps,parameter,least,most,outcome,value')
  expect(answers[1]).toContain('l1,,silenceTimeoutSeconds,5,600,found,47,loss,base units,36000000')
  expect(answers[2]).toContain(',5214,46,173,470000,2,400,1,0.013849,120000,498564,120000')
  expect(answers[3]).toMatch(/none,,loss,.*,,,,,,$/)
  expect(tried[1]).toContain('l1,silenceTimeoutSeconds,5,400,310,0.775,')
  expect(tried).toHaveLength(safe.tried.length + 2)
})

test('record › comes back as it was written, and one without the section still does', () => {
  const record = exampleWorldRecord()
  const { smallest: _, ...old } = record

  expect(parseRunRecord(formatRunRecord(record), 'text')).toEqual(record)
  expect(parseRunRecord(formatRunRecord(old), 'text').smallest).toBeUndefined()
})
