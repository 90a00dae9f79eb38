/**
 * Goal: lines and branches are those of the source, hit exactly when they were executed.
 * Method: a small contract with all kinds of branches, whose hits are counted by hand; then two
 * short sessions on session-escrow. Real transactions on a real Anvil.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, encodeAbiParameters, encodeFunctionData, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { userSource } from '../../contracts/compile.ts'
import { contractsRoot } from '../../contracts/internal/contractsRoot.ts'
import { compileTraceable, traceableNamed } from '../../contracts/traceable.ts'
import type { SolidityCoverage } from '../../reports/record.ts'
import { startAnvilSession } from '../../sim/chain/anvilSession.ts'
import { createMinedLane } from '../../sim/chain/minedLane.ts'
import { planSteps } from '../kit/plan.ts'
import { sessionEscrowPlayer as player } from '../session-escrow/player.ts'
import { createAtlas } from './atlas.ts'
import { coveredFiles } from './coveredFiles.ts'
import { ANVIL_FLAGS, coverPlans, readDeployments } from './solidityCoverage.ts'
import { twoSessions } from './testing/twoSessions.ts'
import { createTraceReader } from './traceReader.ts'

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

contract Branches {
    error TooLarge();
    uint256 private immutable limit;
    uint256 private sum;

    constructor(uint256 limit_) {
        limit = limit_; // line 10; the sign € has three bytes
    }

    modifier small(uint256 amount) {
        if (amount > limit) revert TooLarge();
        _;
    }

    function add(uint256 amount) external small(amount) {
        if (amount == 0) {
            revert TooLarge();
        } else {
            sum += amount;
        }
    }

    function spread(uint256 times, bool twice) external {
        require(times < 4);
        for (uint256 i = 0; i < times; i++) {
            sum += twice ? 2 : 1;
        }
    }

    function attempt() external {
        try this.add(0) {
            sum += 1;
        } catch {
            sum += 100;
        }
    }

    function erase() external {
        sum = 0;
    }

    function _uncalled() internal {
        sum = 1;
    }
}
`
const ABI = parseAbi([
  'function add(uint256 amount)',
  'function spread(uint256 times, bool twice)',
  'function attempt()',
])
const SENDER: Address = '0x00000000000000000000000000000000000000a1'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-coverage-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Deploys the contract and makes six calls of which every effect is known. */
async function coverExample(): Promise<SolidityCoverage['files'][number]> {
  const path = join(folder, 'Branches.sol')
  writeFileSync(path, SOURCE)
  const build = compileTraceable(userSource(path))
  const { bytecode } = traceableNamed(build, 'Branches')
  const atlas = createAtlas(build)
  const reader = createTraceReader(atlas)
  const limit = encodeAbiParameters([{ type: 'uint256' }], [10n]).slice(2)
  const session = await startAnvilSession({
    flags: ANVIL_FLAGS,
    prepare: (node) => node.deploy({ bytecode: `${bytecode}${limit}` }),
  })
  const data = [
    encodeFunctionData({ abi: ABI, functionName: 'add', args: [5n] }),
    encodeFunctionData({ abi: ABI, functionName: 'add', args: [0n] }),
    encodeFunctionData({ abi: ABI, functionName: 'add', args: [11n] }),
    encodeFunctionData({ abi: ABI, functionName: 'spread', args: [2n, true] }),
    encodeFunctionData({ abi: ABI, functionName: 'spread', args: [0n, false] }),
    encodeFunctionData({ abi: ABI, functionName: 'attempt' }),
  ]
  const calls = data.map((each) => ({ from: SENDER, to: session.prepared, data: each }))
  let isFirst = true
  const lane = createMinedLane(session, async (rpc, hashes) => {
    if (isFirst) await readDeployments(rpc, reader)
    isFirst = false
    for (const hash of hashes) await reader.read(rpc, hash)
    // Read twice, as when a run has to be repeated: it must not count twice.
    for (const hash of hashes) await reader.read(rpc, hash)
  })
  const timestampSeconds = session.base.timestampSeconds + 1
  const results = await lane.execute({ blocks: [{ timestampSeconds, calls }] })
  reader.endRun()
  await session.stop()
  expect(results.map(({ ok }) => ok)).toEqual([true, false, false, true, true, true])
  expect(reader.hits.transactions).toBe(7)
  const { sources } = build
  const { hits } = reader
  const [file] = coveredFiles({ sources, atlas, hits, contracts: atlas.contracts })
  if (file === undefined) throw new Error('the example is one file')
  return file
}

