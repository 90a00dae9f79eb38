/**
 * The example record with the coverage of the real machine, the largest graph that there is.
 */
import { declaredEdges, declaredStates } from '../../models/kit/edges.ts'
import type { Policy } from '../../models/kit/trace.ts'
import { createSessionEscrowMachine } from '../../models/session-escrow/machine.ts'
import { withExampleCoverage } from '../../reports/exampleCoverage.ts'
import { exampleWorldRecord } from '../../reports/exampleWorld.ts'
import type { Coverage, Mutation, Regression, RunRecord } from '../../reports/record.ts'

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
  const more = { coverage, mutations: [exampleMutation()], regressions: exampleRegressions() }
  return withExampleCoverage({ ...exampleWorldRecord(), ...more })
}

/** Three mutants: one killed, one that nobody explained, one that cannot be told apart. */
function exampleMutation(): Mutation {
  const place = { file: 'SessionEscrowBase.sol', operator: 'boundary', line: 40, column: 9 }
  const change = { within: 'stop', before: '<', after: '<=' }
  const none = { killedBy: [], evidence: '', duplicateOf: null, survivor: null }
  const diff = ['-        if (until < cap) return;', '+        if (until <= cap) return;']
  const survived = { ...place, ...change, ...none, status: 'survived' as const }
  const explanation = { equivalent: true, reason: 'The smaller of two equal times is either.' }
  return {
    ...{ protocol: 'session-escrow', policy: 'hardened', contract: 'SessionEscrowHardened' },
    plans: { paths: 90, sequences: 200, steps: 2_800, digest: '0123456789abcdef' },
    operators: [],
    counts: { killed: 1, survived: 2, equivalent: 0, duplicate: 0, stillborn: 0, untried: 0 },
    ...{ explainedEquivalent: 1, killedByInvariant: 1, score: 0.5, threshold: 0.95, stale: [] },
    mutants: [
      {
        ...{ ...place, ...change, ...none, id: 'SessionEscrowBase.sol:38:9:boundary:1' },
        ...{ status: 'killed', killedBy: ['INV-CAP'], evidence: 'paid 347 > owed 300' },
      },
      {
        ...survived,
        id: 'SessionEscrowBase.sol:40:9:boundary:1',
        survivor: { class: 'noEffect', diff, explanation: null },
      },
      {
        ...survived,
        id: 'SessionEscrowBase.sol:44:9:boundary:1',
        survivor: { class: 'noEffect', diff, explanation },
      },
    ],
  }
}

function exampleRegressions(): Regression[] {
  const scope = { protocol: 'session-escrow', policy: 'hardened', expected: 'held' as const }
  const replayed = (file: string) => ({ file, replayCommand: `meterproof replay failures/${file}` })
  return [
    {
      ...{ ...replayed('cap.trace.json'), ...scope, invariant: 'INV-CAP' },
      ...{ verdict: 'stillFails', reason: 'paid 347 > owed 300' },
    },
    {
      ...{ ...replayed('old.trace.json'), protocol: '', policy: '', invariant: '' },
      ...{ expected: 'held', verdict: 'noLongerApplies', reason: 'It is no trace file.' },
    },
  ]
}
