/**
 * A trace file made ready to be written as a test in another language: who calls what with which
 * bytes, and what must be true afterwards.
 *
 * The contract stands at an address that any fresh chain gives it (the first contracts of a sender
 * that nobody else uses), so signatures over that address are literal bytes. The steps are run once
 * on Anvil: a test is only handed over when it is known to fail on the contract that the trace
 * accuses.
 *
 * Two kinds of test come of this. Where model and contract part, the test expects what the model
 * predicts. Where they agree and a claim is broken all the same, no prediction can fail; then the
 * test says that the contract must not do exactly that again, up to the step that breaks the claim.
 */
import { type Abi, type Address, getContractAddress, type Hex, keccak256, toHex } from 'viem'
import { accountsOf } from '../../contracts/bindings/accounts.ts'
import type { BoundCall, RunBinding, Stage } from '../../contracts/bindings/binding.ts'
import {
  type Artifact,
  artifactNamed,
  compileCanaries,
  compileContracts,
} from '../../contracts/compile.ts'
import { REENTRY } from '../../models/invariants/reentry.ts'
import { MeterproofError } from '../../models/kit/error.ts'
import { ELSEWHERE, type Holder, NOBODY, type Outcome, type Trace } from '../../models/kit/trace.ts'
import type { TraceFile } from '../../reports/traceFile.ts'
import { judgedOf } from '../judged.ts'
import { DIVERGENCE, firstDivergence } from '../kit/compare.ts'
import { DEPLOYMENT } from '../kit/deployments.ts'
import { lookFor } from '../kit/detect.ts'
import type { Plan } from '../kit/plan.ts'
import type { Judged } from '../kit/player.ts'
import { CHAIN_ID, openTestbed } from '../kit/testbed.ts'
import { type TestToken, testTokenOf } from '../kit/testTokens.ts'
import type { CheckedSubject } from '../subjects.ts'
import { planOfTrace, requireApplicable, subjectOfTrace } from '../traceRun.ts'
import { type Check, checksOf, outcomesDiffer } from './checks.ts'
import { type Reader, readerOf } from './reader.ts'

/** Sends what must stand at a known address: an account that no chain has seen before. */
const EXPORT_DEPLOYER = `0x${keccak256(toHex('meterproof:export')).slice(-40)}` as Address

export interface ExportedStep {
  readonly call: BoundCall
  /** Name of who sends it. */
  readonly by: string
  readonly atSeconds: number
  /** The attempt in words. */
  readonly text: string
  /** What the test expects; for a test of the second kind, what the contract did. */
  readonly outcome: Outcome
  readonly checks: readonly Check[]
}

export interface ExportedRun {
  readonly file: TraceFile
  /** `prediction`: the model is expected; `notAgain`: what the contract did must not recur. */
  readonly kind: 'prediction' | 'notAgain'
  /** Whether the test fails on the contract that the steps were run on. */
  readonly fails: boolean
  readonly title: string
  readonly subject: CheckedSubject
  readonly abi: Abi
  /** The contract that ships for this policy; a repaired one in most cases. */
  readonly sound: Artifact
  readonly stage: Stage
  readonly deployer: Address
  readonly constructorData: Hex
  readonly tokens: readonly (TestToken & { readonly kind: string; readonly address: Address })[]
  /** Who starts with how much of every token, and whether the contract may take it. */
  readonly funded: readonly {
    readonly name: string
    readonly units: bigint
    readonly approves: boolean
  }[]
  readonly prelude: readonly BoundCall[]
  readonly steps: readonly ExportedStep[]
}

/** Where everything will stand, and how it is called there. */
function stageOf(plan: Plan): Stage {
  const { protocol, agreements } = plan.cast
  const kinds = [...new Set(agreements.map(({ token }) => token))].sort()
  const addressAt = (nonce: number) =>
    getContractAddress({ from: EXPORT_DEPLOYER, nonce: BigInt(nonce) }).toLowerCase() as Address
  return {
    chainId: CHAIN_ID,
    escrow: addressAt(kinds.length),
    tokens: Object.fromEntries(kinds.map((kind, nonce) => [kind, addressAt(nonce)])),
    accounts: accountsOf(protocol.participants),
  }
}

