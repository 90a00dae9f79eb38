/**
 * What is on a chart, as a table: the text alternative on the page and the CSV that is downloaded.
 */
import { stringify } from 'csv-stringify/browser/esm/sync'

export type Cell = string | number | bigint | null

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** RFC 4180 with a header line; a cell that a spreadsheet would run as a formula is defused. */
export function toCsv({ columns, rows }: Table): string {
  return stringify([[...columns], ...rows.map((row) => [...row])], {
    escape_formulas: true,
    record_delimiter: '\r\n',
  })
}
