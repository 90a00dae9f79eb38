/**
 * Every chart once, with data that does not change: what the snapshots are taken of, and the place
 * to look up how a chart is called.
 */
import { fallbackLayout, lifecycleGraph } from '../../reports/lifecycleGraph.ts'
import type { Coverage } from '../../reports/record.ts'
import { boundTightness } from '../charts/boundTightness.ts'
import { conservationResidual } from '../charts/conservationResidual.ts'
import { costBars } from '../charts/costBars.ts'
import { depthHistogram } from '../charts/depthHistogram.ts'
import { exposureOverTime } from '../charts/exposureOverTime.ts'
import { latencyEcdf } from '../charts/latencyEcdf.ts'
import { latencyOverTime } from '../charts/latencyOverTime.ts'
import { leakageBars } from '../charts/leakageBars.ts'
import { lifecycleChart } from '../charts/lifecycleChart.ts'
import { losingShares } from '../charts/losingShares.ts'
import { type ParallelAxis, parallelCoordinates } from '../charts/parallelCoordinates.ts'
import { paretoScatter } from '../charts/paretoScatter.ts'
import { progressBars } from '../charts/progressBars.ts'
import { sequenceDiagram } from '../charts/sequenceDiagram.ts'
import { serviceLevelDots } from '../charts/serviceLevelDots.ts'
import type { Frame } from '../lib/story.ts'
import { DESIGN_GALLERY } from './designGallery.ts'

const ariaLabel = 'example'
const HOUR_MS = 3_600_000

const quantiles = (base: number) => [0.5, 0.95, 1].map((q) => ({ q, valueMs: base * (1 + 4 * q) }))
const histogram = [1, 2, 4, 8, 16].map((fromMs, index) => {
  return { fromMs: fromMs * 1_000, toMs: fromMs * 2_000, count: [3, 9, 14, 6, 1][index] as number }
})

const frame: Frame = {
  ...{ by: 'tutor', action: 'settle', agreement: 0, atSeconds: 34, trueMs: null },
  ...{ submittedMs: null, edge: 'Stopping|settle|Closed', predicted: 'accepted' },
  ...{ observed: 'accepted', stateModel: 'Closed', stateContract: 'Settled', differs: true },
  transfers: [{ from: 'escrow', to: 'tutor', amountUnits: 347n, token: 'plain6' }],
}

const coverage: Coverage = {
  ...{ protocol: 'example', policy: 'hardened', regime: 'none' },
  states: [
    { name: 'Idle', hits: 90 },
    { name: 'Open', hits: 40 },
    { name: 'Closed', hits: 0 },
  ],
  edges: [
    { from: 'Idle', action: 'open', to: 'Open', rejection: null, hits: 40 },
    { from: 'Idle', action: 'open', to: 'Idle', rejection: 'NotPayer', hits: 12 },
    { from: 'Open', action: 'close', to: 'Closed', rejection: null, hits: 0 },
  ],
}

const point = (key: string, x: number, y: number, feasible = true, pareto = true) => {
  return { key, x, y, feasible, pareto, isSelected: true, pin: key === '1' ? 'A' : null, text: key }
}

const strand = (key: string, interval: number, leakage: number, pareto: boolean) => ({
  ...{ key, feasible: true, pareto, isSelected: true, pin: null, text: key },
  values: { interval, leakage },
})

const axis = (more: Partial<ParallelAxis> & Pick<ParallelAxis, 'name'>): ParallelAxis => {
  const plain = { isParameter: false, isInteger: false, isFlipped: false, brushed: null }
  return { unit: 's', ...plain, ...more }
}

const graph = lifecycleGraph(coverage)

