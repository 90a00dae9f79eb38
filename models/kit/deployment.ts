/**
 * What a contract can be deployed with: both sides of every edge that its constructor has.
 *
 * A case is a change to the default parameters. It may name participants too, where a constructor
 * takes addresses: `treasury: NOBODY` deploys with the zero address as the treasury, and null with
 * no address at all, where there is a list of them. Errors bear the names of the contract's.
 */
import { NOBODY, type Parameters } from './trace.ts'

export interface DeploymentCase {
  readonly given: Parameters
  /** With which error the constructor refuses it; null when it accepts. */
  readonly error: string | null
}

/** Deployments that must be possible. */
export function accepted(...given: readonly Parameters[]): readonly DeploymentCase[] {
  return given.map((each) => ({ given: each, error: null }))
}

/** Deployments that must be refused with one error. */
export function refused(error: string, ...given: readonly Parameters[]): readonly DeploymentCase[] {
  return given.map((each) => ({ given: each, error }))
}

/** For each participant a case in which the zero address stands in its place. */
export function withoutEach(...participants: readonly string[]): readonly Parameters[] {
  return participants.map((name) => ({ [name]: NOBODY }))
}
