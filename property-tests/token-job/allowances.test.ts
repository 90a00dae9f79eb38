/**
 * Goal: every test token keeps allowances as OpenZeppelin's ERC-20 does, which the model relies on.
 * Method: on a real Anvil, a job paid from a limited allowance beside one paid from an endless one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Agreement, PlannedStep } from '../../models/kit/trace.ts'
import { JOB_TOKENS } from '../../models/token-job/cast.ts'
import { ENDLESS_ALLOWANCE_UNITS } from '../../models/token-job/rules.ts'
import { executePlan } from '../kit/execute.ts'
import { planSteps } from '../kit/plan.ts'
import { START_SECONDS } from '../kit/player.ts'
import { openSoundExecutions, type SoundExecutions } from '../testing/soundExecution.ts'
import { tokenJobPlayer } from './player.ts'

const DEPOSIT_UNITS = 2_000n
const LIMIT_UNITS = 5_000n
const APPROVED = [LIMIT_UNITS, ENDLESS_ALLOWANCE_UNITS] as const

let sound: SoundExecutions
beforeAll(async () => {
  sound = await openSoundExecutions('token-job')
}, 120_000)
afterAll(() => sound.close())

function jobsIn(token: string): readonly Agreement[] {
  return APPROVED.map((_, index) => ({
    index,
    roles: { user: `user${index}`, host: 'host0' },
    token,
    terms: {
      pricePerTokenUnits: 2n,
      depositUnits: DEPOSIT_UNITS,
      durationSeconds: 60,
      salt: BigInt(index),
    },
  }))
}

const steps: readonly PlannedStep[] = APPROVED.flatMap((amountUnits, agreement) => {
  const common = { agreement, by: `user${agreement}`, atSeconds: START_SECONDS }
  return [
    { ...common, action: 'approve', args: { amountUnits } },
    { ...common, action: 'createSession', args: {} },
  ]
})

test.each(JOB_TOKENS)('$kind takes what it moves off a limited allowance only', async (token) => {
  const execution = sound.of('as-described')
  const parameters = tokenJobPlayer.cases[0] ?? {}
  const { protocol } = tokenJobPlayer.binding
  const agreements = jobsIn(token.kind)
  const plan = planSteps({ protocol, policy: 'as-described', parameters, agreements }, steps)
  const trace = await executePlan(execution, plan)
  const last = trace.steps.at(-1)?.observed.after.agreements ?? []
  const moved = token.transferFeeBps > 0n && token.feeFromUnits === 0n ? 0n : DEPOSIT_UNITS
  expect(last.map(({ figures }) => figures.allowance)).toEqual([
    LIMIT_UNITS - moved,
    ENDLESS_ALLOWANCE_UNITS,
  ])
  expect(last.map(({ state }) => state)).toEqual(Array(2).fill(moved > 0n ? 'Active' : 'Approved'))
})
