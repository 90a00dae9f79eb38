/**
 * Claims about the world: judged on what reached the user in truth, not on what the contract
 * believes.
 *
 * Pure functions of a `WorldRun`. Each says how often it was put to the test, what it observed and
 * which bound it held that against, so that a report can show how tight a bound is. None of them
 * looks at the defects that a run was made with.
 */

import { VACUOUS, type WorldInvariantOf, type WorldJudgement } from '../world/worldInvariant.ts'
import * as bounds from './allowance.ts'
import { reachedBy } from './exposure.ts'
import { moneyInvariants } from './moneyInvariants.ts'
import type { WorldRun } from './worldRun.ts'

export type WorldInvariant = WorldInvariantOf<WorldRun>

interface Measured {
  readonly atMs: number
  readonly observed: number
  readonly bound: number
  readonly witnesses?: number
  readonly what: string
}

function atMost({ atMs, observed, bound, witnesses = 1, what }: Measured): WorldJudgement {
  const evidence = `${what}: ${observed} > ${bound} tokens`
  const violation = observed > bound ? { atMs, evidence } : null
  return { witnesses, violation, observed, bound }
}

/** Accepted proofs, with what was billed after each. */
function proofsOf(run: WorldRun) {
  return run.steps.flatMap(({ planned, outcome, includedMs }) => {
    if (planned.action !== 'submitProof' || !outcome.accepted) return []
    const provenTokens = Number(planned.args.cumulativeTokens)
    const billedTokens = Math.min(provenTokens, run.affordableTokens)
    return [{ includedMs, provenTokens, billedTokens, receipt: planned.args.receipt }]
  })
}

const noUndelivered: WorldInvariant = {
  id: 'INV-W-NO-UNDELIVERED',
  statement: 'The user does not pay for a token that never reached it.',
  formula: 'billed ≤ delivered, when all is over',
  witness: 'a job that ended with something billed',
  unit: 'tokens',
  judge(run) {
    const { settledMs } = run.milestones
    if (settledMs === null || run.endState.billedTokens === 0) return VACUOUS
    const observed = Math.max(0, run.endState.billedTokens - run.deliveredTokens)
    return atMost({ atMs: settledMs, observed, bound: 0, what: 'billed and not delivered' })
  },
}

const hostLoss: WorldInvariant = {
  id: 'INV-W-HOST-LOSS',
  statement:
    'A host that keeps to its rules never loses more than one interval of tokens (hardened: two, ' +
    'if the chain or its own faults keep its last proof out of the window).',
  formula: 'delivered − billed ≤ I; kept from proving: ≤ 2·I + undone',
  witness: 'a job that ended, with tokens delivered',
  unit: 'tokens',
  judge(run) {
    const { settledMs, hostReason } = run.milestones
    const hasVanished = run.policy === 'as-described' && hostReason === 'vanished'
    if (settledMs === null || run.deliveredTokens === 0 || hasVanished) return VACUOUS
    const observed = Math.max(0, run.deliveredTokens - run.endState.billedTokens)
    const bound = bounds.lossBoundTokens(run)
    return atMost({ atMs: settledMs, observed, bound, what: 'delivered and never billed' })
  },
}

const settledEveryInterval: WorldInvariant = {
  id: 'INV-W-SETTLED-EVERY-INTERVAL',
  statement: 'At every instant, all but the last two intervals of tokens are settled on chain.',
  formula: 'sup (delivered − settled) ≤ 2·I + undone',
  witness: 'a piece of an answer that reached the user',
  unit: 'tokens',
  judge(run) {
    if (run.received.length === 0) return VACUOUS
    const settled = proofsOf(run).map(({ includedMs: signedMs, billedTokens: tokens }) => ({
      ...{ signedMs, tokens },
    }))
    const open = run.received.map(({ signedMs, tokens }) => ({
      atMs: signedMs,
      tokens: tokens - reachedBy(settled, signedMs),
    }))
    const { atMs, tokens: observed } = open.reduce((a, b) => (b.tokens > a.tokens ? b : a))
    const bound = bounds.unsettledBoundTokens(run)
    const what = 'delivered and not settled'
    return atMost({ atMs, observed, bound, what, witnesses: open.length })
  },
}

const depositEnd: WorldInvariant = {
  id: 'INV-W-DEPOSIT-END',
  statement: 'Nobody is served beyond what the deposit buys: streaming ends there.',
  formula: 'delivered ≤ floor(deposit / price)',
  witness: 'a job that got all that its deposit buys',
  unit: 'tokens',
  judge(run) {
    const { deliveredTokens: observed, affordableTokens: bound } = run
    if (observed < bound) return VACUOUS
    return atMost({ atMs: run.lastSentMs ?? 0, observed, bound, what: 'delivered' })
  },
}

