/**
 * The guide's download, played with a change and judged: for tests alone.
 */
import type { Behaviour } from '../behaviour.ts'
import type { WorldOptions } from '../options.ts'
import { runWorld } from '../world.ts'
import { checkpointDownloadWorldInvariants } from '../worldInvariants.ts'
import type { WorldDefects, WorldRun } from '../worldRun.ts'
import { PLAIN_BEHAVIOUR, TABLE_DOWNLOAD } from './tableDownload.ts'

/** Ids of the claims that a run breaks. */
export function broken(run: WorldRun): string[] {
  const judged = checkpointDownloadWorldInvariants.map(({ id, judge }) => ({ id, ...judge(run) }))
  return judged.filter(({ violation }) => violation !== null).map(({ id }) => id)
}

export function download(
  policy: WorldOptions['policy'],
  behaviour: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): WorldRun {
  const whole = { ...PLAIN_BEHAVIOUR, ...behaviour }
  return runWorld({ ...TABLE_DOWNLOAD, policy, ...options, behaviour: whole })
}

/** Claims that a defect breaks and the same download without it does not. */
export function caught(
  defects: WorldDefects,
  behaviour: Partial<Behaviour> = {},
  options: Partial<WorldOptions> = {},
): string[] {
  const healthy = broken(download('hardened', behaviour, options))
  const ids = broken(download('hardened', behaviour, { ...options, defects }))
  return ids.filter((id) => !healthy.includes(id))
}
