/**
 * The explained mutants of all protocols. A protocol that needs none has no line here.
 */
import type { Explanation } from './explanation.ts'
import { paymentChannelExplanations } from './payment-channel.ts'
import { sessionEscrowExplanations } from './session-escrow.ts'
import { tokenJobExplanations } from './token-job.ts'

const explanations: Readonly<Record<string, readonly Explanation[]>> = {
  'session-escrow': sessionEscrowExplanations,
  'token-job': tokenJobExplanations,
  'payment-channel': paymentChannelExplanations,
}

/** Why mutants of a protocol's contracts may live. */
export function explanationsOf(protocol: string): readonly Explanation[] {
  return explanations[protocol] ?? []
}
