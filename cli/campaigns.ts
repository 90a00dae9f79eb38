/**
 * Loads the campaigns when a command needs them. They bring the compiler, the chain client and the
 * generators along, and `meterproof --help` should not wait for those.
 */

export async function loadCampaigns() {
  const { runCheck } = await import('../property-tests/check.ts')
  const { replayTrace } = await import('../property-tests/replay.ts')
  return { runCheck, replayTrace }
}

/** What `simulate` and `sweep` run; bound to the compiler and Anvil, too, for the gas. */
export function loadSimulations() {
  return import('../property-tests/simulation/records.ts')
}

/** What `journey` runs: three contracts at once. */
export function loadJourneys() {
  return import('../property-tests/end-to-end/record.ts')
}

/** What `sweep --smallest` runs. */
export async function loadSmallest() {
  const { replayArguments } = await import('../property-tests/replay.ts')
  const { smallestRecord } = await import('../property-tests/simulation/smallestRecord.ts')
  return { replayArguments, smallestRecord }
}

/** Players and canaries of the protocols; they bring the generators along. */
export async function loadPlayers() {
  const { canariesOf } = await import('../property-tests/canaries.ts')
  const { playerOf } = await import('../property-tests/players.ts')
  return { canariesOf, playerOf }
}

/** What `export` writes. */
export function loadExports() {
  return import('../property-tests/export/exportTrace.ts')
}
