/**
 * What bytes cost: one step of `voucherStepUnits` for every `bytesPerVoucher`, in proportion.
 *
 * Everybody in the world reckons vouchers in bytes; base units come in where money does.
 */

export interface Price {
  readonly voucherStepUnits: bigint
  readonly bytesPerVoucher: number
}

/** Base units owed for so many bytes since the opening, rounded down. */
export function owedUnits({ voucherStepUnits, bytesPerVoucher }: Price, bytes: number): bigint {
  return (BigInt(bytes) * voucherStepUnits) / BigInt(bytesPerVoucher)
}

/**
 * Most bytes, up to `mostBytes`, for which no more than `units` are owed: the largest B with
 * owed(B) < units + 1.
 */
export function coveredBytes(price: Price, units: bigint, mostBytes: number): number {
  const { voucherStepUnits, bytesPerVoucher } = price
  const numerator = (units + 1n) * BigInt(bytesPerVoucher)
  // One less than the quotient rounded up.
  const bytes = (numerator - 1n) / voucherStepUnits
  return bytes < BigInt(mostBytes) ? Number(bytes) : mostBytes
}
