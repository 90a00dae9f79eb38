/**
 * Hunts mutants of one contract on one Anvil: the inner loop, and so as little as possible.
 *
 * All plans are bound and encoded once, and the sound contract's answers to them are kept. A mutant
 * stands as a guest where the sound contract stood; what it answers is compared as text. Only plans
 * that it answers differently are read, compared with the model and judged: that is what kills,
 * and nothing that merely differs from the sound contract. What survives all plans is constructed
 * at the edges of its deployment.
 */

import type { Hex } from 'viem'
import { keccak256 } from 'viem'
import { assert, MeterproofError } from '../../models/kit/error.ts'
import type { Policy } from '../../models/kit/trace.ts'
import type { CallResult } from '../../sim/chain/lane.ts'
import { DIVERGENCE, firstDivergence } from '../kit/compare.ts'
import { DEPLOYMENT, runDeployments } from '../kit/deployments.ts'
import {
  type Execution,
  executePlan,
  type PreparedRun,
  prepareRun,
  readRun,
  sawTooLittle,
} from '../kit/execute.ts'
import { type Finding, judgeTrace, promisedBy } from '../kit/judge.ts'
import type { Plan } from '../kit/plan.ts'
import type { Player } from '../kit/player.ts'
import { DEPLOYMENT_REFUSED, openTestbed, type Subject, type Testbed } from '../kit/testbed.ts'

/** The contract can no longer be read. */
export const UNREADABLE = 'OBSERVATION'

/** Plans of the first look; each further look takes twice as many. */
const FIRST_LOOK = 8
const LOOK_MAX = 64
/** After a bare difference, plans in which an invariant is still looked for. */
const FURTHER_PLANS = 24

export interface Kill {
  /** What noticed: invariants by id, `DIVERGENCE`, `DEPLOYMENT`, `OBSERVATION`; sorted. */
  readonly by: readonly string[]
  readonly evidence: string
  /** Number of the plan that showed it first, and the step in it, both from 0. */
  readonly plan: number
  readonly step: number
}

export interface Hunted {
  readonly kill: Kill | null
  /** Whether any answer was another one than that of the sound contract. */
  readonly differs: boolean
  readonly plans: number
}

export interface Hunter {
  /** Tries plan after plan until something notices. */
  hunt(bytecode: Hex): Promise<Hunted>
  /** Whether any plan is answered differently; nobody needs to notice. */
  differs(bytecode: Hex): Promise<boolean>
  close(): Promise<void>
}

type Answered =
  | { readonly answers: readonly CallResult[]; readonly text: string }
  | { readonly unreadable: string }

/** Opens an Anvil and plays everything on the sound contract. */
export async function openHunter(options: {
  readonly player: Player
  readonly policy: Policy
  readonly plans: readonly Plan[]
  /** Creation code of the contract without a change, compiled as its mutants are. */
  readonly original: Hex
}): Promise<Hunter> {
  const { player, policy, plans, original } = options
  const { binding, cases } = player
  const testbed = await openTestbed({ binding, subjects: [], cases: [], guestCases: cases })
  const executionOf = (bytecode: Hex): Execution => {
    const subject: Subject = { name: `mutant ${keccak256(bytecode)}`, policy, bytecode }
    return { testbed, lane: testbed.batch, player, subject }
  }
  const sound = executionOf(original)
  await testbed.admit(sound.subject)
  // Most mutants fall in the first look, which is therefore observed in full.
  const runs = await Promise.all(
    plans.map((plan, index) => prepareRun({ ...sound, observeAll: index < FIRST_LOOK }, plan)),
  )
  const expected = (await Promise.all(runs.map(answersOf))).map((each, index) => {
    assert('text' in each, 'the contract without a change can be read')
    requireSound(runs[index] as PreparedRun, each.answers)
    return each.text
  })
  const promised = promisedBy(binding.protocol.invariants, policy)
  const isOther = (answered: Answered, index: number) =>
    'unreadable' in answered || answered.text !== expected[index]

  async function judged(execution: Execution, index: number, answered: Answered) {
    const run = runs[index] as PreparedRun
    if ('unreadable' in answered) {
      return { findings: [{ id: UNREADABLE, stepIndex: 0, evidence: answered.unreadable }] }
    }
    const { answers } = answered
    // What a wrongly accepted call did was not looked at: again, with everything observed.
    const trace = sawTooLittle(run, answers)
      ? await seen(executePlan({ ...execution, observeAll: true }, run.plan))
      : traceOf(run, answers)
    if ('unreadable' in trace) {
      return { findings: [{ id: UNREADABLE, stepIndex: 0, evidence: trace.unreadable }] }
    }
    return judgeTrace(trace, promised)
  }

  return {
    async hunt(bytecode) {
      const execution = executionOf(bytecode)
      const refusal = await admitted(testbed, execution.subject)
      if (refusal !== null) return undeployable(refusal)
      const found = createFindings()
      let differs = false
      for (const look of looks(plans.length)) {
        const answered = await Promise.all(
          look.map((index) => answersOf(runs[index] as PreparedRun)),
        )
        for (const [at, index] of look.entries()) {
          const own = answered[at] as Answered
          if (isOther(own, index)) {
            differs = true
            found.add(index, (await judged(execution, index, own)).findings)
          }
          if (found.isDone(index)) return { kill: found.kill(), differs, plans: index + 1 }
        }
      }
      const kill = found.kill() ?? (await misconstructed(execution))
      return { kill, differs: differs || kill !== null, plans: plans.length }
    },
    async differs(bytecode) {
      const { subject } = executionOf(bytecode)
      if ((await admitted(testbed, subject)) !== null) return true
      for (const look of looks(plans.length)) {
        const answered = await Promise.all(
          look.map((index) => answersOf(runs[index] as PreparedRun)),
        )
        if (answered.some((own, at) => isOther(own, look[at] as number))) return true
      }
      return false
    },
    close: () => testbed.close(),
  }
}

