/**
 * Follows a run: asks the server that served the page for progress, once a second.
 *
 * The address is relative and on the same origin; nothing else is ever asked. When the run is over
 * the page loads itself again, with its hash, and finds the report in its place.
 */
import { bigintReviver } from '../../reports/json.ts'
import { LIVE_PATH, LIVE_SCHEMA, type LiveDocument } from '../../reports/live.ts'
import { liveView } from '../views/liveView.ts'
import { h } from './dom.ts'

const POLL_MS = 1_000
/** After this many failures in a row the server is taken as gone. */
const FAILURES_MAX = 5

export function followRun(app: HTMLElement): void {
  const main = h('main', {}, h('p', { class: 'empty' }, 'Waiting for the run to report.'))
  const header = h(
    'header',
    { class: 'page-header undecided' },
    h(
      'div',
      { class: 'headline' },
      h('h1', { class: 'brand' }, 'meterproof'),
      h('span', { class: 'badge undecided' }, '? running'),
    ),
  )
  app.replaceChildren(header, main)
  let failures = 0
  const ask = async (): Promise<void> => {
    const live = await latest()
    failures = live === null ? failures + 1 : 0
    if (live !== null && live.state === 'finished') {
      location.reload()
      return
    }
    if (live !== null) main.replaceChildren(liveView(live))
    if (failures < FAILURES_MAX) setTimeout(() => void ask(), POLL_MS)
    else
      main.prepend(
        h(
          'p',
          { class: 'problem', role: 'alert' },
          'The server no longer answers. Below is the last that it said; load again to go on.',
        ),
      )
  }
  void ask()
}

async function latest(): Promise<LiveDocument | null> {
  try {
    const response = await fetch(LIVE_PATH, { cache: 'no-store' })
    if (!response.ok) return null
    const live = JSON.parse(await response.text(), bigintReviver) as LiveDocument
    return live.schema === LIVE_SCHEMA ? live : null
  } catch {
    return null
  }
}
