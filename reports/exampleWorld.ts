/**
 * Made-up results of a simulated world, for tests and for working on a view. No result of any run.
 *
 * The scenario is the worked case of the description: 0.01 a second, the call drops at second 300,
 * the stop is included 47 seconds later, and 3.47 is paid for 3.00 delivered. The rest follows
 * smooth formulas, so that a chart of it is easy to check by eye.
 */
import { exampleCost, exampleServiceLevels } from './exampleCosts.ts'
import { exampleCurves, exampleGigabyte } from './exampleDesign.ts'
import { exampleRecord } from './exampleRecord.ts'
import { exampleSmallest } from './exampleSmallest.ts'
import type { Exposure, Latency, RegimeFacts, RunRecord, Scenario, Sweep } from './record.ts'
import type { StoredTrace, StoredWorldView } from './traceSchema.ts'
import { summarise } from './verdict.ts'

const REGIMES = ['none', 'disconnect', 'skew', 'congestion', 'mixed'] as const
const STAGES = ['submit → included', 'drop → detected', 'end → settled'] as const
const EPOCH_SECONDS = 1_800_000_000
const HORIZON_MS = 3_600_000
const WINDOW_MS = 300_000

const protocol = 'session-escrow'
const scopeOf = (regime: string, policy: 'as-described' | 'hardened' = 'as-described') => {
  return { protocol, policy, regime }
}

/** A slow wave between 0 and 1 that differs from seed to seed. */
const wave = (seed: number, at: number) => 0.5 + 0.5 * Math.sin(seed * 1.7 + at * (1 + seed * 0.13))

const windowsOf = <Item>(make: (fromMs: number, index: number) => Item) =>
  Array.from({ length: HORIZON_MS / WINDOW_MS }, (_, index) => make(index * WINDOW_MS, index))

function latencyOf(regime: string, stage: string, index: number): Latency {
  const severity = REGIMES.indexOf(regime as (typeof REGIMES)[number])
  const medianMs = (4_000 + 5_000 * index) * (1 + severity * 0.35)
  const tail = 1 + severity * 0.5
  const at = (q: number) => Math.round(medianMs * Math.exp(tail * 0.45 * Math.log(q / (1 - q))))
  const n = 800 + 10 * severity
  const edges = Array.from({ length: 33 }, (_, step) => Math.round(200 * 1.32 ** step))
  const share = (ms: number) => 1 / (1 + (medianMs / ms) ** (1 / (tail * 0.45)))
  const histogram = edges.slice(1).flatMap((toMs, step) => {
    const fromMs = edges[step] as number
    const count = Math.round(n * (share(toMs) - share(fromMs)))
    return count === 0 ? [] : [{ fromMs, toMs, count }]
  })
  return {
    ...{ ...scopeOf(regime), stage, n, failed: severity * 3, undecided: severity, histogram },
    quantiles: [0.5, 0.95, 0.99].map((q) => {
      const valueMs = at(q)
      return { q, valueMs, lowMs: Math.round(valueMs * 0.9), highMs: Math.round(valueMs * 1.15) }
    }),
    windows: windowsOf((fromMs, step) => {
      const burst = 1 + severity * 0.6 * wave(severity + index, step)
      return {
        ...{ fromMs, untilMs: fromMs + WINDOW_MS, n: 60 + step },
        ...{ failed: severity > 2 && step % 4 === 1 ? 2 : 0, undecided: 0 },
        quantiles: [0.5, 0.95, 0.99, 1].map((q) => {
          return { q, valueMs: Math.round(at(Math.min(q, 0.997)) * burst) }
        }),
      }
    }),
    limitMs: index === 0 ? 60_000 : null,
    worst: { run: 173, scenario: severity === 0 ? null : 'worst-leakage' },
  }
}

