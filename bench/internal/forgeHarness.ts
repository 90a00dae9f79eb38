/**
 * Which claims are written down on both sides: in the workbench, and as Foundry invariants.
 *
 * Only canaries whose claim is expressed in the harness are compared; the others are told as such.
 * The table is held against both sides: each claim of a protocol stands in it or is a test function
 * of the harness, and each test function is a claim.
 */
import { readFileSync } from 'node:fs'
import type { Canary } from '../../contracts/canaries/canary.ts'
import { canariesOf } from '../../property-tests/canaries.ts'
import { playerOf } from '../../property-tests/players.ts'

export interface Harness {
  /** What the names of its Solidity files begin with. */
  readonly name: string
  /** Claims that the harness does not express, and why. */
  readonly notExpressed: Readonly<Record<string, string>>
}

const REENTRY = {
  'INV-REENTRY': 'our token tries every guarded action, that of the harness makes one call',
}

const HARNESSES: Readonly<Record<string, Harness>> = {
  'session-escrow': { name: 'Session', notExpressed: REENTRY },
  'progressive-escrow': { name: 'ProgressiveEscrow', notExpressed: REENTRY },
  'token-job': { name: 'TokenJob', notExpressed: REENTRY },
  'payment-channel': { name: 'PaymentChannel', notExpressed: REENTRY },
  withdrawal: { name: 'Withdrawal', notExpressed: REENTRY },
  'checkpoint-download': { name: 'CheckpointDownload', notExpressed: REENTRY },
  'attendance-hold': { name: 'AttendanceHold', notExpressed: REENTRY },
  matchmaking: { name: 'Matchmaking', notExpressed: {} },
}

export const HARNESSED_PROTOCOLS: readonly string[] = Object.keys(HARNESSES)

/** @throws Error when there is no harness, or when table and Solidity disagree */
export function harnessOf(protocol: string): Harness {
  const harness = HARNESSES[protocol]
  if (harness === undefined) throw new Error(`there is no Foundry harness for ${protocol}`)
  const { invariants } = playerOf(protocol).binding.protocol
  const expressed = invariants.map(({ id }) => id).filter((id) => !(id in harness.notExpressed))
  const written = writtenIn(harness)
  const missing = expressed.filter((id) => !written.includes(invariantName(id)))
  const extra = written.filter((name) => !expressed.some((id) => invariantName(id) === name))
  if (missing.length + extra.length > 0) {
    throw new Error(`${protocol}: no invariant for ${missing}; no claim for ${extra}`)
  }
  return harness
}

function writtenIn({ name }: Harness): string[] {
  const file = new URL(`../forge/${name}Claims.t.sol`, import.meta.url)
  return readFileSync(file, 'utf8').match(/invariant_\w+/g) ?? []
}

/** `INV-SETTLE-ONCE` is `invariant_settleOnce`. */
export function invariantName(claim: string): string {
  const words = claim.replace(/^INV-/, '').toLowerCase().split('-')
  const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
  return `invariant_${words.map((word, index) => (index === 0 ? word : capital(word))).join('')}`
}

/** The canaries whose claims both sides judge, and the others with the reason. */
export function comparedCanaries(protocol: string): {
  readonly compared: readonly Canary[]
  readonly others: readonly { readonly canary: Canary; readonly reason: string }[]
} {
  const { notExpressed } = harnessOf(protocol)
  const canaries = canariesOf(protocol)
  return {
    compared: canaries.filter(({ caughtBy }) => notExpressed[caughtBy] === undefined),
    others: canaries.flatMap((canary) => {
      const reason = notExpressed[canary.caughtBy]
      return reason === undefined ? [] : [{ canary, reason }]
    }),
  }
}
