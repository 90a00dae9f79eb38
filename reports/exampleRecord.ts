/**
 * A made-up run record with one of everything, for tests and for working on a format.
 *
 * It is no result of any run. The numbers are small and consistent with each other, so that a
 * reader of a rendered page can check them by hand.
 */
import type { Canary, Claim, Coverage, Failure, RunRecord } from './record.ts'
import type { StoredAccount, StoredTrace, StoredWorldView } from './traceSchema.ts'
import { summarise } from './verdict.ts'

const view = (state: string, escrow: bigint, tutor: bigint, billed: bigint): StoredWorldView => ({
  agreements: [{ state, figures: { deposit: escrow + tutor, billedSeconds: billed } }],
  balances: { plain6: { student0: 1_000_000n - escrow - tutor, tutor0: tutor, escrow } },
})

const account = (after: StoredWorldView, more: Partial<StoredAccount> = {}): StoredAccount => ({
  outcome: { accepted: true, error: null },
  transfers: [],
  logs: [],
  after,
  ...more,
})

const START_SECONDS = 1_700_000_000

/** Three steps of a session; in the last, the contract pays more than the model says. */
export function exampleTrace(): StoredTrace {
  const [idle, funded] = [view('Idle', 0n, 0n, 0n), view('Funded', 400n, 0n, 0n)]
  const deposited = account(funded, {
    transfers: [{ token: 'plain6', from: 'student0', to: 'escrow', amountUnits: 400n }],
    logs: [{ name: 'Deposited', args: { student: 'student0', amount: 400n } }],
  })
  const refused = account(funded, { outcome: { accepted: false, error: 'NotParty' } })
  const paid = (units: bigint) =>
    account(view('Closed', 400n - units, units, units / 10n), {
      transfers: [{ token: 'plain6', from: 'escrow', to: 'tutor0', amountUnits: units }],
    })
  const planned = (action: string, by: string, afterSeconds: number) => ({
    agreement: 0,
    action,
    by,
    atSeconds: START_SECONDS + afterSeconds,
    args: action === 'deposit' ? { amountUnits: 400n } : {},
  })
  return {
    protocol: 'session-escrow',
    policy: 'as-described',
    parameters: { feeBps: 0, silenceTimeoutSeconds: 10 },
    agreements: [
      {
        index: 0,
        roles: { student: 'student0', tutor: 'tutor0' },
        token: 'plain6',
        terms: { ratePerSecondUnits: 10n },
      },
    ],
    initial: idle,
    steps: [
      {
        planned: planned('deposit', 'student0', 0),
        role: 'student',
        edge: 'Idle|deposit|Funded',
        predicted: deposited,
        observed: deposited,
        gasUsed: 91_000n,
      },
      {
        planned: planned('join', 'stranger', 4),
        role: 'stranger',
        edge: 'Funded|join|!NotParty',
        predicted: refused,
        observed: refused,
        gasUsed: 24_000n,
      },
      {
        planned: planned('settle', 'tutor0', 34),
        role: 'tutor',
        edge: 'Funded|settle|Closed',
        predicted: paid(300n),
        observed: paid(347n),
        gasUsed: 65_000n,
      },
    ],
  }
}

const scope = { protocol: 'session-escrow', policy: 'as-described', regime: 'none' } as const
const hardened = { ...scope, policy: 'hardened' } as const

const claim = (invariant: string, statement: string, more: Partial<Claim> = {}): Claim => ({
  ...scope,
  invariant,
  statement,
  formula: 'P + F + X + locked = D',
  verdict: 'held',
  expected: 'held',
  witnesses: 41_203,
  checks: 500,
  counterexample: null,
  note: '',
  ...more,
})

const CONSERVED = 'Every unit that came in is paid, kept as fee, refunded or still locked.'
const NO_OVERPAY = 'The tutor never gets more than the seconds that were delivered are worth.'

const claims: readonly Claim[] = [
  claim('INV-CONSERVATION', CONSERVED),
  claim('INV-NO-OVERPAY', NO_OVERPAY, {
    formula: 'P + F <= R * s(t)',
    verdict: 'violated',
    counterexample: 'INV-NO-OVERPAY-as-described',
  }),
  claim('INV-SILENT-STOP', 'A session stops by itself when a side goes silent.', {
    verdict: 'violated',
    expected: 'refuted',
    counterexample: 'INV-SILENT-STOP-refuted',
  }),
  claim('INV-CONSERVATION', CONSERVED, hardened),
  claim('INV-NO-OVERPAY', NO_OVERPAY, {
    ...hardened,
    verdict: 'undecided',
    note: 'budget used up',
  }),
  claim('INV-SILENT-STOP', 'A session stops by itself when a side goes silent.', {
    ...hardened,
    witnesses: 0,
  }),
]

