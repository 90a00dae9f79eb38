/**
 * Goal: a sweep is of the one protocol that has its parameters, and says which there are when that
 * is not one.
 */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { MeterproofError } from '../models/kit/error.ts'
import type { SimulatedWorld } from '../sim/world/simulated.ts'
import { worldOf } from '../sim/worlds.ts'
import { sweptWorld } from './sweptWorld.ts'

const session = worldOf('session-escrow')
const other: SimulatedWorld = {
  ...{ ...session, protocol: 'other', terms: [] },
  parameters: z.strictObject({
    feeBps: z.number().int().min(0).max(100).default(0).describe('a fee'),
    proofTokens: z.number().int().min(1).max(10).default(1).describe('tokens of a proof'),
  }),
}
const both = [session, other]

function refusalOf(worlds: readonly SimulatedWorld[], ...typed: readonly string[]): string {
  try {
    sweptWorld(worlds, typed)
  } catch (error) {
    if (error instanceof MeterproofError) return error.format()
    throw error
  }
  throw new Error('nothing was refused')
}

test('sweep › is of the only protocol that has all of its parameters', () => {
  expect(sweptWorld(both, ['proofTokens=1,2']).protocol).toBe('other')
  expect(sweptWorld(both, ['feeBps=1', 'silenceTimeoutSeconds=10']).protocol).toBe('session-escrow')
  expect(sweptWorld([other], ['nothing=1']).protocol).toBe('other')
})

test('sweep › of parameters that several or no protocols have is refused with their names', () => {
  const several = refusalOf(both, 'feeBps=1,2')
  const none = refusalOf(both, 'proofTokens=1', 'silenceTimeoutSeconds=10')

  expect(several).toContain('[MP_SWEEP_PROTOCOL]')
  expect(several).toContain('session-escrow, other')
  expect(several).toContain('meterproof sweep session-escrow --param feeBps=1,2')
  expect(none).toContain('[MP_SWEEP_PARAMETER]')
  expect(none).toContain('other: feeBps, proofTokens, profile')
  expect(refusalOf(both)).toContain('[MP_OPTION_PARAM]')
})