/**
 * @param contract path of a user's contract to write the test for, or null for the recorded one
 * @throws MeterproofError `MP_EXPORT_UNSTATED` for a finding that no single run of calls can show,
 * and what a replay throws
 */
export async function exportedRun(file: TraceFile, contract: string | null): Promise<ExportedRun> {
  const player = judgedOf(file.protocol)
  requireStatable(file, player)
  requireApplicable(player, file)
  const { binding } = player
  const subject = await subjectOfTrace(player, file, contract)
  const plan = planOfTrace(player, file)
  const { parameters } = plan.cast
  const testbed = await openTestbed({ binding, subjects: [subject], cases: [parameters] })
  try {
    const execution = { testbed, lane: testbed.batch, player, subject, observeAll: true }
    const id = file.finding?.invariant ?? DIVERGENCE
    const { trace, finding } = await lookFor(execution, plan, id)
    const stage = stageOf(plan)
    const bound = binding.bind({ stage, policy: file.policy, agreements: plan.cast.agreements })
    const sound = artifactNamed(await compileContracts(), binding.contractNames[file.policy])
    const abi = await abiOf(subject, sound)
    const reader = readerOf({ bound, stage, abi })
    const judged = stated({ file, trace, brokenAt: finding?.stepIndex ?? null, reader })
    return {
      ...{ file, subject, abi, sound, stage, deployer: EXPORT_DEPLOYER },
      ...{ kind: judged.kind, fails: judged.fails, title: titleOf(file) },
      ...setupOf(plan, bound, stage, judged),
      constructorData: binding.constructorArguments({
        ...{ policy: file.policy, parameters, accounts: stage.accounts },
      }),
      steps: await stepsOf(plan, bound, judged),
    }
  } finally {
    await testbed.close()
  }
}

/** Findings that compare runs with each other, or with what was delivered in the world. */
function requireStatable(file: TraceFile, { binding, relations }: Judged): void {
  const { finding, simulation, world } = file
  const invariant = finding?.invariant ?? DIVERGENCE
  const refuse = (why: string) => {
    throw new MeterproofError('MP_EXPORT_UNSTATED', `${invariant} cannot be a test: ${why}.`, {
      facts: { finding: invariant, evidence: finding?.evidence ?? '' },
      hint: 'Hand over the trace file; `meterproof replay` judges it.',
    })
  }
  if (invariant === DEPLOYMENT) refuse('it is about a constructor and about no call')
  if (invariant === REENTRY) refuse('what a token met while it moved is told by that token alone')
  if (simulation !== undefined) refuse('what was lost is known to the simulated world alone')
  if (relations.some(({ id }) => id === invariant)) refuse('it compares two runs with each other')
  const ofContract = [...binding.protocol.invariants.map(({ id }) => id), DIVERGENCE]
  if (world !== undefined && !ofContract.includes(invariant)) {
    refuse('it is judged against what was delivered, which no contract can see')
  }
}

interface Stated {
  readonly kind: ExportedRun['kind']
  readonly fails: boolean
  readonly steps: readonly { readonly outcome: Outcome; readonly checks: readonly Check[] }[]
}

/** What the test says after each step, and whether that is false for the contract of the trace. */
function stated(options: {
  readonly file: TraceFile
  readonly trace: Trace
  /** The step that breaks the claim; null when it holds. */
  readonly brokenAt: number | null
  readonly reader: Reader
}): Stated {
  const { file, trace, brokenAt, reader } = options
  const predicted = checksOf({ trace, reader, side: 'predicted' })
  const parts = trace.steps.some(
    (step, index) => outcomesDiffer(step) || predicted[index]?.some(({ differs }) => differs),
  )
  const isBroken = brokenAt !== null
  if (parts || !isBroken) {
    const steps = trace.steps.map((step, index) => ({
      outcome: step.predicted.outcome,
      checks: predicted[index] ?? [],
    }))
    return { kind: 'prediction', fails: parts, steps }
  }
  if (firstDivergence(trace) !== null) throw unreadable(file)
  const observed = checksOf({ trace, reader, side: 'observed', wholeAt: brokenAt })
  const steps = trace.steps.slice(0, brokenAt + 1).map((step, index) => ({
    outcome: step.observed.outcome,
    checks: observed[index] ?? [],
  }))
  return { kind: 'notAgain', fails: true, steps }
}

