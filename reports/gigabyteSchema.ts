/**
 * What a download takes for each gigabyte: the section in which protocols that are paid for
 * downloads are compared on the same downloads.
 *
 * It holds exact sums over the runs and no quotient; `gigabyte.ts` divides. A gigabyte has 10^9
 * bytes. Sums of squares and products are there for the interval of the quotient. All of it is over
 * the runs in which service was due, but times: they are over downloads that were completed in
 * every entry on the same chain.
 */
import { z } from 'zod'
import { placeShape } from './costSchema.ts'
import { parametersSchema } from './traceSchema.ts'

const countSchema = z.int().nonnegative()

export const gigabyteMeasureSchema = z.object({
  name: z.enum([
    ...(['transactions', 'transactionsOfPayer', 'transactionsOfProvider'] as const),
    ...(['gas', 'gasOfPayer', 'gasOfProvider'] as const),
    ...(['payments', 'waitedMs', 'downloadMs'] as const),
  ]),
  /** Runs that say anything about it; all sums are over these. */
  runs: countSchema,
  total: countSchema,
  bytes: countSchema,
  /** Sums over runs of the square of the measure, of the bytes, and of the product of both. */
  totalSquares: z.bigint(),
  bytesSquares: z.bigint(),
  products: z.bigint(),
})

export const gigabyteSchema = z.object({
  ...placeShape,
  runs: countSchema,
  /** That arrived, over all runs. */
  bytes: countSchema,
  /** Terms of the downloads, by name. */
  terms: parametersSchema,
  /** What one of `payments` is, for instance `voucher`. */
  payment: z.string(),
  /** What it locks and how it is paid, as the rest of a sentence. */
  locks: z.string(),
  token: z.object({ name: z.string(), decimals: countSchema }),
  /** Tokens that one ether is taken to be worth. */
  tokensPerEther: z.bigint(),
  measures: z.array(gigabyteMeasureSchema),
  /** Of the gas of all runs, rounded down. */
  prices: z.array(z.object({ gwei: z.number(), costUnits: z.bigint() })),
})