function regimeOf(regime: string, index: number): RegimeFacts {
  const kinds = [
    [],
    ['link-down', 'heartbeat-loss'],
    ['clock-offset', 'clock-jump'],
    ['base-fee-surge', 'full-blocks', 'reorg'],
    ['link-down', 'clock-jump', 'base-fee-surge', 'rpc-error'],
  ]
  return {
    ...{ ...scopeOf(regime), runs: 400, summary: `example regime ${regime}` },
    source: 'none: made up for an example',
    faults: (kinds[index] ?? []).map((kind, kindIndex) => ({
      kind,
      windows: windowsOf((fromMs, step) => {
        const activeRuns = Math.round(120 * wave(kindIndex + index, step / 2) ** 3)
        return { fromMs, untilMs: fromMs + WINDOW_MS, activeRuns }
      }),
    })),
  }
}

function exposureOf(regime: string, party: string, policy: 'as-described' | 'hardened'): Exposure {
  const severity = REGIMES.indexOf(regime as (typeof REGIMES)[number])
  const isBounded = policy === 'hardened'
  const most = isBounded ? 96_000 : 470_000 * (0.5 + severity * 0.2)
  const shape = (atMs: number) => Math.exp(-(((atMs - 1_900_000) / 900_000) ** 2))
  const points = windowsOf((fromMs) => {
    const peak = most * shape(fromMs)
    return {
      atMs: fromMs,
      lowUnits: BigInt(Math.round(peak * 0.1)),
      medianUnits: BigInt(Math.round(peak * 0.35)),
      highUnits: BigInt(Math.round(peak * 0.8)),
    }
  })
  const worst = windowsOf((fromMs) => {
    return { atMs: fromMs + 60_000, units: BigInt(Math.round(most * shape(fromMs + 60_000))) }
  })
  const worstUnits = worst.reduce((top, { units }) => (units > top ? units : top), 0n)
  return {
    ...{ ...scopeOf(regime, policy), party, boundUnits: 110_000n, worstUnits, points, runs: 400 },
    breaches: isBounded ? 0 : 31,
    token: { name: 'plain6', decimals: 6 },
    worstRun: { run: 173, scenario: isBounded ? null : 'worst-leakage', points: worst },
  }
}

const DROP_MS = 300_000
const START_MS = 12_000
const STOP_MS = START_MS + 347_000
const RATE_UNITS = 10_000n

function exampleMessages(): Scenario['messages'] {
  const pings = Array.from({ length: 66 }, (_, index) => START_MS + 1_000 + index * 5_000)
  const sides = ['student', 'tutor'] as const
  return pings.flatMap((sentMs, index) =>
    sides.flatMap((side): Scenario['messages'] => {
      const isCut = side === 'student' && sentMs >= START_MS + DROP_MS
      const base = {
        kind: 'ping',
        side,
        sequence: index + 1,
        sentMs: sentMs + (side === 'tutor' ? 400 : 0),
      }
      const arrivedMs = isCut ? null : base.sentMs + 70 + (index % 7) * 12
      return [{ ...base, from: side, to: 'service', arrivedMs, lost: isCut ? 'link-down' : null }]
    }),
  )
}

// Helpers of the scenario: a step of its schedule, and a transaction that carried one.
const step = (
  action: string,
  by: string,
  atMs: number,
  edge: string,
): Scenario['steps'][number] => {
  const atSeconds = EPOCH_SECONDS + Math.floor(atMs / 1000)
  return {
    planned: { agreement: 0, action, by, atSeconds, args: {} },
    ...{ block: Math.floor(atMs / 12_000), edge, includedMs: atMs, transfers: [] },
    outcome: { accepted: true, error: null },
    observed: { accepted: true, error: null },
  }
}
const send = (action: string, sender: string, submittedMs: number, includedMs: number) => ({
  ...{ sender, action, submittedMs, includedMs, confirmedMs: includedMs + 24_000 },
  ...{ block: Math.floor(includedMs / 12_000), requests: 1, failures: 0, reorgs: 0 },
  ...{ accepted: true, error: null },
})

