/**
 * What a lifecycle is explored on: one agreement, one whose token refuses to pay, and two beside
 * each other.
 *
 * At most one thing goes wrong in each: a call (with one agreement), the token, or nothing at all
 * (with two). The agreement is that of the player's first setup for paths, its simplest.
 */
import type { Agreement } from '../../models/kit/trace.ts'
import type { Player, RunSetup } from '../kit/player.ts'

export const WORLD_NAMES = ['one', 'refusing-token', 'two'] as const
export type WorldName = (typeof WORLD_NAMES)[number]

/** What is explored, in words. */
export const WORLD_ABOUT: Readonly<Record<WorldName, string>> = {
  one: 'one agreement, one call twice or late',
  'refusing-token': 'one agreement, a token that pays nobody',
  two: 'two agreements',
}

export interface ExploredWorld {
  readonly name: WorldName
  readonly setup: RunSetup
  /** Whether a call may be delivered twice or late, once in a run. */
  readonly callFault: boolean
}

/** The token that pays nobody. */
const REFUSING = 'refusesAll'
/** Who pays in the second of two agreements, where nobody can pay for both. */
const SECOND_PAYER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'token-job': { user: 'user2' },
}
const FIRST_PAYER: typeof SECOND_PAYER = { 'token-job': { user: 'user1' } }

/** The worlds of a protocol, by name. */
export function exploredWorlds(player: Player): readonly ExploredWorld[] {
  const { id, tokens } = player.binding.protocol
  const [first] = player.pathSetups
  const [agreement] = first?.agreements ?? []
  if (first === undefined || agreement === undefined) return []
  const { caseIndex } = first
  const setupOf = (...agreements: readonly Agreement[]) => ({ caseIndex, agreements })
  const one = { name: 'one', setup: setupOf(agreement), callFault: true } as const
  const refusing = {
    name: 'refusing-token',
    setup: setupOf({ ...agreement, token: REFUSING }),
    callFault: false,
  } as const
  const paidBy = (payers: typeof SECOND_PAYER, given: Agreement) => ({
    ...given,
    roles: { ...given.roles, ...payers[id] },
  })
  const pair = setupOf(paidBy(FIRST_PAYER, agreement), paidBy(SECOND_PAYER, copyOf(agreement)))
  const hasRefusing = tokens.some(({ kind }) => kind === REFUSING)
  return [one, ...(hasRefusing ? [refusing] : []), { name: 'two', setup: pair, callFault: false }]
}

/** The same terms again; what only tells agreements apart is another. */
function copyOf(agreement: Agreement): Agreement {
  const terms: Record<string, Agreement['terms'][string]> = { ...agreement.terms }
  for (const name of ['salt', 'nonce']) {
    const told = terms[name]
    if (typeof told === 'bigint') terms[name] = told + 1n
  }
  return { ...agreement, index: 1, terms }
}