function unreadable({ finding }: TraceFile): MeterproofError {
  const sentence = 'Model and contract differ only in what no call can read.'
  return new MeterproofError('MP_EXPORT_UNSTATED', sentence, {
    facts: { evidence: finding?.evidence ?? '' },
    hint: 'Hand over the trace file; `meterproof replay` compares event logs too.',
  })
}

function titleOf({ finding, protocol, policy }: TraceFile): string {
  const claim = finding === null ? 'a trace that must hold' : finding.invariant
  return `${claim}, ${protocol}, ${policy}`
}

/** The ABI of the subject; a user's contract is called as ours. */
async function abiOf({ name, canary }: CheckedSubject, sound: Artifact): Promise<Abi> {
  return canary === null ? sound.abi : artifactNamed(await compileCanaries(), name).abi
}

/** Who takes part: nobody else's tokens can matter. */
function setupOf(plan: Plan, bound: RunBinding, stage: Stage, judged: Stated) {
  const { protocol, agreements } = plan.cast
  const profiles = protocol.tokens.filter(({ kind }) => stage.tokens[kind] !== undefined)
  const tokens = Object.entries(stage.tokens).map(([kind, address]) => {
    const profile = profiles.find((each) => each.kind === kind)
    if (profile === undefined) throw new Error(`token ${kind} is one of the test tokens`)
    return { kind, address, ...testTokenOf(profile, stage.accounts) }
  })
  const approving = protocol.approving ?? Object.keys(protocol.startingUnits)
  const named = new Set<Holder>([
    ...agreements.flatMap(({ roles }) => Object.values(roles)),
    ...plan.steps.map(({ by }) => by),
    ...judged.steps.flatMap(({ checks }) =>
      checks.flatMap((check) => (check.kind === 'balance' ? check.holder : [])),
    ),
  ])
  const funded = Object.entries(protocol.startingUnits)
    .filter(([name, units]) => named.has(name) && units > 0n)
    .map(([name, units]) => ({ name, units, approves: approving.includes(name) }))
  return { tokens, funded, prelude: bound.prelude }
}

async function stepsOf(plan: Plan, bound: RunBinding, judged: Stated): Promise<ExportedStep[]> {
  const calls = bound.encode(plan.steps)
  const start = plan.steps[0]?.atSeconds ?? 0
  const show = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  return judged.steps.map(({ outcome, checks }, index) => {
    const planned = plan.steps[index]
    const call = calls[index]
    if (planned === undefined || call === undefined) throw new Error('every step has a call')
    const { by, action, agreement, atSeconds, args } = planned
    const given = Object.entries(args).map(([key, each]) => `${key} ${JSON.stringify(each, show)}`)
    const attempt = `${by} ${action}(${given.join(', ')}) on #${agreement}`
    const text = `${index + 1}  +${atSeconds - start} s  ${attempt}`
    return { call, by, atSeconds, text, outcome, checks }
  })
}

/** How an exported test calls an address. */
export function addressNames(run: ExportedRun): ReadonlyMap<string, string> {
  const { stage, tokens } = run
  const constant = (name: string) =>
    name
      .replace(/([a-z])([A-Z0-9])/g, '$1_$2')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .toUpperCase()
  const accounts = Object.entries(stage.accounts).filter(([name]) => name !== NOBODY)
  return new Map([
    ...accounts.map(([name, at]): [string, string] => [
      at.toLowerCase(),
      name === ELSEWHERE ? 'ELSEWHERE' : constant(name),
    ]),
    ...tokens.map(({ kind, address }): [string, string] => [
      address.toLowerCase(),
      `TOKEN_${constant(kind)}`,
    ]),
    [stage.escrow.toLowerCase(), 'UNDER_TEST'],
  ])
}
