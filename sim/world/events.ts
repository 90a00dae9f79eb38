/**
 * The events of a world's queue.
 */
import type { AnyMessage, Input, Submission } from './actors.ts'
import type { ChainView } from './chainSide.ts'

export type WorldEvent<Message extends AnyMessage, Reading> =
  | {
      readonly kind: 'input'
      readonly actor: string
      readonly input: Input<Message, ChainView<Reading>>
    }
  | {
      readonly kind: 'arrival'
      readonly from: string
      readonly to: string
      readonly message: Message
      readonly sentMs: number
    }
  | { readonly kind: 'look'; readonly actor: string }
  | { readonly kind: 'submit'; readonly actor: string; readonly submission: Submission }
  | { readonly kind: 'path' }
  | { readonly kind: 'slot' }
  | { readonly kind: 'reorg'; readonly depth: number }
  | { readonly kind: 'drop'; readonly sender: string }

export type ArrivalEvent<Message extends AnyMessage, Reading> = Extract<
  WorldEvent<Message, Reading>,
  { kind: 'arrival' }
>
