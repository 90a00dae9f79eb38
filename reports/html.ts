/**
 * The run as one page that opens from a disk: no request leaves it, and it reads without a script.
 *
 * Everything that comes from the record passes through `escapeMarkup`. The script only copies
 * replay commands. Tables carry the numbers, so the page prints and works with a screen reader;
 * long lists are folded, and what a cap leaves out is counted.
 */
import { bins, quantile, sampleCount } from './distribution.ts'
import { HTML_SCRIPT, HTML_STYLE } from './htmlStyle.ts'
import type { Campaign, Canary, Claim, Coverage, Failure, RunRecord, Scope } from './record.ts'
import { groupDigits, type StepRow, stepRows } from './stepRows.ts'
import { coverageCounts, scopesOf } from './summary.ts'
import { shrinkText, escapeMarkup as text } from './text.ts'
import { claimOutcome, OUTCOME_LOOKS, type OutcomeLook, VERDICT_LOOKS } from './verdict.ts'

/** Steps of one counterexample on the page; the trace file holds them all. */
const STEPS_SHOWN_MAX = 200
const DEPTH_BINS_MAX = 12

/** Refuses everything that is not on the page itself. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'"

/** A complete HTML document. */
export function runHtml(record: RunRecord): string {
  const look = VERDICT_LOOKS[record.summary.verdict]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(`${look.glyph} ${look.text}: meterproof ${record.command}`)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main>
${verdictHtml(record, look)}
${provenanceHtml(record)}
${protocolsOf(record)
  .map((protocol) => matrixHtml(record, protocol))
  .join('\n')}
${record.failures.length === 0 ? '' : `<h2>Counterexamples</h2>`}
${record.failures.map(failureHtml).join('\n')}
${canariesHtml(record.canaries)}
${record.coverage.length === 0 ? '' : `<h2>Coverage</h2>`}
${record.coverage.map(coverageHtml).join('\n')}
${record.campaigns.length === 0 ? '' : `<h2>How deep the runs got</h2>`}
${record.campaigns.map(depthHtml).join('\n')}
</main>
<p id="copied" role="status" class="quiet"></p>
<script>${HTML_SCRIPT}</script>
</body>
</html>
`
}

const badge = ({ tone, glyph, text: word }: OutcomeLook) =>
  `<span class="badge ${tone}">${glyph} ${text(word)}</span>`

const scopeText = ({ protocol, policy, regime }: Scope) =>
  `${protocol}, ${policy}, regime ${regime}`

const protocolsOf = ({ claims }: RunRecord) => [...new Set(claims.map(({ protocol }) => protocol))]

function verdictHtml({ summary }: RunRecord, look: OutcomeLook): string {
  const { held, violated, undecided, refutedAsExpected } = summary
  const reasons = summary.reasons.map((reason) => `<li>${text(reason)}</li>`).join('')
  return `<header class="verdict ${look.tone}">
<h1>${look.glyph} ${text(look.text)}</h1>
<p>${held} claims held, ${violated} violated, ${undecided} undecided, ${refutedAsExpected}
refuted as expected. Exit code ${summary.exitCode}.</p>
${reasons === '' ? '' : `<ul>${reasons}</ul>`}
</header>`
}

function provenanceHtml(record: RunRecord): string {
  const fact = (name: string, value: string) =>
    `<div><dt>${text(name)}</dt><dd class="mono">${value}</dd></div>`
  const { wall } = record
  const contracts = record.contracts.map(({ name, policy, bytecodeHash }) => {
    const short = `${bytecodeHash.slice(0, 10)}…${bytecodeHash.slice(-6)}`
    return fact(`${name} (${policy})`, `<span title="${text(bytecodeHash)}">${text(short)}</span>`)
  })
  const facts = [
    fact('command', text(`meterproof ${record.command}`)),
    fact('seed', String(record.seed)),
    ...contracts,
    ...Object.entries(record.tools).map(([name, version]) => fact(name, text(version))),
    fact('started', text(wall.startedAtIso)),
    fact('took', `${(wall.durationMs / 1000).toFixed(1)} s, ${wall.workers} workers`),
    fact('speed', `${groupDigits(Math.round(wall.stepsPerSecond))} steps/s`),
  ]
  const notes = [...record.notes, ...wall.notes].map((note) => `<li>${text(note)}</li>`).join('')
  return `<dl class="facts" aria-label="Provenance">${facts.join('')}</dl>
${notes === '' ? '' : `<ul class="quiet">${notes}</ul>`}`
}

/** Rows are invariants, columns are policy and regime. */
function matrixHtml(record: RunRecord, protocol: string): string {
  const claims = record.claims.filter((claim) => claim.protocol === protocol)
  const scopes = scopesOf({ ...record, claims, campaigns: [], coverage: [] })
  const ids = [...new Set(claims.map(({ invariant }) => invariant))]
  const head = scopes.map(({ policy, regime }) => {
    return `<th scope="col">${text(policy)}<br><span class="quiet">${text(regime)}</span></th>`
  })
  const rows = ids.map((id) => {
    const own = claims.filter(({ invariant }) => invariant === id)
    const cells = scopes.map(({ policy, regime }) =>
      claimCell(own.find((claim) => claim.policy === policy && claim.regime === regime)),
    )
    return `<tr><th scope="row">${text(id)}<br><span class="quiet">${text(own[0]?.statement ?? '')}
</span><br><code class="quiet">${text(own[0]?.formula ?? '')}</code></th>${cells.join('')}</tr>`
  })
  return `<h2>Claims of ${text(protocol)}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Claims of ${text(protocol)}"><table>
<caption>A witness is a moment at which the claim was really put to the test.</caption>
<thead><tr><th scope="col">claim</th>${head.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`
}

function claimCell(claim: Claim | undefined): string {
  if (claim === undefined) return '<td class="quiet">not judged</td>'
  const { counterexample, witnesses, checks, note } = claim
  const link =
    counterexample === null ? '' : `<br><a href="#${text(counterexample)}">counterexample</a>`
  const counts = `${groupDigits(witnesses)} witnesses, ${groupDigits(checks)} traces`
  return `<td>${badge(OUTCOME_LOOKS[claimOutcome(claim)])}<br><span class="quiet">${counts}</span>
${note === '' ? '' : `<br><span class="quiet">${text(note)}</span>`}${link}</td>`
}

function failureHtml(failure: Failure): string {
  const rows = stepRows(failure.trace)
  const shown = rows.slice(0, STEPS_SHOWN_MAX)
  const hidden = rows.length - shown.length
  const more = hidden === 0 ? '' : `<p>${hidden} more steps are in ${text(failure.traceFile)}.</p>`
  const look = failure.expected === 'refuted' ? OUTCOME_LOOKS.refuted : OUTCOME_LOOKS.violated
  const codeId = `replay-${failure.id}`
  return `<section id="${text(failure.id)}" aria-labelledby="title-${text(failure.id)}">
<h3 id="title-${text(failure.id)}">${badge(look)} ${text(failure.invariant)}:
${text(failure.evidence)}</h3>
<p class="quiet">${text(scopeText(failure))}, ${text(failure.campaign)} run ${failure.run},
contract ${text(failure.contract)}. ${text(shrinkText(failure))}.</p>
<div class="replay"><code id="${text(codeId)}">${text(failure.replayCommand)}</code>
<button type="button" data-copy="${text(codeId)}" hidden
aria-label="Copy the replay command of ${text(failure.invariant)}">Copy</button></div>
<ol class="steps">${shown
    .map((row, index) => stepHtml(row, index === failure.stepIndex))
    .join('\n')}</ol>${more}
</section>`
}

function stepHtml(row: StepRow, isBroken: boolean): string {
  const marks = [
    ...(isBroken ? ['<span class="badge violated">✗ broken here</span>'] : []),
    ...(row.differs ? ['<span class="badge violated">≠ model and contract differ</span>'] : []),
  ]
  const facts = row.facts.map(({ label, before, predicted, observed, differs }) => {
    const mark = differs ? ' <span class="badge violated">≠ differs</span>' : ''
    return `<tr${differs ? ' class="violated"' : ''}><th scope="row">${text(label)}${mark}</th>
<td>${text(before ?? '')}</td><td>${text(predicted || 'none')}</td>
<td>${text(observed || 'none')}</td></tr>`
  })
  return `<li class="step${isBroken || row.differs ? ' broken' : ''}">
<h4>${row.number}. <code>${text(row.by)}: ${text(row.call)}</code> ${marks.join(' ')}</h4>
<p class="quiet">t = ${groupDigits(row.sinceStartSeconds)} s, as ${text(row.role)} of agreement
${row.agreement}, ${groupDigits(row.gasUsed)} gas</p>
<table>
<thead><tr><th scope="col">what</th><th scope="col">before</th><th scope="col">model predicted</th>
<th scope="col">contract did</th></tr></thead><tbody>${facts.join('')}</tbody></table></li>`
}

function canariesHtml(canaries: readonly Canary[]): string {
  if (canaries.length === 0) return ''
  const caughtCount = canaries.filter(({ caught }) => caught).length
  const rows = canaries.map((canary) => {
    const look: OutcomeLook = canary.caught
      ? { glyph: '✓', text: 'caught', tone: 'held' }
      : { glyph: '?', text: 'not caught', tone: 'undecided' }
    return `<tr><th scope="row">${text(canary.id)}</th><td>${badge(look)}</td>
<td>${text(canary.expectedInvariant)}</td><td>${text(canary.caughtBy.join(', ') || 'none')}</td>
<td class="number">${canary.actions ?? '–'}</td>
<td class="number">${groupDigits(canary.sequencesTried)}</td>
<td class="number">${groupDigits(canary.stepsTried)}</td></tr>`
  })
  return `<h2>Canaries: ${caughtCount} of ${canaries.length} caught</h2>
<p>A canary is a contract that was broken on purpose; the claim that it breaks must notice.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Canaries"><table>
<thead><tr><th scope="col">canary</th><th scope="col">result</th>
<th scope="col">to be caught by</th><th scope="col">caught by</th>
<th scope="col" class="number">actions</th>
<th scope="col" class="number">sequences</th>
<th scope="col" class="number">steps</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div>`
}

function coverageHtml(coverage: Coverage): string {
  const { states, edges, refusals, neverHit } = coverageCounts(coverage)
  const rows = coverage.edges.map(
    ({ from, action, to, rejection, hits }) => `<tr><td>${text(from)}</td><td>${text(action)}</td>
<td>${text(rejection === null ? to : `refused: ${rejection}`)}</td>
<td class="number">${hits === 0 ? 'never' : groupDigits(hits)}</td></tr>`,
  )
  const never = neverHit.map((name) => `<li><code>${text(name)}</code></li>`).join('')
  const neverHtml = `<details open><summary>Never hit: ${neverHit.length}</summary>
<ul>${never}</ul></details>`
  return `<h3>${text(scopeText(coverage))}</h3>
<p>States ${states}, accepting edges ${edges}, rejecting edges ${refusals} were hit.</p>
${never === '' ? '<p>Nothing was left out.</p>' : neverHtml}
<details><summary>All ${coverage.edges.length} edges with their hits</summary><table>
<thead><tr><th scope="col">from</th><th scope="col">action</th><th scope="col">to</th>
<th scope="col" class="number">hits</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></details>`
}

function depthHtml(campaign: Campaign): string {
  const { acceptedPerRun, runs, steps, accepted, rejected } = campaign
  const bars = bins(acceptedPerRun, DEPTH_BINS_MAX)
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const rows = bars.map(({ from, to, count }) => {
    const percent = ((100 * count) / most).toFixed(1)
    return `<tr><th scope="row" class="number">${from === to ? from : `${from}–${to}`}</th>
<td class="bar-cell"><div class="bar" style="width:${percent}%"></div></td>
<td class="number">${groupDigits(count)}</td></tr>`
  })
  const [median, deepest] = [0.5, 1].map((q) => quantile(acceptedPerRun, q) ?? 0)
  const title = `Half of ${groupDigits(sampleCount(acceptedPerRun))} runs got at least ${median}
steps accepted; the deepest ${deepest}`
  return `<h3>${title}</h3>
<p class="quiet">${text(scopeText(campaign))}, campaign ${text(campaign.campaign)}:
${groupDigits(runs)} runs, ${groupDigits(steps)} steps, ${groupDigits(accepted)} accepted,
${groupDigits(rejected)} refused. Trace digest <code>${text(campaign.traceHash)}</code></p>
<table class="depth"><thead><tr><th scope="col" class="number">accepted steps</th>
<th scope="col"><span class="quiet">share</span></th><th scope="col" class="number">runs</th></tr>
</thead><tbody>${rows.join('')}</tbody></table>`
}
