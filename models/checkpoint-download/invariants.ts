/**
 * The claims of checkpoint-download, judged on observed traces, and those that cannot be kept as
 * described. Ids are stable for ever.
 *
 * Notation of the formulas: F the bytes of the file, p the price of a MiB; of seeder i: r(i) the
 * bytes reported, P(i) what it was paid or can claim; X likewise for the downloader, D what was
 * taken from it, all in base units; T(n) the n-th checkpoint of the terms, in bytes from the start.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { conservation, isolation, solvency } from '../invariants/money.ts'
import { reentry } from '../invariants/reentry.ts'
import type { ExpectedRefutation } from '../kit/protocol.ts'
import { accessInvariants } from './invariantsOfAccess.ts'
import { exitInvariants } from './invariantsOfExit.ts'
import { moneyInvariants } from './invariantsOfMoney.ts'
import { scheduleInvariants } from './invariantsOfSchedule.ts'
import { downloadMoney } from './standing.ts'
import { checkpointDownloadGuarded } from './words.ts'

export const checkpointDownloadInvariants: readonly Invariant[] = [
  conservation(downloadMoney),
  solvency(downloadMoney),
  ...moneyInvariants,
  isolation('None'),
  ...accessInvariants,
  ...scheduleInvariants,
  ...exitInvariants,
  reentry(checkpointDownloadGuarded),
]

/** What the description promises, or takes for granted, and its mechanism does not keep. */
const PROMISED: Readonly<Record<string, string>> = {
  'INV-PAY-FOR-DELIVERED': 'each seeder is paid for what it delivered',
  'INV-SHARE-EXACT': 'each payment covers the bytes since the last one',
  'INV-WHOLE-PRICE': 'the whole file costs its size times the price',
  'INV-PAID-ONCE': 'a payment counts once, and is a payment',
  'INV-METER': 'bytes are metered by whoever sends them; the downloader’s client does it',
  'INV-SCHEDULE': 'checkpoints lie at 10, 30, 70 and 150 MiB',
  'INV-SEGMENT-CAP': 'each side risks one segment at a time, whatever its size',
  'INV-UPFRONT': 'paid upfront means that nothing is served unpaid',
  'INV-EXIT': 'every party can leave; not once a payment has failed',
  'INV-RETRY': 'a payment that failed can be tried again',
}

export const checkpointDownloadRefutations: readonly ExpectedRefutation[] = Object.entries(
  PROMISED,
).map(([invariant, claim]) => ({ policy: 'as-described', invariant, claim }))
