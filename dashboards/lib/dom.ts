/**
 * Elements without a framework: one function that makes them, text always as text.
 *
 * There is no way to pass markup, so no string of a record can become any.
 */

export type Child = Node | string | number | null | undefined | false
export type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
>

/** An HTML element. Attributes that are null, undefined or false are left out. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value)
    else if (value === true) element.setAttribute(key, '')
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, String(value))
    }
  }
  append(element, children)
  return element
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)))
  }
}

/** A button that says what it does. */
export function button(label: Child, onClick: () => void, attributes: Attributes = {}) {
  return h('button', { type: 'button', click: onClick, ...attributes }, label)
}

export interface Option {
  readonly value: string
  readonly label: string
}

/** A labelled choice. */
export function choice(options: {
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  onChange(value: string): void
}): HTMLElement {
  const select = h('select', {
    change: () => options.onChange(select.value),
  })
  for (const { value, label } of options.options) {
    select.append(h('option', { value, selected: value === options.value }, label))
  }
  return h('label', { class: 'choice' }, h('span', {}, options.label), select)
}

/** A switch with two or more positions, as radio buttons. */
export function segmented(options: {
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  onChange(value: string): void
}): HTMLElement {
  const group = h('fieldset', { class: 'segmented' }, h('legend', {}, options.label))
  const name = `segmented-${options.label.replace(/\W+/g, '-').toLowerCase()}`
  for (const { value, label } of options.options) {
    const input = h('input', {
      ...{ type: 'radio', name, value, checked: value === options.value },
      change: () => options.onChange(value),
    })
    group.append(h('label', {}, input, h('span', {}, label)))
  }
  return group
}
