/**
 * The credential of a session as an ERC-721 of its own, on a real Anvil: what it says, and that no
 * way of moving it is left. Campaigns know only the matchmaking's own way.
 */
import { type Address, getContractAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accountOf,
  CREDENTIAL_SECONDS,
  credentialAbi,
  held,
  type QuotedEscrow,
  readAs,
  refusalOf,
  startQuotedEscrow,
  stepTo,
} from './quotedEscrow.ts'

let on: QuotedEscrow

beforeAll(async () => {
  on = await startQuotedEscrow()
}, 240_000)

afterAll(() => on?.stop())

/** Where the matchmaking's constructor has put its credential: its first creation. */
function credentialOf(matchmaking: Address): Address {
  return getContractAddress({ from: matchmaking, nonce: 1n })
}

/** Calls of the credential after a session that was long enough; answers theirs alone. */
async function afterSession(
  calls: readonly (readonly [by: string, name: string, args: readonly unknown[]])[],
) {
  const { pair } = on.pairNamed()
  const ofCredential = stepTo(credentialOf(pair.matchmaking), credentialAbi)
  const steps = await held(on, 'sound', CREDENTIAL_SECONDS)
  const own = calls.map(([by, name, args], index) => ofCredential(200 + index, by, name, args))
  const results = await on.play([...steps, ...own])
  expect(results.slice(0, steps.length).map(refusalOf)).toEqual(steps.map(() => null))
  return results.slice(steps.length)
}

const moves = () => {
  const [from, to] = [accountOf('student0'), accountOf('stranger')]
  const tokenId = BigInt(on.requestId)
  return { from, to, tokenId, between: [from, to, tokenId] }
}

test('a credential says with whom and for how long, and is the student’s', async () => {
  const { tokenId } = moves()
  const { pair } = on.pairNamed()
  const [content, owner, issuer] = await afterSession([
    ['stranger', 'contentOf', [tokenId]],
    ['stranger', 'ownerOf', [tokenId]],
    ['stranger', 'issuer', []],
  ])
  const said = readAs<{ tutor: Address; billedSeconds: number }>(
    credentialAbi,
    'contentOf',
    content,
  )
  expect(said.tutor.toLowerCase()).toBe(accountOf('tutor0'))
  expect(said.billedSeconds).toBe(CREDENTIAL_SECONDS)
  const read = (name: string, result: typeof owner) =>
    readAs<Address>(credentialAbi, name, result).toLowerCase()
  expect(read('ownerOf', owner)).toBe(accountOf('student0'))
  expect(read('issuer', issuer)).toBe(pair.matchmaking.toLowerCase())
})

test('no way of ERC-721 moves it, for its owner or for whom the owner has approved', async () => {
  const { from, to, tokenId, between } = moves()
  const results = await afterSession([
    ['student0', 'transferFrom', between],
    ['student0', 'safeTransferFrom', between],
    ['student0', 'approve', [to, tokenId]],
    ['stranger', 'transferFrom', between],
    ['student0', 'setApprovalForAll', [to, true]],
    ['stranger', 'transferFrom', between],
    ['student0', 'transferFrom', [from, from, tokenId]],
    ['stranger', 'ownerOf', [tokenId]],
  ])
  const refusals = ['Soulbound', 'Soulbound', null, 'Soulbound', null, 'Soulbound', 'Soulbound']
  expect(results.map(refusalOf)).toEqual([...refusals, null])
  const owner = readAs<Address>(credentialAbi, 'ownerOf', results.at(-1))
  expect(owner.toLowerCase()).toBe(accountOf('student0'))
})

test('nobody but the matchmaking issues or moves credentials', async () => {
  const { to, tokenId } = moves()
  const results = await afterSession([
    ['matchmaker', 'issue', [tokenId + 1n, to, to, 1]],
    ['student0', 'move', [tokenId, to]],
    ['stranger', 'balanceOf', [to]],
  ])
  expect(results.map(refusalOf)).toEqual(['NotIssuer', 'NotIssuer', null])
  expect(readAs(credentialAbi, 'balanceOf', results[2])).toBe(0n)
})
