/**
 * The job of the protocol's description, for tests: 2,450 tokens in three answers by a fast model,
 * with blocks every 2 s and nothing going wrong.
 */
import type { Behaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'

const behaviour: Behaviour = {
  beginsAtMs: 0,
  allowanceUnits: 0,
  model: 'fast',
  hosts: [
    { active: false, model: 'fast' },
    { active: true, model: 'slow' },
    { active: true, model: 'fast' },
  ],
  pick: 0,
  searchesMost: 3,
  tokensPerMinute: 3_600,
  firstTokenMs: 500,
  prompts: [
    { tokens: 1_000, thinkMs: 10_000 },
    { tokens: 1_000, thinkMs: 10_000 },
    { tokens: 450, thinkMs: 10_000 },
  ],
  userLeaves: 'satisfied',
  leavesAfterTokens: 0,
  userPatienceMs: 60_000,
  hostPatienceMs: 300_000,
  hostVanishesAfterTokens: 0,
  overClaimsBps: 0,
  forgery: 'altered',
  treasuryEveryMs: 60_000,
  stranger: [],
}

export const DESCRIBED_JOB = {
  ...{ seed: 1, run: 0, regime: 'none', profile: 'l2', behaviour },
} as const satisfies Partial<WorldOptions>
