/**
 * `meterproof protocols [protocol…]`: what can be checked, by which claims, what must be caught and
 * refuted, and how much of it the latest run reached.
 */
import type { Command } from 'commander'
import { MeterproofError } from '../../models/kit/error.ts'
import { readRun, runDirectories } from '../../reports/readRun.ts'
import type { RunRecord } from '../../reports/record.ts'
import { loadPlayers } from '../campaigns.ts'
import { findProtocols } from '../catalogue.ts'
import { EXIT_CODE } from '../exitCode.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'
import { OUT_DEFAULT } from '../options.ts'
import { type ProtocolFacts, protocolFacts } from '../protocolFacts.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `Examples:
  meterproof protocols
  meterproof protocols session-escrow
  meterproof protocols --json
`

interface ProtocolsFlags extends SharedOptions {
  readonly out: string
}

export function addProtocolsCommand(program: Command, host: Host): void {
  const command = program
    .command('protocols')
    .description('list the protocols; with a name, one in detail')
    .argument('[protocol...]', 'protocols to tell about in detail (default: all, in short)')
    .option('--out <dir>', 'folder that runs are written to', OUT_DEFAULT)
    .addHelpText('before', EXAMPLES)
  withSharedOptions(command).action((ids: readonly string[], flags: ProtocolsFlags) =>
    runCommand(host, flags, async ({ terminal }) => {
      const protocols = findProtocols(ids)
      const { playerOf, canariesOf } = await loadPlayers()
      const latestOf = latestRecords(flags.out, terminal)
      const all = protocols.map((protocol) => {
        const contractCanaries = canariesOf(protocol.id)
        const player = playerOf(protocol.id)
        const latest = latestOf(protocol.id)
        return protocolFacts({ protocol, player, contractCanaries, latest })
      })
      if (flags.json === true) {
        terminal.document(JSON.stringify({ protocols: all }, null, 2))
        return EXIT_CODE.held
      }
      const lines = all.flatMap((facts) => {
        return ids.length === 0 ? shortLines(facts, terminal) : detailLines(facts, terminal)
      })
      for (const line of lines) terminal.result(line)
      const first = all[0]?.id ?? ''
      const more = ids.length === 0 ? `protocols ${first}` : `check ${first}`
      terminal.note(`next: meterproof ${more}`)
      return EXIT_CODE.held
    }),
  )
}

/** Runs that are looked through for one with coverage; more are not worth the wait. */
const RUNS_MAX = 12

/**
 * Finds the newest run that reached anything of a protocol; a run that cannot be read is told and
 * passed over. Runs are read once, and only as far back as a protocol needs.
 */
function latestRecords(outDir: string, terminal: Terminal): (protocol: string) => RunRecord | null {
  const directories = runDirectories(outDir).slice(0, RUNS_MAX)
  const records: (RunRecord | null)[] = []
  const recordAt = (index: number): RunRecord | null => {
    if (records[index] === undefined) {
      records[index] = readOrTell(directories[index] as string, terminal)
    }
    return records[index]
  }
  return (protocol) => {
    for (const index of directories.keys()) {
      const record = recordAt(index)
      if (record?.coverage.some((coverage) => coverage.protocol === protocol)) return record
    }
    return null
  }
}

function readOrTell(directory: string, terminal: Terminal): RunRecord | null {
  try {
    return readRun(directory)
  } catch (error) {
    if (!(error instanceof MeterproofError)) throw error
    terminal.note(`A run cannot be read: ${error.message}`)
    return null
  }
}

const counted = (count: number, name: string, many = `${name}s`) =>
  `${count} ${count === 1 ? name : many}`

function coverageLine({ coverage, latestRun: command }: ProtocolFacts): string {
  const known = coverage.flatMap(({ policy, reached }) => {
    if (reached === null) return []
    const { states, edges, refusals } = reached
    return [`${policy} ${states} states, ${edges} transitions, ${refusals} refusals`]
  })
  return known.length === 0 ? 'not run yet' : `${known.join('; ')} (${command})`
}

/** What the latest run reached beyond states and edges; nothing where it was not counted. */
function furtherRows({ coverage }: ProtocolFacts): readonly (readonly string[])[] {
  return coverage.flatMap(({ policy, reached }) => {
    if (reached === null || reached.pairs === null) return []
    const { pairs, faults, errors } = reached
    const underFaults = faults === null ? '' : `, ${faults} transitions × kinds of fault`
    return [[policy, `${pairs} adjacent pairs of transitions, ${errors} errors${underFaults}`]]
  })
}

/** States of all policies, each once, in the order of the longest lifecycle. */
function statesOf(lifecycles: ProtocolFacts['lifecycles']): readonly string[] {
  const longestFirst = lifecycles.toSorted((a, b) => b.states.length - a.states.length)
  return [...new Set(longestFirst.flatMap(({ states }) => states))]
}

function shortLines(facts: ProtocolFacts, { colors }: Terminal): readonly string[] {
  const { id, summary, policies, lifecycles, actions, invariants, worldClaims, canaries } = facts
  const states = statesOf(lifecycles)
  const refuted = facts.expectedRefutations.length
  const claims = `${invariants.length} on the contract, ${worldClaims.length} on the world`
  return [
    colors.bold(id),
    `  ${summary}`,
    `  policies     ${policies.join(', ')}`,
    `  states       ${states.join(', ')}`,
    `  actions      ${actions.map(({ name }) => name).join(', ')}`,
    `  claims       ${claims}; ${counted(refuted, 'refutation')} expected`,
    `  canaries     ${canaries.length}`,
    `  latest run   ${coverageLine(facts)}`,
    '',
  ]
}

/** Rows of two or more columns under a title; nothing at all without rows. */
function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return []
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  )
  const padded = rows.map((row) => {
    const cells = row.map((cell, index) => cell.padEnd(widths[index] ?? 0))
    return `  ${cells.join('  ').trimEnd()}`
  })
  return ['', title, ...padded]
}

function detailLines(facts: ProtocolFacts, { colors }: Terminal): readonly string[] {
  const { id, title, summary, policies, initialState, terminalStates, lifecycles } = facts
  const only = (own: readonly string[]) =>
    own.length === policies.length ? '' : ` (${own.join(', ')})`
  const claims = (of: ProtocolFacts['invariants']) =>
    of.map((claim) => [claim.id, `${claim.statement}${only(claim.policies)}`])
  const never = facts.coverage.flatMap(({ policy, reached }) => {
    return (reached?.neverHit ?? []).map((name) => [policy, name])
  })
  return [
    colors.bold(`${id}: ${title}`),
    summary,
    ...section(
      'lifecycle',
      lifecycles.map(({ policy, states, transitions, refusals }) => [
        policy,
        `${states.length} states, ${transitions} transitions, ${refusals} refusals`,
      ]),
    ),
    `  states    ${statesOf(lifecycles).join(', ')}`,
    `  begins in ${initialState}, ends in ${terminalStates.join(', ')}`,
    ...section(
      'roles',
      facts.roles.map((role) => [role.name, role.summary]),
    ),
    ...section(
      'actions',
      facts.actions.map((action) => [action.name, action.summary]),
    ),
    ...section('claims on the contract', claims(facts.invariants)),
    ...section('claims on the world', claims(facts.worldClaims)),
    ...section(
      'canaries: what is broken on purpose, and which claim must catch it',
      facts.canaries.map((canary) => [canary.id, canary.policy, canary.caughtBy, canary.summary]),
    ),
    ...section(
      'expected refutations: what the mechanism cannot keep although the description claims it',
      facts.expectedRefutations.map(({ policy, invariant, claim, of }) => {
        return [invariant, policy, claim === '' ? `on the ${of}` : claim]
      }),
    ),
    ...section('latest run', [[coverageLine(facts)]]),
    ...section('reached by it', furtherRows(facts)),
    ...section('never reached by it', never),
    '',
  ]
}