/** The worked case: drop at second 300, stop included at second 347. */
export function exampleScenario(): Scenario {
  const command = { from: 'service', to: 'relayer', kind: 'command', side: null, sequence: null }
  const sentMs = START_MS + 312_000
  const deliveredMs = DROP_MS
  const clock = { driftPpm: 0, driftChanges: [], jumps: [] }
  return {
    ...{ ...scopeOf('disconnect'), id: 'worst-leakage', kind: 'worst' },
    title: 'The bill runs 47 s past the drop: 3.47 paid for 3.00',
    ...{ seed: 7, run: 173, profile: 'l1', chainKind: 'model', epochSeconds: EPOCH_SECONDS },
    parameters: { feeBps: 0, heartbeatIntervalSeconds: 5, silenceTimeoutSeconds: 10 },
    agreements: [
      {
        ...{ index: 0, roles: { student: 'student0', tutor: 'tutor0' }, token: 'plain6' },
        terms: { ratePerSecondUnits: RATE_UNITS },
      },
    ],
    faults: [
      {
        kind: 'link-down',
        target: 'student',
        atMs: START_MS + DROP_MS,
        durationMs: 90_000,
        magnitude: 1,
      },
      {
        kind: 'base-fee-surge',
        target: 'chain',
        atMs: START_MS + 316_000,
        durationMs: 36_000,
        magnitude: 400,
      },
    ],
    clocks: {
      student: { ...clock, offsetMs: 2_400 },
      tutor: { ...clock, offsetMs: 0 },
      service: { ...clock, offsetMs: 0 },
      relayer: { ...clock, offsetMs: 0 },
    },
    steps: [
      {
        ...step('deposit', 'student0', 0, 'Idle|deposit|Funded'),
        transfers: [{ token: 'plain6', from: 'student0', to: 'escrow', amountUnits: 36_000_000n }],
      },
      step('join', 'student0', 11_000, 'Funded|join|Funded'),
      step('join', 'tutor0', START_MS, 'Funded|join|Active'),
      step('stop', 'relayer', STOP_MS, 'Active|stop|Stopping'),
      {
        ...step('settle', 'tutor0', STOP_MS + 12_000, 'Stopping|settle|Closed'),
        transfers: [
          { token: 'plain6', from: 'escrow', to: 'tutor0', amountUnits: 3_470_000n },
          { token: 'plain6', from: 'escrow', to: 'student0', amountUnits: 32_530_000n },
        ],
      },
    ],
    transactions: [
      send('stop', 'relayer', START_MS + 313_000, STOP_MS),
      send('settle', 'tutor', STOP_MS + 2_000, STOP_MS + 12_000),
    ],
    served: [{ fromMs: START_MS, untilMs: START_MS + DROP_MS }],
    deliveredMs,
    messages: [...exampleMessages(), { ...command, sentMs, arrivedMs: sentMs + 4, lost: null }],
    messageCount: 133,
    milestones: {
      ...{ startedMs: START_MS, servedFromMs: START_MS, servedUntilMs: START_MS + DROP_MS },
      ...{ detectedMs: START_MS + 312_000, commandedMs: START_MS + 312_000, healedMs: 402_000 },
    },
    exposure: [
      { atMs: STOP_MS, lockedUnits: 36_000_000n, payerUnits: 470_000n, providerUnits: 0n },
    ],
    leakage: {
      ...{ billedMs: 347_000, deliveredMs, postDropMs: 47_000, detectionMs: 12_000 },
      ...{ relayMs: 1_000, inclusionMs: 34_000, roundingMs: 0 },
    },
    endState: { state: 'Closed', billedSeconds: 347, paidTutorUnits: 3_470_000n },
    hash: '5f21c0de',
    trace: null,
  }
}

