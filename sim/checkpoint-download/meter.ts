/**
 * as-described: the downloader's client meters. It reports what has arrived, seeder by seeder, when
 * the checkpoint is reached or the file is complete; a cheat reports less, later, or nothing.
 */
import type { DownloadView, Intent } from './actors.ts'
import type { DownloaderConfig, DownloaderState, SourceBook } from './downloaderState.ts'
import { reportIntent } from './intents.ts'

const BPS = 10_000

/** What the client says has arrived from a seeder. */
function saidBytes({ behaviour }: DownloaderConfig, { arrivedBytes }: SourceBook): number {
  const { cheat, cheatBps } = behaviour
  if (cheat === 'nothing') return 0
  return cheat === 'less' ? Math.floor((arrivedBytes * (BPS - cheatBps)) / BPS) : arrivedBytes
}

function isDue(
  { behaviour, terms }: DownloaderConfig,
  { book }: DownloaderState,
  view: DownloadView,
  totalBytes: number,
): boolean {
  if (book.haveBytes === terms.fileBytes) return true
  if (terms.mode === 'upfront') return false
  const { cheat, cheatBps } = behaviour
  const late = cheat === 'late' ? Math.floor((view.segmentBytes * cheatBps) / BPS) : 0
  return totalBytes >= view.thresholdBytes + late
}

/**
 * The next report; null when nothing is to be said. The largest comes last, so that the others are
 * known when the checkpoint is reached.
 */
export function reportWanted(
  config: DownloaderConfig,
  state: DownloaderState,
  view: DownloadView,
): Intent | null {
  const { sources } = state.book
  let totalBytes = 0
  for (const source of sources) totalBytes += saidBytes(config, source)
  if (!isDue(config, state, view, totalBytes)) return null
  const news = sources
    .map((source, seeder) => {
      const bytes = saidBytes(config, source)
      return { seeder, bytes, more: bytes - (view.deliveredBytes[seeder] ?? 0) }
    })
    .filter(({ more }) => more > 0)
    .sort((a, b) => a.more - b.more || a.seeder - b.seeder)
  const [next] = news
  return next === undefined ? null : reportIntent(next.seeder, next.bytes)
}
