/**
 * The protocols that have design curves. They are pure and depend on no seed, so whatever shows a
 * protocol's simulation can show them beside it.
 */
import type { Policy } from '../models/kit/trace.ts'
import type { Curve } from '../reports/record.ts'
import { attendanceHoldCurves } from './attendance-hold/curves.ts'
import { checkpointDownloadCurves } from './checkpoint-download/curves.ts'

const curves: Readonly<Record<string, () => readonly Curve[]>> = {
  'checkpoint-download': checkpointDownloadCurves,
  'attendance-hold': attendanceHoldCurves,
}

/** The curves of these protocols, with the series of these policies. */
export function curvesOf(
  protocols: readonly string[],
  policies: readonly Policy[],
): readonly Curve[] {
  return protocols
    .flatMap((protocol) => curves[protocol]?.() ?? [])
    .map((curve) => {
      return { ...curve, series: curve.series.filter(({ policy }) => policies.includes(policy)) }
    })
}
