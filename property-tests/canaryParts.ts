/**
 * The canaries of a check: jobs that hunt them, and what became of each as the record tells it.
 */
import type { Canary } from '../reports/record.ts'
import { canariesOf } from './canaries.ts'
import { type Part, type Reports, type Run, replayCommand } from './checkRun.ts'
import type { Job } from './kit/jobs.ts'
import type { ScenarioDefect } from './kit/scenarioPlayer.ts'
import { canaryTraceFile } from './kit/traceFiles.ts'
import { playerOf } from './players.ts'

const NO_CANARIES: Part<Canary[]> = { jobs: [], made: () => [] }

/** Contracts that are broken on purpose, each hunted, and their counterexamples as files. */
export function canaryPart(run: Run, protocol: string): Part<Canary[]> {
  const { options } = run
  if (!options.canaries || options.contract !== null) return NO_CANARIES
  const canaries = canariesOf(protocol).filter(({ policy }) => options.policies.includes(policy))
  const jobs = canaries.map(({ id, policy }): Job => {
    return { kind: 'canary', policy, id, seed: options.seed }
  })
  return { jobs, made: (reports) => canaryEntries(run, protocol, canaries, reports) }
}

async function canaryEntries(
  run: Run,
  protocol: string,
  canaries: ReturnType<typeof canariesOf>,
  reports: Reports,
): Promise<Canary[]> {
  const { options } = run
  const entries: Canary[] = []
  for (const [index, canary] of canaries.entries()) {
    const report = reports[index]
    if (report?.kind !== 'canary') continue
    const { result } = report
    const traceFile = result.trace === null ? null : `canary-${canary.id}.trace.json`
    const file = await canaryTraceFile(options, protocol, result)
    if (traceFile !== null && file !== null) run.traceFiles.set(traceFile, file)
    entries.push({
      id: canary.id,
      protocol,
      contract: canary.contract,
      policy: canary.policy,
      expectedInvariant: canary.caughtBy,
      caughtBy: [...result.caughtBy],
      caught: result.finding !== null,
      actions: result.trace?.steps.length ?? null,
      ...(result.ladder.length > 0 ? { ladder: [...result.ladder] } : {}),
      confirmedOnMinedLane: result.confirmed,
      sequencesTried: result.runs,
      stepsTried: result.steps,
      traceFile,
      replayCommand: traceFile === null ? null : replayCommand(options)(traceFile),
    })
  }
  return entries
}

/** Parts of the world that fail on purpose; they concern no contract and leave no trace file. */
export function worldCanaryPart({ options }: Run, protocol: string): Part<Canary[]> {
  const defects = playerOf(protocol).scenario?.defects ?? []
  const wanted = defects.filter(({ policy }) => options.policies.includes(policy))
  if (!options.canaries || options.contract !== null || wanted.length === 0) {
    return NO_CANARIES
  }
  const jobs = wanted.map(({ id, policy }): Job => {
    return { kind: 'worldCanary', policy, id, seed: options.seed }
  })
  const made = (reports: Reports) => worldCanaryEntries(protocol, wanted, reports)
  return { jobs, made }
}

function worldCanaryEntries(
  protocol: string,
  wanted: readonly ScenarioDefect[],
  reports: Reports,
): Canary[] {
  return wanted.flatMap((defect, index) => {
    const report = reports[index]
    if (report?.kind !== 'worldCanary') return []
    const { caughtBy, evidence, actions, ladder, runs, steps } = report.result
    return [
      {
        id: defect.id,
        protocol,
        contract: 'the world',
        policy: defect.policy,
        expectedInvariant: defect.caughtBy,
        caughtBy: [...caughtBy],
        caught: evidence !== null,
        actions,
        ...(ladder.length > 0 ? { ladder: [...ladder] } : {}),
        sequencesTried: runs,
        stepsTried: steps,
        traceFile: null,
        replayCommand: null,
      },
    ]
  })
}
