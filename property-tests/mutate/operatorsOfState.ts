/**
 * Operators on who, how much, when and where: mistakes of the trade.
 */
import { type Edit, type Operator, type Place, replaced, rewritten } from './operator.ts'
import { calledName } from './operatorsOfExpressions.ts'
import { type AstNode, nodeIn, nodesIn, typeOf, wordIn } from './syntaxTree.ts'

const isAddress = (node: AstNode) => /^t_(address|contract)/.test(typeOf(node))

/** The next one of the same kind, the first after the last. */
function nextSibling(place: Place): readonly Edit[] {
  const { node, source } = place
  const names = place.siblings(node)
  const own = wordIn(node, node.nodeType === 'MemberAccess' ? 'memberName' : 'name')
  const next = names[(names.indexOf(own) + 1) % names.length]
  if (next === undefined || next === own) return []
  const owner = node.nodeType === 'MemberAccess' ? nodeIn(node, 'expression') : null
  return [replaced(node, owner === null ? next : `${source.of(owner)}.${next}`)]
}

/** The order of their arguments is of no consequence. */
const SYMMETRIC = new Set(['min', 'max'])

/** Neighbouring arguments of one type in each other's places. */
function exchanged({ node, source }: Place, wanted: (argument: AstNode) => boolean) {
  const given = nodesIn(node, 'arguments')
  const isNamed = Array.isArray(node.names) && node.names.length > 0
  if (isNamed || SYMMETRIC.has(calledName(node))) return []
  return given.flatMap((first, index): readonly Edit[] => {
    const second = given[index + 1]
    if (second === undefined || typeOf(first) !== typeOf(second) || !wanted(first)) return []
    const [one, other] = [replaced(first, ''), replaced(second, '')]
    if (source.of(first) === source.of(second)) return []
    const between = source.of({ start: one.end, end: other.start })
    const text = `${source.of(second)}${between}${source.of(first)}`
    return [{ start: one.start, end: other.end, text }]
  })
}

function swaps(place: Place, wanted: (node: AstNode) => boolean): readonly Edit[] {
  const { node } = place
  switch (node.nodeType) {
    case 'MemberAccess':
    case 'Identifier':
      return wanted(node) ? nextSibling(place) : []
    case 'FunctionCall':
      return exchanged(place, wanted)
    default:
      return []
  }
}

const role: Operator = {
  name: 'role',
  about: 'another account in its place: student for tutor, one argument for the next',
  edits: (place) => swaps(place, isAddress),
}

const amount: Operator = {
  name: 'amount',
  about: 'another amount, time or flag in its place',
  edits: (place) => swaps(place, (node) => !isAddress(node)),
}

/** Whether a node is written to, or part of what is. */
function isWritten({ node, around }: Place): boolean {
  let inner = node
  for (const outer of around) {
    if (outer.nodeType === 'Assignment') return nodeIn(outer, 'leftHandSide') === inner
    if (outer.nodeType === 'UnaryOperation' && wordIn(outer, 'operator') === 'delete') return true
    inner = outer
  }
  return false
}

const isNumber = (node: AstNode) => /^t_u?int/.test(typeOf(node))

const time: Operator = {
  name: 'time',
  about: 'milliseconds or minutes for seconds, the number of the block for its time',
  edits(place) {
    const { node, source } = place
    const name = wordIn(node, node.nodeType === 'MemberAccess' ? 'memberName' : 'name')
    const isName = node.nodeType === 'MemberAccess' || node.nodeType === 'Identifier'
    if (!isName || !isNumber(node) || isWritten(place)) return []
    const text = source.of(node)
    if (text === 'block.timestamp') {
      return [replaced(node, 'block.number'), rewritten(place, 'block.timestamp * 1000')]
    }
    return /Seconds$/.test(name) ? [rewritten(place, `${text} * 60`)] : []
  },
}

/** What stands for a key of another one's entry. */
function otherKeys(key: AstNode, text: string): readonly string[] {
  const type = typeOf(key)
  if (type === 't_bytes32') return ['bytes32(0)']
  if (type.startsWith('t_address')) {
    return ['address(0)', 'msg.sender'].filter((other) => other !== text)
  }
  return isNumber(key) ? ['0', `${text} + 1`] : []
}

const index: Operator = {
  name: 'index',
  about: "storage under another one's key, two keys in each other's places",
  edits({ node, source }) {
    const [base, key] = [nodeIn(node, 'baseExpression'), nodeIn(node, 'indexExpression')]
    if (node.nodeType !== 'IndexAccess' || base === null || key === null) return []
    const text = source.of(key)
    const others = otherKeys(key, text).map((other) => replaced(key, other))
    const outerKey = nodeIn(base, 'indexExpression')
    if (outerKey === null || typeOf(outerKey) !== typeOf(key)) return others
    const outer = nodeIn(base, 'baseExpression')
    const turned = outer === null ? '' : `${source.of(outer)}[${text}][${source.of(outerKey)}]`
    return turned === '' ? others : [...others, replaced(node, turned)]
  },
}

export const STATE_OPERATORS: readonly Operator[] = [role, amount, time, index]
