/**
 * How a protocol is played in the simulated world: what is drawn, and what a run of the world says.
 *
 * fast-check draws parameters, behaviour and fault plan together and shrinks them together; the
 * world turns a draw into a block schedule and a ground truth, and never asks the contract. Claims
 * about the ground truth are judged on the run of the world, claims about the contract on the
 * executed trace.
 */
import type fc from 'fast-check'
import type { Datum, Parameters, PlannedStep, Policy } from '../../models/kit/trace.ts'
import type { RunSetup } from './player.ts'

/** Everything that a run of the world depends on, as plain data that a trace file can hold. */
export interface ScenarioDraw {
  /** Streams of the background: latencies, blocks, demand. */
  readonly world: number
  readonly caseIndex: number
  readonly profile: string
  readonly behaviour: { readonly [key: string]: Datum | readonly Datum[] }
  readonly faults: readonly { readonly [key: string]: Datum }[]
}

export interface ScenarioClaim {
  /** `INV-W-…`. */
  readonly id: string
  readonly statement: string
  readonly formula: string
  /** Unit of the observed value and its bound; empty for claims without a number. */
  readonly unit: string
  /** Policies and regimes that the claim speaks of; all when absent. */
  readonly policies?: readonly Policy[]
  readonly regimes?: readonly string[]
}

/** What one claim says about one run of the world. */
export interface ScenarioJudgement {
  readonly id: string
  readonly witnesses: number
  readonly evidence: string | null
  /**
   * Worst value of the run and its bound, in the claim's unit; null for claims without a number.
   */
  readonly observed: number | null
  readonly bound: number | null
}

/** A run of the world, as far as campaigns need to know it. */
export interface PlayedScenario {
  readonly setup: RunSetup
  readonly steps: readonly PlannedStep[]
  /** Edges that the machine took in the world, one for each step. */
  readonly edges: readonly string[]
  readonly hash: string
  readonly judgements: readonly ScenarioJudgement[]
  /** What must stay the same while a failure is shrunk: the way in which the run ended. */
  readonly cause: string
  /** The whole run as data, for reports. */
  readonly report: { readonly [key: string]: unknown }
}

/** A claim that a policy cannot keep, and the regimes in which that must show. */
export interface ScenarioRefutation {
  readonly policy: Policy
  readonly invariant: string
  readonly mustShowIn: readonly string[]
}

/** A deliberate mistake in the world, and the claim that must notice it. */
export interface ScenarioDefect {
  readonly id: string
  readonly policy: Policy
  /** Regime whose draws bring it to light. */
  readonly regime: string
  readonly caughtBy: string
  readonly summary: string
  /** Only these kinds of fault are drawn; all of the regime's when absent. */
  readonly kinds?: readonly string[]
}

export interface ScenarioPlayer {
  readonly defects: readonly ScenarioDefect[]
  readonly regimes: readonly string[]
  /** Deployments that a draw's `caseIndex` means. */
  readonly cases: readonly Parameters[]
  readonly claims: readonly ScenarioClaim[]
  readonly refutations: readonly ScenarioRefutation[]
  /**
   * Kinds of runs that campaigns take in turn, so that a few runs put every claim to the test and
   * none is left to chance. @defaultValue one
   */
  readonly stories?: number
  /**
   * Draws of one regime; `faultsMax` bounds a plan's length, `kinds` the kinds of its faults, and
   * `story` says which kind of run it is, from 0; without it any run may be drawn.
   */
  draws(
    regime: string,
    limits?: {
      readonly faultsMax?: number
      readonly kinds?: readonly string[]
      readonly story?: number
    },
  ): fc.Arbitrary<ScenarioDraw>
  /** Draws like this one that may play for less time, the shortest first. @defaultValue none */
  shorter?(draw: ScenarioDraw): readonly ScenarioDraw[]
  play(options: {
    readonly policy: Policy
    readonly regime: string
    readonly draw: ScenarioDraw
    /** `full` keeps every message, for reports. */
    readonly detail: 'summary' | 'full'
    /** Id of a defect to play with. */
    readonly defect?: string
  }): PlayedScenario
}
