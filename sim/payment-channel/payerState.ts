/**
 * What the payer's client knows and is set to, for `payer.ts` (the chain) and `payerDownload.ts`
 * (the file).
 *
 * What was received and signed is in `FileBook`, the one part of the state that is changed in
 * place: hundreds of pieces would otherwise copy the rest.
 */
import { NEVER } from '../world/ownClock.ts'
import { EMPTY_WALLET, type Wallet } from '../world/wallet.ts'
import type { ChannelView } from './actors.ts'
import type { WorldSetup } from './options.ts'

/** A piece that does not come is asked for again after this long. */
export const STALL_MS = 1_000
/** A payer that lurks asks for a sign of life at this distance, and acts when none comes. */
export const PROBE_MS = 5_000
export const PREY_SILENT_MS = 12_000
/** A payer that cooperates leaves the provider this long to close, and repeats its word. */
export const COURTESY_MS = 60_000
export const DONE_AGAIN_MS = 2_000
/** Fee bumps with which a payer begins that means to be faster than the provider. */
export const RUSH_ATTEMPTS = 4
const WHOLE_BPS = 10_000

export interface PayerConfig extends WorldSetup {
  /** Bytes that this payer takes, those from which on it signs no more, and its lead in top-ups. */
  readonly takesBytes: number
  readonly signsUntilBytes: number
  readonly aheadBytes: number
  readonly preys: boolean
}

/** What was received and signed, in bytes. */
interface FileBook {
  received: number
  /** What the client believes that it has received; the same, but for a defect. */
  counted: number
  signed: number
  /** Monotonic time of the newest piece, and of the newest word of the provider. */
  heardMs: number
  answeredMs: number
  isWatching: boolean
}

export interface PayerState {
  readonly view: ChannelView | null
  readonly phase: 'before' | 'opening' | 'loading' | 'lingering' | 'leaving' | 'gone'
  /** Block in which the opening was first seen. */
  readonly openedIn: number | null
  /** Monotonic times: of the next look, of the wish to end, of a wake. */
  readonly looksAtMs: number
  readonly requestFromMs: number
  readonly wakesMs: number
  /** A call that the contract has refused as too early, and until when (monotonic) it waits. */
  readonly held: { readonly action: string; readonly untilMs: number }
  readonly isPolite: boolean
  readonly book: FileBook
  readonly wallet: Wallet
}

/** A payer that has not begun. */
export const initialPayer = (): PayerState => ({
  view: null,
  phase: 'before',
  openedIn: null,
  looksAtMs: 0,
  requestFromMs: NEVER,
  wakesMs: 0,
  held: { action: '', untilMs: 0 },
  isPolite: false,
  book: { received: 0, counted: 0, signed: 0, heardMs: 0, answeredMs: 0, isWatching: false },
  wallet: EMPTY_WALLET,
})

/** A part of the file, rounded up. */
export function partOf({ fileBytes }: Pick<WorldSetup, 'fileBytes'>, bps: number): number {
  return Math.ceil((fileBytes * bps) / WHOLE_BPS)
}

export function payerConfig(setup: WorldSetup): PayerConfig {
  const { takesBps, signs, signsUntilBps, topsUpAheadBps, preys, payerEnds } = setup.behaviour
  return {
    ...setup,
    takesBytes: partOf(setup, takesBps),
    signsUntilBytes: signs === 'always' ? NEVER : partOf(setup, signsUntilBps),
    aheadBytes: partOf(setup, topsUpAheadBps),
    preys: preys && payerEnds === 'forces',
  }
}
