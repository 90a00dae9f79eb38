/**
 * Contracts of session-escrow as subjects of a testbed, by the name of the contract.
 */
import { sessionEscrowCanaries } from '../../contracts/canaries/session-escrow.ts'
import { artifactNamed, compileCanaries, compileContracts } from '../../contracts/compile.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Execution } from '../../property-tests/kit/execute.ts'
import { openTestbed, type Subject } from '../../property-tests/kit/testbed.ts'
import { sessionEscrowPlayer as player } from '../../property-tests/session-escrow/player.ts'

/** @param contract `SessionEscrowHardened`, `SessionEscrowAsDescribed` or a canary's contract */
export async function subjectNamed(contract: string): Promise<Subject> {
  const canary = sessionEscrowCanaries.find((each) => each.contract === contract)
  if (canary !== undefined) {
    const { bytecode } = artifactNamed(await compileCanaries(), contract)
    return { name: contract, policy: canary.policy, bytecode }
  }
  const policy: Policy =
    contract === player.binding.contractNames.hardened ? 'hardened' : 'as-described'
  const { bytecode } = artifactNamed(await compileContracts(), contract)
  return { name: contract, policy, bytecode }
}

/** An execution on an Anvil of its own; close its testbed. */
export async function openExecution(contract: string, lane: 'batch' | 'mined'): Promise<Execution> {
  const subject = await subjectNamed(contract)
  const { binding, cases } = player
  const testbed = await openTestbed({ binding, subjects: [subject], cases })
  return { testbed, lane: testbed[lane], player, subject }
}
