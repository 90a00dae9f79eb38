/** Names of the views as they stand in addresses; a change breaks links that people have kept. */
export const VIEW_IDS = [
  'claims',
  'counterexample',
  'lifecycle',
  'latency',
  'exposure',
  'design',
  'sweep',
  'checks',
] as const
export type ViewId = (typeof VIEW_IDS)[number]
