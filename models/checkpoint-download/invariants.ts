/**
 * The claims of checkpoint-download, judged on observed traces. Ids are stable for ever.
 */
import type { Invariant } from '../invariants/invariant.ts'
import { isolation } from '../invariants/money.ts'

export const checkpointDownloadInvariants: readonly Invariant[] = [isolation('None')]
