/**
 * Takes a chart along: its table as CSV, its picture as an SVG that stands on its own.
 */
import { type Table, toCsv } from './csv.ts'
import { h } from './dom.ts'

/** What CSS decides about a chart, and a file of its own must therefore carry. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'display',
] as const

function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  h('a', { href: url, download: name }).click()
  // The click has started the download; the address is needed no longer than that.
  requestAnimationFrame(() => URL.revokeObjectURL(url))
}

export function downloadCsv(name: string, table: Table): void {
  download(name, 'text/csv;charset=utf-8', toCsv(table))
}

export function downloadSvg(name: string, chart: SVGSVGElement): void {
  download(name, 'image/svg+xml', standaloneSvg(chart))
}

/** The markup of a chart on the page with its computed styles written into it. */
export function standaloneSvg(chart: SVGSVGElement): string {
  const copy = chart.cloneNode(true) as SVGSVGElement
  const originals = [chart, ...chart.querySelectorAll('*')]
  const copies = [copy, ...copy.querySelectorAll('*')]
  originals.forEach((original, index) => {
    const computed = getComputedStyle(original)
    const style = STYLES.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(';')
    copies[index]?.setAttribute('style', style)
  })
  const background = getComputedStyle(document.body).backgroundColor
  copy.setAttribute('style', `${copy.getAttribute('style') ?? ''};background:${background}`)
  return new XMLSerializer().serializeToString(copy)
}
