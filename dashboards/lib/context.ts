/**
 * What a view gets and what it gives: data in, an element and its keys out.
 */
import type { LifecycleLayouts } from '../../reports/lifecycleGraph.ts'
import type { RunRecord } from '../../reports/record.ts'
import type { ViewId } from '../viewIds.ts'
import type { Story } from './story.ts'

export interface ViewContext {
  readonly record: RunRecord
  readonly layouts: LifecycleLayouts
  readonly stories: readonly Story[]
  readonly params: Readonly<Record<string, string>>
  /** Goes to another view, or to this one anew; the reader can come back. */
  go(view: string, params?: Readonly<Record<string, string>>): void
  /** Notes a change in the address without drawing everything again. */
  note(params: Readonly<Record<string, string>>): void
  /** Says something to a screen reader and in the corner of the page. */
  say(text: string): void
}

export interface View {
  readonly element: HTMLElement
  /** What a key does while the view is shown. */
  readonly keys?: Readonly<Record<string, () => void>>
  /** Where `/` leads. */
  readonly search?: HTMLElement
}

export interface ViewInfo {
  readonly id: ViewId
  readonly label: string
  /** Keys of the view, for the help. */
  readonly help?: readonly (readonly [string, string])[]
  show(context: ViewContext): View
}
