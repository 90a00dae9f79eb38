/**
 * As few plans as reach what all of them reach, greedily: every edge, every two edges that follow
 * each other, and every kind of effect that an edge has, in every setup.
 *
 * Tracing a transaction costs much more than running it, and most plans of the paths campaign go
 * ways that others have gone.
 */
import type { Plan } from '../kit/plan.ts'
import { createPairCounter, isRefusal } from './reached.ts'

export interface NumberedPlan {
  readonly setupIndex: number
  readonly plan: Plan
}

/** The chosen plans, in their old order. */
export function choosePlans(plans: readonly NumberedPlan[]): readonly NumberedPlan[] {
  const open = plans.map((each) => ({ each, features: featuresOf(each) }))
  const reached = new Set<string>()
  const chosen = new Set<NumberedPlan>()
  const gainOf = (features: readonly string[]) =>
    features.filter((feature) => !reached.has(feature)).length
  // What a plan adds only ever shrinks, so the best of last time is looked at first.
  const queue = open.map((item) => ({ ...item, gain: item.features.length }))
  for (;;) {
    queue.sort((a, b) => b.gain - a.gain)
    let best: (typeof queue)[number] | undefined
    for (const item of queue) {
      if (best !== undefined && item.gain <= best.gain) break
      item.gain = gainOf(item.features)
      if (item.gain > (best?.gain ?? 0)) best = item
    }
    if (best === undefined) break
    for (const feature of best.features) reached.add(feature)
    best.gain = 0
    chosen.add(best.each)
  }
  return plans.filter((each) => chosen.has(each))
}

/** What a plan reaches, each thing once. */
function featuresOf({ setupIndex, plan }: NumberedPlan): readonly string[] {
  const features = new Set<string>()
  const countPair = createPairCounter((key) => features.add(key))
  for (const [index, planned] of plan.steps.entries()) {
    const prediction = plan.predictions[index]
    if (prediction === undefined) continue
    const { edge, account } = prediction
    countPair({ edge, planned, observed: account })
    features.add(`${setupIndex} ${edge}`)
    if (isRefusal(edge)) continue
    const moves = account.transfers.map(({ from, to }) => `${from}>${to}`)
    const logs = account.logs.map(({ name }) => name)
    features.add([edge, ...moves, ...logs].join(' '))
  }
  return [...features]
}
