/**
 * Checks one protocol: its campaigns in rounds, counterexamples made small, samples, canaries.
 *
 * The first round is the protocol's even share; further ones follow while something is undecided
 * and sequences are left (`kit/shares.ts`). What a round found is never lost: results are added up
 * in the order of the jobs, and an interruption keeps what was finished.
 */
import type { SolidityCoverage } from '../reports/record.ts'
import { canaryPart, worldCanaryPart } from './canaryParts.ts'
import { type Part, type Reports, type Run, runJobs, runParts } from './checkRun.ts'
import { counterexamplePart, findingGroups } from './counterexamples.ts'
import { solidityFileOf } from './coverage/solidityFile.ts'
import type { ProtocolOutcome } from './kit/buildRecord.ts'
import { campaignJobs, withCalm } from './kit/campaignJobs.ts'
import { RUNS_PER_CHUNK } from './kit/conformance.ts'
import type { Job, JobReport } from './kit/jobs.ts'
import type { JobPool } from './kit/pool.ts'
import { ROUND_RUNS, undecidedOf } from './kit/shares.ts'
import { tallyOf } from './kit/tally.ts'
import { playerOf } from './players.ts'
import { type CheckedSubject, checkedSubjects } from './subjects.ts'

/**
 * Everything about one protocol, as the record needs it.
 *
 * @param firstRuns sequences of each campaign in the first round; null leaves it to the budget
 */
export async function checkProtocol(run: Run, protocol: string, firstRuns: number | null) {
  const { options } = run
  const player = playerOf(protocol)
  run.options.onProgress({ kind: 'phase', label: `${protocol}: compiling` })
  const { policies, contract: path } = options
  const subjects = await checkedSubjects({ player, policies, path })
  const pool = run.pools.of({ protocol, subjects, lane: options.lane })
  const campaigns =
    options.canariesOnly === true
      ? nothingOf(player)
      : await campaignsOf(run, pool, { player, subjects, firstRuns })
  const { findings } = campaigns.tally
  const { first, later } = findingGroups(findings)
  const made = await runParts(run, pool, `${protocol}: counterexamples and canaries`, {
    found: counterexamplePart(first),
    samples: samplesPart(run, protocol, campaigns.subjects),
    canaries: canaryPart(run, protocol),
    worldCanaries: worldCanaryPart(run, protocol),
    solidityCoverage: solidityPart(run, campaigns.subjects),
  })
  const { found: others } = await runParts(run, pool, `${protocol}: counterexamples`, {
    found: counterexamplePart(later, made.found),
  })
  const counterexamples = findings.flatMap((each) => made.found.get(each) ?? others.get(each) ?? [])
  const { samples, solidityCoverage } = made
  const canaries = [...made.canaries, ...made.worldCanaries]
  return { outcome: { ...campaigns, counterexamples }, canaries, samples, solidityCoverage }
}

/** What is known of a protocol of which only canaries are asked. */
function nothingOf(player: ProtocolOutcome['player']): Campaigns {
  const tally = { campaigns: [], findings: [] }
  return { player, subjects: [], tally, only: [], regimes: [] }
}

type Campaigns = Omit<ProtocolOutcome, 'counterexamples'>

/** Rounds of campaigns until everything is decided or nothing is left, and what they found. */
async function campaignsOf(
  run: Run,
  pool: JobPool,
  checked: Pick<ProtocolOutcome, 'player' | 'subjects'> & { readonly firstRuns: number | null },
): Promise<Campaigns> {
  const { player, subjects, firstRuns } = checked
  const { only, regimes, signal } = run.options
  const { id } = player.binding.protocol
  const jobs: Job[] = []
  const reports: (JobReport | undefined)[] = []
  let runs = firstRuns
  for (let fromRun = 0; ; ) {
    const round = campaignJobs({ ...run.options, fromRun, runs }, player, subjects)
    const label = fromRun === 0 ? `${id}: campaigns` : `${id}: campaigns, further round`
    jobs.push(...round)
    reports.push(...(await runJobs(run, pool, label, round)))
    const tally = tallyOf(jobs, reports)
    const found = { player, subjects, tally, only, regimes: withCalm(regimes) }
    const isOver = runs === null || signal.aborted || run.furtherRuns < ROUND_RUNS
    if (isOver || undecidedOf({ ...found, counterexamples: [] }).length === 0) return found
    fromRun += runs ?? 0
    runs = ROUND_RUNS
    run.furtherRuns -= ROUND_RUNS
  }
}

/** One sound run of each policy in full, for readers. */
function samplesPart(run: Run, protocol: string, subjects: readonly CheckedSubject[]) {
  const { seed, only } = run.options
  const jobs = subjects.map(({ policy }): Job => {
    const options = { seed, chunkIndex: 0, runs: RUNS_PER_CHUNK, only }
    return { kind: 'sample', policy, options }
  })
  const made = (reports: Reports) =>
    reports.flatMap((report, index) => {
      const policy = subjects[index]?.policy
      if (report?.kind !== 'sample' || policy === undefined) return []
      const trace = report.result
      return [{ protocol, policy, regime: 'none', campaign: 'conformance', run: 0, trace }]
    })
  return { jobs, made }
}

/** What of the sources the paths campaign executes, where that was asked for. */
function solidityPart(
  { options }: Run,
  subjects: readonly CheckedSubject[],
): Part<SolidityCoverage[]> {
  const covered = options.solidityCoverage === true ? subjects : []
  const jobs = covered.map(({ name, policy, source }): Job => {
    const path = solidityFileOf(source, options.contract)
    return { kind: 'solidityCoverage', policy, name, path, seed: options.seed }
  })
  const made = (reports: Reports) =>
    reports.flatMap((report) => (report?.kind === 'solidityCoverage' ? [report.result] : []))
  return { jobs, made }
}
