/**
 * What the search for a smallest safe value says, in sentences that the terminal and the page
 * share.
 *
 * Nothing is called safe that fresh runs speak against, and no bound is given without its level.
 */
import type { Smallest } from './record.ts'
import { groupDigits } from './stepRows.ts'

export type Tone = 'good' | 'bad' | 'open'

export interface Sentence {
  readonly tone: Tone
  readonly text: string
}

/** A share in percent with two decimals at most. */
export function shareText(share: number): string {
  return `${String(Math.round(share * 10_000) / 100)} %`
}

export const intervalText = ({ low, high }: { readonly low: number; readonly high: number }) =>
  `[${shareText(low)}, ${shareText(high)}]`

/** A value of the parameter with its unit. */
export function settingText({ unit }: Smallest, value: number | bigint): string {
  return `${groupDigits(value)} ${unit}`.trimEnd()
}

export function lossText({ loss }: Smallest, amount: bigint): string {
  return `${groupDigits(amount)} ${loss.unit}`
}

/** `from 60 s to 86,400 s` */
export function rangeText(entry: Smallest): string {
  return `from ${settingText(entry, entry.least)} to ${settingText(entry, entry.most)}`
}

/** Other parameters that were set, `, feeBps 5`; nothing when there are none. */
export function settingsText({ settings }: Smallest): string {
  return Object.entries(settings)
    .map(([name, value]) => `, ${name} ${String(value)}`)
    .join('')
}

/** Whether the answer is a value that fresh runs have nothing to say against. */
export function isSafe({ value, fresh }: Smallest): boolean {
  return value !== null && fresh !== null && fresh.losing === 0
}

/** The answer in one sentence. */
export function answerSentence(entry: Smallest): Sentence {
  const { parameter, outcome, value, runs, fresh } = entry
  if (outcome === 'open') return { tone: 'open', text: `${parameter}: interrupted, no answer yet` }
  if (value === null) {
    return { tone: 'bad', text: `no ${parameter} ${rangeText(entry)} is without a loss` }
  }
  const at = settingText(entry, value)
  const lowest = outcome === 'lowest' ? `${parameter} ${at}, the lower end,` : `${parameter} ${at}`
  const found = `${lowest} is the smallest without a loss in ${groupDigits(runs)} runs`
  if (fresh === null) return { tone: 'open', text: `${found}; no fresh run was played` }
  if (isSafe(entry)) return { tone: 'good', text: `${found}, nor in ${fresh.runs} fresh ones` }
  const lose = `${fresh.losing} of ${groupDigits(fresh.runs)} fresh ones lose`
  return { tone: 'bad', text: `${found}, but not safe: ${lose}` }
}

/** What loses, and that the contract agrees. */
export function losingSentence(entry: Smallest): Sentence | null {
  const { losing, outcome, value } = entry
  if (losing === null) {
    const isLowest = outcome === 'lowest'
    const text = 'nothing loses at the lower end of the range: there is no edge to show'
    return isLowest ? { tone: 'open', text } : null
  }
  const { run, loss, confirmedOnMinedLane } = losing
  const lost = `run ${run} loses ${lossText(entry, loss)} at ${settingText(entry, losing.value)}`
  const safe = value === null ? '' : `, and nothing at ${settingText(entry, value)}`
  const agrees = confirmedOnMinedLane
    ? 'on Anvil as in the model'
    : 'but model and contract DIFFER on Anvil'
  return { tone: 'bad', text: `${lost}${safe} (${agrees})` }
}

/** The bounds above the answer. */
export function freshSentence(entry: Smallest): Sentence | null {
  const { fresh, value, loss } = entry
  if (fresh === null || value === null) return null
  const { fromRun, runs, losing, share, meanLossMost, worst } = fresh
  const range = `fresh runs ${groupDigits(fromRun)} to ${groupDigits(fromRun + runs - 1)}`
  const counted = `${range} at ${settingText(entry, value)}: ${losing} lose`
  const chance = `chance of a loss at most ${shareText(share.high)}`
  const mean = `mean loss at most ${lossText(entry, meanLossMost)}`
  const stake = `of ${groupDigits(loss.atStake)} at stake (95 %)`
  const worstText =
    worst === null ? '' : `; worst: run ${worst.run} loses ${lossText(entry, worst.loss)}`
  const tone = losing === 0 ? 'good' : 'bad'
  return { tone, text: `${counted}, ${chance}, ${mean} ${stake}${worstText}` }
}

/** That larger is not always safer here; null when nothing that was tried says so. */
export function notMonotoneSentence(entry: Smallest): Sentence | null {
  const { notMonotone } = entry
  if (notMonotone === null) return null
  const { runs, run, safe, losing } = notMonotone
  const [low, high] = [settingText(entry, safe), settingText(entry, losing)]
  const example = `run ${run} loses nothing at ${low} and something at ${high}`
  const count = runs === 1 ? '1 run' : `${groupDigits(runs)} runs`
  const text = `larger is not always safer: ${count}, for instance ${example}`
  return { tone: 'open', text }
}

/** How much was tried. */
export function effortSentence({ tried, plays, runs, outcome }: Smallest): string {
  const values = `${tried.length} values with all of ${groupDigits(runs)} runs`
  const open = outcome === 'open' ? ' until it was interrupted' : ''
  return `tried ${values}, others with those that still lost, ${groupDigits(plays)} plays${open}`
}
