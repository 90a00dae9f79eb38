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

class LaneDigest implements Digest {
  #a = 0x243f6a88
  #b = 0x85a308d3
  #c = 0x13198a2e
  #d = 0x03707344

  addNumber(value: number): void {
    this.#add(value | 0)
    this.#add(Math.floor(value / 0x1_0000_0000) | 0)
  }

  addText(text: string): void {
    this.#add(text.length)
    for (let index = 0; index < text.length; index += 1) this.#add(text.charCodeAt(index))
  }

  hex(): string {
    const words = [this.#a, this.#b, this.#c, this.#d]
    return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #add(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0xcc9e2d51)
    this.#b = Math.imul(this.#b ^ ((word << 15) | (word >>> 17)), 0x1b873593) + this.#a
    this.#c = Math.imul(this.#c ^ (this.#b >>> 13), 0x85ebca6b) + word
    this.#d = Math.imul(this.#d ^ (this.#c >>> 16), 0xc2b2ae35) ^ this.#b
    this.#a ^= this.#d >>> 15
  }
}

export function createDigest(): Digest {
  return new LaneDigest()
}