const failure = (id: string, invariant: string, more: Partial<Failure> = {}): Failure => ({
  ...scope,
  id,
  invariant,
  campaign: 'conformance',
  expected: 'held',
  evidence: 'paid 347 > owed 300',
  stepIndex: 2,
  contract: 'SessionEscrow',
  run: 173,
  stepsOriginal: 41,
  stepsShrunk: 3,
  shrinkCount: 96,
  traceFile: `${id}.trace.json`,
  replayCommand: `meterproof replay reports/out/check-session-escrow-seed7/${id}.trace.json`,
  trace: exampleTrace(),
  ...more,
})

const coverage: Coverage = {
  ...scope,
  states: [
    { name: 'Idle', hits: 500 },
    { name: 'Funded', hits: 480 },
    { name: 'Closed', hits: 320 },
    { name: 'Cancelled', hits: 0 },
  ],
  edges: [
    { from: 'Idle', action: 'deposit', to: 'Funded', rejection: null, hits: 480 },
    { from: 'Funded', action: 'settle', to: 'Closed', rejection: null, hits: 320 },
    { from: 'Funded', action: 'cancel', to: 'Cancelled', rejection: null, hits: 0 },
    { from: 'Funded', action: 'join', to: 'Funded', rejection: 'NotParty', hits: 77 },
    { from: 'Closed', action: 'settle', to: 'Closed', rejection: 'NotStopped', hits: 0 },
  ],
}

const canary: Canary = {
  id: 'double-refund',
  protocol: 'session-escrow',
  contract: 'CanaryDoubleRefund',
  policy: 'hardened',
  expectedInvariant: 'INV-CONSERVATION',
  caughtBy: ['INV-CONSERVATION', 'INV-NO-OVERPAY'],
  caught: true,
  actions: 4,
  sequencesTried: 12,
  stepsTried: 480,
  traceFile: null,
  replayCommand: null,
}

const canaries: readonly Canary[] = [
  canary,
  {
    ...canary,
    id: 'late-join',
    contract: 'CanaryLateJoin',
    actions: null,
    caughtBy: [],
    caught: false,
  },
]

/** The record; each call makes a fresh one. */
export function exampleRecord(): RunRecord {
  const failures = [
    failure('INV-NO-OVERPAY-as-described', 'INV-NO-OVERPAY'),
    failure('INV-SILENT-STOP-refuted', 'INV-SILENT-STOP', {
      expected: 'refuted',
      evidence: 'silent for 30 s, still Active',
      shrinkCount: 12,
    }),
  ]
  return {
    schema: 'meterproof.run/1',
    command: 'check',
    seed: 7,
    arguments: { seed: 7, runs: 500, protocols: ['session-escrow'] },
    contracts: [
      {
        protocol: scope.protocol,
        policy: scope.policy,
        name: 'SessionEscrow',
        bytecodeHash: `0x9e${'0123456789abcdef'.repeat(3)}00000000004141`,
        source: 'contracts/src/SessionEscrow.sol',
      },
    ],
    tools: { meterproof: '0.1.0', anvil: '1.7.1', solc: '0.8.37', 'fast-check': '4.10.2' },
    campaigns: [
      {
        ...scope,
        campaign: 'conformance',
        runs: 500,
        steps: 20_000,
        accepted: 7_000,
        rejected: 13_000,
        stepsPerRun: [{ value: 40, count: 500 }],
        acceptedPerRun: [3, 5, 8, 12, 14, 15, 21].map((value, index) => {
          return { value, count: [20, 60, 110, 140, 90, 60, 20][index] as number }
        }),
        statesPerRun: [{ value: 4, count: 500 }],
        traceHash: '0x5f21c0de',
      },
    ],
    claims,
    coverage: [coverage],
    failures,
    canaries,
    samples: [{ ...scope, campaign: 'conformance', run: 0, trace: exampleTrace() }],
    notes: ['An example record; nothing was run.'],
    summary: summarise({ claims, failures, canaries, interrupted: false }),
    wall: {
      startedAtIso: '2026-01-02T03:04:05.678Z',
      durationMs: 38_200,
      workers: 2,
      stepsPerSecond: 523.6,
      host: { platform: 'linux', cpus: 2 },
      notes: [],
    },
  }
}
