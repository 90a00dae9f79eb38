/**
 * All mutants of a contract: its own sources with one small change each, in the order of the text.
 *
 * Own are the files under `contracts/src` that the contract is made of; packages are not. What
 * stands in the arguments of an error is left alone: it is told to a user, and no check reads it.
 */
import type { Edit, Operator, OperatorName, Place } from './operator.ts'
import { EXPRESSION_OPERATORS } from './operatorsOfExpressions.ts'
import { STATE_OPERATORS } from './operatorsOfState.ts'
import { STATEMENT_OPERATORS } from './operatorsOfStatements.ts'
import {
  type AstNode,
  nodeIn,
  nodesIn,
  numberIn,
  type SourceText,
  sourceText,
  spanOf,
  typeOf,
  walk,
  wordIn,
} from './syntaxTree.ts'

export const OPERATORS: readonly Operator[] = [
  ...EXPRESSION_OPERATORS,
  ...STATEMENT_OPERATORS,
  ...STATE_OPERATORS,
]

/** A change of one file. */
export interface Mutant {
  /** `file:line:column:operator:n`, without folders; n counts from 1 what one place has. */
  readonly id: string
  readonly operator: OperatorName
  /** As the compiler knows it. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The function around it, `constructor`, or `state`. */
  readonly within: string
  readonly edit: Edit
  /** What is replaced, and by what, each as one line. */
  readonly before: string
  readonly after: string
  /** A change that shows in every call that comes to this statement; null where there is none. */
  readonly probe: Edit | null
}

/** A file with its tree. */
export interface Parsed {
  readonly file: string
  readonly content: string
  readonly tree: AstNode
}

/** Named things that can stand for one another, by the id of their declaration. */
type Siblings = ReadonlyMap<number, { readonly name: string; readonly kind: string }>

/**
 * @param files of the contract, imports of packages left out
 * @param contractName what is deployed
 */
export function mutantsOf(files: readonly Parsed[], contractName: string): readonly Mutant[] {
  const used = contractsOf(files, contractName)
  const siblings = siblingsIn(files)
  return files.flatMap(({ file, content, tree }) => {
    const source = sourceText(content)
    const found = new Map<string, Found>()
    for (const { node, around } of walk(tree)) {
      if (!isMutated(around, used)) continue
      const place: Place = { node, around, source, siblings: (each) => namesFor(each, siblings) }
      for (const { name, edits } of OPERATORS) {
        for (const edit of edits(place)) {
          const key = `${edit.start} ${edit.end} ${edit.text}`
          if (!found.has(key)) found.set(key, { operator: name, edit, place })
        }
      }
    }
    return numbered([...found.values()].toSorted(byPlace), file)
  })
}

interface Found {
  readonly operator: OperatorName
  readonly edit: Edit
  readonly place: Place
}

function byPlace(a: Found, b: Found): number {
  return a.edit.start - b.edit.start || b.edit.end - a.edit.end
}

function numbered(found: readonly Found[], file: string): Mutant[] {
  const counts = new Map<string, number>()
  return found.map(({ operator, edit, place }) => {
    const { source, node, around } = place
    const { line, column } = source.position(edit.start)
    const spot = `${file.split('/').at(-1)}:${line}:${column}:${operator}`
    const count = (counts.get(spot) ?? 0) + 1
    counts.set(spot, count)
    const id = `${spot}:${count}`
    const texts = { before: oneLine(source.of(edit)), after: oneLine(edit.text) }
    const within = functionAround([node, ...around])
    const probe = probeOf([node, ...around], source)
    return { id, operator, file, line, column, within, edit, ...texts, probe }
  })
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Ids of the contracts whose code the named one has: its ancestors, and what it deploys. */
function contractsOf(files: readonly Parsed[], contractName: string): ReadonlySet<number> {
  const contracts = files
    .flatMap(({ tree }) => nodesIn(tree, 'nodes'))
    .filter(({ nodeType }) => nodeType === 'ContractDefinition')
  const byId = new Map(contracts.map((each) => [numberIn(each, 'id'), each]))
  const used = new Set<number>()
  const queue = contracts.filter((each) => wordIn(each, 'name') === contractName)
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const id = numberIn(next, 'id')
    if (used.has(id)) continue
    used.add(id)
    const others = [next.linearizedBaseContracts, next.contractDependencies].flat() as unknown[]
    for (const other of others) {
      const contract = byId.get(Number(other))
      if (contract !== undefined) queue.push(contract)
    }
  }
  return used
}

function isMutated(around: readonly AstNode[], used: ReadonlySet<number>): boolean {
  if (around.some(({ nodeType }) => nodeType === 'RevertStatement')) return false
  const contract = around.find(({ nodeType }) => nodeType === 'ContractDefinition')
  return contract !== undefined && used.has(numberIn(contract, 'id'))
}

/**
 * Members of a struct, state variables of a contract and parameters of a function stand for one
 * another when they have the same type. Constants are no state.
 */
function siblingsIn(files: readonly Parsed[]): Siblings {
  const known = new Map<number, { readonly name: string; readonly kind: string }>()
  for (const { tree } of files) {
    for (const { node } of walk(tree)) {
      if (node.nodeType !== 'VariableDeclaration' || wordIn(node, 'name') === '') continue
      const kind = `${numberIn(node, 'scope')} ${String(node.constant)} ${typeOf(node)}`
      known.set(numberIn(node, 'id'), { name: wordIn(node, 'name'), kind })
    }
  }
  return known
}

function namesFor(node: AstNode, siblings: Siblings): readonly string[] {
  const own = siblings.get(numberIn(node, 'referencedDeclaration'))
  if (own === undefined) return []
  return [...siblings.values()].filter(({ kind }) => kind === own.kind).map(({ name }) => name)
}

function functionAround(around: readonly AstNode[]): string {
  const owner = around.find(({ nodeType }) => /^(Function|Modifier)Definition$/.test(nodeType))
  if (owner === undefined) return 'state'
  return wordIn(owner, 'name') || wordIn(owner, 'kind')
}

const BLOCKS = new Set(['Block', 'UncheckedBlock'])
const STATEMENT = /(Statement|^Return)$/
const FAILING = 'assert(false);'

/** Makes the nearest statement around fail, or the whole function for what is in its head. */
function probeOf(around: readonly AstNode[], source: SourceText): Edit | null {
  const at = around.findIndex(({ nodeType }) => STATEMENT.test(nodeType))
  const statement = around[at]
  if (statement === undefined) {
    const owner = around.find(({ nodeType }) => nodeType === 'FunctionDefinition')
    const body = owner === undefined ? null : nodeIn(owner, 'body')
    if (body === null) return null
    const start = spanOf(body).start + 1
    return { start, end: start, text: ` ${FAILING}` }
  }
  const { start, end } = spanOf(statement)
  if (BLOCKS.has(around[at + 1]?.nodeType ?? '')) {
    return { start, end: start, text: `${FAILING} ` }
  }
  // The only statement of a branch: its own semicolon follows the one that ends the block.
  const hasBlock = source.of({ start: end - 1, end }) === '}'
  const text = `{ ${FAILING} ${source.of(statement)}${hasBlock ? '' : ';'} }`
  const semicolon = /^\s*;/.exec(source.of({ start: end, end: source.bytes.length }))?.[0] ?? ''
  return { start, end: end + Buffer.byteLength(semicolon), text }
}
