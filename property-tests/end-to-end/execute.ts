/**
 * Plays a journey's transactions on the real contracts and writes its traces: the whole, in which
 * every call is one step, and for each part what its own machine and contract did, in which calls
 * of one contract to another are steps of their own.
 */

import { assert } from '../../models/kit/error.ts'
import { startPopulation } from '../../models/kit/population.ts'
import { applyTransfers, type Ledger } from '../../models/kit/token.ts'
import {
  ESCROW,
  type Outcome,
  type StepAccount,
  type Trace,
  type TraceStep,
  type Transfer,
  type WorldView,
} from '../../models/kit/trace.ts'
import type { CallResult, ScheduledBlock, ScheduledCall } from '../../sim/chain/lane.ts'
import type { JourneyRun } from '../../sim/end-to-end/journeyRun.ts'
import { setUpJourney } from '../../sim/end-to-end/options.ts'
import { logInJourney, PARTS, type Part } from '../../sim/end-to-end/parts.ts'
import {
  agreementsOf,
  castOfPart,
  type JourneyCast,
  type JourneyPrediction,
  type PartStep,
  predictJourney,
  startJourney,
  viewOfParts,
} from '../../sim/end-to-end/predict.ts'
import { castOf } from '../../sim/end-to-end/world.ts'
import type { BoundJourney, JourneyContracts, Reading } from './contracts.ts'

/** A journey as it was on the chain. */
export interface ExecutedJourney {
  readonly run: JourneyRun
  readonly trace: Trace
  /** Steps of the whole trace by their numbers in a part's. */
  readonly parts: Readonly<Record<Part, Trace>>
}

/** Who took part in a run on which terms. */
export function castOfRun({ seed, run, behaviour, askedUnits }: JourneyRun): JourneyCast {
  const setup = setUpJourney({ seed, run, behaviour })
  return castOf(setup, () => askedUnits)
}

/** Calls of equal time share a block. */
function blocksOf(run: JourneyRun, calls: readonly ScheduledCall[]): readonly ScheduledBlock[] {
  const blocks: { timestampSeconds: number; calls: ScheduledCall[] }[] = []
  for (const [index, { planned }] of run.steps.entries()) {
    const call = calls[index]
    assert(call !== undefined, 'every step has a call')
    const last = blocks.at(-1)
    if (last?.timestampSeconds === planned.atSeconds) last.calls.push(call)
    else blocks.push({ timestampSeconds: planned.atSeconds, calls: [call] })
  }
  return blocks
}

/** Follows one part: its steps, and its balances as its own transfers make them. */
class PartTrace {
  readonly steps: TraceStep[] = []
  readonly #part: Part
  readonly #bound: BoundJourney
  readonly #tutor: string
  #ledger: Ledger

  constructor(part: Part, cast: JourneyCast, bound: BoundJourney, initial: WorldView) {
    this.#part = part
    this.#bound = bound
    this.#tutor = cast.session.roles.tutor as string
    this.#ledger = initial.balances
  }

  add(step: PartStep, result: CallResult, reading: Reading, outcome: Outcome): void {
    const { planned, prediction } = step
    const { logs } = this.#bound.effects(this.#part, result)
    const transfers = this.#transfers(result)
    this.#ledger = applyTransfers(this.#ledger, transfers)
    const own = reading.parts[this.#part]
    const after = { ...own, balances: this.#balances(own) }
    this.steps.push({
      ...{ planned, role: prediction.role, edge: prediction.edge, predicted: prediction.account },
      observed: { outcome, transfers, logs, after },
      gasUsed: result.gasUsed,
    })
  }

  /** Those of this part's contract; to a session the share of a tutor is the tutor's. */
  #transfers(result: CallResult): readonly Transfer[] {
    const all = this.#bound.effects(this.#part, result).transfers
    const own = all.filter(({ from, to }) => from === ESCROW || to === ESCROW)
    if (this.#part !== 'session-escrow') return own
    return own.map((transfer) => {
      return transfer.to === 'withdrawal' ? { ...transfer, to: this.#tutor } : transfer
    })
  }

  /** What the contract itself holds is read; the others hold more than this part knows of. */
  #balances(own: WorldView): WorldView['balances'] {
    return Object.fromEntries(
      Object.entries(this.#ledger).map(([token, units]) => {
        return [token, { ...units, [ESCROW]: own.balances[token]?.[ESCROW] ?? 0n }]
      }),
    )
  }
}

/** What all three contracts did in one call, in the journey's names. */
function observedOf(bound: BoundJourney, result: CallResult, reading: Reading): StepAccount {
  const logs = PARTS.flatMap((part) => {
    return bound.effects(part, result).logs.map((log) => logInJourney(part, log))
  })
  return {
    ...{ outcome: bound.outcome(result), transfers: bound.transfers(result), logs },
    after: viewOfParts(reading.parts, reading.balances),
  }
}

function predictAll(cast: JourneyCast, { steps }: JourneyRun): readonly JourneyPrediction[] {
  let population = startJourney(cast)
  return steps.map(({ planned, edge }, index) => {
    const prediction = predictJourney(cast, population, planned)
    assert(prediction.edge === edge, `step ${index + 1} is ${edge} in world and plan alike`)
    population = prediction.population
    return prediction
  })
}

/**
 * Sends every transaction of a run to the real contracts, in the blocks that the world had them in.
 *
 * @param variant of the contracts, where several were deployed
 * @throws MeterproofError what the lane throws
 */
export async function executeJourney(
  contracts: JourneyContracts,
  run: JourneyRun,
  variant = 0,
): Promise<ExecutedJourney> {
  const cast = castOfRun(run)
  const bound = contracts.bind(cast, variant)
  const predictions = predictAll(cast, run)
  const calls = run.steps.map(({ planned }) => bound.encode(planned))
  const results = await contracts.lane.execute({
    blocks: blocksOf(run, calls),
    probe: bound.probe,
  })
  const initials = PARTS.map((part) => startPopulation(castOfPart(cast, part)).view)
  const traces = PARTS.map((part, at) => {
    return new PartTrace(part, cast, bound, initials[at] as WorldView)
  })
  const steps = run.steps.map(({ planned }, index): TraceStep => {
    const [result, prediction] = [results[index], predictions[index]]
    assert(result?.observation !== undefined, 'every call was observed')
    assert(prediction !== undefined, 'every call was predicted')
    const reading = bound.read(result.observation)
    const observed = observedOf(bound, result, reading)
    for (const step of prediction.parts) {
      const own = traces[PARTS.indexOf(step.part)]
      own?.add(step, result, reading, observed.outcome)
    }
    const { role, edge, account: predicted } = prediction
    return { planned, role, edge, predicted, observed, gasUsed: result.gasUsed }
  })
  const { parameters, policy } = run
  const partTrace = (part: Part): Trace => ({
    ...{ protocol: part, policy, parameters, agreements: castOfPart(cast, part).agreements },
    initial: initials[PARTS.indexOf(part)] as WorldView,
    steps: traces[PARTS.indexOf(part)]?.steps ?? [],
  })
  return {
    run,
    trace: {
      ...{ protocol: 'end-to-end', policy, parameters, agreements: agreementsOf(cast), steps },
      initial: startJourney(cast).view,
    },
    parts: {
      matchmaking: partTrace('matchmaking'),
      'session-escrow': partTrace('session-escrow'),
      withdrawal: partTrace('withdrawal'),
    },
  }
}
