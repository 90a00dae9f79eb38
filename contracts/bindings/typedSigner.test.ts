import fc from 'fast-check'
import { type Hex, toHex } from 'viem'
import { sign } from 'viem/accounts'
import { expect, test } from 'vitest'
import { privateKeyOf } from './accounts.ts'
import { signatureOf } from './typedSigner.ts'

const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => toHex(bytes))

test('a signature has the bytes that viem gives', async () => {
  await fc.assert(
    fc.asyncProperty(hashes, fc.constantFrom('payer', 'stranger'), async (hash, signer) => {
      const expected = await sign({ hash, privateKey: privateKeyOf(signer), to: 'hex' })
      expect(signatureOf(hash, signer)).toBe(expected)
    }),
    { numRuns: 50 },
  )
})
