/**
 * Constructors against the model: both sides of every edge that a deployment has.
 *
 * Each case of the protocol is tried on the EVM and must end as the model says: constructed, or
 * refused by the right name. What is constructed must tell what it was given, getter by getter. No
 * agreement takes part, so a finding is a deployment and no run.
 */
import { createHash } from 'node:crypto'
import type { Binding } from '../../contracts/bindings/binding.ts'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { Protocol } from '../../models/kit/protocol.ts'
import type { Parameters, Trace } from '../../models/kit/trace.ts'
import type { Finding } from './judge.ts'
import type { ConstructedOutcome, Subject, Testbed } from './testbed.ts'

/** Id under which a deployment that ends as it must not is reported. */
export const DEPLOYMENT = 'DEPLOYMENT'

export const DEPLOYMENT_CLAIM = {
  id: DEPLOYMENT,
  statement:
    'A contract is constructed from what it can keep its promises with, nothing else, and says so.',
  formula:
    'both sides of every edge: constructed, or refused by name, as the model says; ' +
    'getters tell what the constructor was given',
} as const

/** One deployment to try. */
export interface Deployment {
  /** All parameters; those that name a participant say who stands in for it. */
  readonly parameters: Parameters
  /** What differs from the defaults, in words. */
  readonly what: string
  readonly error: string | null
}

/** The defaults, and every case of the protocol. */
export function deploymentsOf({ parameters, deployments }: Protocol): readonly Deployment[] {
  const defaults = parameters.parse({})
  return [{ given: {}, error: null }, ...deployments].map(({ given, error }) => ({
    parameters: { ...defaults, ...given },
    what: whatOf(given),
    error,
  }))
}

function whatOf(given: Parameters): string {
  const entries = Object.entries(given)
  if (entries.length === 0) return 'the defaults'
  return entries.map(([name, value]) => `${name} ${value ?? 'missing'}`).join(', ')
}

/** What is wrong with one deployment, or null. */
export function misdeployed(
  { what, error }: Deployment,
  outcome: ConstructedOutcome,
): string | null {
  const text = (name: string | null) => (name === null ? 'constructed' : `!${name}`)
  const said = outcome.accepted ? null : (outcome.error ?? 'revert without data')
  if (said !== error) return `${what}: model ${text(error)}, contract ${text(said)}`
  return outcome.mistold === null ? null : `${what}: ${outcome.mistold}`
}

/** What a check of all deployments of a contract gives; plain data, like that of a campaign. */
export interface DeploymentsResult {
  readonly runs: number
  readonly steps: number
  readonly accepted: number
  readonly witnesses: Readonly<Record<string, number>>
  readonly findings: readonly (Finding & { readonly runIndex: number })[]
  readonly digest: string
}

/** Where deployments are tried. */
export interface DeploymentsExecution {
  readonly testbed: Testbed
  readonly lane: { readonly kind: 'batch' | 'mined' }
  readonly player: { readonly binding: Binding }
  readonly subject: Subject
}

/** Tries every deployment of the protocol. */
export async function runDeployments(execution: DeploymentsExecution): Promise<DeploymentsResult> {
  const { testbed, lane, player, subject } = execution
  const deployments = deploymentsOf(player.binding.protocol)
  const tried = deployments.map(({ parameters }) => parameters)
  const outcomes = await testbed.construct(subject, tried, lane.kind)
  const findings = deployments.flatMap((deployment, runIndex) => {
    const evidence = misdeployed(deployment, outcomes[runIndex] as ConstructedOutcome)
    return evidence === null ? [] : [{ id: DEPLOYMENT, stepIndex: 0, evidence, runIndex }]
  })
  const text = outcomes.map(({ error }) => error ?? 'constructed').join('\n')
  return {
    runs: outcomes.length,
    steps: outcomes.length,
    accepted: outcomes.filter(({ accepted }) => accepted).length,
    witnesses: { [DEPLOYMENT]: outcomes.length },
    findings: findings.slice(0, 1),
    digest: createHash('sha256').update(text).digest('hex'),
  }
}

/**
 * One deployment as a trace of no steps, with what is wrong with it.
 *
 * @throws MeterproofError `MP_TRACE_STALE` when it is none of the protocol's
 */
export async function lookAtDeployment(
  { testbed, lane, player, subject }: DeploymentsExecution,
  parameters: Parameters,
): Promise<{ readonly trace: Trace; readonly finding: Finding | null }> {
  const { protocol } = player.binding
  const { policy } = subject
  const deployment = deploymentWith(protocol, parameters)
  const [outcome] = await testbed.construct(subject, [parameters], lane.kind)
  assert(outcome !== undefined, 'a deployment that was tried has an outcome')
  const evidence = misdeployed(deployment, outcome)
  const trace: Trace = {
    protocol: protocol.id,
    ...{ policy, parameters, agreements: [], initial: { agreements: [], balances: {} }, steps: [] },
  }
  return { trace, finding: evidence === null ? null : { id: DEPLOYMENT, stepIndex: 0, evidence } }
}

function deploymentWith(protocol: Protocol, parameters: Parameters): Deployment {
  const keyOf = (given: Parameters) => JSON.stringify(Object.entries(given).sort())
  const key = keyOf(parameters)
  const found = deploymentsOf(protocol).find((each) => keyOf(each.parameters) === key)
  if (found !== undefined) return found
  const sentence = `${protocol.id} says nothing of a deployment with these parameters.`
  throw new MeterproofError('MP_TRACE_STALE', sentence, {
    facts: {
      known: deploymentsOf(protocol)
        .map(({ what }) => what)
        .join('; '),
    },
    hint: 'The trace was recorded by another version; record it again, or correct it.',
  })
}
