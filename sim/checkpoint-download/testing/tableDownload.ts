/**
 * The download of the guide's table, for tests: 100 MiB at 0.001, blocks every 2 s, everybody keeps
 * to the rules and nothing goes wrong. The client stops by itself at a checkpoint, which is what
 * the table takes for granted.
 */
import type { Behaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'

export const PLAIN_BEHAVIOUR: Behaviour = {
  beginsAtMs: 0,
  downBytesPerSecond: 12_000_000,
  upBytesPerSecond: [4_000_000, 3_000_000, 5_000_000],
  stopsByItself: true,
  ...{ cheat: 'none', cheatBps: 5_000, cheatsFrom: 0 },
  ...{ cancelsAfterBytes: 0, vanishesAfterBytes: 0 },
  ...{ purseBps: 0, freesMoney: true },
  ...{ downloaderPatienceMs: 120_000, seederPatienceMs: 300_000 },
  ...{ seeders: [], stranger: [] },
}

export const TABLE_DOWNLOAD = {
  ...{ seed: 1, run: 0, regime: 'none', profile: 'l2', seeders: 1 },
  behaviour: PLAIN_BEHAVIOUR,
} as const satisfies Partial<WorldOptions>

/** What the guide's table says is paid at 10, 30, 70 and 100 MiB, with 18 decimals. */
export const TABLE_PAYMENTS: readonly bigint[] = [1n, 2n, 4n, 3n].map((each) => each * 10n ** 16n)
