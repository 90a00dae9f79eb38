/**
 * The lifecycle of checkpoint-download as an XState machine, one for each policy.
 *
 * None → Serving ⇄ WaitingForPayment → PaymentFailed, ending in Completed or Cancelled. Pure: no
 * clock, no timer, no randomness; nothing here depends on time. Every action is answered in every
 * state, by a change or by a rejection whose name is the contract's custom error. Guards stand in
 * the contract's order of checks: state, seeder named, caller, arguments, token.
 */
import { setup } from 'xstate'
import {
  claimsAfter,
  declaredActions,
  ownName,
  pushEffect,
  pushesOf,
  rejectIf as refuse,
  reject,
} from '../kit/declare.ts'
import { AMOUNT_UNITS_MAX } from '../kit/money.ts'
import type { DeclaredLog } from '../kit/step.ts'
import type { Policy } from '../kit/trace.ts'
import type { DownloadContext, DownloadEvent, DownloadInput, ShareOwner } from './machineTypes.ts'
import * as rules from './rules.ts'

type Told = { readonly context: DownloadContext; readonly event: DownloadEvent }

const kit = setup({
  types: {
    context: {} as DownloadContext,
    events: {} as DownloadEvent,
    input: {} as DownloadInput,
  },
  actions: declaredActions,
})

const named = (event: DownloadEvent) => event.seeder ?? 0
const reportedBytes = (event: DownloadEvent) => event.bytes ?? 0n
const offered = (event: DownloadEvent) => event.amountUnits ?? 0n
const totalAfter = ({ context, event }: Told) =>
  rules.totalBytesAfter(context, named(event), reportedBytes(event))
/** The context as it stands once the report is taken. */
const reported = ({ context, event }: Told): DownloadContext => ({
  ...context,
  ...rules.progress(context, named(event), reportedBytes(event)),
})

const paymentRequired = ({ checkpoint }: DownloadContext, amountUnits: bigint): DeclaredLog => ({
  name: 'PaymentRequired',
  args: { checkpoint: BigInt(checkpoint), amountUnits },
})
/** Payouts to seeders in their order, by index. */
const pushesTo = (shares: readonly bigint[], pays: DownloadEvent['pays']) =>
  pushesOf<ShareOwner>(
    shares.map((units, at) => [`seeder${at}`, units] as const),
    pays,
  )

const begin = kit.enqueueActions(({ context, enqueue }) => {
  const { token, seederCount, fileBytes, pricePerMebibyteUnits } = context
  const terms = { seeders: BigInt(seederCount), fileBytes, pricePerMebibyteUnits }
  const args = { downloader: 'downloader', token, ...terms }
  enqueue({ type: 'emitLog', params: { name: 'Opened', args } })
  const dueUnits = rules.dueAtOpeningUnits(context)
  if (dueUnits > 0n) enqueue({ type: 'emitLog', params: paymentRequired(context, dueUnits) })
  const segmentBytes = rules.firstSegmentBytes(context)
  enqueue.assign({ dueUnits, segmentBytes, thresholdBytes: segmentBytes })
})
const report = (policy: Policy) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const seeder = named(event)
    const bytes = reportedBytes(event)
    const after = reported({ context, event })
    const { deliveredBytes, totalBytes } = after
    const args = { seeder: `seeder${seeder}`, bytes, totalBytes }
    enqueue({ type: 'emitLog', params: { name: 'ProgressReported', args } })
    const dueUnits = rules.dueUnits[policy](after)
    if (dueUnits > 0n) enqueue({ type: 'emitLog', params: paymentRequired(context, dueUnits) })
    enqueue.assign({ deliveredBytes, totalBytes, dueUnits })
  })
/** hardened, mode upfront: each report is paid out of what is locked. */
const release = kit.enqueueActions(({ context, event, enqueue }) => {
  const seeder = named(event)
  const amountUnits = rules.releasableUnits(context, seeder)
  if (amountUnits === 0n) return
  const pushes = pushesOf<ShareOwner>([[`seeder${seeder}`, amountUnits]], event.pays)
  for (const push of pushes) enqueue(pushEffect(push))
  enqueue.assign({
    lockedUnits: context.lockedUnits - amountUnits,
    paidUnits: context.paidUnits.with(seeder, (context.paidUnits[seeder] ?? 0n) + amountUnits),
    claims: claimsAfter(context.claims, pushes),
  })
})

/** A payment that moves: what goes out, to whom, and what the books say of it afterwards. */
const payment = (policy: Policy) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const amountUnits = offered(event)
    const isHardened = policy === 'hardened'
    const movedUnits = isHardened ? amountUnits : (event.sentUnits ?? 0n)
    const checkpoint = BigInt(context.checkpoint)
    const reference = event.reference ?? 0n
    const log = isHardened
      ? { name: 'CheckpointPaid', args: { checkpoint, amountUnits } }
      : { name: 'PaymentReported', args: { reference, amountUnits, sentUnits: movedUnits } }
    enqueue({ type: 'emitLog', params: log })
    const pulled = { from: 'downloader', to: 'escrow', amountUnits: movedUnits }
    enqueue({ type: 'transfer', params: pulled })
    const shares = rules.sharesUnits[policy](context, movedUnits)
    const pushes = pushesTo(shares, event.pays)
    for (const push of pushes) enqueue(pushEffect(push))
    enqueue.assign({
      paidUnits: context.paidUnits.map((units, at) => units + (shares[at] ?? 0n)),
      lockedUnits: context.lockedUnits + rules.keptUnits(movedUnits, shares),
      claims: claimsAfter(context.claims, pushes),
      ...(isHardened
        ? rules.advance(policy, context)
        : { pendingUnits: amountUnits, dueUnits: amountUnits }),
    })
  })
