/**
 * From a trace file to what it is run with: the contract that it names, and the plan of its steps.
 */
import { MeterproofError } from '../models/kit/error.ts'
import type { Agreement, Parameters, PlannedStep } from '../models/kit/trace.ts'
import type { TraceFile } from '../reports/traceFile.ts'
import { DIVERGENCE } from './kit/compare.ts'
import { DEPLOYMENT } from './kit/deployments.ts'
import { type Plan, planSteps } from './kit/plan.ts'
import type { Judged } from './kit/player.ts'
import { type CheckedSubject, canarySubject, checkedSubjects } from './subjects.ts'

/**
 * The contract that a trace is run on.
 *
 * @param path of a user's contract, or null for the one that the trace names
 * @throws MeterproofError `MP_TRACE_CONTRACT`, `MP_CHECK_…`, `MP_COMPILE_…`
 */
export async function subjectOfTrace(
  player: Judged,
  file: TraceFile,
  path: string | null,
): Promise<CheckedSubject> {
  const { canary } = file.contract
  if (canary !== null && path === null) {
    const subject = await canarySubject(file.protocol, canary)
    if (subject !== null) return subject
    throw new MeterproofError('MP_TRACE_CONTRACT', `There is no canary ${canary}.`, {
      facts: { canary, contract: file.contract.name },
      hint: 'The trace was recorded by another version; give the contract with --contract.',
    })
  }
  const [subject] = await checkedSubjects({ player, policies: [file.policy], path })
  if (subject === undefined) throw new Error('checkedSubjects gives a contract or throws')
  return subject
}

/**
 * The steps of a trace, those that set the scene included, with what the model predicts today.
 *
 * @throws MeterproofError `MP_TRACE_PARAMETERS`
 */
export function planOfTrace(player: Judged, file: TraceFile): Plan {
  const { protocol } = player.binding
  const parameters = parametersOf(player, file)
  const agreements = file.agreements as readonly Agreement[]
  const cast = { protocol, policy: file.policy, parameters, agreements }
  const prelude = (file.prelude ?? []) as readonly PlannedStep[]
  return planSteps(cast, [...prelude, ...(file.steps as readonly PlannedStep[])])
}

/**
 * Refuses a trace that names what the protocol no longer has. Nothing else would tell: an unknown
 * claim is never broken, and so would look as if it held.
 *
 * @throws MeterproofError `MP_TRACE_STALE`
 */
export function requireApplicable({ binding, relations }: Judged, file: TraceFile): void {
  const { protocol } = binding
  const steps = [...(file.prelude ?? []), ...file.steps]
  const isWorld = file.world !== undefined || file.simulation !== undefined
  const claims = [...protocol.invariants, ...relations].map(({ id }) => id)
  const invariant = file.finding?.invariant ?? DIVERGENCE
  const known: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['policy', protocol.policies, [file.policy]],
    ['action', protocol.actions.map(({ name }) => name), steps.map(({ action }) => action)],
    ['participant', protocol.participants, steps.map(({ by }) => by)],
    ['token', protocol.tokens.map(({ kind }) => kind), file.agreements.map(({ token }) => token)],
    // Claims about the world are known to the world alone, which is played again.
    ['claim', [...claims, DIVERGENCE, DEPLOYMENT], isWorld ? [] : [invariant]],
  ]
  for (const [what, names, asked] of known) {
    const stale = asked.find((name) => !names.includes(name))
    if (stale === undefined) continue
    throw new MeterproofError('MP_TRACE_STALE', `${protocol.id} has no ${what} ${stale}.`, {
      facts: { known: names.join(', ') },
      hint: 'The trace was recorded by another version; record it again, or correct the name.',
    })
  }
}

/**
 * Parameters through the protocol's own schema: a trace must not deploy what cannot be, unless
 * it is about just that.
 */
function parametersOf(player: Judged, file: TraceFile): Parameters {
  if (file.finding?.invariant === DEPLOYMENT) return file.parameters
  const parsed = player.binding.protocol.parameters.safeParse(file.parameters)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new MeterproofError('MP_TRACE_PARAMETERS', 'The trace has parameters out of range.', {
    facts: { field: `parameters.${issue?.path.join('.') ?? ''}`, problem: issue?.message ?? '' },
    hint: 'Correct the field, or record the trace again.',
  })
}
