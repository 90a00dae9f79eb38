/**
 * Exact histograms as text and bars: quantiles by nearest rank, and a bounded number of bins.
 */

/** Values with their counts, ascending by value. */
export type Histogram = readonly { readonly value: number; readonly count: number }[]

export interface Bin {
  /** Both ends belong to the bin. */
  readonly from: number
  readonly to: number
  readonly count: number
}

export function sampleCount(histogram: Histogram): number {
  return histogram.reduce((sum, { count }) => sum + count, 0)
}

/**
 * Smallest value that at least the share `q` of the samples do not exceed; null without samples.
 */
export function quantile(histogram: Histogram, q: number): number | null {
  const rank = Math.max(1, Math.ceil(q * sampleCount(histogram)))
  let seen = 0
  for (const { value, count } of histogram) {
    seen += count
    if (seen >= rank) return value
  }
  return null
}

/** At most `binsMax` bins of equal width over the whole range, empty ones included. */
export function bins(histogram: Histogram, binsMax: number): readonly Bin[] {
  const first = histogram[0]
  const last = histogram.at(-1)
  if (first === undefined || last === undefined) return []
  const width = Math.ceil((last.value - first.value + 1) / binsMax)
  const binCount = Math.ceil((last.value - first.value + 1) / width)
  return Array.from({ length: binCount }, (_, index) => {
    const from = first.value + index * width
    const to = Math.min(from + width - 1, last.value)
    const inside = histogram.filter(({ value }) => value >= from && value <= to)
    return { from, to, count: sampleCount(inside) }
  })
}
