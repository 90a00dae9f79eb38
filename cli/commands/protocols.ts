/** `meterproof protocols`: what can be checked, under which policies, by which invariants. */
import type { Command } from 'commander'
import type { Protocol } from '../../models/kit/protocol.ts'
import { PROTOCOLS } from '../catalogue.ts'
import { EXIT_CODE } from '../exitCode.ts'
import { type Host, runCommand, type SharedOptions, withSharedOptions } from '../host.ts'

const EXAMPLES = `Examples:
  meterproof protocols
  meterproof protocols --json
`

export function addProtocolsCommand(program: Command, host: Host): void {
  const command = program
    .command('protocols')
    .description('list the protocols with their policies and invariants')
    .addHelpText('before', EXAMPLES)
  withSharedOptions(command).action((options: SharedOptions) =>
    runCommand(host, options, async ({ terminal }) => {
      if (options.json === true) {
        terminal.document(JSON.stringify({ protocols: PROTOCOLS.map(asJson) }, null, 2))
        return EXIT_CODE.held
      }
      for (const protocol of PROTOCOLS) {
        terminal.result(terminal.colors.bold(protocol.id))
        terminal.result(`  ${protocol.summary}`)
        terminal.result(`  policies: ${protocol.policies.join(', ')}`)
        terminal.result(`  actions:  ${protocol.actions.map(({ name }) => name).join(', ')}`)
        for (const { id, statement } of protocol.invariants) {
          terminal.result(`  ${id.padEnd(idWidth(protocol))}  ${statement}`)
        }
      }
      terminal.note(`next: meterproof check ${PROTOCOLS[0]?.id ?? ''}`)
      return EXIT_CODE.held
    }),
  )
}

function idWidth(protocol: Protocol): number {
  return Math.max(0, ...protocol.invariants.map(({ id }) => id.length))
}

function asJson(protocol: Protocol) {
  const { id, title, summary, policies, roles, actions, initialState, terminalStates } = protocol
  const invariants = protocol.invariants.map((invariant) => ({
    id: invariant.id,
    statement: invariant.statement,
    formula: invariant.formula,
    witness: invariant.witness,
    policies: invariant.policies ?? policies,
  }))
  const { errors } = protocol
  return {
    ...{ id, title, summary, policies, roles, actions },
    ...{ initialState, terminalStates, errors, invariants },
  }
}
