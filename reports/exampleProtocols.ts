/**
 * A made-up record of two protocols that differ in all that differs between protocols: stages,
 * what is metered, signs of life on chain. No result of any run.
 */
import { exampleGigabyte } from './exampleDesign.ts'
import { exampleWorldRecord } from './exampleWorld.ts'
import type { RunRecord } from './record.ts'

const OTHER = 'token-job'
const VOUCHERS = { payment: 'voucher', locks: 'a deposit in an open channel', calls: 2 } as const

function renamed<Item extends { readonly protocol: string }>(items: readonly Item[] = []): Item[] {
  return items.map((item) => ({ ...item, protocol: OTHER }))
}

const regimesOf = ({ regimes = [] }: Pick<RunRecord, 'regimes'>) =>
  regimes.map(({ regime }) => regime)

/** The sections of the second protocol, of which tokens and not seconds are metered. */
function otherProtocol(record: RunRecord): RunRecord {
  const { summary, failures, ...sections } = record
  return {
    ...sections,
    ...{
      summary,
      failures: [],
      samples: renamed(sections.samples),
      canaries: renamed(sections.canaries),
    },
    contracts: renamed(sections.contracts),
    campaigns: renamed(sections.campaigns),
    claims: renamed(sections.claims).map((claim) => ({
      ...{ ...claim, verdict: 'held', expected: 'held', counterexample: null },
    })),
    coverage: renamed(sections.coverage),
    regimes: renamed(sections.regimes),
    latency: renamed(sections.latency).map((entry) => ({
      ...{ ...entry, stage: entry.stage.replace('drop → detected', 'prompt → answer') },
      worst: null,
    })),
    exposure: renamed(sections.exposure).map((entry) => ({ ...entry, worstRun: null })),
    conservation: renamed(sections.conservation),
    leakage: renamed(sections.leakage).map(({ causes, ...entry }, index) => ({
      ...{ ...entry, unit: 'tokens', postDropMax: 900 + 50 * index, allowance: 1_000, worst: null },
      causes: causes.slice(0, 2).map(({ cause, ...numbers }, place) => {
        const name = place === 0 ? 'unacknowledged' : 'unproven'
        return { ...numbers, cause: name, total: 200 * (300 + 40 * index), p95: 700, max: 900 }
      }),
    })),
    bounds: renamed(sections.bounds).map((entry) => ({ ...entry, unit: 'tokens', worst: null })),
    metrics: renamed(sections.metrics),
    serviceLevels: renamed(sections.serviceLevels),
    costs: renamed(sections.costs),
    perGigabyte: renamed(sections.perGigabyte).map(({ policy, regime }) => {
      const severity = regimesOf(sections).indexOf(regime)
      return exampleGigabyte({ protocol: OTHER, policy, regime }, severity, VOUCHERS)
    }),
    curves: renamed(sections.curves),
    scenarios: [],
    sweep: renamed(sections.sweep),
  }
}

const SECTIONS = [
  ...(['contracts', 'campaigns', 'claims', 'coverage', 'canaries', 'regimes'] as const),
  ...(['latency', 'exposure', 'conservation', 'leakage', 'bounds', 'metrics'] as const),
  ...(['serviceLevels', 'costs', 'perGigabyte', 'curves', 'sweep', 'samples'] as const),
]

/** The example of the world, and the same again under another protocol's name and units. */
export function exampleTwoProtocols(): RunRecord {
  const record = exampleWorldRecord()
  const other = otherProtocol(record)
  const both = SECTIONS.map((name) => [name, [...(record[name] ?? []), ...(other[name] ?? [])]])
  return { ...record, ...Object.fromEntries(both) }
}
