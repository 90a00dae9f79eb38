/**
 * The charts of the design view for the gallery, with data that does not change.
 */
import { type CurveAxis, type CurveSeries, curveLines } from '../charts/curveLines.ts'
import { gigabyteBars } from '../charts/gigabyteBars.ts'

const ariaLabel = 'example'

const curveAxis = (label: string, domain: CurveAxis['domain'], isLog = false): CurveAxis => {
  return { label, isLog, domain, ticks: [...domain], format: String }
}

const curve = (
  name: string,
  shape: CurveSeries['shape'],
  points: readonly (readonly [x: number, y: number, label?: string])[],
): CurveSeries => ({
  ...{ name, shape, look: points.length },
  points: points.map(([x, y, label = '']) => ({ x, y, label, text: `${name} ${x} ${y}` })),
})

export const DESIGN_GALLERY: Readonly<Record<string, () => SVGSVGElement>> = {
  curveLines: () =>
    curveLines(
      {
        x: curveAxis('size (MiB, log)', [1, 1_024], true),
        ...{ y: curveAxis('never paid (%)', [0, 100]), namedAt: 'end' },
        series: [
          curve('tail left', 'line', [
            ...([
              [1, 100],
              [9.9, 100],
              [10, 0],
            ] as const),
            [1_024, 96],
          ]),
          curve('tail paid', 'line', [
            [1, 0],
            [1_024, 0],
          ]),
          curve('steps', 'step', [
            [1, 90],
            [64, 30],
            [1_024, 92],
          ]),
        ],
      },
      { ariaLabel },
    ),
  curveLinesOfDesigns: () =>
    curveLines(
      {
        x: curveAxis('payments per gigabyte', [1, 100]),
        ...{ y: curveAxis('at risk (token)', [0, 1]), namedAt: 'peak' },
        series: [
          curve('as described', 'points', [
            [95, 0.1, '×1'],
            [20, 0.5, '×2'],
            [4, 0.9, '×4'],
          ]),
          // Two designs that fall together share a label; one beside another moves its own.
          curve('hardened', 'points', [
            [95.5, 0.1, '×1'],
            [27, 0.5, '×2'],
            [27, 0.5, '×4'],
          ]),
        ],
      },
      { ariaLabel },
    ),
  gigabyteBars: () =>
    gigabyteBars(
      [
        {
          label: 'none',
          bars: [
            { name: 'a, hardened', look: 0, isOutlined: false, value: 81, low: 78, high: 84 },
            {
              name: 'b, as-described',
              look: 1,
              isOutlined: true,
              value: 2.5,
              low: null,
              high: null,
            },
          ],
        },
        {
          label: 'mixed',
          bars: [
            { name: 'a, hardened', look: 0, isOutlined: false, value: 120, low: 90, high: 150 },
            {
              name: 'b, as-described',
              look: 1,
              isOutlined: true,
              value: null,
              low: null,
              high: null,
            },
          ],
        },
      ],
      { ariaLabel, axis: 'transactions per GB', format: String, isTime: false },
    ),
}
