/**
 * A running fingerprint of integers, to tell two runs apart without keeping all that they did.
 *
 * Four lanes of 32-bit multiply-and-rotate mixing. It detects differences between honest runs; it
 * is no defence against somebody who looks for a collision.
 */

export interface Digest {
  /** Adds a safe integer. */
  addNumber(value: number): void
  /** Adds a text by its UTF-16 units and its length. */
  addText(text: string): void
  /** 32 hexadecimal digits; may be asked for in between. */
  hex(): string
}

/** Words that are collected before they are mixed in. */
const BUFFER_WORDS = 512

class LaneDigest implements Digest {
  #a = 0x243f6a88
  #b = 0x85a308d3
  #c = 0x13198a2e
  #d = 0x03707344
  readonly #buffer = new Int32Array(BUFFER_WORDS)
  #count = 0

  addNumber(value: number): void {
    if (this.#count + 2 > BUFFER_WORDS) this.#mix()
    this.#buffer[this.#count] = value | 0
    this.#buffer[this.#count + 1] = Math.floor(value / 0x1_0000_0000) | 0
    this.#count += 2
  }

  addText(text: string): void {
    if (this.#count === BUFFER_WORDS) this.#mix()
    this.#buffer[this.#count] = text.length
    this.#count += 1
    for (let from = 0; from < text.length; ) {
      if (this.#count === BUFFER_WORDS) this.#mix()
      const size = Math.min(text.length - from, BUFFER_WORDS - this.#count)
      const buffer = this.#buffer
      const at = this.#count
      for (let index = 0; index < size; index += 1) {
        buffer[at + index] = text.charCodeAt(from + index)
      }
      this.#count += size
      from += size
    }
  }

  hex(): string {
    this.#mix()
    const words = [this.#a, this.#b, this.#c, this.#d]
    return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #mix(): void {
    const buffer = this.#buffer
    const count = this.#count
    let a = this.#a
    let b = this.#b
    let c = this.#c
    let d = this.#d
    for (let index = 0; index < count; index += 1) {
      const word = buffer[index] as number
      a = Math.imul(a ^ word, 0xcc9e2d51)
      b = (Math.imul(b ^ ((word << 15) | (word >>> 17)), 0x1b873593) + a) | 0
      c = (Math.imul(c ^ (b >>> 13), 0x85ebca6b) + word) | 0
      d = Math.imul(d ^ (c >>> 16), 0xc2b2ae35) ^ b
      a ^= d >>> 15
    }
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
    this.#count = 0
  }
}

export function createDigest(): Digest {
  return new LaneDigest()
}
