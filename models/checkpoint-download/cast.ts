/**
 * Who takes part in campaigns of checkpoint-download, and with which tokens.
 *
 * Seeders bear the names of their roles, but any of them may play any of these roles: `seeder0` of
 * a download may well be `seeder3`.
 */
import type { TokenProfile } from '../kit/token.ts'
import { tokensFor } from '../kit/tokens.ts'
import type { Agreement } from '../kit/trace.ts'

export const DOWNLOADERS = ['downloader0', 'downloader1'] as const

/** As participants, and as roles of a download in the order of its terms. */
export const SEEDERS = [
  'seeder0',
  'seeder1',
  'seeder2',
  'seeder3',
  'seeder4',
  'seeder5',
  'seeder6',
  'seeder7',
] as const

/** Anyone may be a stranger to a download. */
export const DOWNLOAD_PARTICIPANTS = [...DOWNLOADERS, ...SEEDERS, 'stranger'] as const

/** Base units of every token: downloader0 is rich beyond uint128, downloader1 is not. */
export const DOWNLOAD_STARTING_UNITS = {
  downloader0: 1n << 129n,
  downloader1: 1_000_000_000_000n,
} as const

/** Nobody takes a fee, so there is no platform that a token could refuse. */
export const DOWNLOAD_TOKENS: readonly TokenProfile[] = tokensFor({
  payers: DOWNLOADERS,
  providers: SEEDERS,
  platform: [],
}).filter(({ kind }) => kind !== 'refusesPlatform')

const known = new WeakMap<Agreement['roles'], readonly string[]>()

/** The seeders of a download in their order; computed once, as every attempt asks for them. */
export function seedersOf({ roles }: Agreement): readonly string[] {
  const found = known.get(roles)
  if (found !== undefined) return found
  const seeders: string[] = []
  for (let at = 0; ; at += 1) {
    const seeder = roles[`seeder${at}`]
    if (seeder === undefined) break
    seeders.push(seeder)
  }
  known.set(roles, seeders)
  return seeders
}