function exampleSweep(): Sweep {
  const points = [1, 2, 5, 10, 20].flatMap((heartbeat, row) =>
    [5, 10, 15, 30, 60].map((silence, column) => {
      const leakage = silence + 1 + 0.4 * heartbeat
      const falseStops = 6 * Math.exp(-silence / (6 + heartbeat)) * (1 + heartbeat / 12)
      const isFeasible = silence > heartbeat
      return {
        parameters: {
          heartbeatIntervalSeconds: heartbeat,
          silenceTimeoutSeconds: silence,
          feeBps: (row + column) % 2 === 0 ? 0 : 250,
        },
        outcomes: {
          leakageSecondsMax: leakage,
          falseStopPercent: falseStops,
          pings: Math.round(3600 / heartbeat),
        },
        ...{ feasible: isFeasible, pareto: false, n: 200 },
        intervals: { falseStopPercent: { low: falseStops * 0.8, high: falseStops * 1.25 } },
        violated: isFeasible ? [] : ['INV-W-LIVENESS'],
      }
    }),
  )
  const isBetter = (a: (typeof points)[number], b: (typeof points)[number]) =>
    a.outcomes.leakageSecondsMax <= b.outcomes.leakageSecondsMax &&
    a.outcomes.falseStopPercent <= b.outcomes.falseStopPercent &&
    a !== b
  const feasible = points.filter((point) => point.feasible)
  const axis = (name: string, unit: string, better: 'less' | 'more' | null, integer = true) => {
    return { name, unit, better, integer }
  }
  return {
    ...scopeOf('disconnect', 'hardened'),
    points: points.map((point) => ({
      ...point,
      pareto: point.feasible && !feasible.some((other) => isBetter(other, point)),
    })),
    axes: [
      axis('heartbeatIntervalSeconds', 's', null),
      axis('silenceTimeoutSeconds', 's', null),
      axis('feeBps', 'bps', null),
      axis('leakageSecondsMax', 's', 'less', false),
      axis('falseStopPercent', '%', 'less', false),
      axis('pings', 'per hour', 'less'),
    ],
    objectives: ['leakageSecondsMax', 'falseStopPercent'],
    current: { heartbeatIntervalSeconds: 5, silenceTimeoutSeconds: 10, feeBps: 250 },
  }
}

type WorldSections = Required<
  Pick<RunRecord, 'regimes' | 'latency' | 'exposure' | 'conservation' | 'leakage' | 'bounds'>
> &
  Required<
    Pick<RunRecord, 'metrics' | 'serviceLevels' | 'costs' | 'scenarios' | 'sweep' | 'smallest'>
  > &
  Required<Pick<RunRecord, 'perGigabyte' | 'curves'>>

const CHECKPOINTS = { payment: 'payment', locks: 'nothing; an example', calls: 8 } as const

/** Every optional section of the record, consistent with each other. */
export function exampleWorld(): WorldSections {
  const faulty = REGIMES.filter((regime) => regime !== 'none')
  return {
    regimes: REGIMES.map(regimeOf),
    latency: REGIMES.flatMap((regime) =>
      STAGES.map((stage, index) => latencyOf(regime, stage, index)),
    ),
    exposure: (['as-described', 'hardened'] as const).flatMap((policy) =>
      REGIMES.flatMap((regime) =>
        ['payer', 'provider'].map((party) => exposureOf(regime, party, policy)),
      ),
    ),
    conservation: REGIMES.map((regime) => ({
      ...{ ...scopeOf(regime), token: 'plain6', runs: 400 },
      points: windowsOf((atMs) => ({ atMs, residualUnits: 0n })),
    })),
    leakage: faulty.map((regime, index) => ({
      ...{ ...scopeOf(regime), unit: 'ms', n: 200, allowance: null },
      postDropMax: 47_000 + 3_000 * index,
      causes: [
        { cause: 'detection', total: 200 * (11_000 + 500 * index), p95: 13_000, max: 15_000 },
        { cause: 'relay', total: 200 * 900, p95: 1_500, max: 4_000 },
        { cause: 'inclusion', total: 200 * (9_000 + 4_000 * index), p95: 30_000, max: 34_000 },
        { cause: 'rounding', total: -200 * 480, p95: 0, max: 0 },
      ],
      worst: { run: 173, scenario: 'worst-leakage' },
    })),
    bounds: faulty.map((regime, index) => ({
      ...{ ...scopeOf(regime, 'hardened'), invariant: 'INV-W-BOUNDED-LEAKAGE', unit: 'ms', n: 400 },
      ...{ observed: 9_700 - 600 * index, bound: 10_000 },
    })),
    metrics: faulty.map((regime, index) => ({
      ...{ ...scopeOf(regime), metric: 'false stops', unit: '%', n: 400 },
      ...{ value: 0.5 + index, low: 0.2 + index, high: 1.1 + index },
    })),
    serviceLevels: REGIMES.flatMap((regime, index) => exampleServiceLevels(scopeOf(regime), index)),
    costs: REGIMES.map((regime, index) => exampleCost(scopeOf(regime), index)),
    scenarios: [exampleScenario()],
    perGigabyte: (['as-described', 'hardened'] as const).flatMap((policy) =>
      REGIMES.map((regime, index) => exampleGigabyte(scopeOf(regime, policy), index, CHECKPOINTS)),
    ),
    curves: exampleCurves(),
    sweep: [exampleSweep()],
    smallest: [...exampleSmallest('worst-leakage')],
  }
}

