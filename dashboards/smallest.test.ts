/**
 * Goal: how small a parameter may be can be read on the page by everybody: the answer, the run that
 * loses one below it, the bounds above it, and what was tried.
 * Method: the built page in a real browser, over made-up answers of each kind and nothing swept.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleWorldRecord } from '../reports/exampleWorld.ts'
import { runHtml } from '../reports/html.ts'
import type { RunRecord, Scenario } from '../reports/record.ts'
import { openBrowser, temporaryFolder } from './testing/browser.ts'
import { type UsePage, violationsOn, withOpenedPage } from './testing/openedPage.ts'

const browser = await openBrowser()
const folder = temporaryFolder()
const path = join(folder.path, 'index.html')
const url = pathToFileURL(path).href

/** What `sweep --smallest` writes: answers, and the losing run as a scenario with its command. */
function answersOnly(): RunRecord {
  const { sweep: _, scenarios = [], failures: __, ...record } = exampleWorldRecord()
  const [scenario] = scenarios as [Scenario]
  const title = 'run 173 loses 470,000 base units at silenceTimeoutSeconds 46'
  const replayCommand = 'npx meterproof replay reports/out/example/smallest.trace.json'
  const kind = 'counterexample'
  return { ...record, failures: [], scenarios: [{ ...scenario, title, replayCommand, kind }] }
}

beforeAll(() => writeFileSync(path, runHtml(answersOnly())))
afterAll(async () => {
  if (typeof browser !== 'string') await browser.close()
  folder.remove()
})

const withPage = (hash: string, use: UsePage) =>
  withOpenedPage(browser as Browser, { url, hash }, use)

describe.skipIf(typeof browser === 'string')('page', () => {
  test('smallest › answer, edge and bounds are stated, for each design', async () => {
    await withPage('sweep', async ({ page, troubles }) => {
      const text = () => page.locator('main').textContent()
      expect(await text()).toContain('47 s is the smallest without a loss in 400 runs, nor in 400')
      expect(await text()).toContain(
        'run 173 loses 470,000 base units at 46 s, and nothing at 47 s',
      )
      expect(await text()).toContain('mean loss at most 268,609 base units of 36,000,000 at stake')
      expect(await text()).not.toMatch(/NaN|undefined|Infinity/)

      await page.getByLabel('Design').selectOption({ index: 1 })
      await page.getByText('but not safe: 1 of 400 fresh ones lose').first().waitFor()
      expect(page.url()).toContain('smallest=1')
      expect(await text()).toContain('larger is not always safer')

      await page.getByLabel('Design').selectOption({ index: 2 })
      await page.getByText('from 5 s to 600 s is without a loss').first().waitFor()
      expect(troubles).toEqual([])
    })
  })

  test('smallest › is accessible in light and dark, and fits 420 px', async () => {
    await withPage('sweep?smallest=1', async ({ page }) => {
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

  test('smallest › the chart is read with arrow keys, its table has the same numbers', async () => {
    await withPage('sweep', async ({ page }) => {
      const card = page.locator('figure.card').first()
      expect(await card.locator('svg').getAttribute('role')).toBe('img')
      await card.locator('.chart-scroll').focus()
      await page.keyboard.press('ArrowRight')
      expect(await card.locator('.readout').textContent()).toMatch(/^5 s: 310 of 400 lose, 77.5 %/)
      expect(await card.locator('[data-read^="answer, 47 s: 0 of 400 lose"]').count()).toBe(1)
      expect(await card.locator('.trial.losing path').count()).toBe(7)
      expect(await card.locator('.trial:not(.losing) circle').count()).toBe(5)
      await card.getByRole('button', { name: 'View as table' }).click()
      expect((await card.locator('tbody td').allTextContents()).slice(0, 4)).toEqual([
        ...['5', '310', '400', '0.775'],
      ])
    })
  })

  test('smallest › leads to the losing run, and from there to its replay command', async () => {
    await withPage('sweep', async ({ page, troubles }) => {
      await page.getByRole('link', { name: 'Step through the losing run' }).click()
      await page.waitForSelector('.story')
      expect(await page.locator('output').textContent()).toBe('step 5 of 5')
      const text = await page.locator('main').textContent()
      expect(text).toContain('run 173 loses 470,000 base units at silenceTimeoutSeconds 46')
      expect(text).toContain('npx meterproof replay reports/out/example/smallest.trace.json')
      await page.keyboard.press('c')
      await page.waitForSelector('.toast.is-shown')
      expect(await page.locator('.toast').textContent()).toMatch(/Copied|meterproof replay/)
      expect(troubles).toEqual([])
    })
  })
})
