/**
 * checkpoint-download as the rest of Meterproof sees it: words, roles, machines, translations.
 *
 * Described by an integration guide of payment checkpoints for file sharing: serve up to the next
 * checkpoint, wait until it is paid, go on to the next, larger one.
 */
import { defineProtocol } from '../kit/protocol.ts'
import { type Ledger, pays, type TokenProfile, transferIn } from '../kit/token.ts'
import { tokenOf } from '../kit/tokens.ts'
import {
  type Agreement,
  type AgreementView,
  ESCROW,
  NOBODY,
  type Parameters,
  type PlannedStep,
} from '../kit/trace.ts'
import {
  DOWNLOAD_PARTICIPANTS,
  DOWNLOAD_STARTING_UNITS,
  DOWNLOAD_TOKENS,
  SEEDERS,
  seedersOf,
} from './cast.ts'
import { checkpointDownloadDeployments } from './deployments.ts'
import { checkpointDownloadInvariants, checkpointDownloadRefutations } from './invariants.ts'
import { downloadLeaving } from './leaving.ts'
import { createCheckpointDownloadMachine } from './machine.ts'
import type {
  DownloadContext,
  DownloadEvent,
  DownloadInput,
  DownloadRole,
  ShareOwner,
} from './machineTypes.ts'
import { checkpointDownloadParameters, type DownloadMode } from './parameters.ts'
import { checkpointDownloadErrors, checkpointDownloadGuarded } from './words.ts'

function roleOf(agreement: Agreement, participant: string): DownloadRole {
  if (participant === agreement.roles.downloader) return 'downloader'
  const at = seedersOf(agreement).indexOf(participant)
  return at < 0 ? 'stranger' : `seeder${at}`
}

function seedersAreValid(agreement: Agreement): boolean {
  const seeders = seedersOf(agreement)
  const { downloader } = agreement.roles
  const isNone = (seeder: string) => [downloader, ESCROW, NOBODY].includes(seeder)
  const isCounted = seeders.length >= 1 && seeders.length <= SEEDERS.length
  return isCounted && new Set(seeders).size === seeders.length && !seeders.some(isNone)
}

function input(parameters: Parameters, agreement: Agreement): DownloadInput {
  const { terms, token } = agreement
  return {
    token,
    fileBytes: terms.fileBytes as bigint,
    pricePerMebibyteUnits: terms.pricePerMebibyteUnits as bigint,
    mode: terms.mode as DownloadMode,
    firstMebibytes: terms.firstMebibytes as number,
    growthBps: terms.growthBps as number,
    seederCount: seedersOf(agreement).length,
    seedersAreValid: seedersAreValid(agreement),
    minCheckpointMebibytes: parameters.minCheckpointMebibytes as number,
    maxCheckpointMebibytes: parameters.maxCheckpointMebibytes as number,
  }
}

type Pays = Readonly<Record<ShareOwner, boolean>>
const known = new WeakMap<Agreement, Pays>()

/** Whom the token pays, of those who have shares; worked out once, as it never changes. */
function paysOf(token: TokenProfile, agreement: Agreement): Pays {
  const found = known.get(agreement)
  if (found !== undefined) return found
  const { downloader } = agreement.roles as { downloader: string }
  const paid: Record<ShareOwner, boolean> = { downloader: pays(token, downloader) }
  for (const [at, seeder] of seedersOf(agreement).entries()) {
    paid[`seeder${at}`] = pays(token, seeder)
  }
  known.set(agreement, paid)
  return paid
}

