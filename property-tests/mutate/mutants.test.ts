/**
 * Goal: mutants are what they claim to be: one small change each, in the place that the id names,
 * of every kind; what compiles together is what compiles alone; nothing is lost on the way from
 * what became of them to the score. Method: a small source, real solc, no chain.
 */
import { describe, expect, test } from 'vitest'
import type { Explanation } from '../../contracts/mutants/explanation.ts'
import { type ContractSources, compileCopies, editedText, parsedSources } from './compileMutants.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import type { Tried } from './mutationRunner.ts'
import { diffOf, mutationSection } from './mutationSection.ts'
import { mutationSummary } from './mutationSummary.ts'
import { OPERATOR_NAMES } from './operator.ts'

const FILE = 'src/tiny/Tiny.sol'
const TINY = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;
contract Tiny {
    error Closed(address payer, address provider);
    struct Deal { address payer; address provider; uint128 paid; uint128 due; bool open; }
    mapping(bytes32 id => Deal) internal _deals;
    uint32 public constant waitSeconds = 60;
    modifier once() { _; }
    // é: offsets are bytes
    function pay(bytes32 id, uint128 amount) external once returns (uint128 fee) {
        Deal storage d = _deals[id];
        if (msg.sender != d.payer || !d.open) revert Closed(d.payer, d.provider);
        if (block.timestamp < waitSeconds) { return 0; }
        fee = amount / 100;
        d.paid += amount - fee;
    }
}
contract Unused {
    function nothing() external pure returns (uint256) { return 1 + 1; }
}
`

const sources: ContractSources = {
  contractName: 'Tiny',
  sourceName: FILE,
  files: new Map([[FILE, TINY]]),
}
const mutants = mutantsOf(parsedSources(sources), 'Tiny')
const changes = mutants.map(({ operator, before, after }) => `${operator}: ${before} -> ${after}`)

describe('mutants', () => {
  test('every operator changes something of the small contract, and only of it', () => {
    expect(new Set(mutants.map(({ operator }) => operator))).toEqual(new Set(OPERATOR_NAMES))
    expect(mutants.filter(({ within }) => within === 'nothing')).toEqual([])
    expect(mutants.filter(({ line }) => TINY.split('\n')[line - 1]?.includes('error'))).toEqual([])
  })

  test('each has the changes that its operator is for', () => {
    expect(changes).toEqual(expect.arrayContaining(EXPECTED))
    // Arguments of errors are told to users only.
    expect(changes.filter((change) => change.includes('-> d.provider'))).toHaveLength(1)
  })

  test('a loop that counts up from zero is not changed into one that does the same', () => {
    const loop = 'for (uint256 i = 0; i < fee; i++) d.due += 1;'
    const files = new Map([[FILE, TINY.replace('d.paid += amount - fee;', loop)]])
    const looping = mutantsOf(parsedSources({ ...sources, files }), 'Tiny')
    const texts = looping.map(({ before, after }) => `${before} -> ${after}`)
    expect(texts).toContain('i < fee -> i >= fee')
    expect(texts).not.toContain('i < fee -> i != fee')
    expect(texts).not.toContain('uint256 i = 0; -> uint256 i;')
  })

  test('ids name the place, are unique and come in the order of the text', () => {
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
    const starts = mutants.map(({ edit }) => edit.start)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    const deletion = mutants.find(({ after, before }) => after === '{}' && before.startsWith('fee'))
    expect(deletion?.id).toBe('Tiny.sol:14:9:statement:1')
    expect(diffOf(TINY, deletion as Mutant)).toEqual([
      '-        fee = amount / 100;',
      '+        {}',
    ])
  })

  test('copies that do not compile take no other with them; codes are those of each alone', () => {
    const broken = { file: FILE, edit: { start: 0, end: 0, text: 'contract {' } }
    const probes = mutants.flatMap(({ file, probe }) =>
      probe === null ? [] : { file, edit: probe },
    )
    const unchanged = { file: FILE, edit: null }
    const all = [unchanged, broken, ...mutants, ...probes, unchanged]
    const compiled = compileCopies(sources, all)
    expect(compiled[1]).toEqual({ refusal: expect.stringContaining('ParserError') })
    expect(compiled.filter((each) => 'refusal' in each)).toHaveLength(1)
    expect(compiled.at(-1)).toEqual(compiled[0])
    const codes = new Set(compiled.map((each) => JSON.stringify(each)))
    expect(codes.size).toBeGreaterThan(mutants.length)
    for (const index of [5, 20]) {
      expect(compileCopies(sources, all.slice(index, index + 1))[0]).toEqual(compiled[index])
      const { edit } = all[index] as Mutant
      expect(editedText(TINY, edit)).not.toBe(TINY)
    }
  }, 60_000)
})

const EXPECTED = [
  'arithmetic: amount - fee -> amount + fee',
  'arithmetic: d.paid += amount - fee -> d.paid = amount - fee',
  'rounding: amount / 100 -> (amount + 100 - 1) / 100',
  'comparison: msg.sender != d.payer -> (msg.sender == d.payer)',
  'boundary: block.timestamp < waitSeconds -> block.timestamp <= waitSeconds',
  'boundary: 60 -> 61',
  'boolean: msg.sender != d.payer || !d.open -> !d.open',
  'boolean: !d.open -> d.open',
  'statement: d.paid += amount - fee; -> {}',
  'guard: if (block.timestamp < waitSeconds) { return 0; } -> {}',
  'modifier: once -> ',
  'role: d.payer -> d.provider',
  'amount: d.paid -> d.due',
  'time: block.timestamp -> block.number',
  'time: waitSeconds -> (waitSeconds * 60)',
  'index: id -> bytes32(0)',
]

describe('the score', () => {
  const five = mutants.slice(0, 5)
  const lived = (code: string): Tried => ({
    status: 'survived',
    code,
    reached: true,
    differs: false,
  })
  const killed: Tried = { status: 'killed', code: 'a', by: ['DIVERGENCE'], evidence: '2 is not 1' }
  const sectionOf = (
    tried: readonly (Tried | undefined)[],
    explanations: Explanation[] = [],
    operators: readonly string[] = [],
  ) =>
    mutationSection({
      ...{ protocol: 'tiny', policy: 'hardened', contract: 'Tiny', operators, threshold: 0.5 },
      plans: { plans: [], paths: 0, steps: 0, digest: '' },
      ...{ explanations, files: sources.files, mutants: five, tried },
    })
  const { within = '', before = '', after = '' } = five[1] ?? {}
  const explained: Explanation = {
    ...{ file: 'Tiny.sol', within, before, after, equivalent: true, reason: 'Nobody can tell.' },
  }

  test('counts the killed among those that are tried, no twins, and no equivalent ones', () => {
    const tried = [killed, lived('b'), killed, { status: 'equivalent' } as const, lived('c')]
    const plain = sectionOf(tried)
    expect(plain.counts).toMatchObject({ killed: 1, survived: 2, duplicate: 1, equivalent: 1 })
    expect(plain.mutants[2]).toMatchObject({ status: 'duplicate', duplicateOf: five[0]?.id })
    expect(plain.score).toBeCloseTo(1 / 3)
    expect(mutationSummary([plain], false)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 })
    const better = sectionOf(tried, [explained])
    expect(better.mutants[1]?.survivor?.explanation?.reason).toBe('Nobody can tell.')
    expect(better).toMatchObject({ score: 0.5, explainedEquivalent: 1, stale: [] })
    expect(mutationSummary([better], false)).toMatchObject({ verdict: 'held', exitCode: 0 })
  })

  test('an explanation whose mutant is killed or is not there is stale; an open one is not', () => {
    const gone = { ...explained, before: 'nothing like it' }
    const all = [killed, { ...killed, code: 'd' }, lived('b'), lived('c'), killed]
    const section = sectionOf(all, [explained, gone])
    expect(section.stale).toHaveLength(2)
    expect(mutationSummary([section], false).exitCode).toBe(2)
    const others = ['time', 'modifier']
    expect(sectionOf(all, [explained, { ...gone, operator: 'time' }], others).stale).toHaveLength(1)
    const open = sectionOf([killed], [explained])
    expect(open).toMatchObject({ stale: [], counts: { untried: 4 } })
    expect(mutationSummary([open], false)).toMatchObject({ exitCode: 2 })
    expect(mutationSummary([open], true)).toMatchObject({ verdict: 'interrupted', exitCode: 130 })
  })
})