/** The scenario's schedule as the contract executed it. */
function exampleScenarioTrace(scenario: Scenario): StoredTrace {
  const figures = { deposit: 0n, startedAt: 0n, stoppedAt: 0n, billedSeconds: 0n }
  const held: Record<string, bigint> = { student0: 40_000_000n, tutor0: 0n, escrow: 0n }
  let state = 'Idle'
  const view = (): StoredWorldView => {
    return { agreements: [{ state, figures: { ...figures } }], balances: { plain6: { ...held } } }
  }
  const initial = view()
  const steps = scenario.steps.map(({ planned, edge, outcome, transfers }) => {
    const at = BigInt(planned.atSeconds)
    state = edge.split('|')[2] ?? state
    if (planned.action === 'deposit') figures.deposit = 36_000_000n
    if (state === 'Active') figures.startedAt = at
    if (planned.action === 'stop') {
      figures.stoppedAt = at
      figures.billedSeconds = at - figures.startedAt
    }
    for (const { from, to, amountUnits } of transfers) {
      held[from] = (held[from] ?? 0n) - amountUnits
      held[to] = (held[to] ?? 0n) + amountUnits
    }
    const account = { outcome, transfers, logs: [], after: view() }
    const role = planned.by.replace(/\d+$/, '')
    return { planned, role, edge, predicted: account, observed: account, gasUsed: 70_000n }
  })
  const { policy, parameters, agreements } = scenario
  return { protocol, policy, parameters, agreements, initial, steps }
}

/** The example record with every optional section, and claims under every regime. */
export function exampleWorldRecord(): RunRecord {
  const record = exampleRecord()
  const scenario = exampleScenario()
  const claims = record.claims.flatMap((claim) =>
    REGIMES.map((regime, index) => {
      const isCounterexample = claim.verdict === 'violated' && index === 1
      const verdict = claim.verdict === 'violated' && index !== 1 ? 'held' : claim.verdict
      const witnesses = Math.round(claim.witnesses / 8 ** index)
      const counterexample = isCounterexample ? claim.counterexample : null
      const expected = index === 1 ? claim.expected : 'held'
      return { ...claim, regime, verdict, witnesses, counterexample, expected } as const
    }),
  )
  const failures = record.failures.map((failure) => {
    const regime = 'disconnect'
    if (failure.expected === 'held') return { ...failure, regime, originalTrace: failure.trace }
    const evidence = 'paid 3.47, delivered 3.00: 47 s after the drop'
    const trace = exampleScenarioTrace(scenario)
    return { ...failure, regime, evidence, trace, scenario: scenario.id, stepIndex: 3 }
  })
  const { canaries } = record
  const summary = summarise({ claims, failures, canaries, interrupted: false })
  return { ...record, ...exampleWorld(), claims, failures, summary }
}
