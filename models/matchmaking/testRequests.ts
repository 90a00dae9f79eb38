/**
 * Requests played by hand for tests: what each attempt came to, and which claims the run breaks.
 */
import { type Cast, predict, startPopulation } from '../kit/population.ts'
import type { PlannedStep, Policy, TraceStep } from '../kit/trace.ts'
import { matchmakingInvariants } from './invariants.ts'
import { matchmakingParameters } from './parameters.ts'
import { matchmaking } from './protocol.ts'

export const START = 1_000_000
/** The defaults of the README. */
export const TTL = 30
export const WINDOW = 120
export const RATE_UNITS = 10_000n

export interface Example {
  readonly policy: Policy
  /** Students by request. */
  readonly students?: readonly string[]
  readonly maxAttempts?: number
  readonly maxRateUnits?: bigint
  readonly capUnits?: bigint
}

function castOf(example: Example): Cast {
  const { policy, students = ['student0'], maxAttempts = 3 } = example
  const { maxRateUnits = RATE_UNITS, capUnits = 36_000_000n } = example
  const agreements = students.map((student, index) => ({
    index,
    roles: { student, matchmaker: 'matchmaker', sessionEscrow: 'sessionEscrow' },
    token: 'plain6',
    terms: { maxRateUnits, capUnits, salt: BigInt(index) },
  }))
  const parameters = matchmakingParameters.parse({ maxAttempts })
  return { protocol: matchmaking, policy, parameters, agreements }
}

interface Attempt {
  readonly by: string
  readonly action: string
  readonly args?: PlannedStep['args']
  readonly on?: number
  /** Seconds after the start; the last ones when absent. */
  readonly at?: number
}

/** A run by hand; `attempt` tries one action and says what became of it. */
export function play(example: Example) {
  const cast = castOf(example)
  const start = startPopulation(cast)
  let population = start
  let nowSeconds = START
  const steps: TraceStep[] = []
  const attempt = ({ by, action, args = {}, on = 0, at }: Attempt): string => {
    nowSeconds = at === undefined ? nowSeconds : START + at
    const planned: PlannedStep = { agreement: on, action, by, atSeconds: nowSeconds, args }
    const { account, role, edge, population: after } = predict(cast, population, planned)
    population = after
    steps.push({ planned, role, edge, predicted: account, observed: account, gasUsed: 0n })
    return account.outcome.error ?? 'accepted'
  }
  const isHardened = example.policy === 'hardened'
  const studentOf = (on: number) => cast.agreements[on]?.roles.student ?? ''
  const byMatchmaker = (action: string) => (on?: number, at?: number) =>
    attempt({ by: 'matchmaker', action, ...placed(on, at) })
  return {
    attempt,
    request: (on = 0) => attempt({ by: studentOf(on), action: 'request', on }),
    propose: (tutor = 'tutor0', on = 0, at?: number) =>
      attempt({ by: 'matchmaker', action: 'propose', args: { tutor }, ...placed(on, at) }),
    accept: (words: PlannedStep['args'] = {}, on = 0, at?: number) => {
      const said = { rateUnits: RATE_UNITS, ...words }
      const quote = { expiry: START + 1_000, nonce: BigInt(on), quote: 'genuine', tutor: 'tutor0' }
      const args = isHardened ? { ...quote, ...said } : said
      return attempt({ by: 'tutor0', action: 'accept', args, ...placed(on, at) })
    },
    consume: (rateUnits = RATE_UNITS, on = 0, at?: number) => {
      const args = { student: studentOf(on), rateUnits }
      return attempt({ by: 'sessionEscrow', action: 'consume', args, ...placed(on, at) })
    },
    complete: (billedSeconds: number, on = 0) =>
      attempt({ by: 'sessionEscrow', action: 'complete', args: { billedSeconds }, on }),
    lapse: byMatchmaker('lapse'),
    release: byMatchmaker('release'),
    state: (on = 0) => population.view.agreements[on]?.state,
    figures: (on = 0) => population.view.agreements[on]?.figures,
    /** Ids of the claims that the run so far breaks. */
    broken(): readonly string[] {
      const { policy, parameters, agreements } = cast
      const initial = start.view
      const trace = { protocol: 'matchmaking', policy, parameters, agreements, initial, steps }
      return matchmakingInvariants
        .filter(({ policies }) => policies === undefined || policies.includes(policy))
        .filter((invariant) => invariant.judge(trace).violation !== null)
        .map(({ id }) => id)
        .sort()
    },
  }
}

function placed(on = 0, at?: number): Pick<Attempt, 'on' | 'at'> {
  return at === undefined ? { on } : { on, at }
}
