/**
 * The Pareto set: points that no other point equals or beats in every objective while beating them
 * in one. Equal points are all in it.
 */

export interface Objective {
  readonly name: string
  readonly better: 'less' | 'more'
}

/** An outcome, exact; null when it could not be measured. */
export type Outcome = number | bigint | null

/** For each point whether it is in the Pareto set; one with an unmeasured objective never is. */
export function paretoSet(
  points: readonly (readonly Outcome[])[],
  better: readonly Objective['better'][],
): readonly boolean[] {
  const order = points.map((_, index) => index).filter((index) => isMeasured(points[index]))
  const at = (index: number, column: number) => points[index]?.[column] as number | bigint
  const compare = (a: number, b: number, column: number): number => {
    const [left, right] = [at(a, column), at(b, column)]
    const sign = left < right ? -1 : left > right ? 1 : 0
    return better[column] === 'less' ? sign : -sign
  }
  const columns = better.map((_, column) => column)
  // In lexical order a point can only be dominated by one before it.
  order.sort((a, b) => columns.map((each) => compare(a, b, each)).find((sign) => sign !== 0) ?? 0)
  const front: number[] = []
  for (const index of order) {
    const isDominated = front.some((other) => {
      const signs = columns.map((each) => compare(other, index, each))
      return signs.every((sign) => sign <= 0) && signs.some((sign) => sign < 0)
    })
    if (!isDominated) front.push(index)
  }
  const members = new Set(front)
  return points.map((_, index) => members.has(index))
}

function isMeasured(point: readonly Outcome[] | undefined): boolean {
  return point?.every((outcome) => outcome !== null) === true
}
