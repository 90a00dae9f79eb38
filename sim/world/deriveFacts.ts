/**
 * Parts of the facts of a run that are derived alike in every world: samples of stages, which
 * transactions were paid for, and what its claims found.
 *
 * Pure functions of what a run left behind; what a stage means is the protocol's business.
 */
import type { JudgementFacts, RunFacts, StageSample } from './facts.ts'
import type { TransactionRecord } from './records.ts'

/** The stages that every world has: how long the chain takes. */
export const CHAIN_STAGES = ['submit → included', 'submit → confirmed'] as const

/**
 * The sample of a stage; none when it never began.
 *
 * @param isOver whether the run came to its end: what did not end by then never can
 */
export function stageSample(
  stage: string,
  span: { readonly beginMs: number | null; readonly endMs: number | null },
  isOver: boolean,
): readonly StageSample[] {
  const { beginMs, endMs } = span
  if (beginMs === null) return []
  if (endMs === null) {
    return [{ stage, beginMs, durationMs: null, outcome: isOver ? 'failed' : 'undecided' }]
  }
  return [{ stage, beginMs, durationMs: Math.max(0, endMs - beginMs), outcome: 'ended' }]
}

/** Both chain stages of every transaction. */
export function chainSamples(
  transactions: readonly TransactionRecord[],
  isOver: boolean,
): readonly StageSample[] {
  const [included, confirmed] = CHAIN_STAGES
  return transactions.flatMap(({ submittedMs: beginMs, includedMs, confirmedMs }) => [
    ...stageSample(included, { beginMs, endMs: includedMs }, isOver),
    ...stageSample(confirmed, { beginMs, endMs: confirmedMs }, isOver),
  ])
}

/** Included transactions of everybody but the stranger, and the sum of their prices of gas. */
export function paidTransactions(
  transactions: readonly TransactionRecord[],
): Pick<RunFacts, 'transactions' | 'transactionsBy' | 'pricesWei'> {
  const counts: Record<string, number> = {}
  const bySender: Record<string, Record<string, number>> = {}
  const pricesWei: Record<string, bigint> = {}
  for (const { sender, action, includedMs, accepted, error, ...fee } of transactions) {
    if (sender === 'stranger' || includedMs === null) continue
    const key = accepted === false ? `${action}!${error ?? 'reverted'}` : action
    counts[key] = (counts[key] ?? 0) + 1
    const own = bySender[sender] ?? {}
    bySender[sender] = { ...own, [key]: (own[key] ?? 0) + 1 }
    pricesWei[key] = (pricesWei[key] ?? 0n) + fee.baseFeeWei + fee.tipWei
  }
  return { transactions: counts, transactionsBy: bySender, pricesWei }
}

/** A claim about the world, as far as its judgement is concerned. */
interface Judged<Run> {
  readonly id: string
  judge(run: Run): {
    readonly witnesses: number
    readonly violation: { readonly evidence: string } | null
    readonly observed?: number
    readonly bound?: number
  }
}

/** What every claim says about the run, in their order. */
export function judgementFacts<Run>(
  claims: readonly Judged<Run>[],
  run: Run,
): readonly JudgementFacts[] {
  return claims.map(({ id, judge }) => {
    const { witnesses, violation, observed, bound } = judge(run)
    const evidence = violation?.evidence ?? null
    return { id, witnesses, evidence, observed: observed ?? null, bound: bound ?? null }
  })
}
