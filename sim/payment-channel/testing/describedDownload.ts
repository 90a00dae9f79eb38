/**
 * The channel of the protocol's README, for tests: a file of 100 MiB in 100 vouchers of 0.10, over
 * a line of 5 MB/s, on a chain with blocks every 12 s, and nothing going wrong.
 */
import type { Policy } from '../../../models/kit/trace.ts'
import type { Fault } from '../../faults/fault.ts'
import type { Behaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'
import { runWorld } from '../world.ts'
import { paymentChannelWorldInvariants } from '../worldInvariants.ts'
import type { WorldRun } from '../worldRun.ts'

const behaviour: Behaviour = {
  beginsAtMs: 0,
  bytesPerSecond: 5_000_000,
  depositBps: 10_000,
  topsUpAheadBps: 0,
  takesBps: 10_000,
  signs: 'always',
  signsUntilBps: 0,
  payerEnds: 'cooperates',
  lingersMs: 1_000,
  preys: false,
  payerPatienceMs: 60_000,
  providerPatienceMs: 600_000,
  redeemsAtBps: 0,
  providerWaits: false,
  endsChallenges: false,
  hasWatcher: false,
  cheats: 'no',
  keepsBack: 0,
  stranger: [],
}

export const DESCRIBED_DOWNLOAD = {
  ...{ seed: 1, run: 0, regime: 'none', profile: 'l1', behaviour },
} as const satisfies Partial<WorldOptions>

/** The described download, with changes. */
export function download(
  policy: Policy,
  behaviour: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): WorldRun {
  const whole = { ...DESCRIBED_DOWNLOAD.behaviour, ...behaviour }
  return runWorld({ ...DESCRIBED_DOWNLOAD, policy, ...options, behaviour: whole })
}

/** Claims that the run breaks, by id. */
export function broken(run: WorldRun): readonly string[] {
  const judged = paymentChannelWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}

export function downFor(target: string, atMs: number, durationMs: number): Fault {
  return { kind: 'link-down', target, atMs, durationMs, magnitude: 1 }
}
