/**
 * What a mutation operator is: a small pure function from a node to texts that replace parts of it.
 *
 * An operator knows the tree and never the contract's meaning. It should not propose what solc will
 * refuse: what does not compile is dropped and counted, but costs time.
 */
import { type AstNode, type SourceText, type Span, spanOf } from './syntaxTree.ts'

/** Operators by what they imitate. */
export const OPERATOR_NAMES = [
  'arithmetic',
  'rounding',
  'comparison',
  'boundary',
  'boolean',
  'statement',
  'guard',
  'modifier',
  'role',
  'amount',
  'time',
  'index',
] as const

export type OperatorName = (typeof OPERATOR_NAMES)[number]

/** A node where something may be changed. */
export interface Place {
  readonly node: AstNode
  /** Nodes around it, the nearest first. */
  readonly around: readonly AstNode[]
  readonly source: SourceText
  /** Names that stand for the same kind of thing as this one: members of a struct, variables. */
  siblings(node: AstNode): readonly string[]
}

/** A text that replaces a range of bytes. */
export interface Edit extends Span {
  readonly text: string
}

export interface Operator {
  readonly name: OperatorName
  /** What it changes, one clause. */
  readonly about: string
  edits(place: Place): readonly Edit[]
}

/** The edit that puts `text` in the place of a node. */
export function replaced(node: AstNode, text: string): Edit {
  return { ...spanOf(node), text }
}

const BINDING = new Set(['BinaryOperation', 'UnaryOperation', 'MemberAccess', 'Conditional'])

/** The same for an expression, in parentheses where its surroundings could take it apart. */
export function rewritten({ node, around }: Place, text: string): Edit {
  const isBound = BINDING.has(around[0]?.nodeType ?? '')
  return replaced(node, isBound ? `(${text})` : text)
}

/** A statement with the semicolon that solc does not count as part of it. */
export function statementSpan(node: AstNode, source: SourceText): Span {
  const { start, end } = spanOf(node)
  const rest = source.of({ start: end, end: source.bytes.length })
  const semicolon = /^\s*;/.exec(rest)?.[0]
  return { start, end: end + (semicolon === undefined ? 0 : Buffer.byteLength(semicolon)) }
}
