/**
 * Goal: the built page works in a real browser, from a disk, for a reader with a mouse, with a
 * keyboard only, and with a screen reader, in light and dark and on a narrow screen.
 * Method: one Chromium, the example run written as a file, no server except for the live view.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleRecord } from '../reports/exampleRecord.ts'
import { livePageHtml, runHtml } from '../reports/html.ts'
import { lifecycleLayouts } from '../reports/lifecycleLayout.ts'
import { buildPage, TEMPLATE_PATH } from './buildPage.ts'
import { openBrowser, temporaryFolder } from './testing/browser.ts'
import { exampleRun } from './testing/exampleRun.ts'
import { type UsePage, violationsOn, withOpenedPage } from './testing/openedPage.ts'
import { VIEW_IDS } from './viewIds.ts'

const browser = await openBrowser()
const folder = temporaryFolder()
const run = exampleRun()
let pageUrl = ''
let bareUrl = ''

beforeAll(async () => {
  const write = (name: string, html: string) => {
    writeFileSync(join(folder.path, name), html)
    return pathToFileURL(join(folder.path, name)).href
  }
  pageUrl = write('index.html', runHtml(run, await lifecycleLayouts(run)))
  const { claims, failures, canaries, coverage, campaigns, samples, ...rest } = exampleRecord()
  const nothing = {
    claims: [],
    failures: [],
    canaries: [],
    coverage: [],
    campaigns: [],
    samples: [],
  }
  bareUrl = write('bare.html', runHtml({ ...rest, ...nothing }))
})

afterAll(async () => {
  if (typeof browser !== 'string') await browser.close()
  folder.remove()
})

test('the committed page is the one that the sources build', async () => {
  const built = await buildPage()

  expect(built === readFileSync(TEMPLATE_PATH, 'utf8'), 'run npm run build:dashboard').toBe(true)
  expect(built.length).toBeLessThan(600 * 1024)
})

/** The browser tells of a new address a moment after the page has set it. */
const showsInAddress = (page: Page, text: RegExp) =>
  page.waitForURL((url) => text.test(url.href), { waitUntil: 'commit', timeout: 5_000 })

const withPage = (hash: string, use: UsePage, options: BrowserContextOptions & PageUrl = {}) =>
  withOpenedPage(browser as Browser, { url: pageUrl, hash, ...options }, use)

interface PageUrl {
  readonly url?: string
}

const HEADINGS: Readonly<Record<string, RegExp>> = {
  claims: /1 claim violated/,
  counterexample: /paid 347 > owed 300/,
  lifecycle: /states and \d+ of \d+ transitions were reached/,
  latency: /p95 is worst under mixed/,
  exposure: /The payer can lose/,
  design: /For a gigabyte without faults session-escrow takes 130 transactions/,
  sweep: /worth having; 6 break a claim/,
  checks: /went unnoticed/,
}

