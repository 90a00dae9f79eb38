/**
 * Our own contracts on an Anvil of their own, for suites that look at campaigns from the inside.
 */
import type { Policy } from '../../models/kit/trace.ts'
import { POLICIES } from '../../models/kit/trace.ts'
import type { Execution } from '../kit/execute.ts'
import { openTestbed, type Testbed } from '../kit/testbed.ts'
import { playerOf } from '../players.ts'
import { checkedSubjects } from '../subjects.ts'

export interface SoundExecutions {
  readonly testbed: Testbed
  of(policy: Policy): Execution
  close(): Promise<void>
}

/** Deploys the contracts of both policies; `of` runs on the batch lane. */
export async function openSoundExecutions(protocol: string): Promise<SoundExecutions> {
  const player = playerOf(protocol)
  const subjects = await checkedSubjects({ player, policies: POLICIES, path: null })
  const { binding, cases } = player
  const testbed = await openTestbed({ binding, subjects, cases })
  return {
    testbed,
    of(policy) {
      const subject = subjects.find((each) => each.policy === policy)
      if (subject === undefined) throw new Error(`a contract for ${policy} was deployed`)
      return { testbed, lane: testbed.batch, player, subject }
    },
    close: () => testbed.close(),
  }
}
