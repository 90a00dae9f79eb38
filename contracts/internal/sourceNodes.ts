/**
 * What of a Solidity source can be covered, from solc's syntax tree: statements, the places where
 * the source itself decides between two ways, and functions.
 *
 * Jumps that only the compiler knows (overflow checks, dispatch, short circuits of `&&` and `||`)
 * are no places of the source and are left out.
 */
import { z } from 'zod'

export type BranchKind = 'if' | 'require' | 'ternary' | 'loop' | 'try'

/** Where a node stands, in bytes from the beginning of its file. */
export interface SourceSpan {
  readonly start: number
  readonly length: number
}

export interface SourceNodes {
  readonly statements: readonly SourceSpan[]
  readonly branches: readonly (SourceSpan & { readonly kind: BranchKind })[]
  readonly functions: readonly (SourceSpan & { readonly name: string })[]
}

const nodeSchema = z.looseObject({ nodeType: z.string(), src: z.string() })
type Node = z.infer<typeof nodeSchema>

/** Statements that do something; blocks only hold others, and a modifier's `_` is no code. */
const STATEMENTS = new Set([
  'Break',
  'Continue',
  'DoWhileStatement',
  'EmitStatement',
  'ExpressionStatement',
  'ForStatement',
  'IfStatement',
  'InlineAssembly',
  'Return',
  'RevertStatement',
  'TryStatement',
  'VariableDeclarationStatement',
  'WhileStatement',
])

const BRANCHES: Readonly<Record<string, (node: Node) => BranchKind | null>> = {
  IfStatement: () => 'if',
  Conditional: () => 'ternary',
  ForStatement: ({ condition }) => (condition === null || condition === undefined ? null : 'loop'),
  WhileStatement: () => 'loop',
  FunctionCall: ({ expression }) => (isCheck(expression) ? 'require' : null),
  TryStatement: ({ clauses }) => (hasOneCatch(clauses) ? 'try' : null),
}

/** `require` and `assert` of the language itself; what a contract declares has an id above 0. */
function isCheck(expression: unknown): boolean {
  const called = expression as { name?: unknown; referencedDeclaration?: unknown } | undefined
  const isBuiltIn = Number(called?.referencedDeclaration ?? 0) < 0
  return isBuiltIn && (called?.name === 'require' || called?.name === 'assert')
}

/** With several clauses the compiler tells errors apart by jumps of its own. */
function hasOneCatch(clauses: unknown): boolean {
  if (!Array.isArray(clauses) || clauses.length !== 2) return false
  return (clauses[1] as { errorName?: unknown }).errorName === ''
}

/** @param ast as solc gives it for one source */
export function sourceNodes(ast: unknown): SourceNodes {
  const statements: SourceSpan[] = []
  const branches: (SourceSpan & { kind: BranchKind })[] = []
  const functions: (SourceSpan & { name: string })[] = []
  const visit = (value: unknown) => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each)
      return
    }
    if (typeof value !== 'object' || value === null) return
    const parsed = nodeSchema.safeParse(value)
    if (parsed.success) {
      const { nodeType, src } = parsed.data
      const span = spanOf(src)
      if (STATEMENTS.has(nodeType)) statements.push(span)
      const kind = BRANCHES[nodeType]?.(parsed.data) ?? null
      if (kind !== null) branches.push({ ...span, kind })
      if (nodeType === 'FunctionDefinition') functions.push({ ...span, name: nameOf(parsed.data) })
    }
    for (const each of Object.values(value)) visit(each)
  }
  visit(ast)
  return { statements, branches, functions }
}

const nameOf = ({ name, kind }: Node) => String(name === '' ? kind : name)

function spanOf(src: string): SourceSpan {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return { start, length }
}
