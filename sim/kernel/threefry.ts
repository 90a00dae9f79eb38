/**
 * Threefry-2x32 with 20 rounds: a counter-based generator of random bits (Salmon et al., 2011).
 *
 * It maps (key, counter) to 64 bits with additions, rotations and exclusive-ors of 32-bit words
 * only, which JavaScript computes exactly on every engine. There is no state to advance: draw
 * number 1,000 costs as much as draw number 0, and no draw can disturb another. Not for secrets.
 */

/** Two unsigned 32-bit words. */
export interface Word2 {
  readonly high: number
  readonly low: number
}

const PARITY = 0x1bd11bda

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/**
 * The second word of the newest call of `mix`; a result object per draw would cost more than it.
 */
let lowWord = 0

/** Mixes key and counter; returns the high word and leaves the low one to `mixedLow`. */
function mix(k0: number, k1: number, c0: number, c1: number): number {
  const k2 = PARITY ^ k0 ^ k1
  let x0 = (c0 + k0) | 0
  let x1 = (c1 + k1) | 0
  for (let group = 0; group < 5; group += 1) {
    if ((group & 1) === 0) {
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 13) ^ x0
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 15) ^ x0
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 26) ^ x0
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 6) ^ x0
    } else {
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 17) ^ x0
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 29) ^ x0
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 16) ^ x0
      x0 = (x0 + x1) | 0
      x1 = rotated(x1, 24) ^ x0
    }
    const first = group % 3 === 0 ? k1 : group % 3 === 1 ? k2 : k0
    const second = group % 3 === 0 ? k2 : group % 3 === 1 ? k0 : k1
    x0 = (x0 + first) | 0
    x1 = (x1 + second + group + 1) | 0
  }
  lowWord = x1 >>> 0
  return x0 >>> 0
}

/** Random bits number `counter` under `key`. */
export function threefry(key: Word2, counter: Word2): Word2 {
  const high = mix(key.high, key.low, counter.high, counter.low)
  return { high, low: lowWord }
}

/**
 * A number in [0, 1) with 53 random bits: draw number `counter` (an integer from 0) under `key`.
 */
export function threefryUnit(key: Word2, counter: number): number {
  const high = mix(key.high, key.low, Math.floor(counter / 0x1_0000_0000), counter | 0)
  return (high * 0x20_0000 + (lowWord >>> 11)) / 0x20_0000_0000_0000
}
