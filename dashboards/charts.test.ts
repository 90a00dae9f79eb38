/**
 * Goal: every chart draws what it drew before.
 * Method: the gallery, bundled and run in a real browser; SVG with numbers rounded, as files that a
 * reviewer can look at. Charts measure nothing, so fonts cannot change them.
 */
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, describe, expect, test } from 'vitest'
import { openBrowser } from './testing/browser.ts'
import { GALLERY } from './testing/gallery.ts'

const browser = await openBrowser()

afterAll(async () => {
  if (typeof browser !== 'string') await browser.close()
})

/** The gallery as one script that leaves its charts in `gallery`. */
async function bundledGallery(): Promise<string> {
  const result = await build({
    ...{ configFile: false, logLevel: 'warn', root: import.meta.dirname },
    build: {
      ...{ write: false, minify: false, target: 'es2022' },
      lib: {
        entry: join(import.meta.dirname, 'testing', 'gallery.ts'),
        ...{ formats: ['iife'], name: 'gallery' },
      },
    },
  })
  for (const output of Array.isArray(result) ? result : [result]) {
    if (!('output' in output)) continue
    for (const chunk of output.output) if (chunk.type === 'chunk') return chunk.code
  }
  throw new Error('The gallery could not be bundled.')
}

/** One element a line, numbers to one decimal. */
function tidied(svg: string): string {
  const rounded = svg.replace(/-?\d+\.\d+/g, (number) =>
    String(Math.round(Number(number) * 10) / 10),
  )
  return `${rounded.replaceAll('><', '>\n<')}\n`
}

describe.skipIf(typeof browser === 'string')('charts', async () => {
  const drawn = typeof browser === 'string' ? {} : await drawAll()

  async function drawAll(): Promise<Record<string, string>> {
    if (typeof browser === 'string') return {}
    const page = await browser.newPage()
    await page.addScriptTag({ content: await bundledGallery() })
    return page.evaluate(() => {
      const { gallery } = globalThis as unknown as {
        gallery: { GALLERY: Record<string, () => SVGSVGElement> }
      }
      const charts = Object.entries(gallery.GALLERY)
      return Object.fromEntries(charts.map(([name, draw]) => [name, draw().outerHTML]))
    })
  }

  test.each(Object.keys(GALLERY))('%s › draws as before', async (name) => {
    const svg = drawn[name] ?? ''
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    await expect(tidied(svg)).toMatchFileSnapshot(`golden/${name}.svg`)
  })

  test.each(Object.keys(GALLERY))('%s › has a label and no ids', (name) => {
    expect(drawn[name]).toMatch(/^<svg[^>]*aria-label="example"/)
    expect(drawn[name]).not.toMatch(/\bid="/)
  })
})