/** @throws MeterproofError `MP_MUTATE_UNSOUND` when the contract itself differs from the model */
function requireSound(run: PreparedRun, answers: readonly CallResult[]): void {
  const divergence = firstDivergence(readRun(run, answers))
  if (divergence === null) return
  throw new MeterproofError('MP_MUTATE_UNSOUND', 'Contract and model differ without any change.', {
    class: 'internal',
    facts: { evidence: divergence.evidence },
    hint: 'Run `meterproof check` first, and mend what it finds.',
  })
}

/** What a mutant was found to do wrong, over several plans. */
function createFindings() {
  let first: { readonly finding: Finding; readonly plan: number } | null = null
  const ids = new Set<string>()
  return {
    add(plan: number, findings: readonly Finding[]) {
      const [finding] = findings
      if (finding === undefined) return
      first ??= { finding, plan }
      for (const { id } of findings) ids.add(id)
    },
    /** An invariant says more than a difference, so it is looked for a while longer. */
    isDone: (plan: number) =>
      first !== null &&
      (plan >= first.plan + FURTHER_PLANS || [...ids].some((id) => id !== DIVERGENCE)),
    kill(): Kill | null {
      if (first === null) return null
      const { finding, plan } = first
      const { evidence, stepIndex: step } = finding
      return { by: [...ids].sort(), evidence, plan, step }
    },
  }
}

/** Numbers of plans, a few at first. */
function* looks(count: number): Generator<readonly number[]> {
  let size = FIRST_LOOK
  for (let from = 0; from < count; ) {
    const until = Math.min(count, from + size)
    yield Array.from({ length: until - from }, (_, index) => from + index)
    from = until
    size = Math.min(LOOK_MAX, 2 * size)
  }
}

function undeployable(refusal: string): Hunted {
  const kill = { by: [DEPLOYMENT], evidence: refusal, plan: 0, step: 0 }
  return { kill, differs: true, plans: 0 }
}

/** What no plan shows: the constructor refuses what it must not, or the other way round. */
async function misconstructed(execution: Execution): Promise<Kill | null> {
  const [finding] = (await runDeployments(execution)).findings
  return finding === undefined
    ? null
    : { by: [finding.id], evidence: finding.evidence, plan: 0, step: 0 }
}

/** Why the contract cannot be deployed as the sound one can, or null. */
async function admitted(testbed: Testbed, subject: Subject): Promise<string | null> {
  try {
    await testbed.admit(subject)
    return null
  } catch (error) {
    const isRefused = error instanceof MeterproofError && error.code === DEPLOYMENT_REFUSED
    if (!isRefused) throw error
    return 'the constructor reverts'
  }
}

/** Errors that a contract causes; anything else is trouble with Anvil or a mistake of ours. */
const CAUSED = new Set(['MP_LANE_PROBE_FAILED', 'MP_RUN_PRELUDE'])

async function seen<Value>(work: Promise<Value>) {
  try {
    return await work
  } catch (error) {
    if (error instanceof MeterproofError && CAUSED.has(error.code)) {
      return { unreadable: error.message }
    }
    throw error
  }
}

async function answersOf({ execution, schedule }: PreparedRun): Promise<Answered> {
  const answers = await seen(execution.lane.execute(schedule))
  return 'unreadable' in answers ? answers : { answers, text: textOf(answers) }
}

/** All that was answered, but for the gas that it took. */
function textOf(answers: readonly CallResult[]): string {
  return answers
    .map(({ ok, returnData, logs, observation }) => {
      const told = logs.map(({ address, topics, data }) => `${address}${topics.join()}${data}`)
      return `${ok}${returnData}${told.join()}${observation ?? ''}`
    })
    .join('\n')
}

/** Reading is pure: what it stumbles over is the contract's. */
function traceOf(run: PreparedRun, answers: readonly CallResult[]) {
  try {
    return readRun(run, answers)
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) } as const
  }
}
