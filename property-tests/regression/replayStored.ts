/**
 * Replays stored failures on the contracts of a check, before anything is searched.
 *
 * What is stored says which attempts once failed, and nothing about which bytes they failed on: a
 * file is replayed on whatever contract is being checked now. A file that means nothing any more (a
 * claim, an action or a parameter that is gone) is told and counts; it must neither look green nor
 * hide the search, which runs afterwards as if there were no files.
 */
import { MeterproofError } from '../../models/kit/error.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { Regression } from '../../reports/record.ts'
import { readStoredFailures, type StoredFailure } from '../../reports/regressionStore.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import { judgedOf } from '../judged.ts'
import { playerOf } from '../players.ts'
import { lookAtTrace, replayArguments } from '../replay.ts'
import { type CheckedSubject, checkedSubjects } from '../subjects.ts'
import { requireApplicable } from '../traceRun.ts'

export interface StoredOptions {
  /** Folder of the files. */
  readonly folder: string
  readonly protocols: readonly string[]
  readonly policies: readonly Policy[]
  /** Path of a user's contract, or null for ours. */
  readonly contract: string | null
}

/** Errors of the machine, which say nothing about a file. */
const OF_THE_MACHINE = /^MP_(ANVIL|RPC|LANE|COMPILE|CHECK)_/

/** One entry a file, in the order of their names. */
export async function replayStored(options: StoredOptions): Promise<readonly Regression[]> {
  const regressions: Regression[] = []
  for (const stored of readStoredFailures(options.folder)) {
    regressions.push(await replayOne(stored, options))
  }
  return regressions
}

async function replayOne(stored: StoredFailure, options: StoredOptions): Promise<Regression> {
  const { file } = stored
  const { folder, contract } = options
  const replayCommand = replayArguments(`${folder}/${file}`, contract)
  if ('problem' in stored) {
    const nothing = { protocol: '', policy: '', invariant: '', expected: 'held' } as const
    const reason = stored.problem
    return { file, ...nothing, verdict: 'noLongerApplies', reason, replayCommand }
  }
  const { trace } = stored
  const { protocol, policy } = trace
  const invariant = trace.finding?.invariant ?? ''
  const entry = { file, protocol, policy, invariant, replayCommand }
  try {
    const judged = judgedOf(protocol)
    requireApplicable(judged, trace)
    const expected = isRefuted(trace) ? 'refuted' : 'held'
    const isChosen = options.protocols.includes(protocol) && options.policies.includes(policy)
    if (!isChosen) return { ...entry, expected, verdict: 'notChosen', reason: '' }
    const subject = await subjectOf(trace, contract)
    if (subject === null) return { ...entry, expected, verdict: 'notChosen', reason: '' }
    const looked = await lookAtTrace(judged, trace, subject, 'batch')
    if (looked.finding === null) {
      return { ...entry, expected, verdict: 'noLongerFails', reason: '' }
    }
    const { evidence } = looked.finding
    return { ...entry, expected, verdict: 'stillFails', reason: evidence, trace: looked.trace }
  } catch (thrown) {
    if (thrown instanceof MeterproofError && OF_THE_MACHINE.test(thrown.code)) throw thrown
    return { ...entry, expected: 'held', verdict: 'noLongerApplies', reason: reasonOf(thrown) }
  }
}

/** The contract that is checked for the policy; null when the user's folder has none for it. */
async function subjectOf(trace: TraceFile, path: string | null): Promise<CheckedSubject | null> {
  const player = judgedOf(trace.protocol)
  const [subject] = await checkedSubjects({ player, policies: [trace.policy], path })
  return subject ?? null
}

/** Whether the policy is known to break the claim. */
function isRefuted({ protocol, policy, finding }: TraceFile): boolean {
  const { binding, scenario } = playerOf(protocol)
  const known = [...binding.protocol.expectedRefutations, ...(scenario?.refutations ?? [])]
  return known.some((each) => each.policy === policy && each.invariant === finding?.invariant)
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof MeterproofError)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return `it cannot be planned any more (${message}).`
  }
  const facts = Object.entries(thrown.facts).map(([key, value]) => `${key} ${value}`)
  return [thrown.message, ...(facts.length > 0 ? [`(${facts.join(', ')})`] : [])].join(' ')
}
