/**
 * The bill after each step of a job, worked out from the proofs that were accepted and from nothing
 * else: the machine's own figures are judged by it.
 */
import type { WorldStep } from '../world/records.ts'
import type { WorldSetup } from './options.ts'
import type { Count } from './worldRun.ts'

export interface Bill {
  readonly includedMs: number
  readonly provenTokens: number
  readonly billedTokens: number
  readonly hostUnits: bigint
  readonly treasuryUnits: bigint
}

/** One entry for each step. The host's share rounds down, the treasury has the rest. */
export function billsOf(
  steps: readonly WorldStep[],
  setup: Pick<WorldSetup, 'affordableTokens' | 'priceUnits' | 'parameters'>,
): readonly Bill[] {
  const { affordableTokens, priceUnits, parameters } = setup
  let bill = { provenTokens: 0, billedTokens: 0, hostUnits: 0n, treasuryUnits: 0n }
  return steps.map(({ planned, outcome, includedMs }) => {
    if (planned.action === 'submitProof' && outcome.accepted) {
      const provenTokens = Number(planned.args.cumulativeTokens)
      const billedTokens = Math.min(provenTokens, affordableTokens)
      const grossUnits = BigInt(billedTokens) * priceUnits
      const hostUnits = (grossUnits * BigInt(parameters.hostBps)) / 10_000n
      bill = { provenTokens, billedTokens, hostUnits, treasuryUnits: grossUnits - hostUnits }
    }
    return { ...bill, includedMs }
  })
}

/** When which number of tokens was billed, oldest first. */
export function settledCourse(bills: readonly Bill[]): readonly Count[] {
  return bills
    .filter(({ billedTokens }, index) => billedTokens !== (bills[index - 1]?.billedTokens ?? 0))
    .map(({ includedMs, billedTokens }) => ({ signedMs: includedMs, tokens: billedTokens }))
}
