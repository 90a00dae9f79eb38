/**
 * The landing view: every claim under every policy and regime, worst first.
 *
 * A cell has a glyph and a word; its fill grows with the witnesses, so that a claim that was hardly
 * tested looks as thin as it is. The grid is one tab stop, arrows move inside it.
 */
import type { Bound, Claim, RunRecord } from '../../reports/record.ts'
import { type ClaimOutcome, claimOutcome, OUTCOME_LOOKS } from '../../reports/verdict.ts'
import type { View, ViewContext } from '../lib/context.ts'
import { append, h, segmented } from '../lib/dom.ts'
import { parseFilter } from '../lib/filter.ts'
import { compact, counted, grouped, percent } from '../lib/format.ts'
import { attachGridKeys } from '../lib/gridKeys.ts'
import { badge, regimesOf, scopeText } from '../lib/pieces.ts'

/** Worst first. */
const SEVERITY: readonly ClaimOutcome[] = [
  'violated',
  'notRefuted',
  'undecided',
  'vacuous',
  'refuted',
  'held',
]

interface Column {
  readonly policy: string
  readonly regime: string
}

export function claimsView(context: ViewContext): View {
  const { record, params } = context
  const detail = h('aside', {
    class: 'card claim-detail',
    'aria-label': 'Chosen claim',
    'aria-live': 'polite',
    hidden: true,
  })
  const grid = h('div', { class: 'grid-slot' })
  const problem = h('p', { class: 'problem', role: 'status' })
  let sort = params.sort ?? 'worst'
  const input = h('input', {
    ...{ type: 'search', id: 'claim-filter', value: params.q ?? '', autocomplete: 'off' },
    ...{ spellcheck: 'false', placeholder: 's:violated -r:congestion', input: () => draw() },
  })
  const draw = () => {
    const filter = parseFilter(input.value)
    problem.textContent = filter.problems.join(' ')
    grid.replaceChildren(
      ...matrices(record, { matches: filter.matches, sort, onPick: (claim) => pick(claim) }),
    )
    context.note({ q: input.value, sort: sort === 'worst' ? '' : sort })
  }
  const pick = (claim: Claim) => {
    detail.hidden = false
    detail.replaceChildren(...claimDetail(record, claim, context))
  }
  draw()
  const order = segmented({
    ...{ label: 'Order', value: sort },
    options: [
      { value: 'worst', label: 'worst first' },
      { value: 'id', label: 'by id' },
    ],
    onChange: (value) => {
      sort = value
      draw()
    },
  })
  const tools = h(
    'div',
    { class: 'tools' },
    h('label', { for: 'claim-filter', class: 'choice' }, h('span', {}, 'Filter'), input),
    order,
  )
  const element = h('div', { class: 'view' }, reasons(record), tools, problem, grid, detail)
  return { element, search: input }
}

function reasons({ summary }: RunRecord): HTMLElement | null {
  if (summary.reasons.length === 0) return null
  const SHOWN_MAX = 5
  const rest = summary.reasons.length - SHOWN_MAX
  return h(
    'ul',
    { class: 'reasons' },
    ...summary.reasons.slice(0, SHOWN_MAX).map((reason) => h('li', {}, reason)),
    rest > 0 ? h('li', {}, `and ${rest} more`) : null,
  )
}

interface MatrixOptions {
  readonly sort: string
  matches(item: ReturnType<typeof filterable>): boolean
  onPick(claim: Claim): void
}

const filterable = (claim: Claim) => {
  const { regime, policy, protocol, invariant, statement } = claim
  const status = claimOutcome(claim) === 'notRefuted' ? 'not-refuted' : claimOutcome(claim)
  return { status, regime, policy, protocol, id: invariant, text: statement }
}

/** A table for each protocol. */
function matrices(record: RunRecord, options: MatrixOptions): readonly HTMLElement[] {
  if (record.claims.length === 0) {
    return [h('p', { class: 'empty' }, 'This run judged no claim.')]
  }
  const protocols = [...new Set(record.claims.map(({ protocol }) => protocol))]
  const tables = protocols.flatMap((protocol) => {
    const claims = record.claims.filter((claim) => claim.protocol === protocol)
    const table = matrix(protocol, claims, options)
    return table === null ? [] : [table]
  })
  if (tables.length > 0) return tables
  return [
    h('p', { class: 'empty' }, `No claim matches the filter; there are ${record.claims.length}.`),
  ]
}

