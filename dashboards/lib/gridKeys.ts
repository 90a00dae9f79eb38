/**
 * Keys of an ARIA grid: one tab stop, arrows move, Home and End run to the ends, Enter acts.
 */

/** Makes the cells of a `role="grid"` table roam. */
export function attachGridKeys(table: HTMLTableElement): void {
  const rows = () =>
    [...table.tBodies].flatMap(({ rows: all }) =>
      [...all].map((row) => [...row.querySelectorAll<HTMLElement>('[role="gridcell"]')]),
    )
  const place = (cell: Element | null) => {
    const all = rows()
    const row = all.findIndex((cells) => cells.includes(cell as HTMLElement))
    return { all, row, column: all[row]?.indexOf(cell as HTMLElement) ?? -1 }
  }
  const focus = (cell: HTMLElement | undefined) => {
    if (cell === undefined) return
    for (const other of table.querySelectorAll('[tabindex="0"]'))
      other.setAttribute('tabindex', '-1')
    cell.setAttribute('tabindex', '0')
    cell.focus()
  }
  rows()[0]?.[0]?.setAttribute('tabindex', '0')
  table.addEventListener('keydown', (event) => {
    const { all, row, column } = place(event.target as Element)
    if (row === -1) return
    const next = (): HTMLElement | undefined => {
      if (event.key === 'ArrowRight') return all[row]?.[column + 1]
      if (event.key === 'ArrowLeft') return all[row]?.[column - 1]
      if (event.key === 'ArrowDown') return all[row + 1]?.[column]
      if (event.key === 'ArrowUp') return all[row - 1]?.[column]
      if (event.key === 'Home') return event.ctrlKey ? all[0]?.[0] : all[row]?.[0]
      if (event.key === 'End') return event.ctrlKey ? all.at(-1)?.at(-1) : all[row]?.at(-1)
      return undefined
    }
    const isMove = /^(Arrow(Right|Left|Up|Down)|Home|End)$/.test(event.key)
    const isAct = event.key === 'Enter' || event.key === ' '
    if (!isMove && !isAct) return
    event.preventDefault()
    event.stopPropagation()
    if (isAct) (event.target as HTMLElement).click()
    else focus(next())
  })
  table.addEventListener('click', ({ target }) => {
    focus((target as Element).closest<HTMLElement>('[role="gridcell"]') ?? undefined)
  })
}
