/**
 * Operators on arithmetic, comparisons, boundaries, conditions.
 */
import { type Edit, type Operator, type Place, replaced, rewritten } from './operator.ts'
import { type AstNode, nodeIn, nodesIn, typeOf, wordIn } from './syntaxTree.ts'

type Table = Readonly<Record<string, readonly string[]>>

const ARITHMETIC: Table = {
  '+': ['-', '*'],
  '-': ['+'],
  '*': ['/', '+'],
  '/': ['*', '%'],
  '%': ['/', '*'],
  '**': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
}
const ASSIGNMENTS: Table = {
  '+=': ['-=', '='],
  '-=': ['+=', '='],
  '*=': ['/=', '='],
  '/=': ['*=', '='],
}
const STEPS: Table = { '++': ['--'], '--': ['++'] }
/** The opposite first. */
const COMPARISONS: Table = {
  '==': ['!='],
  '!=': ['=='],
  '<': ['>=', '!='],
  '<=': ['>', '=='],
  '>': ['<=', '!='],
  '>=': ['<', '=='],
}
const BOUNDARIES: Table = { '<': ['<='], '<=': ['<'], '>': ['>='], '>=': ['>'] }
const CONNECTIVES: Table = { '&&': ['||'], '||': ['&&'] }
const LIMITS: Table = { min: ['max'], max: ['min'] }

/** Left side, operator and right side, with another operator. */
function withOperator(place: Place, table: Table): readonly Edit[] {
  const { node, source } = place
  const assigned = node.nodeType === 'Assignment'
  const left = nodeIn(node, assigned ? 'leftHandSide' : 'leftExpression')
  const right = nodeIn(node, assigned ? 'rightHandSide' : 'rightExpression')
  if (left === null || right === null) return []
  const others = table[wordIn(node, 'operator')] ?? []
  return others.map((other) => rewritten(place, `${source.of(left)} ${other} ${source.of(right)}`))
}

function stepEdits({ node, source }: Place): readonly Edit[] {
  const operand = nodeIn(node, 'subExpression')
  if (operand === null) return []
  const text = source.of(operand)
  const others = STEPS[wordIn(node, 'operator')] ?? []
  return others.map((other) =>
    replaced(node, node.prefix === true ? `${other}${text}` : `${text}${other}`),
  )
}

/** `a - b` for a subtraction that stops at zero. */
function unsaturatedEdits(place: Place): readonly Edit[] {
  const [first, second] = nodesIn(place.node, 'arguments')
  if (calledName(place.node) !== 'saturatingSub' || first === undefined || second === undefined) {
    return []
  }
  const { source } = place
  return [rewritten(place, `${source.of(first)} - ${source.of(second)}`)]
}

/** The name after the last dot of what is called. */
export function calledName(node: AstNode): string {
  const called = nodeIn(node, 'expression')
  if (called === null) return ''
  return wordIn(called, called.nodeType === 'MemberAccess' ? 'memberName' : 'name')
}

const arithmetic: Operator = {
  name: 'arithmetic',
  about: 'another arithmetic operator',
  edits(place) {
    const { nodeType } = place.node
    if (nodeType === 'BinaryOperation') return withOperator(place, ARITHMETIC)
    if (nodeType === 'Assignment') return withOperator(place, ASSIGNMENTS)
    if (nodeType === 'UnaryOperation') return stepEdits(place)
    return nodeType === 'FunctionCall' ? unsaturatedEdits(place) : []
  },
}

const rounding: Operator = {
  name: 'rounding',
  about: 'a division that rounds the other way',
  edits(place) {
    const { node, source } = place
    const [left, right] = [nodeIn(node, 'leftExpression'), nodeIn(node, 'rightExpression')]
    if (wordIn(node, 'operator') !== '/' || left === null || right === null) return []
    const [dividend, divisor] = [source.of(left), source.of(right)]
    return [rewritten(place, `(${dividend} + ${divisor} - 1) / ${divisor}`)]
  },
}

export const isZero = (node: AstNode | null) =>
  node?.nodeType === 'Literal' && Number(wordIn(node, 'value')) === 0

/** `i < n` of a loop that counts up from zero by one, and so never gets past `n`. */
function isCounting({ node, around }: Place): boolean {
  const [loop] = around
  if (loop?.nodeType !== 'ForStatement' || nodeIn(loop, 'condition') !== node) return false
  const start = nodeIn(loop, 'initializationExpression')
  const next = nodeIn(nodeIn(loop, 'loopExpression') ?? loop, 'expression')
  const isFromZero = start !== null && isZero(nodeIn(start, 'initialValue'))
  return isFromZero && wordIn(next ?? loop, 'operator') === '++'
}

