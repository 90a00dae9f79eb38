/**
 * Loads the campaigns when a command needs them. They bring the compiler, the chain client and the
 * generators along, and `meterproof --help` should not wait for those.
 */
import type { Campaigns } from './ports.ts'

const MODULE = import.meta.url.endsWith('.ts')
  ? '../property-tests/check.ts'
  : '../property-tests/check.js'

export async function loadCampaigns(): Promise<Campaigns> {
  return (await import(new URL(MODULE, import.meta.url).href)) as Campaigns
}
