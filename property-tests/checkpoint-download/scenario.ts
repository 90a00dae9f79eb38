/**
 * checkpoint-download in the simulated world, as campaigns see it.
 */
import {
  type CheckpointDownloadParameters,
  checkpointDownloadParameters,
} from '../../models/checkpoint-download/parameters.ts'
import { assert } from '../../models/kit/error.ts'
import type { DownloadTerms, WorldOptions } from '../../sim/checkpoint-download/options.ts'
import { reportOf } from '../../sim/checkpoint-download/report.ts'
import { runWorld } from '../../sim/checkpoint-download/world.ts'
import {
  AS_DESCRIBED_REFUTED,
  checkpointDownloadWorldInvariants,
} from '../../sim/checkpoint-download/worldInvariants.ts'
import type { WorldDefects, WorldRun } from '../../sim/checkpoint-download/worldRun.ts'
import type { RegimeName } from '../../sim/faults/regimes.ts'
import { judgementFacts } from '../../sim/world/deriveFacts.ts'
import type { ScenarioClaim, ScenarioDefect, ScenarioPlayer } from '../kit/scenarioPlayer.ts'
import { SCENARIO_REGIMES, scenarioDraws } from './scenarioDraws.ts'
import { STORIES } from './scenarioStories.ts'

/** Deployments: as described; small segments and odd chunks; large chunks, no waiting; deep. */
const cases: readonly CheckpointDownloadParameters[] = [
  {},
  { maxCheckpointMebibytes: 2, chunkBytes: 100_000, confirmations: 2, pollIntervalMs: 200 },
  { chunkBytes: 1_500_000, confirmations: 0 },
  { maxCheckpointMebibytes: 3, chunkBytes: 131_072, confirmations: 12, pollIntervalMs: 2_000 },
].map((given) => checkpointDownloadParameters.parse(given))

/** The world's canaries: each part that must not fail, made to fail. */
const DEFECTS: readonly (ScenarioDefect & { readonly parts: WorldDefects })[] = [
  {
    id: 'seeder-serves-past-its-limit',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-CHECKPOINT-PAUSE',
    summary: 'a seeder sends whatever it is asked for',
    parts: { seederServesPastLimit: true },
  },
  {
    id: 'seeder-counts-what-is-not-acknowledged',
    policy: 'hardened',
    regime: 'disconnect',
    caughtBy: 'INV-W-METERED',
    summary: 'a seeder reports what it sent and not what has arrived',
    parts: { seederReportsWhatItSent: true },
  },
  {
    id: 'seeder-resumes-without-confirmation',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-CHECKPOINT-PAUSE',
    summary: 'a seeder takes a payment for good as soon as it sees it',
    parts: { seederServesUnconfirmed: true },
  },
  {
    id: 'downloader-pays-whatever-is-asked',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-PAYER-EXPOSURE',
    summary: 'the downloader does not compare what is due with what has arrived',
    parts: { downloaderPaysWhateverIsAsked: true },
  },
  {
    id: 'downloader-pays-again',
    policy: 'hardened',
    regime: 'congestion',
    caughtBy: 'INV-W-PAYS-ONCE',
    summary: 'after a payment that could not be sent the downloader sends another beside it',
    kinds: ['ambiguous-send', 'rpc-error'],
    parts: { downloaderPaysAgain: true },
  },
  {
    id: 'nothing-is-reassigned',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-COMPLETES',
    summary: 'the downloader waits for a seeder that is gone',
    parts: { downloaderNeverReassigns: true },
  },
  {
    id: 'nothing-is-polled',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-RESUME',
    summary: 'after an answer of 402 the downloader does not ask again',
    parts: { downloaderNeverPolls: true },
  },
  {
    id: 'nobody-leaves',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-LIVENESS',
    summary: 'no party ever cancels',
    parts: { nobodyLeaves: true },
  },
  {
    id: 'megabytes-for-mebibytes',
    policy: 'hardened',
    regime: 'none',
    caughtBy: 'INV-W-COMPLETES',
    summary: "the downloader's client takes a MiB for 10^6 bytes when it reckons what is due",
    parts: { megabytesForMebibytes: true },
  },
]

function claimOf(claim: (typeof checkpointDownloadWorldInvariants)[number]): ScenarioClaim {
  const { id, statement, formula, policies } = claim
  const base = { id, statement, formula, unit: claim.unit ?? '' }
  return policies === undefined ? base : { ...base, policies }
}

/** How it is paid, and whether somebody vanished; how it ended may change. */
function causeOf({ milestones, sources, terms }: WorldRun): string {
  const reasons = [milestones, ...sources].map(({ reason }) => reason)
  const who = reasons.includes('vanished') ? 'vanished' : 'there'
  return [terms.mode === 'upfront' ? 'upfront' : 'checkpoints', who].join(', ')
}

export const checkpointDownloadScenario: ScenarioPlayer = {
  defects: DEFECTS.map(({ parts: _, ...defect }) => defect),
  regimes: SCENARIO_REGIMES,
  cases,
  claims: checkpointDownloadWorldInvariants.map(claimOf),
  refutations: AS_DESCRIBED_REFUTED.map((invariant) => ({
    policy: 'as-described',
    invariant,
    // No fault is needed for any of them, and those of a story are too few to hide one.
    mustShowIn: SCENARIO_REGIMES,
  })),
  stories: STORIES.length,
  draws: (regime, limits) => scenarioDraws(regime, cases.length, limits),
  play({ policy, regime, draw, detail, defect }) {
    const defects = DEFECTS.find(({ id }) => id === defect)?.parts ?? {}
    const parameters = cases[draw.caseIndex]
    assert(parameters !== undefined, 'a draw names one of the deployments')
    const { terms, ...behaviour } = draw.behaviour
    const run = runWorld({
      ...{ policy, regime: regime as RegimeName, seed: draw.world, run: 0, parameters },
      ...(terms as unknown as DownloadTerms),
      ...{ profile: draw.profile, faults: draw.faults, detail, defects },
      behaviour: behaviour as NonNullable<WorldOptions['behaviour']>,
    })
    return {
      setup: { caseIndex: draw.caseIndex, agreements: run.agreements },
      steps: run.steps.map(({ planned }) => planned),
      edges: run.steps.map(({ edge }) => edge),
      hash: run.hash,
      judgements: judgementFacts(checkpointDownloadWorldInvariants, run),
      cause: causeOf(run),
      report: reportOf(run),
    }
  },
}
