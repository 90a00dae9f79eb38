/**
 * What a server tells the page at `/live.json` while a run goes on.
 *
 * The page polls it once a second. It promises nothing: counts are what was done so far, and a
 * claim that is not listed under `findings` has not been judged, let alone held. When `state` is no
 * longer `running`, the page loads itself again and finds the finished report in its place.
 */

export const LIVE_SCHEMA = 'meterproof.live/1'
/** Path that the page asks for, relative to itself. */
export const LIVE_PATH = 'live.json'

export interface LivePhase {
  readonly label: string
  readonly done: number
  /** Null when nobody knows. */
  readonly total: number | null
  readonly stepsPerSecond: number
}

export interface LiveDocument {
  readonly schema: typeof LIVE_SCHEMA
  readonly state: 'running' | 'finished'
  readonly command: string
  readonly seed: number
  readonly protocols: readonly string[]
  readonly policies: readonly string[]
  readonly elapsedMs: number
  /** Every phase that was begun, the running one last. */
  readonly phases: readonly LivePhase[]
  readonly findings: readonly { readonly invariant: string; readonly evidence: string }[]
  /** Findings that are not listed, as the list is bounded. */
  readonly findingsMore: number
  readonly notices: readonly string[]
}
