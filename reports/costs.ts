/**
 * Reading the costs of a session: means over the runs, and what its signs of life are worth.
 *
 * Pure; terminal, tables and dashboard all take their numbers and sentences from here.
 */
import type { Cost } from './record.ts'

export interface ActionMean {
  readonly action: string
  readonly isLiveness: boolean
  readonly gasEach: number
  /** Of a session. */
  readonly countMean: number
  readonly gasMean: number
}

/** What a session does on average; nothing without runs. */
export function actionMeans({ actions, runs }: Cost): readonly ActionMean[] {
  if (runs === 0) return []
  return actions.map(({ action, isLiveness, count, gasEach, gas }) => {
    return { action, isLiveness, gasEach, countMean: count / runs, gasMean: gas / runs }
  })
}

/** An amount of all runs for one session, rounded down; 0 without runs. */
export function unitsPerRun(units: bigint, { runs }: Pick<Cost, 'runs'>): bigint {
  return runs === 0 ? 0n : units / BigInt(runs)
}

/** `0.01`, `20` */
export function gweiText(gwei: number): string {
  return `${gwei} gwei`
}

/** `0.312x`, `3.12x`, `31.2x` */
export function ratioText(ratio: number): string {
  return `${Number(ratio.toPrecision(3))}x`
}

/** `heartbeat and resume calls` */
function namesOf({ actions }: Cost): string {
  const alive = actions.filter(({ isLiveness }) => isLiveness)
  const names = [...new Set(alive.map(({ action }) => action.split('!')[0] ?? action))]
  const last = names.pop() ?? ''
  return `${names.length === 0 ? last : `${names.join(', ')} and ${last}`} calls`
}

/**
 * Whether the signs of life are worth their gas, in a sentence without an end: the lowest price
 * from which they are not. Null when there are none, or nothing was measured.
 */
export function livenessSentence(cost: Cost): string | null {
  const { protectedUnits, livenessGas, prices } = cost
  const dearest = prices.at(-1)
  if (protectedUnits === null || livenessGas === 0 || dearest === undefined) return null
  const names = namesOf(cost)
  const tooDear = prices.find(({ exceedsProtection }) => exceedsProtection)
  const { gwei, livenessPerProtected: ratio } = tooDear ?? dearest
  if (protectedUnits === 0n) return `${names} protect nothing, and cost gas at any price`
  if (tooDear !== undefined && ratio !== null) {
    return `${names} cost ${ratioText(ratio)} what they protect at ${gweiText(gwei)}`
  }
  const share = ratio === null ? '' : ` (${ratioText(ratio)})`
  return `${names} cost less than they protect, up to ${gweiText(gwei)}${share}`
}

/** Whether the signs of life cost more than they protect at some price of the table. */
export function isTooDear({ prices }: Cost): boolean {
  return prices.some(({ exceedsProtection }) => exceedsProtection)
}
