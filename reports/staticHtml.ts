/**
 * The run for readers without a script: verdict, reasons, claims, and how to replay what failed.
 *
 * Everything that comes from the record passes through `escapeMarkup`. It stands in a `noscript`
 * element of the page and uses the page's own style.
 */
import type { Claim, Failure, RunRecord } from './record.ts'
import { groupDigits } from './stepRows.ts'
import { scopesOf } from './summary.ts'
import { shrinkText, escapeMarkup as text } from './text.ts'
import { claimOutcome, OUTCOME_LOOKS, type OutcomeLook, VERDICT_LOOKS } from './verdict.ts'

const badge = ({ tone, glyph, text: word }: OutcomeLook) =>
  `<span class="badge ${tone}">${glyph} ${text(word)}</span>`

/** Markup of the body, without a document around it. */
export function staticHtml(record: RunRecord): string {
  const { summary } = record
  const look = VERDICT_LOOKS[summary.verdict]
  const reasons = summary.reasons.map((reason) => `<li>${text(reason)}</li>`).join('')
  const protocols = [...new Set(record.claims.map(({ protocol }) => protocol))]
  return `<main class="static">
<h1>${badge(look)} meterproof ${text(record.command)}</h1>
<p>${summary.held} claims held, ${summary.violated} violated, ${summary.undecided} undecided,
${summary.refutedAsExpected} refuted as expected. Exit code ${summary.exitCode}, seed
${record.seed}.</p>
${reasons === '' ? '' : `<ul>${reasons}</ul>`}
${protocols.map((protocol) => claimsTable(record, protocol)).join('\n')}
${record.failures.length === 0 ? '' : '<h2>Counterexamples</h2>'}
${record.failures.map(failureHtml).join('\n')}
<p>The page shows charts and steps with a script; run.json beside it holds everything.</p>
</main>`
}

/** Rows are invariants, columns are policy and regime. */
function claimsTable(record: RunRecord, protocol: string): string {
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
    const statement = `<span class="quiet">${text(own[0]?.statement ?? '')}</span>`
    return `<tr><th scope="row">${text(id)}<br>${statement}</th>${cells.join('')}</tr>`
  })
  return `<h2>Claims of ${text(protocol)}</h2>
<table><thead><tr><th scope="col">claim</th>${head.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`
}

function claimCell(claim: Claim | undefined): string {
  if (claim === undefined) return '<td class="quiet">not judged</td>'
  const counts = `${groupDigits(claim.witnesses)} witnesses, ${groupDigits(claim.checks)} traces`
  const outcome = badge(OUTCOME_LOOKS[claimOutcome(claim)])
  return `<td>${outcome}<br><span class="quiet">${counts}</span></td>`
}

function failureHtml(failure: Failure): string {
  const look = failure.expected === 'refuted' ? OUTCOME_LOOKS.refuted : OUTCOME_LOOKS.violated
  return `<h3>${badge(look)} ${text(failure.invariant)}: ${text(failure.evidence)}</h3>
<p class="quiet">${text(failure.policy)}, regime ${text(failure.regime)}, ${text(failure.campaign)}
run ${failure.run}. ${text(shrinkText(failure))}.</p>
<p><code>${text(failure.replayCommand)}</code></p>`
}