/** A chart by its name. */
export const GALLERY: Readonly<Record<string, () => SVGSVGElement>> = {
  sequenceDiagram: () =>
    sequenceDiagram(
      {
        lanes: [
          { id: 'student', label: 'student', skewMs: 2_400, isContract: false },
          { id: 'tutor', label: 'tutor', skewMs: 0, isContract: false },
          { id: 'contract', label: 'contract', skewMs: 0, isContract: true },
        ],
        events: [
          { kind: 'note', atMs: 0, label: 'service begins' },
          {
            kind: 'message',
            atMs: 5_000,
            from: 'student',
            to: 'tutor',
            arrivedMs: 5_080,
            label: 'ping 1',
            lost: null,
            skewMs: 2_400,
          },
          { kind: 'fold', atMs: 6_000, untilMs: 9_000, label: '4 pings arrive, 3 s' },
          {
            kind: 'message',
            atMs: 10_000,
            from: 'student',
            to: 'tutor',
            arrivedMs: null,
            label: 'ping 6',
            lost: 'link-down',
            skewMs: 2_400,
          },
          {
            ...{ kind: 'call', atMs: 34_000, sentMs: 20_000, step: 0, frame },
            ...{ from: 'tutor', to: 'contract' },
          },
        ],
        bands: [
          {
            lanes: ['student'],
            fromMs: 8_000,
            untilMs: 30_000,
            label: 'link down, student',
            isClock: false,
          },
        ],
        served: [{ fromMs: 0, untilMs: 8_000 }],
        ...{ epochSeconds: 0, hidden: 0 },
      },
      { ariaLabel, selectedStep: 0, brokenStep: 0, axis: 'ordinal' },
    ),
  lifecycleChart: () =>
    lifecycleChart(
      { graph, layout: fallbackLayout(graph), disagreed: new Set(['Idle|open|Open']) },
      { ariaLabel },
    ),
  progressBars: () =>
    progressBars(
      {
        bars: [
          {
            label: 'time',
            whole: 60,
            wholeText: '47 s of 60 s',
            parts: [{ name: 'billed', value: 47, text: '47 s' }],
            ticks: [{ name: 'delivered', value: 40, text: '40 s' }],
          },
          {
            label: 'payment',
            whole: 600,
            wholeText: '130 of 600 locked',
            parts: [{ name: 'to tutor', value: 470, text: '470' }],
            ticks: [],
          },
        ],
      },
      { ariaLabel },
    ),
  latencyOverTime: () =>
    latencyOverTime(
      {
        windows: [0, 1, 2].map((index) => ({
          ...{
            fromMs: index * HOUR_MS,
            untilMs: (index + 1) * HOUR_MS,
            n: 20,
            failed: index,
            undecided: 0,
          },
          quantiles: index === 1 ? quantiles(4_000).slice(0, 2) : quantiles(2_000),
        })),
        strips: [{ kind: 'link-down', windows: [{ fromMs: 0, untilMs: HOUR_MS, activeRuns: 5 }] }],
        ...{ runs: 20, limitMs: 10_000, domainMs: [1_000, 60_000], timeMs: [0, 3 * HOUR_MS] },
      },
      { ariaLabel },
    ),
  latencyEcdf: () =>
    latencyEcdf(
      {
        ...{
          histogram,
          reference: histogram.slice(0, 3),
          domainMs: [1_000, 32_000],
          series: 'series-1',
        },
        quantiles: [{ q: 0.5, valueMs: 5_000, lowMs: 4_000, highMs: 7_000 }],
      },
      { ariaLabel },
    ),
  exposureOverTime: () =>
    exposureOverTime(
      {
        points: [
          { atMs: 0, lowUnits: 0n, medianUnits: 0n, highUnits: 100_000n },
          { atMs: HOUR_MS, lowUnits: 50_000n, medianUnits: 90_000n, highUnits: 300_000n },
        ],
        worst: [{ atMs: HOUR_MS / 2, units: 400_000n }],
        boundUnits: 200_000n,
        token: { name: 'token', decimals: 6 },
        ...{ timeMs: [0, 2 * HOUR_MS], mostUnits: null },
      },
      { ariaLabel },
    ),
  conservationResidual: () =>
    conservationResidual(
      {
        points: [
          { atMs: 0, residualUnits: 0n },
          { atMs: HOUR_MS, residualUnits: -3n },
        ],
        timeMs: [0, HOUR_MS],
      },
      { ariaLabel },
    ),
  leakageBars: () =>
    leakageBars(
      [
        {
          ...{ label: 'disconnect', n: 20, max: 47_000, allowance: 60_000 },
          causes: [
            { cause: 'detection', mean: 12_000 },
            { cause: 'inclusion', mean: 9_000 },
            { cause: 'rounding', mean: -500 },
          ],
        },
      ],
      { ariaLabel },
    ),
  leakageBarsOfTokens: () =>
    leakageBars(
      [
        {
          ...{ label: 'disconnect', n: 20, max: 900, allowance: 1_000 },
          causes: [
            { cause: 'unacknowledged', mean: 300 },
            { cause: 'unproven', mean: 120 },
          ],
        },
      ],
      { ariaLabel, unit: 'tokens' },
    ),
  serviceLevelDots: () =>
    serviceLevelDots(
      [
        { label: 'none, l2', met: 40, n: 40, probability: { value: 1, low: 0.93, high: 1 } },
        { label: 'mixed, l1', met: 10, n: 40, probability: { value: 0.25, low: 0.13, high: 0.41 } },
        { label: 'skew, l1', met: 0, n: 0, probability: null },
      ],
      { ariaLabel },
    ),
  losingShares: () =>
    losingShares(
      [
        { value: 60, losing: 120, share: { value: 0.3, low: 0.256, high: 0.348 } },
        { value: 846, losing: 1, share: { value: 0.0025, low: 0, high: 0.0139 } },
        { value: 847, losing: 0, share: { value: 0, low: 0, high: 0.0075 } },
        { value: 86_400, losing: 0, share: { value: 0, low: 0, high: 0.0075 } },
      ].map(({ value, losing, share }) => ({
        ...{ label: `${value} s`, losing, n: 400, share, isAnswer: value === 847 },
      })),
      { ariaLabel },
    ),
  costBars: () =>
    costBars(
      [
        {
          ...{ label: 'none', protected: 2.5 },
          parts: [
            { name: 'heartbeat', value: 4 },
            { name: 'release', value: 3 },
          ],
        },
        {
          ...{ label: 'mixed', protected: null },
          parts: [
            { name: 'heartbeat', value: 0 },
            { name: 'release', value: 6.25 },
          ],
        },
      ],
      {
        ...{ ariaLabel, token: 'plain6' },
        colours: new Map([
          ['heartbeat', 0],
          ['release', 1],
        ]),
      },
    ),
  ...DESIGN_GALLERY,
  boundTightness: () =>
    boundTightness(
      [
        { label: 'leakage, skew', observed: 9_700, bound: 10_000, unit: 'ms', n: 40 },
        { label: 'exposure, skew', observed: 12, bound: 10, unit: 'ms', n: 40 },
      ],
      { ariaLabel },
    ),
  depthHistogram: () =>
    depthHistogram(
      [
        { value: 1, count: 4 },
        { value: 3, count: 9 },
        { value: 8, count: 2 },
      ],
      { ariaLabel },
    ),
  paretoScatter: () =>
    paretoScatter(
      {
        points: [
          point('1', 1, 9),
          point('2', 4, 3),
          point('3', 5, 6, true, false),
          point('4', 2, 2, false, false),
        ],
        ...{ xLabel: 'leakage (s)', yLabel: 'false stops (%)', xMore: false, showDominated: true },
      },
      { ariaLabel },
    ),
  parallelCoordinates: () =>
    parallelCoordinates(
      {
        axes: [
          axis({ name: 'interval', isParameter: true, isInteger: true, brushed: [2, 6] }),
          axis({ name: 'leakage', isFlipped: true }),
        ],
        lines: [strand('1', 1, 4.5, true), strand('2', 6, 2.5, false), strand('3', 9, 1.25, false)],
      },
      { ariaLabel },
    ),
}