const comparison: Operator = {
  name: 'comparison',
  about: 'another comparison',
  edits(place) {
    const { node } = place
    if (node.nodeType !== 'BinaryOperation') return []
    const [opposite, weaker] = withOperator(place, COMPARISONS)
    // Nothing is below zero, so that `> 0` and `!= 0` say the same.
    const isAboveZero = wordIn(node, 'operator') === '>' && isZero(nodeIn(node, 'rightExpression'))
    const saysTheSame = isAboveZero || (wordIn(node, 'operator') === '<' && isCounting(place))
    return [opposite, saysTheSame ? undefined : weaker].flatMap((edit) => edit ?? [])
  },
}

/** A number one further; in the text that solc read, which may have underscores. */
function literalEdits(node: AstNode): readonly Edit[] {
  const written = wordIn(node, 'value').replaceAll('_', '')
  if (wordIn(node, 'kind') !== 'number' || !/^\d+$/.test(written)) return []
  if (wordIn(node, 'subdenomination') !== '') return []
  const number = BigInt(written)
  const others = number > 1n ? [number + 1n, number - 1n] : [number + 1n]
  return others.map((other) => replaced(node, String(other)))
}

function limitEdits({ node, source }: Place): readonly Edit[] {
  const called = nodeIn(node, 'expression')
  if (called?.nodeType !== 'MemberAccess') return []
  const owner = nodeIn(called, 'expression')
  if (owner === null) return []
  const others = LIMITS[wordIn(called, 'memberName')] ?? []
  return others.map((other) => replaced(called, `${source.of(owner)}.${other}`))
}

const boundary: Operator = {
  name: 'boundary',
  about: 'a bound that takes in one more or one less, the other one of two limits',
  edits(place) {
    const { node } = place
    if (node.nodeType === 'BinaryOperation') return withOperator(place, BOUNDARIES)
    if (node.nodeType === 'Literal') return literalEdits(node)
    return node.nodeType === 'FunctionCall' ? limitEdits(place) : []
  },
}

/** Whether another operator turns the condition into its opposite already. */
function isTurnedElsewhere(condition: AstNode): boolean {
  const operator = wordIn(condition, 'operator')
  return operator === '!' || operator in COMPARISONS || condition.nodeType === 'Literal'
}

/** Whether what follows an `if` ends the call or the function: then it is a guard. */
export function isGuard(node: AstNode): boolean {
  const body = nodeIn(node, 'trueBody')
  if (body === null || nodeIn(node, 'falseBody') !== null) return false
  const last = body.nodeType === 'Block' ? nodesIn(body, 'statements').at(-1) : body
  return last?.nodeType === 'RevertStatement' || last?.nodeType === 'Return'
}

function conditionEdits({ node, source }: Place): readonly Edit[] {
  const condition = nodeIn(node, 'condition')
  if (condition === null) return []
  const turned = isTurnedElsewhere(condition) ? [] : [`!(${source.of(condition)})`]
  // A guard that always or never holds is no guard, or no function.
  const fixed = node.nodeType === 'IfStatement' && !isGuard(node) ? ['true', 'false'] : []
  return [...turned, ...fixed].map((text) => replaced(condition, text))
}

const PLAIN = new Set(['Identifier', 'MemberAccess', 'FunctionCall', 'IndexAccess'])

function returnEdits({ node, source }: Place): readonly Edit[] {
  const value = nodeIn(node, 'expression')
  if (value === null || typeOf(value) !== 't_bool' || !PLAIN.has(value.nodeType)) return []
  return [replaced(value, `!${source.of(value)}`)]
}

function booleanEdits(place: Place): readonly Edit[] {
  const { node, source } = place
  const other = withOperator(place, CONNECTIVES)
  if (other.length === 0) return []
  const sides = ['leftExpression', 'rightExpression'].flatMap((side) => nodeIn(node, side) ?? [])
  return [...other, ...sides.map((side) => rewritten(place, source.of(side)))]
}

const boolean: Operator = {
  name: 'boolean',
  about: 'a condition turned, fixed, or with one of its parts only',
  edits(place) {
    const { node, source } = place
    switch (node.nodeType) {
      case 'BinaryOperation':
        return booleanEdits(place)
      case 'UnaryOperation': {
        const operand = nodeIn(node, 'subExpression')
        const isNot = wordIn(node, 'operator') === '!' && operand !== null
        return isNot ? [replaced(node, source.of(operand))] : []
      }
      case 'Literal': {
        if (wordIn(node, 'kind') !== 'bool') return []
        return [replaced(node, wordIn(node, 'value') === 'true' ? 'false' : 'true')]
      }
      case 'IfStatement':
        return conditionEdits(place)
      case 'Conditional': {
        const branches = ['trueExpression', 'falseExpression']
        const texts = branches.flatMap((branch) => nodeIn(node, branch) ?? []).map(source.of)
        return [...conditionEdits(place), ...texts.map((text) => rewritten(place, text))]
      }
      case 'Return':
        return returnEdits(place)
      default:
        return []
    }
  },
}

export const EXPRESSION_OPERATORS: readonly Operator[] = [
  arithmetic,
  rounding,
  comparison,
  boundary,
  boolean,
]