function toEvent(step: PlannedStep, agreement: Agreement, ledger: Ledger): DownloadEvent {
  const { atSeconds, args } = step
  const token = tokenOf(DOWNLOAD_TOKENS, agreement)
  const type = step.action as DownloadEvent['type']
  const told = { type, by: roleOf(agreement, step.by), atSeconds }
  switch (type) {
    case 'reportProgress': {
      const { seeder, bytes } = args as { seeder: number; bytes: bigint }
      return { ...told, seeder, bytes, pays: paysOf(token, agreement) }
    }
    case 'pay':
    case 'retryPayment': {
      const facts = args as Pick<
        DownloadEvent,
        'checkpoint' | 'reference' | 'amountUnits' | 'sentUnits'
      >
      const amountUnits = facts.sentUnits ?? facts.amountUnits ?? 0n
      const result = transferIn({ token, ledger, fromHolder: step.by, amountUnits })
      return { ...told, ...facts, transferIn: result, pays: paysOf(token, agreement) }
    }
    case 'complete':
    case 'cancel':
      return { ...told, pays: paysOf(token, agreement) }
    case 'claim': {
      const holder = args.to as string
      const valid = holder !== ESCROW && holder !== NOBODY
      return { ...told, claimTo: { holder, valid, paid: pays(token, holder) } }
    }
    default:
      return told
  }
}

/** Names of the figures that there are for each place in the terms. */
const SEEDER_FIGURES = SEEDERS.map((seeder, at) => ({
  seeder,
  delivered: `delivered${at}`,
  paid: `paid${at}`,
  claim: `claim${at}`,
}))

function view(state: string, context: DownloadContext): AgreementView {
  const figures: Record<string, bigint> = {
    checkpoint: BigInt(context.checkpoint),
    threshold: context.thresholdBytes,
    segment: context.segmentBytes,
    total: context.totalBytes,
    billed: context.billedBytes,
    due: context.dueUnits,
    pending: context.pendingUnits,
    locked: context.lockedUnits,
    claimDownloader: context.claims.downloader,
  }
  for (const [at, { seeder, delivered, paid, claim }] of SEEDER_FIGURES.entries()) {
    figures[delivered] = context.deliveredBytes[at] ?? 0n
    figures[paid] = context.paidUnits[at] ?? 0n
    figures[claim] = context.claims[seeder] ?? 0n
  }
  return { state, figures }
}

export const checkpointDownload = defineProtocol({
  id: 'checkpoint-download',
  title: 'Checkpoint download',
  summary: 'a file from several seeders, paid at checkpoints while it arrives',
  policies: ['as-described', 'hardened'],
  parameters: checkpointDownloadParameters,
  participants: DOWNLOAD_PARTICIPANTS,
  tokens: DOWNLOAD_TOKENS,
  startingUnits: DOWNLOAD_STARTING_UNITS,
  roles: [
    { name: 'downloader', summary: 'wants the file and pays' },
    ...SEEDERS.map((name) => ({ name, summary: 'serves a part of the file' })),
    { name: 'stranger', summary: 'tries everything' },
  ],
  actions: [
    { name: 'open', summary: 'the downloader agrees to terms with its seeders' },
    { name: 'reportProgress', summary: 'so many bytes have arrived from a seeder' },
    { name: 'pay', summary: 'what is due at a checkpoint is paid, or said to be' },
    { name: 'retryPayment', summary: 'a payment that failed is tried again (hardened)' },
    { name: 'confirm', summary: 'a seeder takes a reported payment for good (as-described)' },
    { name: 'complete', summary: 'the whole file has arrived' },
    { name: 'cancel', summary: 'a party leaves' },
    { name: 'claim', summary: 'a share whose push failed is fetched by its owner' },
  ],
  initialState: 'None',
  terminalStates: ['Completed', 'Cancelled'],
  errors: checkpointDownloadErrors,
  deployments: checkpointDownloadDeployments,
  guardedActions: checkpointDownloadGuarded,
  machines: {
    'as-described': createCheckpointDownloadMachine('as-described'),
    hardened: createCheckpointDownloadMachine('hardened'),
  },
  invariants: checkpointDownloadInvariants,
  leaving: downloadLeaving,
  expectedRefutations: checkpointDownloadRefutations,
  input,
  roleOf,
  toEvent,
  view: (snapshot) => view(snapshot.value as string, snapshot.context as DownloadContext),
})