function receiptFault(run: WorldRun, proof: ReturnType<typeof proofsOf>[number]): string | null {
  const { provenTokens, receipt, includedMs } = proof
  if (receipt !== 'genuine') return `a proof with ${receipt ?? 'no'} receipt was accepted`
  const signed = run.signed.find(({ tokens }) => tokens === provenTokens)
  if (signed === undefined) return `the user never signed for ${provenTokens} tokens`
  return signed.signedMs <= includedMs ? null : `${provenTokens} was proven before it was signed`
}

const receiptAuthentic: WorldInvariant = {
  id: 'INV-W-RECEIPT-AUTHENTIC',
  statement:
    'Only receipts move a bill that the user signed for this job, each for tokens that had ' +
    'reached it by then.',
  formula: 'accepted proof ⇒ its number is in the user’s log; signed ≤ received at that time',
  witness: 'a proof presented to the contract',
  policies: ['hardened'],
  judge(run) {
    const presented = run.steps.filter(({ planned }) => planned.action === 'submitProof')
    if (run.policy !== 'hardened' || presented.length === 0) return VACUOUS
    const witnesses = presented.length
    for (const proof of proofsOf(run)) {
      const evidence = receiptFault(run, proof)
      if (evidence !== null) {
        return { witnesses, violation: { atMs: proof.includedMs, evidence } }
      }
    }
    for (const { signedMs, tokens } of run.signed) {
      const received = reachedBy(run.received, signedMs)
      if (tokens <= received) continue
      const evidence = `signed for ${tokens} tokens with ${received} received`
      return { witnesses, violation: { atMs: signedMs, evidence } }
    }
    return { witnesses, violation: null }
  },
}

const proofWindow: WorldInvariant = {
  id: 'INV-W-PROOF-WINDOW',
  statement: 'A higher proof that gets into a block within the window after the end counts.',
  formula: 'e ≤ t < e + window (true time of blocks, whole seconds) ⇒ accepted',
  witness: 'a proof of the host within the window',
  policies: ['hardened'],
  judge(run) {
    const { endingMs } = run.milestones
    if (endingMs === null) return VACUOUS
    const toSecond = (atMs: number) => Math.floor(atMs / 1000)
    const untilSecond = toSecond(endingMs) + bounds.windowMs(run) / 1000
    let witnesses = 0
    for (const { planned, outcome, includedMs } of run.steps) {
      const isOwn = planned.action === 'submitProof' && planned.by === run.agreements[0]?.roles.host
      const isWithin = includedMs >= endingMs && toSecond(includedMs) < untilSecond
      if (!isOwn || !isWithin || planned.args.receipt !== 'genuine') continue
      witnesses += 1
      const isLate = !outcome.accepted && outcome.error === 'ProofWindowOver'
      const lateMs = includedMs - endingMs
      const evidence = `a proof ${lateMs} ms after the end was refused: ${outcome.error}`
      if (isLate) return { witnesses, violation: { atMs: includedMs, evidence } }
    }
    return { witnesses, violation: null }
  },
}

const discovery: WorldInvariant = {
  id: 'INV-W-DISCOVERY',
  statement: 'A search finds a host exactly if the registry lists an active one with the model.',
  formula: 'found ⇔ ∃ host: active ∧ model = wanted, unless no answer came',
  witness: 'a search that was answered',
  judge({ discovery: { outcome, endedMs }, behaviour }) {
    if (outcome === null || outcome === 'discovery-failed') return VACUOUS
    const active = behaviour.hosts.filter((host) => host.active)
    const serving = active.filter(({ model }) => model === behaviour.model)
    const due =
      serving.length > 0 ? 'found' : active.length > 0 ? 'no-host-with-model' : 'no-active-host'
    const evidence = `${outcome} instead of ${due}`
    const violation = outcome === due ? null : { atMs: endedMs ?? 0, evidence }
    return { witnesses: 1, violation }
  },
}

/** All claims about the world of token-job. */
export const tokenJobWorldInvariants: readonly WorldInvariant[] = [
  noUndelivered,
  hostLoss,
  settledEveryInterval,
  depositEnd,
  receiptAuthentic,
  proofWindow,
  discovery,
  ...moneyInvariants,
]

/** Claims that the mechanism as described cannot keep. */
export const AS_DESCRIBED_REFUTED: readonly string[] = [
  'INV-W-NO-UNDELIVERED',
  'INV-W-HOST-LOSS',
  'INV-W-SETTLED-EVERY-INTERVAL',
  'INV-W-PAYER-EXPOSURE',
  'INV-W-PROVIDER-EXPOSURE',
]
