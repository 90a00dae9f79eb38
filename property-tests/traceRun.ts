/**
 * From a trace file to what it is run with: the contract that it names, and the plan of its steps.
 */
import { MeterproofError } from '../models/kit/error.ts'
import type { Agreement, Parameters, PlannedStep } from '../models/kit/trace.ts'
import type { TraceFile } from '../reports/traceFile.ts'
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

/** Parameters through the protocol's own schema: a trace must not deploy what cannot be. */
function parametersOf(player: Judged, file: TraceFile): Parameters {
  const parsed = player.binding.protocol.parameters.safeParse(file.parameters)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new MeterproofError('MP_TRACE_PARAMETERS', 'The trace has parameters out of range.', {
    facts: { field: `parameters.${issue?.path.join('.') ?? ''}`, problem: issue?.message ?? '' },
    hint: 'Correct the field, or record the trace again.',
  })
}
