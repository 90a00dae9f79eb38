/**
 * Plays a world: its uses of the chain are answered by the model chain, or by any other.
 */
import type { Chain } from '../chain/chain.ts'
import { createModelChain } from '../chain/modelChain.ts'
import { streamsOf } from '../kernel/random.ts'
import type { AnyMessage } from './actors.ts'
import { worldProcess } from './engine.ts'
import type { ScriptOf, WorldFrame } from './script.ts'

/** One run on the model chain. */
export function playWorld<Message extends AnyMessage, Reading, Mark, Shown, Run>(
  frame: WorldFrame,
  scriptOf: ScriptOf<Message, Reading, Mark, Shown, Run>,
): Run {
  const { profile, seed, run } = frame.setup
  const chain = createModelChain(profile, streamsOf({ seed, run }))
  const process = worldProcess(frame, scriptOf)
  let next = process.next()
  while (!next.done) next = process.next(next.value(chain))
  return next.value
}

/** One run on any chain, for example Anvil's mined lane; its record says which it was. */
export async function playWorldOn<
  Message extends AnyMessage,
  Reading,
  Mark,
  Shown,
  Run extends { readonly chainKind: Chain['kind'] },
>(
  chain: Chain,
  frame: WorldFrame,
  scriptOf: ScriptOf<Message, Reading, Mark, Shown, Run>,
): Promise<Run> {
  const process = worldProcess(frame, scriptOf)
  let next = process.next()
  while (!next.done) next = process.next(await next.value(chain))
  return { ...next.value, chainKind: chain.kind }
}
