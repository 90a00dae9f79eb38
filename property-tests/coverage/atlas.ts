/**
 * Where in the sources each instruction of a compiled contract belongs: to the statement that
 * begins on a line, to a place where the source decides between two ways, to a function.
 *
 * An instruction belongs to the innermost statement that holds all of its source. A jump decides
 * for the source where it has exactly the place of an `if`, a `require`, a ternary or a loop;
 * without the optimiser there is one such jump for each of them, and its direction is known.
 */
import type { BranchKind, SourceSpan } from '../../contracts/internal/sourceNodes.ts'
import type {
  TraceableBuild,
  TraceableContract,
  TraceableSource,
} from '../../contracts/traceable.ts'

export interface Line {
  /** Place of the file in the build's sources. */
  readonly file: number
  /** From 1. */
  readonly line: number
}

export interface Branch extends Line {
  readonly kind: BranchKind
}

export interface NamedFunction extends Line {
  readonly name: string
}

/** By position in the code: places in the atlas' lists, or -1. */
export interface TracedCode {
  readonly lines: Int32Array
  readonly functions: Int32Array
  readonly branches: Int32Array
}

export interface TracedContract {
  readonly contract: TraceableContract
  readonly creation: TracedCode
  readonly runtime: TracedCode
}

export interface Atlas {
  readonly lines: readonly Line[]
  readonly branches: readonly Branch[]
  readonly functions: readonly NamedFunction[]
  readonly contracts: readonly TracedContract[]
}

/** What a jump that is taken means for the condition: the compiler jumps over what it skips. */
export const TAKEN_MEANS: Readonly<Record<BranchKind, boolean>> = {
  if: false,
  loop: false,
  ternary: true,
  require: true,
  try: true,
}

const PUSH1 = 0x60
const PUSH32 = 0x7f
const JUMPI = 0x57

interface Place {
  readonly line: number
  readonly function: number
}

const NOWHERE: Place = { line: -1, function: -1 }

/** Everything that can be covered in one file, and the look-ups of its source map's entries. */
interface FileAtlas {
  placeOf(span: SourceSpan): Place
  branchOf(span: SourceSpan): number
}

export function createAtlas(build: TraceableBuild): Atlas {
  const lines: Line[] = []
  const branches: Branch[] = []
  const functions: NamedFunction[] = []
  const files = new Map<number, FileAtlas>()
  for (const [file, source] of build.sources.entries()) {
    files.set(source.index, fileAtlas(source, file, { lines, branches, functions }))
  }
  const contracts = build.contracts.map((contract) => ({
    contract,
    creation: tracedCode(contract.bytecode, contract.creationMap, files),
    runtime: tracedCode(contract.deployedBytecode, contract.runtimeMap, files),
  }))
  return { lines, branches, functions, contracts }
}

function fileAtlas(
  { content, nodes }: TraceableSource,
  file: number,
  all: { lines: Line[]; branches: Branch[]; functions: NamedFunction[] },
): FileAtlas {
  const lineAt = lineFinder(content)
  const lineIds = new Map<number, number>()
  const lineId = (start: number) => {
    const line = lineAt(start)
    const known = lineIds.get(line)
    if (known !== undefined) return known
    lineIds.set(line, all.lines.length)
    return all.lines.push({ file, line }) - 1
  }
  const functions = nodes.functions.map(({ name, ...span }) => {
    return { span, id: all.functions.push({ file, line: lineAt(span.start), name }) - 1 }
  })
  const statements = nodes.statements.map((span) => ({
    span,
    place: { line: lineId(span.start), function: innermost(functions, span)?.id ?? -1 },
  }))
  const branches = new Map(
    nodes.branches.map(({ kind, ...span }) => {
      const id = all.branches.push({ file, line: lineAt(span.start), kind }) - 1
      return [`${span.start}:${span.length}`, id]
    }),
  )
  const places = new Map<string, Place>()
  return {
    placeOf(span) {
      const key = `${span.start}:${span.length}`
      const known = places.get(key)
      if (known !== undefined) return known
      const place = innermost(statements, span)?.place ?? NOWHERE
      places.set(key, place)
      return place
    },
    branchOf: ({ start, length }) => branches.get(`${start}:${length}`) ?? -1,
  }
}

/** The smallest of the spans that hold the inner one. */
function innermost<Item extends { readonly span: SourceSpan }>(
  items: readonly Item[],
  inner: SourceSpan,
): Item | undefined {
  let best: Item | undefined
  for (const item of items) {
    const { start, length } = item.span
    const holds = start <= inner.start && inner.start + inner.length <= start + length
    if (holds && (best === undefined || length < best.span.length)) best = item
  }
  return best
}

/** The line of a byte, from 1. */
function lineFinder(content: string): (start: number) => number {
  const begins = [0]
  for (const [at, byte] of Buffer.from(content).entries()) {
    if (byte === 10) begins.push(at + 1)
  }
  return (start) => {
    let [low, high] = [0, begins.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((begins[middle] ?? 0) <= start) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}

interface MapEntry extends SourceSpan {
  readonly file: number
}

/** solc's source map: `start:length:file:…;…`, where what is left out is as in the entry before. */
export function parseSourceMap(text: string): readonly MapEntry[] {
  let last: MapEntry = { start: 0, length: 0, file: -1 }
  return text.split(';').map((entry) => {
    const [start = '', length = '', file = ''] = entry.split(':')
    last = {
      start: start === '' ? last.start : Number(start),
      length: length === '' ? last.length : Number(length),
      file: file === '' ? last.file : Number(file),
    }
    return last
  })
}

function tracedCode(
  code: string,
  sourceMap: string,
  files: ReadonlyMap<number, FileAtlas>,
): TracedCode {
  const bytes = Buffer.from(code.slice(2), 'hex')
  const empty = () => new Int32Array(bytes.length).fill(-1)
  const [lines, functions, branches] = [empty(), empty(), empty()]
  let position = 0
  for (const entry of parseSourceMap(sourceMap)) {
    if (position >= bytes.length) break
    const operation = bytes[position] as number
    const file = files.get(entry.file)
    if (file !== undefined) {
      const place = file.placeOf(entry)
      lines[position] = place.line
      functions[position] = place.function
      if (operation === JUMPI) branches[position] = file.branchOf(entry)
    }
    const isPush = operation >= PUSH1 && operation <= PUSH32
    position += isPush ? operation - PUSH1 + 2 : 1
  }
  return { lines, functions, branches }
}
