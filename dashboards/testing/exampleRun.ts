/**
 * The example record with the coverage of the real machine, the largest graph that there is.
 */
import { declaredEdges, declaredStates } from '../../models/kit/edges.ts'
import type { Policy } from '../../models/kit/trace.ts'
import { createSessionEscrowMachine } from '../../models/session-escrow/machine.ts'
import { withExampleCoverage } from '../../reports/exampleCoverage.ts'
import { exampleWorldRecord } from '../../reports/exampleWorld.ts'
import type { Coverage, RunRecord } from '../../reports/record.ts'

function coverageOf(policy: Policy, regime: string): Coverage {
  const machine = createSessionEscrowMachine(policy)
  const states = declaredStates(machine).map((name, index) => {
    return { name, hits: Math.round(40_000 / (index + 1)) }
  })
  const edges = declaredEdges(machine).map(({ from, action, to, rejection }, index) => {
    const hits = index % 11 === 3 ? 0 : Math.round(3_000_000 / ((index % 23) + 1) ** 1.7)
    return { from, action, to, rejection, hits }
  })
  return { protocol: 'session-escrow', policy, regime, states, edges }
}

/** A record in which every view has something to show. */
export function exampleRun(): RunRecord {
  const policies = ['as-described', 'hardened'] as const
  const coverage = policies.flatMap((policy) =>
    ['none', 'disconnect'].map((regime) => coverageOf(policy, regime)),
  )
  return withExampleCoverage({ ...exampleWorldRecord(), coverage })
}
