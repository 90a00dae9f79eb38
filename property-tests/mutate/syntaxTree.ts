/**
 * The syntax trees of solc, as far as mutants need them: nodes, their places in the text, walks.
 *
 * solc's trees are foreign data with some sixty kinds of nodes, so they are read by name and
 * nothing is taken for granted: a member that is absent is null. Places are offsets in bytes.
 */

/** A node of a tree. What else it has is asked for by name. */
export interface AstNode {
  readonly nodeType: string
  /** `start:length:file`, in bytes. */
  readonly src: string
  readonly [member: string]: unknown
}

/** Half-open range of bytes. */
export interface Span {
  readonly start: number
  readonly end: number
}

function isNode(value: unknown): value is AstNode {
  if (typeof value !== 'object' || value === null) return false
  const { nodeType, src } = value as { readonly nodeType?: unknown; readonly src?: unknown }
  return typeof nodeType === 'string' && typeof src === 'string'
}

/** The root of a tree, or null when the value is none. */
export function rootOf(value: unknown): AstNode | null {
  return isNode(value) ? value : null
}

export function spanOf({ src }: AstNode): Span {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return { start, end: start + length }
}

/** The node in a member, or null. */
export function nodeIn(node: AstNode, member: string): AstNode | null {
  const value = node[member]
  return isNode(value) ? value : null
}

/** The nodes in a member that is a list; empty places of tuples are left out. */
export function nodesIn(node: AstNode, member: string): readonly AstNode[] {
  const value = node[member]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The text in a member, or nothing. */
export function wordIn(node: AstNode, member: string): string {
  const value = node[member]
  return typeof value === 'string' ? value : ''
}

export function numberIn(node: AstNode, member: string): number {
  const value = node[member]
  return typeof value === 'number' ? value : -1
}

/** What solc calls the type of an expression, for instance `t_uint256`. */
export function typeOf(node: AstNode | null): string {
  const types = node?.typeDescriptions as { readonly typeIdentifier?: unknown } | undefined
  return typeof types?.typeIdentifier === 'string' ? types.typeIdentifier : ''
}

function childrenOf(node: AstNode): readonly AstNode[] {
  return Object.values(node)
    .flat()
    .filter(isNode)
    .toSorted((a, b) => spanOf(a).start - spanOf(b).start)
}

/** Every node under `root`, itself included, with those around it, the nearest first. */
export function* walk(
  root: AstNode,
  around: readonly AstNode[] = [],
): Generator<{ readonly node: AstNode; readonly around: readonly AstNode[] }> {
  yield { node: root, around }
  for (const child of childrenOf(root)) yield* walk(child, [root, ...around])
}

/** A Solidity text by bytes, as solc counts. */
export interface SourceText {
  readonly bytes: Buffer
  /** The text of a node, or of a range. */
  of(place: AstNode | Span): string
  /** Line and column of an offset, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number }
}

export function sourceText(content: string): SourceText {
  const bytes = Buffer.from(content)
  return {
    bytes,
    of(place) {
      const { start, end } = 'src' in place ? spanOf(place as AstNode) : place
      return bytes.subarray(start, end).toString()
    },
    position(offset) {
      const lines = bytes.subarray(0, offset).toString().split('\n')
      return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
    },
  }
}
