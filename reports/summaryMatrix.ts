/**
 * Claims of one policy under several fault regimes, as rows and columns of text.
 *
 * One row a claim, one column a regime: with five regimes a list of every pair would bury what
 * matters. A glyph never stands for colour alone; a dot is a claim that a regime does not speak of.
 */
import type { Claim, Failure, RunRecord } from './record.ts'
import { groupDigits } from './stepRows.ts'
import { shrinkText } from './text.ts'
import { claimOutcome, OUTCOME_LOOKS, type OutcomeLook } from './verdict.ts'

export interface MatrixOptions {
  readonly protocol: string
  readonly policy: Claim['policy']
  readonly width: number
  paint(tone: OutcomeLook['tone'] | 'bold' | 'dim', text: string): string
}

const SILENT = '·'
/** Columns below which a statement is not worth showing. */
const STATEMENT_ROOM_LEAST = 16

/** The regimes of a policy's claims, in order of appearance. */
export function regimesOf({ claims }: RunRecord, protocol: string, policy: string): string[] {
  const own = claims.filter((claim) => claim.protocol === protocol && claim.policy === policy)
  return [...new Set(own.map(({ regime }) => regime))]
}

export function matrixLines(record: RunRecord, options: MatrixOptions): readonly string[] {
  const { protocol, policy, paint } = options
  const own = record.claims.filter(
    (claim) => claim.protocol === protocol && claim.policy === policy,
  )
  const regimes = regimesOf(record, protocol, policy)
  const ids = [...new Set(own.map(({ invariant }) => invariant))]
  const title = `${protocol}, ${policy}`
  const nameWidth = Math.max(title.length - 2, ...ids.map((id) => id.length))
  const columns = regimes.map((regime) => regime.padStart(regime.length + 2)).join('')
  const rows = ids.map((id) => matrixRow(own, { id, regimes, nameWidth, ...options }))
  return [
    `${paint('bold', title.padEnd(nameWidth + 2))}${columns}     witnesses`,
    ...rows,
    ...refutedLines(record, own, options),
  ]
}

interface RowOptions extends MatrixOptions {
  readonly id: string
  readonly regimes: readonly string[]
  readonly nameWidth: number
}

function matrixRow(own: readonly Claim[], options: RowOptions): string {
  const { id, regimes, nameWidth, width, paint } = options
  const claims = own.filter(({ invariant }) => invariant === id)
  const cells = regimes.map((regime) => {
    const claim = claims.find((each) => each.regime === regime)
    const pad = ' '.repeat(regime.length + 1)
    if (claim === undefined) return `${pad}${paint('dim', SILENT)}`
    const look = OUTCOME_LOOKS[claimOutcome(claim)]
    return `${pad}${paint(look.tone, look.glyph)}`
  })
  const witnesses = claims.reduce((sum, claim) => sum + claim.witnesses, 0)
  const counts = groupDigits(witnesses).padStart(14)
  const used = 2 + nameWidth + regimes.join('').length + 2 * regimes.length + counts.length + 2
  const room = width - used
  const statement = claims[0]?.statement ?? ''
  const shown = statement.length <= room ? statement : `${statement.slice(0, room - 1)}…`
  const tail = room < STATEMENT_ROOM_LEAST ? '' : `  ${paint('dim', shown)}`
  return `  ${id.padEnd(nameWidth)}${cells.join('')}${counts}${tail}`
}

/** The shortest counterexample of each refuted claim, with the way to see it. */
function refutedLines(
  { failures }: RunRecord,
  own: readonly Claim[],
  { paint }: MatrixOptions,
): readonly string[] {
  const refuted = own.filter((claim) => claimOutcome(claim) === 'refuted')
  const ids = [...new Set(refuted.map(({ invariant }) => invariant))]
  return ids.flatMap((id) => {
    const names = refuted.filter(({ invariant }) => invariant === id)
    const found = names.flatMap(({ counterexample }) =>
      failures.filter((failure) => failure.id === counterexample),
    )
    const [smallest] = found.toSorted((a, b) => a.stepsShrunk - b.stepsShrunk)
    return smallest === undefined ? [] : refutationText(smallest, paint)
  })
}

function refutationText(failure: Failure, paint: MatrixOptions['paint']): readonly string[] {
  const { invariant, regime, evidence, replayCommand } = failure
  const { glyph, tone } = OUTCOME_LOOKS.refuted
  return [
    `  ${paint(tone, `${glyph} ${invariant}`)}  under ${regime}: ` +
      `${evidence}, ${shrinkText(failure)}`,
    `      replay: ${replayCommand}`,
  ]
}
