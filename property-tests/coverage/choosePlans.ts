/**
 * As few calls as reach what all of the plans reach, greedily: every edge by every role, accepted
 * ones in every setup and with every kind of effect, and every two edges that follow each other.
 *
 * Tracing a transaction costs much more than running it, and most plans go ways that others have
 * gone. What is alike here may still take another line of the contract, so what is never reached is
 * never reached by the chosen plans; how many were chosen of how many is told.
 */

import { declaredEdges } from '../../models/kit/edges.ts'
import { type Agreement, type AgreementView, ESCROW, NOBODY } from '../../models/kit/trace.ts'
import type { Plan } from '../kit/plan.ts'
import { createPairCounter, isRefusal } from './reached.ts'

/** A plan and whatever makes its place in a campaign different from others. */
export interface CandidatePlan {
  readonly setup: string
  readonly plan: Plan
}

interface Candidate {
  readonly plan: Plan
  readonly features: readonly string[]
  /** New features for each call, as far as known; what a plan adds only ever shrinks. */
  worth: number
}

/** The chosen plans, in their old order. */
export function choosePlans(plans: readonly CandidatePlan[]): readonly Plan[] {
  const reached = new Set<string>()
  const worthOf = ({ plan, features }: Candidate) =>
    features.filter((feature) => !reached.has(feature)).length / plan.steps.length
  const queue = plans
    .filter(({ plan }) => plan.steps.length > 0)
    .map((each): Candidate => ({ plan: each.plan, features: featuresOf(each), worth: Infinity }))
  const chosen = new Set<Plan>()
  for (;;) {
    let best: Candidate | undefined
    queue.sort((a, b) => b.worth - a.worth)
    for (const candidate of queue) {
      if (best !== undefined && candidate.worth <= best.worth) break
      candidate.worth = worthOf(candidate)
      if (candidate.worth > (best?.worth ?? 0)) best = candidate
    }
    if (best === undefined) break
    for (const feature of best.features) reached.add(feature)
    chosen.add(best.plan)
  }
  return plans.map(({ plan }) => plan).filter((plan) => chosen.has(plan))
}

/** What a plan reaches, each thing once. */
function featuresOf({ setup, plan }: CandidatePlan): readonly string[] {
  const features = new Set<string>()
  const countPair = createPairCounter((key) => features.add(key))
  const openings = openingActions(plan)
  let before = plan.start.view
  for (const [index, planned] of plan.steps.entries()) {
    const prediction = plan.predictions[index]
    if (prediction === undefined) continue
    const { edge, role, account } = prediction
    countPair({ edge, planned, observed: account })
    features.add(`${role} ${edge}`)
    const agreement = plan.cast.agreements[planned.agreement]
    if (agreement !== undefined && openings.some((opening) => edge.startsWith(opening))) {
      features.add(`${edge} ${castText(agreement)}`)
    }
    if (!isRefusal(edge)) {
      features.add(`${setup} ${edge}`)
      const moves = account.transfers.map(({ from, to }) => `${from}>${to}`)
      const logs = account.logs.map(({ name }) => name)
      const [old, now] = [before, account.after].map((view) => view.agreements[planned.agreement])
      features.add([edge, ...moves, ...logs, ...changed(old, now)].join(' '))
    }
    before = account.after
  }
  return [...features]
}

/** What edges begin with that answer the wish to begin: there the terms themselves are judged. */
function openingActions({ cast }: Plan): readonly string[] {
  const { machines, initialState } = cast.protocol
  return declaredEdges(machines[cast.policy])
    .filter(({ from, rejection }) => from === initialState && rejection === null)
    .map(({ action }) => `${initialState}|${action}|`)
}

/** Who is nobody, the contract itself, or in two roles at once: what terms can get wrong. */
function castText({ roles }: Agreement): string {
  const names = Object.values(roles)
  return names
    .map((name) => (name === NOBODY || name === ESCROW ? name : names.indexOf(name)))
    .join(' ')
}

/** Figures that a step has changed, and whether one became zero or stopped to be zero. */
function changed(old: AgreementView | undefined, now: AgreementView | undefined): string[] {
  return Object.entries(now?.figures ?? {}).flatMap(([name, value]) => {
    const was = old?.figures[name] ?? 0n
    if (was === value) return []
    return [`${name}${was === 0n ? ' from 0' : ''}${value === 0n ? ' to 0' : ''}`]
  })
}
