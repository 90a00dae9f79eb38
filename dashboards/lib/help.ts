/** The keys, on `?`. */
import type { ViewInfo } from './context.ts'
import { button, h } from './dom.ts'

const EVERYWHERE = [
  ['?', 'this help'],
  ['/', 'search, where a view has a filter'],
  ['Tab', 'next control; each chart is one stop'],
  ['arrows', 'inside a chart: read its values one by one'],
  ['Esc', 'leave a field or this help'],
] as const

export function helpDialog(views: readonly ViewInfo[]): HTMLDialogElement {
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' })
  const list = (keys: readonly (readonly [string, string])[]) =>
    h(
      'dl',
      {},
      ...keys.map(([key, what]) => h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, what))),
    )
  const own = views.flatMap(({ label, help }) =>
    help === undefined ? [] : [h('h3', {}, label), list(help)],
  )
  dialog.append(
    h('h2', { id: 'help-title' }, 'Keys'),
    list(EVERYWHERE),
    ...own,
    button('Close', () => dialog.close(), { autofocus: true }),
  )
  return dialog
}
