/**
 * How a protocol is played: which runs are tried, and how a drawn command becomes an attempt.
 *
 * fast-check draws commands that mean nothing by themselves (small integers); `resolve` gives them
 * a meaning in the state in which they are reached, with a bias towards progress and towards
 * boundaries. So deep states are reached, and a command that is removed by shrinking does not make
 * the later ones illegal. Smaller integers must mean simpler attempts.
 */
import type fc from 'fast-check'
import type { Binding } from '../../contracts/bindings/binding.ts'
import type { Cast, Population } from '../../models/kit/population.ts'
import type { Agreement, Parameters, PlannedStep } from '../../models/kit/trace.ts'
import type { Relation } from './relation.ts'
import type { ScenarioPlayer } from './scenarioPlayer.ts'

/** First second in which a step may happen. Later than any setup of a chain. */
export const START_SECONDS = 1_800_000_000
/** No step happens later than this many seconds after the start (about ten years). */
export const HORIZON_SECONDS = 315_360_000

/** What a run starts from: a deployment (by its place in `cases`) and its agreements. */
export interface RunSetup {
  readonly caseIndex: number
  readonly agreements: readonly Agreement[]
}

/** Small integers; what they mean is the player's business. */
export type Command = readonly number[]

/** The state in which a command is resolved. */
export interface Moment {
  readonly cast: Cast
  readonly population: Population
  readonly nowSeconds: number
}

export interface Player {
  readonly binding: Binding
  /** Deployments to try; the first is the default. */
  readonly cases: readonly Parameters[]
  readonly setup: fc.Arbitrary<RunSetup>
  readonly command: fc.Arbitrary<Command>
  /** The attempt that a command means here, or null when there is nothing to try. */
  resolve(command: Command, moment: Moment): PlannedStep | null
  /** Setups for the paths campaign: together they must make every edge reachable. */
  readonly pathSetups: readonly RunSetup[]
  /** Every attempt worth trying on agreement 0 in this moment, boundaries included. */
  alphabet(moment: Moment): readonly PlannedStep[]
  /** Text that two moments share exactly when the paths campaign may take them for the same. */
  abstraction(moment: Moment): string
  /** The protocol in the simulated world; absent until it has one. */
  readonly scenario?: ScenarioPlayer
  /** Metamorphic relations that apply to this protocol. */
  readonly relations: readonly Relation[]
  /**
   * What an honest party, alone, does next to get out of an agreement, or null when it is out.
   */
  exit(options: {
    readonly moment: Moment
    readonly agreement: number
    readonly by: string
  }): PlannedStep | null
  /** Parties of an agreement that must be able to get out alone. */
  exitParties(agreement: Agreement): readonly string[]
}

/** What of a player judges a plan that is concrete already; it draws nothing. */
export type Judged = Pick<Player, 'binding' | 'relations'>
