/**
 * From hits to the record: lines, functions and branches of each file of which the contract has
 * code. What of a file the contract does not contain, such as what another policy inherits, does
 * not count against it.
 */
import type { TraceableSource } from '../../contracts/traceable.ts'
import type { SolidityCoverage } from '../../reports/record.ts'
import type { Atlas, TracedCode, TracedContract } from './atlas.ts'
import type { Hits } from './traceReader.ts'

type CoveredFile = SolidityCoverage['files'][number]

interface Covered {
  readonly sources: readonly TraceableSource[]
  readonly atlas: Atlas
  readonly hits: Hits
  /** Whose code counts. */
  readonly contracts: readonly TracedContract[]
}

export function coveredFiles(covered: Covered): CoveredFile[] {
  const { sources, contracts } = covered
  const codes = contracts.flatMap(({ creation, runtime }) => [creation, runtime])
  const inCode = {
    lines: presentIn(codes, ({ lines }) => lines),
    functions: presentIn(codes, ({ functions }) => functions),
    branches: presentIn(codes, ({ branches }) => branches),
  }
  return sources
    .map((source, file) => coveredFile(covered, source, file, inCode))
    .filter(({ lines }) => lines.length > 0)
    .sort((a, b) => (a.file < b.file ? -1 : 1))
}

function presentIn(
  codes: readonly TracedCode[],
  pick: (code: TracedCode) => Int32Array,
): ReadonlySet<number> {
  const present = new Set<number>()
  for (const code of codes) for (const place of pick(code)) present.add(place)
  return present
}

interface Present {
  readonly lines: ReadonlySet<number>
  readonly functions: ReadonlySet<number>
  readonly branches: ReadonlySet<number>
}

function coveredFile(
  { atlas, hits }: Covered,
  { name, content }: TraceableSource,
  file: number,
  inCode: Present,
): CoveredFile {
  const of = <Item extends { readonly file: number; readonly line: number }>(
    items: readonly Item[],
    present: ReadonlySet<number>,
  ) =>
    items
      .map((item, place) => ({ ...item, place }))
      .filter((item) => item.file === file && present.has(item.place))
      .sort((a, b) => a.line - b.line || a.place - b.place)
  const lines = of(atlas.lines, inCode.lines).map(({ line, place }) => {
    return { line, hits: hits.lines[place] ?? 0 }
  })
  const branches = of(atlas.branches, inCode.branches).map(({ line, kind, place }) => ({
    ...{ line, kind },
    whenTrue: hits.whenTrue[place] ?? 0,
    whenFalse: hits.whenFalse[place] ?? 0,
  }))
  const functions = of(atlas.functions, inCode.functions).map((each) => {
    return { line: each.line, name: each.name, hits: hits.functions[each.place] ?? 0 }
  })
  const isOpen = (branch: (typeof branches)[number]) =>
    branch.whenTrue === 0 || branch.whenFalse === 0
  const missed = new Set([
    ...lines.filter((each) => each.hits === 0).map(({ line }) => line),
    ...branches.filter(isOpen).map(({ line }) => line),
  ])
  const text = content.split('\n')
  return {
    file: name,
    ...{ lines, functions, branches },
    missed: [...missed]
      .sort((a, b) => a - b)
      .map((line) => ({ line, text: text[line - 1]?.trim() ?? '' })),
  }
}
