/**
 * Why a green claim deserves trust: witnesses, canaries, and how deep the runs got.
 */
import type { Campaign, Canary, Claim, RunRecord } from '../../reports/record.ts'
import { claimOutcome, type OutcomeLook } from '../../reports/verdict.ts'
import { depthHistogram } from '../charts/depthHistogram.ts'
import { chartCard } from '../lib/chartCard.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { h } from '../lib/dom.ts'
import { counted, grouped, percent } from '../lib/format.ts'
import { badge, missing, scopeText } from '../lib/pieces.ts'
import { explorationSection } from './explorationPart.ts'
import { mutantsSection } from './mutantsPart.ts'
import { soliditySection } from './solidityPart.ts'
import { storedSection } from './storedPart.ts'

const WITNESS = 'A witness is a moment at which the claim was really put to the test.'
const CAUGHT: OutcomeLook = { glyph: '✓', text: 'caught', tone: 'held' }
const MISSED: OutcomeLook = { glyph: '?', text: 'missed', tone: 'undecided' }

export function checksView({ record }: ViewContext): View {
  const element = h(
    'div',
    { class: 'view' },
    ...storedSection(record),
    ...explorationSection(record),
    ...mutantsSection(record),
    canarySection(record),
    record.claims.length > 0 && vacuitySection(record.claims),
    callSection(record),
    soliditySection(record),
    h('h2', { class: 'section-title' }, 'How deep the runs got'),
    record.campaigns.length === 0
      ? h('p', { class: 'empty' }, 'This run had no campaign.')
      : h('div', { class: 'multiples' }, ...record.campaigns.map(depthCard)),
  )
  return { element }
}

const region = (label: string, table: HTMLElement) =>
  h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, table)