function matrix(protocol: string, claims: readonly Claim[], options: MatrixOptions) {
  const matching = new Set(claims.filter((claim) => options.matches(filterable(claim))))
  if (matching.size === 0) return null
  const columns = columnsOf([...matching])
  const shown = [...new Set([...matching].map(({ invariant }) => invariant))]
  const rankOf = (id: string) => {
    const own = [...matching].filter(({ invariant }) => invariant === id)
    return Math.min(...own.map((claim) => SEVERITY.indexOf(claimOutcome(claim))))
  }
  if (options.sort === 'id') shown.sort()
  else shown.sort((a, b) => rankOf(a) - rankOf(b))
  const most = Math.max(1, ...claims.map(({ witnesses }) => witnesses))
  const rows = shown.map((id) => {
    const own = claims.filter(({ invariant }) => invariant === id)
    return matrixRow({ id, own, columns, matching, most, onPick: options.onPick })
  })
  const table = h(
    'table',
    { class: 'matrix', role: 'grid', 'aria-label': `Claims of ${protocol}` },
    matrixHead(columns),
    h('tbody', {}, ...rows),
  )
  attachGridKeys(table)
  const label = `Claims of ${protocol}`
  return h(
    'section',
    {},
    h('h2', {}, matrixTitle(protocol, claims)),
    h('div', { class: 'scroll', role: 'group', 'aria-label': label }, table),
  )
}

function matrixTitle(protocol: string, claims: readonly Claim[]): string {
  const outcomes = claims.map(claimOutcome)
  const count = (...wanted: ClaimOutcome[]) => outcomes.filter((o) => wanted.includes(o)).length
  const [violated, open, refuted] = [
    count('violated'),
    count('undecided', 'vacuous', 'notRefuted'),
    count('refuted'),
  ]
  const parts = [
    ...(violated > 0 ? [`${counted(violated, 'claim')} violated`] : []),
    ...(open > 0 ? [`${counted(open, 'claim')} open`] : []),
    ...(refuted > 0 ? [`${grouped(refuted)} refuted as expected`] : []),
    `${grouped(count('held'))} of ${grouped(claims.length)} held`,
  ]
  return `${protocol}: ${parts.join(', ')}`
}

function columnsOf(claims: readonly Claim[]): readonly Column[] {
  const policies = [...new Set(claims.map(({ policy }) => policy))]
  return policies.flatMap((policy) =>
    regimesOf(claims.filter((claim) => claim.policy === policy)).map((regime) => ({
      policy,
      regime,
    })),
  )
}

function matrixHead(columns: readonly Column[]): HTMLElement {
  const policies = [...new Set(columns.map(({ policy }) => policy))]
  return h(
    'thead',
    {},
    h(
      'tr',
      { role: 'row' },
      h('th', { scope: 'col', rowspan: 2, role: 'columnheader' }, 'claim'),
      ...policies.map((policy) => {
        const colspan = columns.filter((column) => column.policy === policy).length
        return h(
          'th',
          { colspan, scope: 'colgroup', role: 'columnheader', class: 'policy' },
          policy,
        )
      }),
      h('th', { scope: 'col', rowspan: 2, role: 'columnheader' }, 'worst'),
    ),
    h(
      'tr',
      { role: 'row' },
      ...columns.map(({ regime }) =>
        h('th', { scope: 'col', role: 'columnheader', class: 'regime' }, regime),
      ),
    ),
  )
}

interface RowOptions {
  readonly id: string
  readonly own: readonly Claim[]
  readonly columns: readonly Column[]
  readonly matching: ReadonlySet<Claim>
  readonly most: number
  onPick(claim: Claim): void
}

function matrixRow({ id, own, columns, matching, most, onPick }: RowOptions): HTMLElement {
  const cells = columns.map(({ policy, regime }) => {
    const claim = own.find(
      (candidate) => candidate.policy === policy && candidate.regime === regime,
    )
    return claim === undefined
      ? h('td', { role: 'gridcell', tabindex: -1, class: 'not-judged' }, 'not judged')
      : claimCell(claim, { most, isDim: !matching.has(claim), onPick })
  })
  const worst = [...own].sort(
    (a, b) => SEVERITY.indexOf(claimOutcome(a)) - SEVERITY.indexOf(claimOutcome(b)),
  )[0]
  return h(
    'tr',
    { role: 'row' },
    h(
      'th',
      { scope: 'row', role: 'rowheader' },
      h('span', { class: 'claim-id' }, id),
      h('span', { class: 'statement' }, own[0]?.statement ?? ''),
    ),
    ...cells,
    worst === undefined
      ? h('td', { role: 'gridcell', tabindex: -1 })
      : claimCell(worst, { most, isDim: false, onPick, isWorst: true }),
  )
}

