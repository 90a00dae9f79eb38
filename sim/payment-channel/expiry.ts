/**
 * When a channel expires, in seconds of the contract; `sim/world/ownClock.ts` says how participants
 * read such deadlines off their own clocks.
 */
import type { ChannelView } from './actors.ts'
import type { WorldSetup } from './options.ts'

/** First second in which a channel has expired. */
export function expiresAtSeconds(
  { expirySeconds }: Pick<WorldSetup, 'expirySeconds'>,
  { openedAtSeconds }: ChannelView,
): number {
  return openedAtSeconds + expirySeconds
}