function canarySection({ canaries }: RunRecord): HTMLElement {
  if (canaries.length === 0) {
    return missing(
      'canaries',
      'A canary is a contract broken on purpose. `meterproof run` tries them all.',
    )
  }
  const caught = canaries.filter((canary) => canary.caught).length
  const missed = canaries.length - caught
  const head = [
    'canary',
    'protocol',
    'result',
    'to be caught by',
    'caught by',
    'actions',
    'sequences',
    'steps',
  ]
  const rows = [...canaries].sort((a, b) => Number(a.caught) - Number(b.caught)).map(canaryRow)
  return h(
    'section',
    { class: 'card' },
    h(
      'h2',
      {},
      caught === canaries.length
        ? `All ${caught} canaries were caught`
        : `${missed} of ${canaries.length} canaries went unnoticed`,
    ),
    h(
      'p',
      { class: 'quiet' },
      'Contracts, and parts of the simulated world, that are broken on purpose. A claim that ' +
        'cannot notice its canary proves nothing by holding.',
    ),
    region(
      'Canaries',
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...head.map((name, index) =>
              h('th', { scope: 'col', class: index > 4 && 'number' }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  )
}

function canaryRow({
  id,
  protocol,
  caught,
  expectedInvariant,
  caughtBy,
  actions,
  sequencesTried,
  stepsTried,
}: Canary) {
  const numbers = [
    actions === null ? '–' : grouped(actions),
    grouped(sequencesTried),
    grouped(stepsTried),
  ]
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, id),
    h('td', {}, protocol),
    h('td', {}, badge(caught ? CAUGHT : MISSED)),
    h('td', {}, expectedInvariant),
    h('td', {}, caughtBy.join(', ') || 'nothing'),
    ...numbers.map((text) => h('td', { class: 'number' }, text)),
  )
}

/** Claims with the fewest witnesses first: where green is thinnest. */
function vacuitySection(claims: readonly Claim[]): HTMLElement {
  const SHOWN_MAX = 15
  const sorted = [...claims].sort((a, b) => a.witnesses - b.witnesses)
  const vacuous = claims.filter((claim) => claimOutcome(claim) === 'vacuous').length
  const title =
    vacuous === 0
      ? 'Every claim that held was put to the test'
      : `${counted(vacuous, 'claim')} held without ever being put to the test`
  const rows = sorted.slice(0, SHOWN_MAX).map((claim) => {
    const share =
      claim.checks === 0 ? 'no traces' : percent(Math.min(1, claim.witnesses / claim.checks))
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, claim.invariant),
      h('td', {}, scopeText(claim)),
      h('td', { class: 'number' }, grouped(claim.witnesses)),
      h('td', { class: 'number' }, grouped(claim.checks)),
      h('td', { class: 'number' }, share),
    )
  })
  const head = ['claim', 'where', 'witnesses', 'traces', 'witnesses per trace']
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, title),
    h(
      'p',
      { class: 'quiet' },
      `The ${rows.length} least exercised of ${sorted.length}. ${WITNESS}`,
    ),
    region(
      'Least exercised claims',
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...head.map((name, index) =>
              h('th', { scope: 'col', class: index > 1 && 'number' }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  )
}

/** Attempts of each action: a campaign that is only ever refused explores nothing. */
function callSection({ coverage }: RunRecord): HTMLElement | null {
  if (coverage.length === 0) return null
  const counts = new Map<string, { accepted: number; refused: number }>()
  const several = new Set(coverage.map(({ protocol }) => protocol)).size > 1
  for (const { protocol, edges } of coverage) {
    for (const { action, rejection, hits } of edges) {
      // Actions of two protocols may share a name and nothing else.
      const key = several ? `${protocol}: ${action}` : action
      const count = counts.get(key) ?? { accepted: 0, refused: 0 }
      if (rejection === null) count.accepted += hits
      else count.refused += hits
      counts.set(key, count)
    }
  }
  const rows = [...counts].map(([action, { accepted, refused }]) => {
    const total = accepted + refused
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('code', {}, action)),
      h('td', { class: 'number' }, grouped(total)),
      h('td', { class: 'number' }, grouped(accepted)),
      h('td', { class: 'number' }, grouped(refused)),
      h('td', { class: 'number' }, total === 0 ? '–' : percent(refused / total)),
    )
  })
  const never = [...counts].filter(([, { accepted }]) => accepted === 0).length
  const head = ['action', 'attempts', 'accepted', 'refused', 'share refused']
  return h(
    'section',
    { class: 'card' },
    h(
      'h2',
      {},
      never === 0
        ? 'Every action was accepted at least once'
        : `${counted(never, 'action was', 'actions were')} never accepted`,
    ),
    region(
      'Attempts by action',
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...head.map((name, index) =>
              h('th', { scope: 'col', class: index > 0 && 'number' }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  )
}

function fileNameOf({ campaign, protocol, policy, regime }: Campaign): string {
  return ['depth', campaign, protocol, policy, regime].join('-').replace(/\s+/g, '-')
}

function depthCard(campaign: Campaign): HTMLElement {
  const { acceptedPerRun, runs, steps, accepted, campaign: name } = campaign
  const share = `${grouped(accepted)} of ${grouped(steps)} steps accepted`
  const deepest = acceptedPerRun.at(-1)?.value ?? 0
  const { traceHash } = campaign
  const digest = traceHash.length > 16 ? `${traceHash.slice(0, 12)}…` : traceHash
  const steepest = `${counted(deepest, 'step')} accepted`
  const title =
    acceptedPerRun.length === 0
      ? `${name}: ${counted(runs, 'run')}`
      : `${name}: the deepest of ${counted(runs, 'run')} got ${steepest}`
  return chartCard({
    ...{ title, level: 3, fileName: fileNameOf(campaign) },
    subtitle: `${scopeText(campaign)}; ${share}. Trace digest ${digest}`,
    chart:
      acceptedPerRun.length === 0 ? null : depthHistogram(acceptedPerRun, { ariaLabel: title }),
    empty: 'How deep these runs got was not recorded.',
    table: {
      columns: ['accepted steps', 'runs'],
      rows: acceptedPerRun.map(({ value, count }) => [value, count]),
    },
  })
}
