/**
 * token-job as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by the payment-flow plan of an inference marketplace: approve, create a session with a
 * deposit, the host proves every 1,000 tokens, 90 % for the host, 10 % for the treasury, rest back.
 */
import { assert } from '../kit/error.ts'
import { defineProtocol } from '../kit/protocol.ts'
import { pays, type TokenProfile, transferIn } from '../kit/token.ts'
import { type Agreement, ESCROW, NOBODY, type PlannedStep, type Shared } from '../kit/trace.ts'
import { JOB_PARTICIPANTS, JOB_STARTING_UNITS, JOB_TOKENS } from './cast.ts'
import { tokenJobDeployments } from './deployments.ts'
import { tokenJobInvariants } from './invariants.ts'
import { jobLeaving } from './leaving.ts'
import { createTokenJobMachine } from './machine.ts'
import type { JobContext, JobEvent, JobInput, JobRole } from './machineTypes.ts'
import { tokenJobParameters } from './parameters.ts'
import { closingToldSeconds } from './rules.ts'
import { tokenJobErrors, tokenJobGuarded } from './words.ts'

function tokenOf(agreement: Agreement): TokenProfile {
  const token = JOB_TOKENS.find(({ kind }) => kind === agreement.token)
  assert(token !== undefined, `token ${agreement.token} is one of the test tokens`)
  return token
}

function roleOf(agreement: Agreement, participant: string): JobRole {
  if (participant === agreement.roles.user) return 'user'
  if (participant === agreement.roles.host) return 'host'
  return participant === 'treasury' ? 'treasury' : 'stranger'
}

/** Base units on one of the accounts over all jobs. */
function onAccount(agreement: Agreement, shared: Shared, name: string): bigint {
  return shared.view.accounts?.[agreement.token]?.[name] ?? 0n
}

function toEvent(
  step: PlannedStep,
  agreement: Agreement,
  ledger: Parameters<typeof transferIn>[0]['ledger'],
  shared: Shared,
): JobEvent {
  const { atSeconds, args } = step
  const token = tokenOf(agreement)
  const type = step.action as JobEvent['type']
  const by = roleOf(agreement, step.by)
  const payTo = (holder: string) => {
    const valid = holder !== ESCROW && holder !== NOBODY
    return { holder, valid, paid: pays(token, holder) }
  }
  switch (type) {
    case 'approve':
      return { type, by, atSeconds, amountUnits: args.amountUnits as bigint }
    case 'createSession': {
      const amountUnits = agreement.terms.depositUnits as bigint
      const result = transferIn({ token, ledger, fromHolder: step.by, amountUnits })
      return { type, by, atSeconds, transferIn: result }
    }
    case 'submitProof': {
      const cumulativeTokens = args.cumulativeTokens as bigint
      const receiptIsAuthentic = args.receipt === 'genuine'
      return { type, by, atSeconds, cumulativeTokens, receiptIsAuthentic }
    }
    case 'endSession':
    case 'timeout':
      return { type, by, atSeconds, paysUser: pays(token, agreement.roles.user as string) }
    case 'withdrawEarnings': {
      const onAccountUnits = onAccount(agreement, shared, `earnings:${agreement.roles.host}`)
      return { type, by, atSeconds, onAccountUnits, payTo: payTo(args.to as string) }
    }
    case 'withdrawTreasury': {
      const onAccountUnits = onAccount(agreement, shared, 'treasury')
      return { type, by, atSeconds, onAccountUnits, payTo: payTo(args.to as string) }
    }
    default:
      return { type, by, atSeconds, payTo: payTo(args.to as string) }
  }
}

export const tokenJob = defineProtocol({
  id: 'token-job',
  title: 'Token job',
  summary: 'metered inference: a deposit pays for proven tokens, 90 % host, 10 % treasury',
  policies: ['as-described', 'hardened'],
  parameters: tokenJobParameters,
  participants: JOB_PARTICIPANTS,
  tokens: JOB_TOKENS,
  startingUnits: JOB_STARTING_UNITS,
  approving: [],
  accounts: ['earnings:host0', 'earnings:host1', 'treasury'],
  roles: [
    { name: 'user', summary: 'pays' },
    { name: 'host', summary: 'computes, and proves how many tokens it delivered' },
    { name: 'treasury', summary: 'takes what the host does not get' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'approve', summary: 'an owner of tokens allows the contract to take some' },
    { name: 'createSession', summary: 'the user locks the deposit of a job' },
    { name: 'submitProof', summary: 'the host says how many tokens it has delivered so far' },
    { name: 'endSession', summary: 'a party ends the job; the rest is refunded' },
    { name: 'timeout', summary: 'anyone ends a job whose time is over' },
    { name: 'withdrawEarnings', summary: 'a host takes what all its jobs have earned' },
    { name: 'withdrawTreasury', summary: 'the treasury takes its share of all jobs' },
    { name: 'claim', summary: 'a refund whose push failed is fetched by the user' },
  ],
  initialState: 'None',
  terminalStates: ['Completed', 'TimedOut', 'Abandoned'],
  errors: tokenJobErrors,
  deployments: tokenJobDeployments,
  guardedActions: tokenJobGuarded,
  machines: {
    'as-described': createTokenJobMachine('as-described'),
    hardened: createTokenJobMachine('hardened'),
  },
  invariants: tokenJobInvariants,
  leaving: jobLeaving,
  expectedRefutations: [
    {
      policy: 'as-described',
      invariant: 'INV-PROOF-WINDOW',
      claim: 'the host never loses more than one interval',
    },
  ],
  input(parameters, agreement): JobInput {
    const { roles, terms, token } = agreement
    const { user, host } = roles
    return {
      token,
      pricePerTokenUnits: terms.pricePerTokenUnits as bigint,
      termsDepositUnits: terms.depositUnits as bigint,
      durationSeconds: terms.durationSeconds as number,
      hostBps: BigInt(parameters.hostBps as number),
      proofWindowSeconds: parameters.proofWindowSeconds as number,
      hostIsValid: host !== user && host !== ESCROW && host !== NOBODY,
    }
  },
  roleOf,
  toEvent,
  view(snapshot) {
    const context = snapshot.context as JobContext
    return {
      state: snapshot.value as string,
      figures: {
        allowance: context.allowanceUnits,
        deposit: context.depositUnits,
        startedAt: BigInt(context.startedAtSeconds),
        provenTokens: context.provenTokens,
        billedTokens: context.billedTokens,
        hostUnits: context.hostUnits,
        treasuryUnits: context.treasuryUnits,
        endsAt: BigInt(context.endsAtSeconds),
        claimUser: context.claimUserUnits,
        closesAt: BigInt(closingToldSeconds(context)),
      },
    }
  },
})
