/**
 * Operators that leave something out: statements, guards, modifiers.
 */
import { type Edit, type Operator, type Place, replaced, statementSpan } from './operator.ts'
import { isGuard, isZero } from './operatorsOfExpressions.ts'
import { type AstNode, nodeIn, nodesIn, wordIn } from './syntaxTree.ts'

/** An empty block, as a statement may be all that an `if` has. */
const NOTHING = '{}'

function leftOut({ node, source }: Place): Edit {
  return { ...statementSpan(node, source), text: NOTHING }
}

/** Whether a statement is what a guard does: without it the guard is gone, which is tried. */
function endsGuard(around: readonly AstNode[]): boolean {
  const statement = around[0]?.nodeType === 'Block' ? around[1] : around[0]
  return statement?.nodeType === 'IfStatement' && isGuard(statement)
}

/** `uint256 x = f();` without its value; pointers to storage need theirs, and zero is none. */
function withoutValue({ node, source }: Place): readonly Edit[] {
  const declarations = nodesIn(node, 'declarations')
  const [declaration] = declarations
  const value = nodeIn(node, 'initialValue')
  if (declarations.length !== 1 || declaration === undefined || value === null) return []
  if (wordIn(declaration, 'storageLocation') === 'storage' || isZero(value)) return []
  return [{ ...statementSpan(node, source), text: `${source.of(declaration)};` }]
}

const statement: Operator = {
  name: 'statement',
  about: 'a statement left out',
  edits(place) {
    const { node, around } = place
    switch (node.nodeType) {
      case 'ExpressionStatement':
      case 'EmitStatement':
        return [leftOut(place)]
      case 'RevertStatement':
      case 'Return':
        return endsGuard(around) ? [] : [leftOut(place)]
      case 'VariableDeclarationStatement':
        return withoutValue(place)
      default:
        return []
    }
  },
}

const guard: Operator = {
  name: 'guard',
  about: 'a check left out that would refuse the call or end the function',
  edits(place) {
    const { node } = place
    return node.nodeType === 'IfStatement' && isGuard(node) ? [leftOut(place)] : []
  },
}

const modifier: Operator = {
  name: 'modifier',
  about: 'a modifier left out',
  edits({ node }) {
    const isModifier = wordIn(node, 'kind') === 'modifierInvocation'
    return node.nodeType === 'ModifierInvocation' && isModifier ? [replaced(node, '')] : []
  },
}

export const STATEMENT_OPERATORS: readonly Operator[] = [statement, guard, modifier]
