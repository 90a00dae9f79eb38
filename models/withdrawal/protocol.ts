/**
 * withdrawal as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by the withdrawal system of an auto-release backend: teachers earn, ask for their
 * money, an admin approves, a bank pays; the balance is deducted when a request is approved.
 */
import { defineProtocol } from '../kit/protocol.ts'
import { escrowBalanceUnits, type Ledger, pays, transferIn } from '../kit/token.ts'
import { tokenOf } from '../kit/tokens.ts'
import { type Agreement, ESCROW, NOBODY, type PlannedStep, type Shared } from '../kit/trace.ts'
import {
  WITHDRAWAL_ADMINS,
  WITHDRAWAL_PARTICIPANTS,
  WITHDRAWAL_STARTING_UNITS,
  WITHDRAWAL_TOKENS,
} from './cast.ts'
import { withdrawalDeployments } from './deployments.ts'
import { withdrawalInvariants } from './invariants.ts'
import { withdrawalLeaving } from './leaving.ts'
import { createWithdrawalMachine } from './machine.ts'
import type {
  WithdrawalContext,
  WithdrawalEvent,
  WithdrawalInput,
  WithdrawalRole,
} from './machineTypes.ts'
import { withdrawalParameters } from './parameters.ts'
import { withdrawalErrors, withdrawalGuarded } from './words.ts'

function roleOf({ roles }: Agreement, participant: string): WithdrawalRole {
  if (participant === roles.teacher) return 'teacher'
  if (WITHDRAWAL_ADMINS.some((admin) => admin === participant)) return 'admin'
  if (participant === roles.bank) return 'bank'
  return participant === roles.platform ? 'platform' : 'stranger'
}

/** Base units on one of the accounts over all withdrawals. */
function onAccount({ token }: Agreement, { view }: Shared, name: string): bigint {
  return view.accounts?.[token]?.[name] ?? 0n
}

function toEvent(
  step: PlannedStep,
  agreement: Agreement,
  ledger: Ledger,
  shared: Shared,
): WithdrawalEvent {
  const { atSeconds, args } = step
  const token = tokenOf(WITHDRAWAL_TOKENS, agreement)
  const type = step.action as WithdrawalEvent['type']
  const event = { type, by: roleOf(agreement, step.by), atSeconds }
  const heldUnits = escrowBalanceUnits(ledger, token.kind)
  const paysOut = (holder: string, units: bigint) => pays(token, holder) && heldUnits >= units
  const payTo = (units: bigint) => {
    const holder = args.to as string
    const valid = holder !== ESCROW && holder !== NOBODY
    return { holder, valid, paid: paysOut(holder, units) }
  }
  switch (type) {
    case 'credit': {
      const grossUnits = args.grossUnits as bigint
      const result = transferIn({ token, ledger, fromHolder: step.by, amountUnits: grossUnits })
      return { ...event, grossUnits, transferIn: result }
    }
    case 'request':
    case 'approve': {
      const name = `available:${agreement.roles.teacher}`
      return { ...event, availableUnits: onAccount(agreement, shared, name) }
    }
    case 'complete': {
      const reference = args.reference as bigint
      const { agreements } = shared.view
      const referenceIsUsed = agreements.some(({ figures }) => figures.reference === reference)
      const paysBank = paysOut('bank', agreement.terms.amountUnits as bigint)
      return { ...event, reference, referenceIsUsed, paysBank }
    }
    case 'withdrawCommission': {
      const onAccountUnits = onAccount(agreement, shared, 'commission')
      return { ...event, onAccountUnits, payTo: payTo(onAccountUnits) }
    }
    case 'claim': {
      const view = shared.view.agreements[agreement.index]
      return { ...event, payTo: payTo(view?.figures.claimBank ?? 0n) }
    }
    default:
      return event
  }
}

export const withdrawal = defineProtocol({
  id: 'withdrawal',
  title: 'Withdrawal',
  summary: 'from earnings to the bank: a teacher asks, an admin approves, the bank pays',
  policies: ['as-described', 'hardened'],
  parameters: withdrawalParameters,
  participants: WITHDRAWAL_PARTICIPANTS,
  tokens: WITHDRAWAL_TOKENS,
  startingUnits: WITHDRAWAL_STARTING_UNITS,
  accounts: [
    'available:teacher0',
    'available:teacher1',
    'pending:teacher0',
    'pending:teacher1',
    'commission',
  ],
  roles: [
    { name: 'teacher', summary: 'has earned money and asks for it' },
    { name: 'admin', summary: 'approves or rejects' },
    { name: 'bank', summary: 'gets tokens and pays them out as money' },
    { name: 'platform', summary: 'pays earnings in and keeps its commission' },
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'credit', summary: 'the platform pays in what a teacher has earned' },
    { name: 'request', summary: 'the teacher asks for some of its money' },
    { name: 'approve', summary: 'an admin says yes' },
    { name: 'complete', summary: 'the payment is made, the tokens go to the bank' },
    { name: 'reject', summary: 'an admin says no' },
    { name: 'bankFailed', summary: 'the bank cannot pay' },
    { name: 'cancel', summary: 'the teacher takes the request back' },
    { name: 'withdrawCommission', summary: 'the platform takes its commission' },
    { name: 'claim', summary: 'a payment whose push failed is fetched by the bank' },
  ],
  initialState: 'None',
  terminalStates: ['Completed', 'Rejected', 'Failed', 'Cancelled'],
  errors: withdrawalErrors,
  deployments: withdrawalDeployments,
  guardedActions: withdrawalGuarded,
  machines: {
    'as-described': createWithdrawalMachine('as-described'),
    hardened: createWithdrawalMachine('hardened'),
  },
  invariants: withdrawalInvariants,
  leaving: withdrawalLeaving,
  expectedRefutations: [
    ['INV-CONSERVATION', 'each withdrawal is paid from what was earned'],
    ['INV-SOLVENCY', 'the balance is deducted at approval'],
    ['INV-EARNED', 'no withdrawal exceeds what was earned'],
    ['INV-RESERVED', 'no withdrawal exceeds what was earned'],
    ['INV-BOOKS', 'net − withdrawn − pending withdrawals = available'],
    ['INV-RESTORE', 'a failed one restores the balance'],
    ['INV-EXIT', 'a failed one restores the balance'],
  ].map(([invariant = '', claim = '']) => ({ policy: 'as-described', invariant, claim })),
  input(parameters, { token, terms }): WithdrawalInput {
    return {
      token,
      termsAmountUnits: terms.amountUnits as bigint,
      minimumUnits: BigInt(parameters.minimumUnits as number),
      processingTimeoutSeconds: parameters.processingTimeoutSeconds as number,
      commissionBps: BigInt(parameters.commissionBps as number),
    }
  },
  roleOf,
  toEvent,
  view(snapshot) {
    const context = snapshot.context as WithdrawalContext
    return {
      state: snapshot.value as string,
      figures: {
        amount: context.amountUnits,
        requestedAt: BigInt(context.requestedAtSeconds),
        approvedAt: BigInt(context.approvedAtSeconds),
        reference: context.reference,
        claimBank: context.claimBankUnits,
      },
    }
  },
})
