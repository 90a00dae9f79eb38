/**
 * Keeps what a run has said so far, as the document that a served page asks for.
 *
 * It only listens. Lists are bounded, so that a run with a million findings does not fill memory;
 * what a bound leaves out is counted.
 */

import type { CheckOptions, ProgressEvent } from '../property-tests/check.ts'
import { livePageHtml } from '../reports/html.ts'
import { LIVE_SCHEMA, type LiveDocument, type LivePhase } from '../reports/live.ts'

const FINDINGS_MAX = 50
const NOTICES_MAX = 50
const PHASES_MAX = 200

export interface LiveFeed {
  show(event: ProgressEvent): void
  /** To be called when the report is on disk. */
  end(): void
  document(): LiveDocument
  /** The page that asks for the document. */
  page(): string
}

/** @param nowMs monotonic time in milliseconds */
export function createLiveFeed(
  {
    command,
    seed,
    protocols,
    policies,
  }: Pick<CheckOptions, 'command' | 'seed' | 'protocols' | 'policies'>,
  nowMs: () => number,
): LiveFeed {
  const startMs = nowMs()
  const phases: LivePhase[] = []
  const findings: { invariant: string; evidence: string }[] = []
  const notices: string[] = []
  let findingsMore = 0
  let state: LiveDocument['state'] = 'running'
  const phase = (label: string, counts: Omit<LivePhase, 'label'>) => {
    const index = phases.findIndex((known) => known.label === label)
    if (index !== -1) phases[index] = { label, ...counts }
    else if (phases.length < PHASES_MAX) phases.push({ label, ...counts })
  }
  return {
    show(event) {
      if (event.kind === 'phase') phase(event.label, { done: 0, total: null, stepsPerSecond: 0 })
      else if (event.kind === 'pulse') {
        const { label, done, total, stepsPerSecond } = event
        phase(label, { done, total, stepsPerSecond })
      } else if (event.kind === 'notice') {
        if (notices.length < NOTICES_MAX) notices.push(event.text)
      } else if (findings.length < FINDINGS_MAX) {
        findings.push({ invariant: event.invariant, evidence: event.evidence })
      } else findingsMore += 1
    },
    end() {
      state = 'finished'
    },
    document: () => ({
      ...{ schema: LIVE_SCHEMA, state, command, seed, protocols, policies },
      elapsedMs: Math.round(nowMs() - startMs),
      ...{ phases, findings, findingsMore, notices },
    }),
    page: livePageHtml,
  }
}
