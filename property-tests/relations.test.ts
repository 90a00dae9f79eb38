/**
 * Goal: each metamorphic relation is able to fail.
 *
 * Method: a contract that is broken in the way the relation speaks of, a canary or a copy of ours
 * with one edit, is put through the campaign on real Anvil until the relation breaks.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Policy } from '../models/kit/trace.ts'
import { RUNS_PER_CHUNK } from './kit/conformance.ts'
import { runMetamorphicChunk } from './kit/metamorphic.ts'
import { openTestbed, type Subject } from './kit/testbed.ts'
import { playerOf } from './players.ts'
import { canarySubject, checkedSubjects } from './subjects.ts'

const SESSION = 'session-escrow'
const JOB = 'token-job'
const CHANNEL = 'payment-channel'
const PROGRESSIVE = 'progressive-escrow'
const DOWNLOAD = 'checkpoint-download'
const WITHDRAWAL = 'withdrawal'
const MATCHMAKING = 'matchmaking'
const CHUNKS_MAX = 4
const BILLED = 'return SafeCast.toUint64(until - s.startedAt);'
const OWED = 'uint256 owed = uint256(s.billedSeconds) * s.ratePerSecond;'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-relations-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Edit {
  readonly protocol: string
  readonly policy: Policy
  /** File that is edited, of those in the protocol's folder. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Our contract of a policy, with one edit in one file. */
async function editedContract({ protocol, policy, file, from, to }: Edit): Promise<Subject> {
  const sources = mkdtempSync(join(folder, 'edited-'))
  cpSync(fileURLToPath(new URL('../contracts/src', import.meta.url)), sources, { recursive: true })
  const edited = join(sources, protocol, file)
  const text = readFileSync(edited, 'utf8')
  expect(text.split(from)).toHaveLength(2)
  writeFileSync(edited, text.replace(from, to))
  const player = playerOf(protocol)
  const path = join(sources, protocol, `${player.binding.contractNames[policy]}.sol`)
  const [subject] = await checkedSubjects({ player, policies: [policy], path })
  if (subject === undefined) throw new Error('the edited contract compiles')
  return subject
}

/** The session escrow as described, with one edit in its base. */
function edited(from: string, to: string): Promise<Subject> {
  const file = 'SessionEscrowBase.sol'
  return editedContract({ protocol: SESSION, policy: 'as-described', file, from, to })
}

async function canary(id: string, protocol = SESSION): Promise<Subject> {
  const subject = await canarySubject(protocol, id)
  if (subject === null) throw new Error(`there is a canary ${id}`)
  return subject
}

const BROKEN: Readonly<Record<string, () => Promise<Subject>>> = {
  M1: () => edited(BILLED, BILLED.replace('s.startedAt)', 's.startedAt + s.startedAt % 2)')),
  M2: () => edited(OWED, OWED.replace(';', ' + 1;')),
  M3: () => edited('s.deposit += amount;', 's.deposit += amount - 1;'),
  M4: () => canary('one-flag-for-all'),
  M8: () => canary('settle-twice'),
  M9: () => canary('stranger-cancels-active'),
}

it('every relation has a contract that breaks it', () => {
  expect(playerOf(SESSION).relations.map(({ id }) => id)).toEqual(Object.keys(BROKEN))
})

it.each(Object.entries(BROKEN))('%s › is broken by a contract of its kind', (id, make) =>
  breaks(SESSION, id, make),
)

// M1, M2, M4, M8 and M9 are the same code for every protocol; the others are a protocol's own.
it('token-job: M3 › is broken by a contract that rounds shares for each proof', () =>
  breaks(JOB, 'M3', () => canary('share-rounded-per-proof', JOB)))

it('payment-channel: M3 › is broken by a contract that pays each voucher in full', () =>
  breaks(CHANNEL, 'M3', () => canary('voucher-paid-in-full', CHANNEL)))

it('checkpoint-download: M3 › is broken by a contract that pays every report anew', () =>
  breaks(DOWNLOAD, 'M3', () => canary('lock-paid-in-full', DOWNLOAD)))

it('checkpoint-download: M5 › is broken by a contract that pays the first seeder for all', () =>
  breaks(DOWNLOAD, 'M5', () => canary('first-seeder-paid-for-all', DOWNLOAD)))

it('progressive-escrow: M6 › is broken by a contract in which an empty pause counts', () =>
  breaks(PROGRESSIVE, 'M6', () =>
    editedContract({
      protocol: PROGRESSIVE,
      policy: 'hardened',
      file: 'ProgressiveEscrowHardened.sol',
      from: 'return block.timestamp != s.pauseCalledAt;',
      to: 'return true;',
    }),
  ))

it('withdrawal: M3 › is broken by a contract in which the last credit counts', () =>
  breaks(WITHDRAWAL, 'M3', () => canary('last-credit-counts', WITHDRAWAL)))

it('withdrawal: M5 › is broken by a contract that knows one admin only', () =>
  breaks(WITHDRAWAL, 'M5', () =>
    editedContract({
      protocol: WITHDRAWAL,
      policy: 'hardened',
      file: 'WithdrawalBase.sol',
      from: 'isAdmin[config.admins[i]] = true;',
      to: 'isAdmin[config.admins[0]] = true;',
    }),
  ))

it('withdrawal: M8-ADMINS › is broken by a contract in which a second answer counts', () =>
  breaks(WITHDRAWAL, 'M8-ADMINS', () => canary('rejection-revised', WITHDRAWAL)))

it('matchmaking: M3 › is broken by a contract that goes half the way to a lower cap', () =>
  breaks(MATCHMAKING, 'M3', () =>
    editedContract({
      protocol: MATCHMAKING,
      policy: 'hardened',
      file: 'MatchmakingBase.sol',
      from: 'r.cap = cap;',
      to: 'r.cap = cap + (r.cap - cap) / 2;',
    }),
  ))

it('matchmaking: M5 › is broken by a contract that refuses tutors by their first bit', () =>
  breaks(MATCHMAKING, 'M5', () =>
    editedContract({
      protocol: MATCHMAKING,
      policy: 'hardened',
      file: 'MatchmakingBooks.sol',
      from: 'bool hasRole = tutor == r.student',
      to: 'bool hasRole = uint160(tutor) >> 159 == 1 || tutor == r.student',
    }),
  ))

/** Expects the relation to break within a few chunks on the contract. */
async function breaks(protocol: string, id: string, make: () => Promise<Subject>): Promise<void> {
  const subject = await make()
  const player = playerOf(protocol)
  const { binding, cases } = player
  const testbed = await openTestbed({ binding, subjects: [subject], cases })
  try {
    const execution = { testbed, lane: testbed.batch, player, subject }
    const found = new Set<string>()
    for (let chunkIndex = 0; chunkIndex < CHUNKS_MAX && !found.has(id); chunkIndex += 1) {
      const chunk = { seed: 7, chunkIndex, runs: RUNS_PER_CHUNK, only: [] }
      for (const each of (await runMetamorphicChunk(execution, chunk)).findings) found.add(each.id)
    }
    expect([...found]).toContain(id)
  } finally {
    await testbed.close()
  }
}