interface CellOptions {
  readonly most: number
  readonly isDim: boolean
  readonly isWorst?: boolean
  onPick(claim: Claim): void
}

function claimCell(
  claim: Claim,
  { most, isDim, isWorst = false, onPick }: CellOptions,
): HTMLElement {
  const outcome = claimOutcome(claim)
  const look = OUTCOME_LOOKS[outcome]
  const strength = Math.log(1 + claim.witnesses) / Math.log(1 + most)
  const counts = `${grouped(claim.witnesses)} witnesses in ${grouped(claim.checks)} traces`
  const cell = h(
    'td',
    {
      role: 'gridcell',
      tabindex: -1,
      class: ['claim', look.tone, ...(isDim ? ['dim'] : []), ...(isWorst ? ['worst'] : [])].join(
        ' ',
      ),
      style: `--strength:${(0.25 + 0.75 * strength).toFixed(2)}`,
      title: counts,
      click: () => onPick(claim),
      'data-counterexample': claim.counterexample,
    },
    h('span', { class: 'verdict-word' }, `${look.glyph} ${shortWord(outcome)}`),
    isWorst
      ? h('span', { class: 'count' }, `in ${claim.regime}`)
      : h(
          'span',
          { class: 'count' },
          h('span', { class: 'hidden' }, 'witnesses '),
          compactCount(claim.witnesses),
        ),
  )
  return cell
}

const shortWord = (outcome: ClaimOutcome) =>
  ({
    held: 'held',
    violated: 'violated',
    undecided: 'undecided',
    vacuous: 'vacuous',
    notRefuted: 'open',
    refuted: 'refuted',
  })[outcome]

const compactCount = (count: number) =>
  count < 10_000 ? grouped(count) : `${compact(count / 1000)}k`

function claimDetail(record: RunRecord, claim: Claim, context: ViewContext): readonly Node[] {
  const { invariant, statement, formula, witnesses, checks, note, counterexample } = claim
  const story = context.stories.find(({ id }) => id === counterexample)
  const sample = context.stories.find(
    ({ group, scope }) => group === 'Sample runs' && scope.policy === claim.policy,
  )
  // On several chains, the one that came nearest.
  const [bound] = (record.bounds ?? [])
    .filter((entry) => isSame(entry, claim))
    .sort((a, b) => b.observed * a.bound - a.observed * b.bound)
  const parts = document.createDocumentFragment()
  append(parts, [
    h('h2', {}, invariant),
    h('p', {}, badge(OUTCOME_LOOKS[claimOutcome(claim)])),
    h('p', { class: 'quiet' }, scopeText(claim)),
    h('p', {}, statement),
    formula === '' ? null : h('p', {}, h('code', {}, formula)),
    h('p', {}, witnessText(witnesses, checks)),
    bound === undefined ? null : h('p', {}, boundText(bound)),
    note === '' ? null : h('p', {}, note),
    story === undefined
      ? null
      : h(
          'p',
          {},
          h(
            'a',
            { href: `#/counterexample?id=${encodeURIComponent(story.id)}` },
            `Counterexample: ${story.finding}`,
          ),
        ),
    story !== undefined || sample === undefined
      ? null
      : h('p', {}, h('a', { href: `#/counterexample?id=${sample.id}` }, 'A run in which it held')),
    h('p', {}, h('a', { href: '#/checks' }, 'What would have caught a mistake')),
  ])
  return [...parts.childNodes]
}

function witnessText(witnesses: number, checks: number): string {
  if (witnesses === 0)
    return `Judged on ${counted(checks, 'trace')}, but nothing ever put it to the test.`
  return `Put to the test ${grouped(witnesses)} times in ${counted(checks, 'trace')}.`
}

function boundText({ observed, bound, unit }: Bound): string {
  const share = bound === 0 ? 'bound 0' : percent(observed / bound)
  const [seen, allowed] = [observed, bound].map((value) => grouped(Math.round(value)))
  return `Worst observed ${seen} of ${allowed} ${unit} allowed (${share}).`
}

const isSame = (bound: Bound, claim: Claim) =>
  bound.invariant === claim.invariant &&
  bound.protocol === claim.protocol &&
  bound.policy === claim.policy &&
  bound.regime === claim.regime