describe.skipIf(typeof browser === 'string')('page', () => {
  test.each(VIEW_IDS)(
    '%s › opens from a disk, asks for nothing, states its finding',
    async (view) => {
      await withPage(view, async ({ page, troubles, requests }) => {
        expect(await page.locator('main').innerText()).toMatch(HEADINGS[view] as RegExp)
        expect(await page.locator('.tabs [aria-current]').getAttribute('data-view')).toBe(view)
        expect(await page.locator('.provenance').innerText()).toContain('0x9e012345…004141')
        expect(troubles).toEqual([])
        expect(
          requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:')),
        ).toEqual([])
      })
    },
  )

  test('a browser that cannot unpack the record says which ones can', async () => {
    const page = await (browser as Browser).newPage()
    try {
      await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'DecompressionStream'))
      await page.goto(pageUrl)
      expect(await page.getByRole('alert').innerText()).toMatch(/Safari 16\.4 or Firefox 113/)
      expect(await page.locator('.view').count()).toBe(0)
    } finally {
      await page.close()
    }
  })

  test.each(VIEW_IDS)('%s › says in words that a run has nothing for it', async (view) => {
    await withPage(
      view,
      async ({ page, troubles }) => {
        expect(await page.locator('main').innerText()).toMatch(/no |No /)
        expect(troubles).toEqual([])
      },
      { url: bareUrl },
    )
  })

  test.each(VIEW_IDS)('%s › is accessible in light and dark, and fits 420 px', async (view) => {
    await withPage(view, async ({ page }) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        expect(await violationsOn(page), colorScheme).toEqual([])
      }
      await page.setViewportSize({ width: 420, height: 900 })
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over).toBeLessThanOrEqual(0)
    })
  })

  test('claims › the grid is one tab stop, arrows move, Enter shows what is behind', async () => {
    await withPage('claims', async ({ page }) => {
      expect(await page.locator('[role="grid"] [tabindex="0"]').count()).toBe(1)
      await page.locator('[role="grid"] [tabindex="0"]').focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      const detail = page.getByLabel('Chosen claim')
      expect(await detail.innerText()).toContain('INV-NO-OVERPAY')
      expect(await detail.innerText()).toContain('regime disconnect')
      await detail.getByRole('link', { name: /Counterexample/ }).click()
      await page.waitForSelector('.story')
      await showsInAddress(page, /id=INV-NO-OVERPAY-as-described/)
    })
  })

  test('claims › slash leads to the filter, and the address keeps it', async () => {
    await withPage('claims', async ({ page }) => {
      await page.keyboard.press('/')
      await page.keyboard.type('s:violated -r:congestion')
      expect(await page.locator('.matrix tbody tr').count()).toBe(1)
      expect(await page.locator('.matrix thead').innerText()).not.toContain('congestion')
      await page.reload()
      expect(await page.locator('#claim-filter').inputValue()).toBe('s:violated -r:congestion')
      await page.locator('#claim-filter').fill('x:1')
      expect(await page.locator('.problem').innerText()).toContain('There is no filter "x:"')
    })
  })

  test('counterexample › j and k step, n finds the divergence, the address follows', async () => {
    await withPage('counterexample?id=INV-NO-OVERPAY-as-described&step=1', async ({ page }) => {
      await page.keyboard.press('j')
      await showsInAddress(page, /step=2/)
      await page.keyboard.press('k')
      await showsInAddress(page, /step=1/)
      await page.keyboard.press('n')
      await showsInAddress(page, /step=3/)
      expect(await page.locator('.step-button[aria-current]').innerText()).toContain('≠ differs')
      expect(await page.locator('.sequence .row.selected.broken').count()).toBe(1)
      const facts = await page.getByLabel('What the step changed').innerText()
      expect(facts).toContain('tutor0 300')
      expect(facts).toContain('tutor0 347')
      await page.reload()
      expect(await page.locator('output').innerText()).toBe('step 3 of 3')
    })
  })

  test('counterexample › shows faults, both clocks, lost messages and the two bars', async () => {
    await withPage('counterexample?id=INV-SILENT-STOP-refuted', async ({ page }) => {
      expect(await page.locator('.sequence .bands .band').count()).toBe(2)
      expect(await page.locator('.sequence .clock').allTextContents()).toContain('359 s')
      expect(await page.locator('.sequence .message.lost .cross').count()).toBeGreaterThan(0)
      expect(await page.locator('.sequence').textContent()).toContain('clock +2.4 s')
      const bars = await page.locator('.progress').getAttribute('aria-label')
      expect(bars).toContain('billed 5 min 47 s of 60 min, delivered 5 min')
      await page.getByRole('radio', { name: 'true time' }).check()
      await showsInAddress(page, /axis=true/)
    })
  })

  test('counterexample › c copies the replay command, or shows it to be copied', async () => {
    await withPage('counterexample?id=INV-NO-OVERPAY-as-described', async ({ page }) => {
      await page.keyboard.press('c')
      await page.waitForSelector('.toast.is-shown')
      expect(await page.locator('.toast').innerText()).toMatch(/Copied|meterproof replay/)
    })
  })

  test('lifecycle › labels and states do not overlap, and the chart fits 1,280 px', async () => {
    for (const machine of ['as-described', 'hardened']) {
      await withPage(`lifecycle?machine=session-escrow/${machine}`, async ({ page }) => {
        const overlaps = await page.evaluate(() => {
          const boxes = [
            ...document.querySelectorAll(
              '.lifecycle .edge-name, .lifecycle .edge-counts, .lifecycle .node rect',
            ),
          ]
          const rects = boxes.map((box) => ({
            text: box.textContent ?? '',
            rect: box.getBoundingClientRect(),
          }))
          return rects.flatMap((a, index) =>
            rects.slice(index + 1).flatMap((b) => {
              const width =
                Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left)
              const height =
                Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top)
              // Lines of one label touch; more than two pixels are an overlap.
              return width > 2 && height > 2 ? [`${a.text} | ${b.text}`] : []
            }),
          )
        })
        expect(overlaps).toEqual([])
        const box = await page.locator('.lifecycle').boundingBox()
        expect((box?.x ?? 0) + (box?.width ?? 9_999)).toBeLessThanOrEqual(1_280)
        expect(await page.locator('.lifecycle .edge.never').count()).toBeGreaterThan(0)
        expect(await page.getByLabel('Never reached', { exact: true }).innerText()).toContain(
          'Never reached',
        )
      })
    }
  })

  test('charts › arrow keys read values, and the table holds the same numbers', async () => {
    await withPage('latency', async ({ page }) => {
      const card = page.locator('figure.card').first()
      await card.locator('.chart-scroll').focus()
      await page.keyboard.press('ArrowRight')
      expect(await card.locator('.readout').innerText()).toMatch(/^p50 /)
      await card.getByRole('button', { name: 'View as table' }).click()
      expect(await card.locator('thead').innerText()).toContain('operations')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        card.getByRole('button', { name: /Download SVG/ }).click(),
      ])
      expect(download.suggestedFilename()).toMatch(/^latency-.*\.svg$/)
    })
  })

  test('checks › stored failures and mutants stand there, unexplained mutants open', async () => {
    await withPage('checks', async ({ page }) => {
      const text = await page.locator('main').innerText()
      expect(text).toContain('1 stored failure still there')
      expect(text).toContain('meterproof replay failures/cap.trace.json')
      expect(text).toContain('1 of 2 mutants were killed')
      const survivors = page.locator('details:has(.diff)')
      expect(await survivors.count()).toBe(2)
      const open = page.locator('details[open] .diff ins')
      expect((await open.allInnerTexts()).map((line) => line.trim())).toEqual([
        '+        if (until <= cap) return;',
      ])
    })
  })

  test('sweep › a range keeps what lies inside, two pins are compared', async () => {
    await withPage('sweep', async ({ page }) => {
      await page.getByText('Axes: order, direction, ranges').click()
      await page.getByLabel('least of silenceTimeoutSeconds').fill('30')
      await page.keyboard.press('Tab')
      expect(await page.locator('main').innerText()).toContain('10 configurations of 25 selected')
      await page
        .getByRole('button', { name: /^Pin configuration/ })
        .first()
        .click()
      expect(await page.locator('main').innerText()).toContain('Pinned: A and B, side by side')
      await showsInAddress(page, /pins=\d+%2C\d+/)
    })
  })

  test('help › opens with a question mark and closes with Escape', async () => {
    await withPage('claims', async ({ page }) => {
      await page.keyboard.press('?')
      expect(await page.locator('dialog.help').isVisible()).toBe(true)
      await page.keyboard.press('Escape')
      expect(await page.locator('dialog.help').isVisible()).toBe(false)
    })
  })

  test('without a script › verdict, claims and replay commands are there', async () => {
    const context = await (browser as Browser).newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(pageUrl)
    const text = await page.locator('main').innerText()
    await context.close()
    expect(text).toContain('1 violated')
    expect(text).toContain('meterproof replay')
  })

  test('live › shows progress and findings, then the report, and keeps the view', async () => {
    let state: 'running' | 'finished' = 'running'
    const live = {
      ...{ schema: 'meterproof.live/1', command: 'run', seed: 7, protocols: ['session-escrow'] },
      ...{ policies: ['hardened'], elapsedMs: 4_000, notices: [], findingsMore: 0 },
      phases: [{ label: 'conformance', done: 120, total: 500, stepsPerSecond: 900 }],
      findings: [{ invariant: 'INV-CAP', evidence: 'paid 2 > cap 1' }],
    }
    const server = createServer((request, response) => {
      const isLive = request.url?.startsWith('/live.json') === true
      response.setHeader('Content-Type', isLive ? 'application/json' : 'text/html')
      if (isLive) response.end(JSON.stringify({ ...live, state }))
      else
        response.end(
          state === 'running' ? livePageHtml() : readFileSync(join(folder.path, 'index.html')),
        )
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    try {
      await withPage(
        'sweep',
        async ({ page, troubles }) => {
          const text = await page.locator('main').innerText()
          expect(text).toContain('Running: 1 finding so far')
          expect(text).toContain('120 of 500 (24 %)')
          state = 'finished'
          await page.waitForSelector('.sweep-charts')
          expect(troubles).toEqual([])
        },
        { url },
      )
    } finally {
      server.close()
    }
  })
})