const failPayment = kit.enqueueActions(({ context, event, enqueue }) => {
  const amountUnits = offered(event)
  const args = { checkpoint: BigInt(context.checkpoint), amountUnits }
  enqueue({ type: 'emitLog', params: { name: 'PaymentFailed', args } })
  enqueue.assign({ dueUnits: amountUnits })
})
const creditPending = kit.enqueueActions(({ context, enqueue }) => {
  const args = { checkpoint: BigInt(context.checkpoint) }
  enqueue({ type: 'emitLog', params: { name: 'Confirmed', args } })
  enqueue.assign(rules.advance('as-described', context))
})
/** The end of a download; what is still locked returns. */
const end = (logOf: (event: DownloadEvent) => DeclaredLog) =>
  kit.enqueueActions(({ context, event, enqueue }) => {
    const { name, args } = logOf(event)
    const { totalBytes, lockedUnits: refundUnits } = context
    enqueue({ type: 'emitLog', params: { name, args: { ...args, totalBytes, refundUnits } } })
    const pushes = pushesOf<ShareOwner>([['downloader', refundUnits]], event.pays)
    for (const push of pushes) enqueue(pushEffect(push))
    const claims = claimsAfter(context.claims, pushes)
    enqueue.assign({ dueUnits: 0n, pendingUnits: 0n, lockedUnits: 0n, claims })
  })
const payClaim = kit.enqueueActions(({ context, event, enqueue }) => {
  const owner = event.by as ShareOwner
  const amountUnits = context.claims[owner] ?? 0n
  const to = event.claimTo === undefined ? owner : ownName(event.claimTo.holder)
  enqueue({ type: 'emitLog', params: { name: 'Claimed', args: { owner, to, amountUnits } } })
  enqueue({ type: 'transfer', params: { from: 'escrow', to, amountUnits } })
  enqueue.assign({ claims: { ...context.claims, [owner]: 0n } })
})

type Guard = (told: Told) => boolean
const rejectIf = refuse<Told>

const notDownloader = rejectIf(({ event }) => event.by !== 'downloader', 'NotDownloader')
const notParty = rejectIf(({ event }) => event.by === 'stranger', 'NotParty')

const open = [
  notDownloader,
  rejectIf(({ context }) => !context.seedersAreValid, 'InvalidSeeders'),
  rejectIf(({ context }) => context.fileBytes === 0n, 'ZeroFile'),
  rejectIf(
    ({ context }) => context.pricePerMebibyteUnits < BigInt(context.seederCount),
    'ZeroPrice',
  ),
  rejectIf(
    ({ context }) => context.firstMebibytes < context.minCheckpointMebibytes,
    'CheckpointTooSmall',
  ),
  rejectIf(({ context }) => !rules.growthIsValid(context), 'InvalidGrowth'),
  rejectIf(
    ({ context }) => rules.priceUnits(context, context.fileBytes) > AMOUNT_UNITS_MAX,
    'AmountTooLarge',
  ),
  {
    guard: ({ context }: Told) => rules.dueAtOpeningUnits(context) > 0n,
    target: 'WaitingForPayment' as const,
    actions: [begin],
  },
  { target: 'Serving' as const, actions: [begin] },
]

const notReporter: Record<Policy, ReturnType<typeof rejectIf>> = {
  'as-described': notDownloader,
  hardened: rejectIf(({ event }) => event.by !== `seeder${named(event)}`, 'NotSeeder'),
}
const reportProgress = (policy: Policy) => {
  const isHardened = policy === 'hardened'
  const actions = isHardened ? [report(policy), release] : [report(policy)]
  return [
    rejectIf(({ context, event }) => named(event) >= context.seederCount, 'UnknownSeeder'),
    notReporter[policy],
    rejectIf(
      ({ context, event }) => reportedBytes(event) <= (context.deliveredBytes[named(event)] ?? 0n),
      'StaleProgress',
    ),
    rejectIf((told) => totalAfter(told) > told.context.fileBytes, 'BeyondFile'),
    ...(isHardened
      ? [rejectIf((told) => rules.isBeyondSegment(told.context, totalAfter(told)), 'BeyondSegment')]
      : []),
    {
      guard: (told: Told) => rules.dueUnits[policy](reported(told)) > 0n,
      target: 'WaitingForPayment' as const,
      actions: [report(policy)],
    },
    { actions },
  ]
}

