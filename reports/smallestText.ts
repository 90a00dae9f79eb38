/**
 * What `sweep --smallest` prints and writes as tables: for each design what was tried, what loses
 * one below the answer, and the bounds above it; then all answers side by side.
 */
import { type Row, table } from './csv.ts'
import type { RunRecord, Smallest } from './record.ts'
import {
  answerSentence,
  effortSentence,
  freshSentence,
  intervalText,
  isSafe,
  losingSentence,
  lossText,
  notMonotoneSentence,
  rangeText,
  type Sentence,
  settingsText,
  settingText,
  shareText,
  type Tone,
} from './smallest.ts'
import { groupDigits } from './stepRows.ts'
import { PLACE_COLUMNS, placeCells } from './worldCsv.ts'
import { aligned } from './worldTables.ts'

const GLYPHS: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', open: '!' }
const NONE = '–'

function lines(sentences: readonly (Sentence | null)[]): readonly string[] {
  return sentences.flatMap((each) => {
    return each === null ? [] : [`  ${GLYPHS[each.tone]} ${each.text}`]
  })
}

function triedRows(entry: Smallest): readonly string[] {
  const rows = entry.tried.map(({ value, losing, share, worstLoss }) => [
    settingText(entry, value),
    groupDigits(losing),
    `${shareText(share.value)} ${intervalText(share)}`,
    losing === 0 ? NONE : lossText(entry, worstLoss),
  ])
  const head = [entry.parameter, `losing of ${groupDigits(entry.runs)}`, 'share', 'largest loss']
  return aligned([head, ...rows])
}

const placeText = ({ policy, regime, profile }: Smallest) =>
  `${policy}, regime ${regime}${profile === undefined ? '' : `, chain ${profile}`}`

function entryText(entry: Smallest, isOnly: boolean): readonly string[] {
  const { protocol, parameter, loss, losing } = entry
  const question = `smallest ${parameter} ${rangeText(entry)}, loss: ${loss.about}`
  return [
    '',
    `${protocol}, ${placeText(entry)}${settingsText(entry)}: ${question}`,
    ...(isOnly ? triedRows(entry) : []),
    `  ${effortSentence(entry)}`,
    ...lines([answerSentence(entry), losingSentence(entry)]),
    ...(losing === null ? [] : [`    replay: ${losing.replayCommand}`]),
    ...lines([freshSentence(entry), notMonotoneSentence(entry)]),
  ]
}

function answerRow(entry: Smallest): readonly string[] {
  const { value, losing, fresh, outcome } = entry
  const below = losing === null ? NONE : `run ${losing.run}: ${groupDigits(losing.loss)}`
  const lose = fresh === null ? NONE : `${fresh.losing}/${groupDigits(fresh.runs)}`
  return [
    `${placeText(entry)}${settingsText(entry)}`,
    value === null ? outcome : settingText(entry, value),
    below,
    lose,
    fresh === null ? NONE : shareText(fresh.share.high),
    fresh === null ? NONE : groupDigits(fresh.meanLossMost),
    isSafe(entry) ? '✓' : '✗ not safe',
  ]
}

/**
 * All entries, then all answers as one table when there are several; what each value did is told of
 * a single answer, and stands in `smallest-tried.csv` of several.
 */
export function smallestText({ smallest = [] }: RunRecord): readonly string[] {
  const [first] = smallest
  if (first === undefined) return ['', 'No answer yet.']
  const heads = ['one below loses', 'fresh losing', 'chance at most', 'mean loss at most', '']
  const answers = aligned([
    [`${first.protocol}, loss in ${first.loss.unit}`, `smallest ${first.parameter}`, ...heads],
    ...smallest.map(answerRow),
  ])
  const isOnly = smallest.length === 1
  const entries = smallest.flatMap((entry) => entryText(entry, isOnly))
  return isOnly ? entries : [...entries, '', ...answers]
}

function settingCells({ settings }: Smallest): Row {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value === null ? null : value]),
  )
}

const settingNames = (smallest: readonly Smallest[]) => [
  ...new Set(smallest.flatMap(({ settings }) => Object.keys(settings))),
]

const columnsOf = (smallest: readonly Smallest[], own: readonly string[]) => [
  ...new Set([...PLACE_COLUMNS, ...settingNames(smallest), 'parameter', ...own]),
]

/** One row for each answer; amounts are in the unit of the loss. */
export function smallestCsv({ smallest = [] }: RunRecord): string {
  const answer = ['least', 'most', 'outcome', 'value', 'loss', 'lossUnit', 'atStake', 'runs']
  const below = ['plays', 'losingValue', 'losingRun', 'losingLoss', 'notMonotoneRuns']
  const fresh = ['freshRuns', 'freshLosing', 'chanceMost', 'totalLoss', 'meanLossMost', 'worstLoss']
  return table(
    columnsOf(smallest, [...answer, ...below, ...fresh]),
    smallest.map((entry) => ({
      ...{ ...placeCells(entry), ...settingCells(entry), parameter: entry.parameter },
      ...{ least: entry.least, most: entry.most, outcome: entry.outcome, value: entry.value },
      ...{ loss: entry.loss.name, lossUnit: entry.loss.unit, atStake: entry.loss.atStake },
      ...{ runs: entry.runs, plays: entry.plays },
      losingValue: entry.losing?.value ?? null,
      losingRun: entry.losing?.run ?? null,
      losingLoss: entry.losing?.loss ?? null,
      notMonotoneRuns: entry.notMonotone?.runs ?? 0,
      freshRuns: entry.fresh?.runs ?? null,
      freshLosing: entry.fresh?.losing ?? null,
      chanceMost: entry.fresh?.share.high ?? null,
      totalLoss: entry.fresh?.totalLoss ?? null,
      meanLossMost: entry.fresh?.meanLossMost ?? null,
      worstLoss: entry.fresh === null ? null : (entry.fresh.worst?.loss ?? 0n),
    })),
  )
}

/** One row for each value at which all runs were tried. */
export function smallestTriedCsv({ smallest = [] }: RunRecord): string {
  return table(
    columnsOf(smallest, ['value', 'runs', 'losing', 'share', 'low', 'high', 'worstLoss']),
    smallest.flatMap((entry) =>
      entry.tried.map(({ share, ...row }) => ({
        ...{ ...placeCells(entry), ...settingCells(entry), parameter: entry.parameter },
        ...{ ...row, runs: entry.runs, share: share.value, low: share.low, high: share.high },
      })),
    ),
  )
}
