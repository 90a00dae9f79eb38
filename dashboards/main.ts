/**
 * The page: reads the record that stands in it, shows one view, and follows the address.
 *
 * With a record in the page it asks for nothing at all. Without one it was served while a run goes
 * on, and asks the server for progress until there is a report to load.
 */
import { bigintReviver } from '../reports/json.ts'
import type { LifecycleLayouts } from '../reports/lifecycleGraph.ts'
import type { RunRecord } from '../reports/record.ts'
import type { View, ViewContext } from './lib/context.ts'
import { h } from './lib/dom.ts'
import { pageFooter, pageHeader } from './lib/frame.ts'
import { helpDialog } from './lib/help.ts'
import { followRun } from './lib/live.ts'
import { canUnpack, TOO_OLD, unpacked } from './lib/packed.ts'
import { storiesOf } from './lib/story.ts'
import { formatHash, parseHash } from './lib/urlState.ts'
import { VIEWS } from './views.ts'
import './styles/theme.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/pieces.css'
import './styles/claims.css'
import './styles/story.css'
import './styles/charts.css'
import './styles/design.css'
import './styles/diagrams.css'
import './styles/sweep.css'
import './styles/dialogs.css'
import './styles/narrow.css'

const textOf = (id: string) => document.getElementById(id)?.textContent ?? ''

function parsed<Data>(text: string): Data {
  return JSON.parse(text, bigintReviver) as Data
}

const app = document.getElementById('app') as HTMLElement
const status = h('p', { class: 'toast', role: 'status', 'aria-live': 'polite' })
const packed = textOf('meterproof-record')

if (packed === '') followRun(app)
else if (canUnpack()) {
  start(parsed<RunRecord>(await unpacked(packed)), parsed(textOf('meterproof-layouts')))
} else app.replaceChildren(h('p', { class: 'problem', role: 'alert' }, TOO_OLD))

function start(run: RunRecord, layouts: LifecycleLayouts): void {
  const stories = storiesOf(run)
  const main = h('main', { id: 'main', tabindex: -1 })
  const header = pageHeader(run, VIEWS)
  const help = helpDialog(VIEWS)
  app.replaceChildren(
    h('a', { class: 'skip', href: '#main', click: skipTo(main) }, 'Skip to the content'),
    header.element,
    main,
    pageFooter(run),
    help,
    status,
  )
  let view: View = { element: main }
  // Set by the page itself, so that a change that a view notes is not drawn again.
  let shownHash = ''
  const show = () => {
    shownHash = location.hash
    const state = parseHash(location.hash, 'claims')
    const info = VIEWS.find(({ id }) => id === state.view) ?? VIEWS[0]
    if (info === undefined) return
    const context: ViewContext = {
      ...{ record: run, layouts, stories, params: state.params, say },
      go: (id, params = {}) => {
        location.hash = formatHash({ view: id, params })
      },
      note: (params) => {
        shownHash = formatHash({ view: info.id, params })
        history.replaceState(null, '', shownHash)
      },
    }
    view = info.show(context)
    main.replaceChildren(h('h1', { class: 'hidden' }, info.label), view.element)
    header.mark(info.id)
    document.title = `${info.label} · meterproof ${run.command}`
  }
  window.addEventListener('hashchange', () => {
    if (location.hash !== shownHash) show()
  })
  document.addEventListener('keydown', (event) => onKey(event, view, help))
  show()
}

function say(text: string): void {
  status.textContent = text
  status.classList.add('is-shown')
  // It goes away with the next key or click, so that nobody has to hurry.
  const hide = () => status.classList.remove('is-shown')
  requestAnimationFrame(() => {
    document.addEventListener('pointerdown', hide, { once: true })
    document.addEventListener('keydown', hide, { once: true })
  })
}

function skipTo(main: HTMLElement): (event: Event) => void {
  return (event) => {
    event.preventDefault()
    main.focus()
  }
}

function onKey(event: KeyboardEvent, view: View, help: HTMLDialogElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return
  const target = event.target instanceof Element ? event.target : null
  const isTyping = target?.closest('input, select, textarea') !== null && target !== null
  if (isTyping) {
    if (event.key === 'Escape') (target as HTMLElement).blur()
    return
  }
  if (event.key === '?') help.showModal()
  else if (event.key === '/' && view.search !== undefined) view.search.focus()
  else {
    const isArrow = event.key.startsWith('Arrow')
    const scrolls = isArrow && target?.closest('.stage-list, .scroll, .scroll-y') !== null
    const action = scrolls && target !== null ? undefined : view.keys?.[event.key]
    if (action === undefined) return
    action()
  }
  event.preventDefault()
}
