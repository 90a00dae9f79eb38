/**
 * What a coverage says in numbers and names, for every format that shows it: pairs of edges, edges
 * under faults, errors, and lines and branches of the Solidity sources.
 *
 * Older records have none of these; then there is nothing to say, which is null and never zero.
 */
import type { Coverage, SolidityCoverage } from './record.ts'

/** So many were reached, of so many. */
export interface Share {
  readonly reached: number
  readonly of: number
}

export const shareText = ({ reached, of }: Share) => `${reached}/${of}`

type Edge = Coverage['edges'][number]

/** An edge as a reader sees it. */
export function edgeText({ from, action, to, rejection }: Edge): string {
  return `${from} ${action} ${rejection === null ? `→ ${to}` : `⊘ ${rejection}`}`
}

/** An edge's name as the models and CSV have it. */
export function edgeName({ from, action, to, rejection }: Edge): string {
  return `${from}|${action}|${rejection === null ? to : `!${rejection}`}`
}

const shareOf = (items: readonly { readonly hits: number }[]): Share => ({
  reached: items.filter(({ hits }) => hits > 0).length,
  of: items.length,
})

export interface PairFacts {
  /** Pairs of accepted edges, of those that meet in a state. */
  readonly accepted: Share
  /** An accepted edge and then a refusal, of those that meet in a state. */
  readonly refused: Share
  readonly missed: readonly string[]
}

export function pairFacts({ edges, pairs }: Coverage): PairFacts | null {
  if (pairs === undefined) return null
  const named = pairs.flatMap(({ first, next, hits }) => {
    const [before, after] = [edges[first], edges[next]]
    return before === undefined || after === undefined ? [] : [{ before, after, hits }]
  })
  return {
    accepted: shareOf(named.filter(({ after }) => after.rejection === null)),
    refused: shareOf(named.filter(({ after }) => after.rejection !== null)),
    missed: named
      .filter(({ hits }) => hits === 0)
      .map(({ before, after }) => `${edgeText(before)}, then ${after.action}${endText(after)}`),
  }
}

const endText = ({ to, rejection }: Edge) => (rejection === null ? ` → ${to}` : ` ⊘ ${rejection}`)

export interface FaultFacts {
  /** Accepting edges from the beginning of a fault on, of all edges and kinds of faults. */
  readonly accepted: Share
  /** Of these, while such a fault was on. */
  readonly during: number
  /** Refusals under kinds of faults; a world does not try everything, so there is no whole. */
  readonly refused: number
  readonly kinds: readonly {
    readonly kind: string
    readonly runs: number
    readonly accepted: Share
    readonly missed: readonly string[]
  }[]
}

export function faultFacts({ edges, faults }: Coverage): FaultFacts | null {
  if (faults === undefined) return null
  const accepting = edges.filter(({ rejection }) => rejection === null)
  const kinds = faults.map(({ kind, runs, edges: taken }) => {
    const places = new Set(taken.map(({ edge }) => edge))
    const missed = edges.filter(({ rejection }, place) => rejection === null && !places.has(place))
    const accepted = { reached: accepting.length - missed.length, of: accepting.length }
    return { kind, runs, accepted, missed: missed.map(edgeText) }
  })
  const all = faults.flatMap((fault) => fault.edges)
  const isAccepting = ({ edge }: { readonly edge: number }) => edges[edge]?.rejection === null
  return {
    accepted: {
      reached: kinds.reduce((sum, { accepted }) => sum + accepted.reached, 0),
      of: kinds.length * accepting.length,
    },
    during: all.filter((each) => isAccepting(each) && each.during > 0).length,
    refused: all.filter((each) => !isAccepting(each)).length,
    kinds,
  }
}

export interface RevertFacts {
  readonly declared: Share
  readonly missed: readonly string[]
  /** What calls were refused with beside that, with how often. */
  readonly others: readonly { readonly error: string; readonly hits: number }[]
}

export function revertFacts({ reverts }: Coverage): RevertFacts | null {
  if (reverts === undefined) return null
  const declared = reverts.filter((each) => each.declared)
  return {
    declared: shareOf(declared),
    missed: declared.filter(({ hits }) => hits === 0).map(({ error }) => error),
    others: reverts.filter((each) => !each.declared).map(({ error, hits }) => ({ error, hits })),
  }
}

type CoveredFile = SolidityCoverage['files'][number]

/** Lines, branches and functions of one file, or of several. */
export function solidityShares(files: readonly CoveredFile[]) {
  const ways = files.flatMap(({ branches }) =>
    branches.flatMap(({ whenTrue, whenFalse }) => [{ hits: whenTrue }, { hits: whenFalse }]),
  )
  return {
    lines: shareOf(files.flatMap(({ lines }) => lines)),
    branches: shareOf(ways),
    functions: shareOf(files.flatMap(({ functions }) => functions)),
  }
}

export interface MissedLine {
  readonly file: string
  readonly line: number
  readonly text: string
  /** What of the line was never reached: all of it, or one way out of a branch. */
  readonly what: string
}

/** Every line that nothing reached, and every branch that never went one of its ways. */
export function missedLines({ files }: SolidityCoverage): readonly MissedLine[] {
  return files.flatMap((file) =>
    file.missed.map(({ line, text }) => {
      const isReached = file.lines.some((each) => each.line === line && each.hits > 0)
      const ways = file.branches
        .filter((branch) => branch.line === line)
        .flatMap(({ kind, whenTrue, whenFalse }) => [
          ...(whenTrue === 0 ? [`${kind} never true`] : []),
          ...(whenFalse === 0 ? [`${kind} never false`] : []),
        ])
      const what = isReached ? ways.join(', ') : 'never reached'
      return { file: file.file, line, text, what }
    }),
  )
}
