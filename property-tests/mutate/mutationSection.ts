/**
 * From what became of each mutant to the section of the record: duplicates, survivors with their
 * class and explanation, the score. Pure.
 */
import type { Explanation } from '../../contracts/mutants/explanation.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Mutation } from '../../reports/record.ts'
import { editedText } from './compileMutants.ts'
import type { Mutant } from './mutants.ts'
import type { MutationPlans } from './mutationPlans.ts'
import type { Tried } from './mutationRunner.ts'

type Survived = Extract<Tried, { status: 'survived' }>
type Entry = Mutation['mutants'][number]

export interface SectionOptions {
  readonly protocol: string
  readonly policy: Policy
  readonly contract: string
  readonly plans: MutationPlans
  readonly operators: readonly string[]
  readonly threshold: number
  readonly explanations: readonly Explanation[]
  /** Texts of the contract's own files, by name. */
  readonly files: ReadonlyMap<string, string>
  readonly mutants: readonly Mutant[]
  /** In the order of `mutants`; undefined is not tried. */
  readonly tried: readonly (Tried | undefined)[]
}

/** What killed it although nothing that is claimed was broken. */
const BARE = new Set(['DIVERGENCE', 'DEPLOYMENT', 'OBSERVATION'])

export function mutationSection(options: SectionOptions): Mutation {
  const { protocol, policy, contract, operators, threshold, plans } = options
  const entries = entriesOf(options)
  const counts = { killed: 0, survived: 0, equivalent: 0, duplicate: 0, stillborn: 0, untried: 0 }
  for (const { status } of entries) counts[status] += 1
  const equivalents = entries.filter((each) => each.survivor?.explanation?.equivalent === true)
  const judged = counts.killed + counts.survived - equivalents.length
  const { paths, steps, digest } = plans
  return {
    ...{ protocol, policy, contract },
    plans: { paths, sequences: plans.plans.length - paths, steps, digest },
    operators: [...operators],
    counts,
    explainedEquivalent: equivalents.length,
    killedByInvariant: entries.filter(({ killedBy }) => killedBy.some((id) => !BARE.has(id)))
      .length,
    score: judged === 0 ? null : counts.killed / judged,
    threshold,
    stale: staleIn(options, entries),
    mutants: [...entries],
  }
}

function entriesOf(options: SectionOptions): readonly Entry[] {
  const { mutants, tried, explanations, files } = options
  const firstWith = new Map<string, string>()
  return mutants.map((mutant, index): Entry => {
    const { id, operator, file, line, column, within, before, after } = mutant
    const facts = { id, operator, file, line, column, within, before, after }
    const none = { killedBy: [], evidence: '', duplicateOf: null, survivor: null }
    const own = tried[index]
    if (own === undefined) return { ...facts, ...none, status: 'untried' }
    const { status } = own
    if (own.status === 'stillborn') return { ...facts, ...none, status, evidence: own.reason }
    if (own.status === 'equivalent') return { ...facts, ...none, status }
    const first = firstWith.get(own.code)
    if (first !== undefined) return { ...facts, ...none, status: 'duplicate', duplicateOf: first }
    firstWith.set(own.code, id)
    if (own.status === 'killed') {
      return { ...facts, ...none, status, killedBy: [...own.by], evidence: own.evidence }
    }
    const explained = explanations.find((each) => explains(each, mutant))
    const survivor: Entry['survivor'] = {
      class: classOf(own),
      diff: diffOf(files.get(file) ?? '', mutant),
      explanation:
        explained === undefined
          ? null
          : { equivalent: explained.equivalent, reason: explained.reason },
    }
    return { ...facts, ...none, status, survivor }
  })
}

function classOf({ reached, differs }: Survived) {
  if (differs) return 'notJudged'
  return reached ? 'noEffect' : 'notReached'
}

const fileName = (path: string) => path.split('/').at(-1)

function explains(explanation: Explanation, mutant: Mutant): boolean {
  const { file, within, operator, before, after } = explanation
  return (
    file === fileName(mutant.file) &&
    (within ?? mutant.within) === mutant.within &&
    (operator ?? mutant.operator) === mutant.operator &&
    (before ?? mutant.before) === mutant.before &&
    (after ?? mutant.after) === mutant.after
  )
}

/**
 * Explanations that nothing needs: every mutant that they speak of was tried, and none survives.
 * With some operators only, just those that speak of one of them can be judged.
 */
function staleIn(options: SectionOptions, entries: readonly Entry[]): string[] {
  const { explanations, mutants, files, operators } = options
  const own = new Set([...files.keys()].map(fileName))
  return explanations
    .filter(({ file }) => own.has(file))
    .filter(({ operator = '' }) => operators.length === 0 || operators.includes(operator))
    .filter((explanation) => {
      const isOpen = ({ status }: Entry) => status === 'survived' || status === 'untried'
      return !entries.some((entry, index) => {
        const mutant = mutants[index]
        return mutant !== undefined && explains(explanation, mutant) && isOpen(entry)
      })
    })
    .map(({ file, within, operator, before, after }) => {
      const change = before === undefined && after === undefined ? '' : `${before} -> ${after}`
      return [file, within, operator, change].filter((part) => part).join(' ')
    })
}

/** The lines that differ, before and after. */
export function diffOf(content: string, { edit }: Pick<Mutant, 'edit'>): string[] {
  const before = content.split('\n')
  const after = editedText(content, edit).split('\n')
  let from = 0
  while (from < before.length && before[from] === after[from]) from += 1
  let [ends, endsAfter] = [before.length, after.length]
  while (ends > from && endsAfter > from && before[ends - 1] === after[endsAfter - 1]) {
    ends -= 1
    endsAfter -= 1
  }
  return [
    ...before.slice(from, ends).map((line) => `-${line}`),
    ...after.slice(from, endsAfter).map((line) => `+${line}`),
  ]
}
