/**
 * What a claim about a whole journey is, and what all of them look up in a trace.
 *
 * Claims judge what was observed on the three contracts, and the ground truth of the world; they
 * ask no machine.
 */
import type { AgreementView, TraceStep, Transfer, WorldView } from '../../models/kit/trace.ts'
import { FIRST_WITHDRAWAL, REQUEST, SESSION } from '../../sim/end-to-end/parts.ts'
import type { ExecutedJourney } from './execute.ts'

export interface JourneyJudgement {
  /** How often the claim was really put to the test in this journey. */
  readonly witnesses: number
  readonly violation: {
    /** Step of the whole trace; null when it is the journey as a whole. */
    readonly stepIndex: number | null
    readonly evidence: string
  } | null
}

export interface JourneyClaim {
  readonly id: `INV-E2E-${string}`
  readonly statement: string
  readonly formula: string
  readonly witness: string
  judge(journey: ExecutedJourney): JourneyJudgement
}

/** A claim that nothing put to the test. */
export const UNTESTED: JourneyJudgement = { witnesses: 0, violation: null }

/** A step that was accepted, by its number. */
export interface Found {
  readonly index: number
  readonly step: TraceStep
}

/** All accepted steps of an action on an agreement, in order. */
export function accepted(
  { trace }: ExecutedJourney,
  action: string,
  agreement: number,
): readonly Found[] {
  return trace.steps.flatMap((step, index) => {
    const { planned, observed } = step
    const isIt = planned.action === action && planned.agreement === agreement
    return isIt && observed.outcome.accepted ? [{ index, step }] : []
  })
}

/** The step that paid the session out. */
export function settlement(journey: ExecutedJourney): Found | undefined {
  return accepted(journey, 'settle', SESSION)[0]
}

export function requestIn({ agreements }: WorldView): AgreementView | undefined {
  return agreements[REQUEST]
}

export function sessionIn({ agreements }: WorldView): AgreementView | undefined {
  return agreements[SESSION]
}

export function withdrawalsIn({ agreements }: WorldView): readonly AgreementView[] {
  return agreements.slice(FIRST_WITHDRAWAL)
}

export function figure(view: AgreementView | undefined, name: string): bigint {
  return view?.figures[name] ?? 0n
}

/** How everything stood before a step. */
export function viewBefore({ trace }: ExecutedJourney, index: number): WorldView {
  return trace.steps[index - 1]?.observed.after ?? trace.initial
}

/** How everything stood at the end. */
export function viewAtEnd(journey: ExecutedJourney): WorldView {
  return viewBefore(journey, journey.trace.steps.length)
}

/** Sum of the movements between two holders in a step. */
export function moved({ observed }: TraceStep, from: string, to: string): bigint {
  const between = (transfer: Transfer) => transfer.from === from && transfer.to === to
  return observed.transfers.filter(between).reduce((sum, { amountUnits }) => sum + amountUnits, 0n)
}
