/**
 * A small contract for the tests of the lanes: it records pokes, and fails in every way that a call
 * can fail. Its two probe functions have the forms that a `Probe` asks for.
 *
 * Compiled here with solc-js, so that these tests depend on no other folder.
 */
import { createRequire } from 'node:module'
import { type Address, encodeFunctionData, type Hex, parseAbi } from 'viem'
import type { ChainCall, Probe } from '../lane.ts'

const SOURCE = `
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;
contract Tape {
  error Refused(uint256 kind, address caller, uint256 time);
  event Poked(address indexed caller, uint256 kind, uint256 time, uint256 number);
  event Observed(bytes words);
  bytes32 public digest;
  uint256 public count;
  function poke(uint256 kind) external returns (uint256) {
    if (kind == 1) revert Refused(kind, msg.sender, block.timestamp);
    if (kind == 2) require(false, "no");
    if (kind == 3) assembly { invalid() }
    if (kind == 4) revert();
    if (kind == 5) { uint256 zero = count - count; count = 1 / zero; }
    digest = keccak256(abi.encode(digest, msg.sender, tx.origin, kind, block.timestamp,
      block.number, block.basefee, block.chainid, tx.gasprice));
    count += 1;
    if (kind == 6) delete digest;
    emit Poked(msg.sender, kind, block.timestamp, block.number);
    return count;
  }
  function spin() external { for (;;) count += 1; }
  function observe() public view returns (bytes memory) {
    return abi.encode(count, digest, block.timestamp);
  }
  function observeAndLog() external { emit Observed(observe()); }
  function broken() external pure returns (bytes memory) { revert("blind"); }
}`

export const TAPE_ABI = parseAbi([
  'function poke(uint256 kind) returns (uint256)',
  'function spin()',
  'function observe() view returns (bytes)',
  'function observeAndLog()',
  'function broken() view returns (bytes)',
  'error Refused(uint256 kind, address caller, uint256 time)',
  'event Poked(address indexed caller, uint256 kind, uint256 time, uint256 number)',
])

/** Senders of the tests; ordinary addresses without any balance. */
export const SENDERS: readonly Address[] = [
  '0x00000000000000000000000000000000000a11ce',
  '0x0000000000000000000000000000000000000b0b',
  '0x0000000000000000000000000000000000ca201e',
]

interface Solc {
  compile(input: string): string
}

interface SolcOutput {
  readonly contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
}

/** Creation code of `Tape`. */
export function compileTape(): Hex {
  const solc = createRequire(import.meta.url)('solc') as Solc
  const input = {
    language: 'Solidity',
    sources: { 'Tape.sol': { content: SOURCE } },
    settings: { outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput
  return `0x${output.contracts['Tape.sol']?.Tape?.evm.bytecode.object ?? ''}`
}

export function poke(tape: Address, senderIndex: number, kind: number): ChainCall {
  const data = encodeFunctionData({ abi: TAPE_ABI, functionName: 'poke', args: [BigInt(kind)] })
  return { from: SENDERS[senderIndex] as Address, to: tape, data }
}

/** @param sender the probe's own sender, so that it takes no nonce of a participant */
export function tapeProbe(tape: Address): Probe {
  const from: Address = '0x0000000000000000000000000000000000000b5e'
  const call = (functionName: 'observe' | 'observeAndLog'): ChainCall => ({
    from,
    to: tape,
    data: encodeFunctionData({ abi: TAPE_ABI, functionName }),
  })
  return { batch: call('observe'), mined: call('observeAndLog') }
}
