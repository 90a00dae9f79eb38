/**
 * A stand-in account for the probe, so that its calldata travels once per request, not per step.
 *
 * A probe's calldata lists everything that is read, several kilobytes, and follows each call of a
 * schedule. The stub is an account whose code carries that calldata: called with nothing, it calls
 * the probe's target with it and passes on what comes back. It exists only inside one
 * `eth_simulateV1` request, as a state override. The target sees the stub as its caller.
 */
import type { Address, Hex } from 'viem'
import type { ChainCall } from './lane.ts'

/** Where the stub stands; no participant and no contract has this address. */
export const PROBE_STUB: Address = '0x00000000000000000000000000000000005eed0b'

/** Where the calldata begins in the code, after the instructions below. */
const DATA_OFFSET = 0x3d
const FORWARDED_AT = 0x38

/** Code that makes the probe's call whatever it is called with. */
export function probeStubCode({ to, data }: ChainCall): Hex {
  const calldata = data.slice(2)
  const size = `62${word(calldata.length / 2, 3)}` // PUSH3
  const instructions = [
    `${size}61${word(DATA_OFFSET, 2)}600039`, // CODECOPY(0, DATA_OFFSET, size)
    `60006000${size}600073${to.slice(2)}5afa`, // STATICCALL(GAS, to, 0, size, 0, 0)
    '3d600060003e', // RETURNDATACOPY(0, 0, RETURNDATASIZE)
    `60${word(FORWARDED_AT, 1)}57`, // JUMPI when the call succeeded
    '3d6000fd', // REVERT(0, RETURNDATASIZE)
    '5b3d6000f3', // JUMPDEST RETURN(0, RETURNDATASIZE)
  ]
  return `0x${instructions.join('')}${calldata}`
}

function word(amount: number, sizeBytes: number): string {
  return amount.toString(16).padStart(2 * sizeBytes, '0')
}
