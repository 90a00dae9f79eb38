/**
 * The plans that every mutant of a contract must face: all runs of the paths campaign and drawn
 * sequences of the conformance campaign, made once. What they predict does not depend on the
 * contract, and most mutants fall to the first few, so these are chosen to reach every edge soon.
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Policy } from '../../models/kit/trace.ts'
import { derivedSeed, drawArbitrary } from '../kit/conformance.ts'
import { pathPlans } from '../kit/paths.ts'
import { type Plan, planDraw } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'

export interface MutationPlans {
  readonly plans: readonly Plan[]
  /** How many of them come from the paths campaign. */
  readonly paths: number
  readonly steps: number
  /** Names what is tried: the same plans, the same text. */
  readonly digest: string
}

export interface PlansWanted {
  readonly player: Player
  readonly policy: Policy
  readonly seed: number
  /** Of the conformance campaign; the paths campaign has as many plans as it needs. */
  readonly sequences: number
}

let latest: { readonly wanted: PlansWanted; readonly made: MutationPlans } | null = null

/** Makes the plans; those that were made last are kept, as they are asked for again and again. */
export function mutationPlans(wanted: PlansWanted): MutationPlans {
  const { player, policy, seed, sequences } = wanted
  const known = latest?.wanted
  const isKnown = known?.player === player && known.policy === policy && known.seed === seed
  if (latest !== null && isKnown && known.sequences === sequences) return latest.made
  const made = makePlans(wanted)
  latest = { wanted, made }
  return made
}

function makePlans({ player, policy, seed, sequences }: PlansWanted): MutationPlans {
  const paths = player.pathSetups.flatMap((_, setupIndex) =>
    pathPlans(player, policy, setupIndex).map(({ plan }) => plan),
  )
  const ownSeed = derivedSeed(seed, 'mutate', player.binding.protocol.id, policy)
  const draws = fc.sample(drawArbitrary(player), { seed: ownSeed, numRuns: sequences })
  const drawn = draws.map((draw) => planDraw(player, policy, draw))
  const plans = edgesFirst([...paths, ...drawn])
  const steps = plans.reduce((sum, plan) => sum + plan.steps.length, 0)
  return { plans, paths: paths.length, steps, digest: digestOf(plans) }
}

const edgesOf = ({ predictions }: Plan) => new Set(predictions.map(({ edge }) => edge))

/** First, one after the other, the plan that adds most edges; then the rest as it was. */
export function edgesFirst(plans: readonly Plan[]): readonly Plan[] {
  const edges = plans.map(edgesOf)
  const covered = new Set<string>()
  const chosen: number[] = []
  for (;;) {
    const news = edges.map((own) => [...own].filter((edge) => !covered.has(edge)).length)
    const best = news.indexOf(Math.max(0, ...news))
    if (best < 0 || news[best] === 0) break
    chosen.push(best)
    for (const edge of edges[best] ?? []) covered.add(edge)
  }
  const rest = plans.map((_, index) => index).filter((index) => !chosen.includes(index))
  return [...chosen, ...rest].flatMap((index) => plans[index] ?? [])
}

function digestOf(plans: readonly Plan[]): string {
  const digest = createHash('sha256')
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  for (const { cast, steps } of plans) {
    const { policy, parameters, agreements } = cast
    digest.update(JSON.stringify([policy, parameters, agreements, steps], plain))
  }
  return digest.digest('hex').slice(0, 16)
}
