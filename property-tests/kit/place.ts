/**
 * Where a finding is: at which kind of step, by which role, and what the model says of that step.
 *
 * A smaller run that breaks the same claim somewhere else is another finding, and must not take the
 * place of the one that was seen. Which of several equal agreements it is, who plays the role and
 * in which second, are free to become simpler.
 */
import type { Finding } from './judge.ts'
import type { Plan } from './plan.ts'

/** For example `host submitProof NotActive`; a relation between runs is broken by no one step. */
export function findingPlace({ steps, predictions }: Plan, { id, stepIndex }: Finding): string {
  if (/^M\d/.test(id)) return id
  const action = steps[stepIndex]?.action ?? ''
  const { role = '', account } = predictions[stepIndex] ?? {}
  return `${role} ${action} ${account?.outcome.error ?? 'accepted'}`
}
