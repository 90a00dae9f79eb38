/**
 * Mutants for the terminal and for spreadsheets: the score, survivors as they would stand in a
 * diff, and every mutant with what became of it.
 */
import { type Row, table } from './csv.ts'
import { isUnexplained, operatorCounts, percentText, SURVIVOR_CLASSES } from './mutationFacts.ts'
import type { Mutation, RunRecord } from './record.ts'

type Entry = Mutation['mutants'][number]

const COLUMNS = [
  'protocol',
  'policy',
  'contract',
  'id',
  'operator',
  'file',
  'line',
  'column',
  'within',
  'before',
  'after',
  'status',
  'killedBy',
  'evidence',
  'duplicateOf',
  'class',
  'equivalent',
  'explanation',
]

/** One row for each mutant. */
export function mutantsCsv({ mutations = [] }: RunRecord): string {
  const rows = mutations.flatMap(({ protocol, policy, contract, mutants }) =>
    mutants.map(
      ({ survivor, killedBy, ...mutant }): Row => ({
        ...{ protocol, policy, contract, ...mutant },
        killedBy: killedBy.join(' '),
        class: survivor?.class ?? '',
        equivalent: survivor?.explanation?.equivalent ?? '',
        explanation: survivor?.explanation?.reason ?? '',
      }),
    ),
  )
  return table(COLUMNS, rows)
}

/** All contracts, one after the other. */
export function mutationText({ mutations = [] }: RunRecord): readonly string[] {
  return mutations.flatMap((mutation) => [
    ...headLines(mutation),
    ...operatorLines(mutation),
    ...survivorLines(mutation),
    '',
  ])
}

function headLines(mutation: Mutation): readonly string[] {
  const { protocol, policy, contract, counts, score, threshold, plans } = mutation
  const { killedByInvariant, explainedEquivalent, mutants } = mutation
  const { killed, survived, equivalent, duplicate, stillborn, untried } = counts
  const left = untried === 0 ? '' : `, ${untried} not tried`
  const explained = explainedEquivalent === 0 ? '' : `, ${explainedEquivalent} of them equivalent`
  return [
    `${contract}  (${protocol}, ${policy})  score ${percentText(score)}, ` +
      `due ${percentText(threshold)}`,
    `  faced      ${plans.paths} paths and ${plans.sequences} sequences, ${plans.steps} steps`,
    `  mutants    ${mutants.length}: ${stillborn} do not compile, ${equivalent} have the same ` +
      `bytecode, ${duplicate} that of another${left}`,
    `  killed     ${killed}: ${killedByInvariant} by an invariant, the rest by the model alone`,
    `  survived   ${survived}${explained}`,
  ]
}

function operatorLines(mutation: Mutation): readonly string[] {
  const counts = operatorCounts(mutation)
  const width = Math.max(0, ...counts.map(({ operator }) => operator.length))
  return counts.map(({ operator, tried, survived }) => {
    return `    ${operator.padEnd(width)} ${String(tried).padStart(4)} tried, ${survived} survived`
  })
}

function survivorLines({ mutants }: Mutation): readonly string[] {
  const unexplained = mutants.filter(isUnexplained)
  const explained = mutants.filter(({ survivor }) => survivor?.explanation)
  return [
    ...unexplained.flatMap((mutant) => [`  ? ${placeText(mutant)}`, ...detailLines(mutant)]),
    ...explained.flatMap((mutant) => [`  = ${placeText(mutant)}`, ...detailLines(mutant)]),
  ]
}

const placeText = ({ id, within }: Entry) => `${id}  in ${within}`

function detailLines({ survivor }: Entry): readonly string[] {
  if (survivor === null) return []
  const { explanation, diff } = survivor
  const kind = explanation?.equivalent === true ? 'equivalent' : 'a known gap'
  const why =
    explanation === null ? SURVIVOR_CLASSES[survivor.class] : `${kind}: ${explanation.reason}`
  return [...diff.map((line) => `      ${line}`), `      ${why}`]
}