const isMoved: Guard = ({ event }) => event.transferIn === 'received'
const isShort = rejectIf(({ event }) => event.transferIn === 'short', 'DepositShort')
const fail = { target: 'PaymentFailed' as const, actions: [failPayment] }
/** as-described: a hash and an amount, which must be `dueOf`; what is sent is another matter. */
const payOnTrust = (dueOf: (context: DownloadContext) => bigint) => [
  notDownloader,
  rejectIf(
    ({ context, event }) =>
      offered(event) !== dueOf(context) || (event.sentUnits ?? 0n) > offered(event),
    'WrongAmount',
  ),
  isShort,
  { guard: isMoved, target: 'WaitingForPayment' as const, actions: [payment('as-described')] },
  fail,
]
/** hardened: for this checkpoint, exactly. */
const payDue = [
  notDownloader,
  rejectIf(({ context, event }) => event.checkpoint !== context.checkpoint, 'WrongCheckpoint'),
  rejectIf(({ context, event }) => offered(event) !== context.dueUnits, 'WrongAmount'),
  isShort,
  { guard: isMoved, target: 'Serving' as const, actions: [payment('hardened')] },
  fail,
]
const isPending: Guard = ({ context }) => context.pendingUnits > 0n
const payWhileWaiting = {
  'as-described': [
    rejectIf(isPending, 'AlreadyPending'),
    ...payOnTrust(({ dueUnits }) => dueUnits),
  ],
  hardened: payDue,
}
const payWhileServing = {
  'as-described': [
    rejectIf(({ context }) => rules.tailUnits(context) === 0n, 'NotWaiting'),
    ...payOnTrust(rules.tailUnits),
  ],
  hardened: [reject('NotWaiting')],
}
const retryPayment = { 'as-described': [notDownloader, reject('NoRetry')], hardened: payDue }

const notSeeder = rejectIf(
  ({ event }) => event.by === 'downloader' || event.by === 'stranger',
  'NotSeeder',
)
const confirm = {
  'as-described': [
    notSeeder,
    rejectIf((told) => !isPending(told), 'NothingToConfirm'),
    { target: 'Serving' as const, actions: [creditPending] },
  ],
  hardened: [notSeeder, reject('NothingToConfirm')],
}

const complete = [
  notParty,
  rejectIf(({ context }) => context.totalBytes < context.fileBytes, 'Incomplete'),
  {
    target: 'Completed' as const,
    actions: [end(() => ({ name: 'Completed', args: {} }))],
  },
]
const cancel = [
  notParty,
  {
    target: 'Cancelled' as const,
    actions: [end(({ by }) => ({ name: 'Cancelled', args: { by } }))],
  },
]
const claim = [
  rejectIf(
    ({ context, event }) => !((context.claims[event.by as ShareOwner] ?? 0n) > 0n),
    'NothingToClaim',
  ),
  rejectIf(({ event }) => event.claimTo?.valid === false, 'InvalidRecipient'),
  rejectIf(({ event }) => event.claimTo?.paid === false, 'ClaimFailed'),
  { actions: [payClaim] },
]

const refusedBefore = {
  reportProgress: [reject('NotServing')],
  pay: [reject('NotWaiting')],
  retryPayment: [reject('NotFailed')],
  confirm: [reject('NotWaiting')],
  complete: [reject('NotServing')],
  cancel: [reject('NotCancellable')],
  claim: [reject('NothingToClaim')],
}
/** What a download answers from its opening on, unless its state says otherwise. */
const later = { ...refusedBefore, open: [reject('DownloadExists')], claim }

function claimsOf(seederCount: number): DownloadContext['claims'] {
  const claims: Record<ShareOwner, bigint> = { downloader: 0n }
  for (let at = 0; at < seederCount; at += 1) claims[`seeder${at}`] = 0n
  return claims
}

/** The machine of one policy. Its input is the download's terms and the deployment's parameters. */
export function createCheckpointDownloadMachine(policy: Policy) {
  const failed = policy === 'hardened' ? { ...later, cancel } : later
  return kit.createMachine({
    id: 'checkpoint-download',
    context: ({ input }) => ({
      ...input,
      segmentBytesMax: rules.segmentBytesMax(policy, input),
      checkpoint: 0,
      thresholdBytes: 0n,
      segmentBytes: 0n,
      deliveredBytes: Array.from({ length: input.seederCount }, () => 0n),
      totalBytes: 0n,
      billedBytes: 0n,
      dueUnits: 0n,
      pendingUnits: 0n,
      paidUnits: Array.from({ length: input.seederCount }, () => 0n),
      lockedUnits: 0n,
      claims: claimsOf(input.seederCount),
    }),
    initial: 'None',
    states: {
      None: { on: { ...refusedBefore, open } },
      Serving: {
        on: {
          ...later,
          reportProgress: reportProgress(policy),
          pay: payWhileServing[policy],
          complete,
          cancel,
        },
      },
      WaitingForPayment: {
        on: { ...later, pay: payWhileWaiting[policy], confirm: confirm[policy], cancel },
      },
      PaymentFailed: { on: { ...failed, retryPayment: retryPayment[policy] } },
      Completed: { on: later },
      Cancelled: { on: later },
    },
  })
}
