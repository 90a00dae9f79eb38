/**
 * Contracts as subjects of a testbed, by protocol and name of the contract.
 */
import { artifactNamed, compileCanaries, compileContracts } from '../../contracts/compile.ts'
import type { Policy } from '../../models/kit/trace.ts'
import { canariesOf } from '../../property-tests/canaries.ts'
import type { Execution } from '../../property-tests/kit/execute.ts'
import { openTestbed, type Subject } from '../../property-tests/kit/testbed.ts'
import { playerOf } from '../../property-tests/players.ts'

/** @param contract one of the two sound contracts of the protocol, or a canary's */
export async function subjectNamed(protocol: string, contract: string): Promise<Subject> {
  const canary = canariesOf(protocol).find((each) => each.contract === contract)
  if (canary !== undefined) {
    const { bytecode } = artifactNamed(await compileCanaries(), contract)
    return { name: contract, policy: canary.policy, bytecode }
  }
  const { contractNames } = playerOf(protocol).binding
  const policy: Policy = contract === contractNames.hardened ? 'hardened' : 'as-described'
  const { bytecode } = artifactNamed(await compileContracts(), contract)
  return { name: contract, policy, bytecode }
}

/** An execution on an Anvil of its own; close its testbed. */
export async function openExecution(options: {
  readonly protocol: string
  readonly contract: string
  readonly lane: 'batch' | 'mined'
}): Promise<Execution> {
  const { protocol, contract, lane } = options
  const player = playerOf(protocol)
  const subject = await subjectNamed(protocol, contract)
  const { binding, cases } = player
  const testbed = await openTestbed({ binding, subjects: [subject], cases })
  return { testbed, lane: testbed[lane], player, subject }
}