test('lines and branches of a small contract are hit as counted by hand', async () => {
  const { lines, functions, branches, missed } = await coverExample()
  const hitsOf = Object.fromEntries(lines.map(({ line, hits }) => [line, hits]))
  // The two reverts are equal code; each has the hits of its own line. Nobody calls `_uncalled`,
  // so the contract has no code for it.
  expect(hitsOf).toEqual({
    ...{ 10: 1, 14: 4, 19: 3, 20: 2, 22: 1, 27: 2, 28: 2, 29: 1 },
    ...{ 34: 1, 35: 0, 37: 1, 42: 0 },
  })
  const ways = branches.map(({ line, kind, whenTrue, whenFalse }) => {
    return `${line} ${kind} ${whenTrue} ${whenFalse}`
  })
  expect(ways).toEqual([
    ...['14 if 1 3', '19 if 2 1', '27 require 2 0', '28 loop 1 2'],
    ...['29 ternary 1 0', '34 try 0 1'],
  ])
  expect(functions.map(({ name, hits }) => `${name} ${hits}`)).toEqual([
    ...['constructor 1', 'add 3', 'spread 2', 'attempt 1', 'erase 0'],
  ])
  expect(missed.map(({ line, text }) => `${line} ${text}`)).toEqual([
    '27 require(times < 4);',
    '29 sum += twice ? 2 : 1;',
    '34 try this.add(0) {',
    '35 sum += 1;',
    '42 sum = 0;',
  ])
})

test('what two sessions of session-escrow never do is listed, what they do is not', async () => {
  const name = player.binding.contractNames['as-described']
  const path = join(contractsRoot(), 'src', 'session-escrow', `${name}.sol`)
  const { cast, steps } = twoSessions()
  const covered = await coverPlans({
    ...{ player, path, subject: { name, policy: 'as-described' } as const },
    ...{ plans: [planSteps(cast, steps)], plansInAll: 1 },
  })
  expect(covered).toMatchObject({ steps: steps.length, stepsAsPredicted: steps.length })
  const files = covered.files.map(({ file }) => file.replace('contracts/src/', ''))
  expect(files).toEqual([
    'session-escrow/SessionEscrowAsDescribed.sol',
    'session-escrow/SessionEscrowBase.sol',
    'shared/TokenMover.sol',
  ])
  const base = covered.files.find(({ file }) => file.endsWith('EscrowBase.sol'))
  const source = readFileSync(path.replace('AsDescribed', 'Base'), 'utf8').split('\n')
  const waysOf = (text: string) => {
    const line = source.findIndex((each) => each.trim().startsWith(text)) + 1
    const ways = base?.branches.filter((branch) => branch.line === line) ?? []
    return ways.map(({ kind, whenTrue, whenFalse }) => `${kind} ${whenTrue} ${whenFalse}`)
  }
  // Six times somebody joins: a stranger, each student, one of them twice, each tutor.
  expect(waysOf('if (!isStudent && msg.sender != s.tutor)')).toEqual(['if 1 5'])
  expect(waysOf('if (isStudent ? s.studentJoined : s.tutorJoined)')).toEqual([
    ...['if 1 4', 'ternary 3 2'],
  ])
  const missed = base?.missed.map(({ text }) => text.split('(')[0])
  expect(missed).toContain('emit Cancelled')
  expect(missed).not.toContain('emit Joined')
  const mover = covered.files.find(({ file }) => file.endsWith('TokenMover.sol'))
  const moved = mover?.missed.map(({ text }) => text)
  // What follows a call of the token is the escrow's own code again; nobody is paid yet.
  expect(moved).not.toContain('return (true, abi.decode(data, (uint256)));')
  expect(moved).toContain('return token.trySafeTransfer(to, amount);')
})
