/**
 * Goal: a record of several protocols on several chains can be read as well as one of one: every
 * view tells them apart, each in its own words and units.
 * Method: the built page in a real browser, over a made-up record of two protocols.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleTwoProtocols } from '../reports/exampleProtocols.ts'
import { runHtml } from '../reports/html.ts'
import type { RunRecord } from '../reports/record.ts'
import { openBrowser, temporaryFolder } from './testing/browser.ts'
import { type UsePage, violationsOn, withOpenedPage } from './testing/openedPage.ts'
import { VIEW_IDS } from './viewIds.ts'

const browser = await openBrowser()
const folder = temporaryFolder()
const path = join(folder.path, 'index.html')
const url = pathToFileURL(path).href
beforeAll(() => writeFileSync(path, runHtml(onTwoChains(exampleTwoProtocols()))))
afterAll(async () => {
  if (typeof browser !== 'string') await browser.close()
  folder.remove()
})

/** The record with everything that is told apart by chain twice. */
function onTwoChains(record: RunRecord): RunRecord {
  const twice = <Item extends object>(items: readonly Item[] = []) =>
    ['l1', 'l2'].flatMap((profile) => items.map((item) => ({ ...item, profile })))
  const { regimes, latency, exposure, leakage, metrics, bounds, costs } = record
  return {
    ...record,
    ...{ regimes: twice(regimes), latency: twice(latency), exposure: twice(exposure) },
    ...{ leakage: twice(leakage), metrics: twice(metrics), bounds: twice(bounds) },
    costs: twice(costs),
  }
}

const withPage = (hash: string, use: UsePage) =>
  withOpenedPage(browser as Browser, { url, hash }, use)

describe.skipIf(typeof browser === 'string')('page', () => {
  test.each(VIEW_IDS)('%s › shows several protocols and chains, accessibly', async (view) => {
    await withPage(
      `${view}?machine=token-job%2Fas-described&chain=l2`,
      async ({ page, troubles }) => {
        const html = await page.locator('main').innerHTML()
        expect(html).toContain('token-job')
        expect(html).not.toMatch(/NaN|undefined|Infinity/)
        expect(await violationsOn(page)).toEqual([])
        expect(troubles).toEqual([])
      },
    )
  })

  test('latency › service levels of every regime and chain, as picture and as table', async () => {
    const hash = 'latency?machine=token-job%2Fas-described&chain=l2'
    await withPage(hash, async ({ page }) => {
      const card = page.locator('figure.card', { hasText: 'approved within 15 s' })
      expect(await card.locator('circle.level').count()).toBe(10)
      expect(await card.locator('h3').textContent()).toContain('under mixed, l1, at worst')
      expect(await page.getByLabel('Chain').inputValue()).toBe('l2')
      expect(await page.getByLabel('Stage').textContent()).toContain('prompt → answer')
      await card.locator('.chart-scroll').focus()
      await page.keyboard.press('ArrowRight')
      expect(await card.locator('.readout').textContent()).toMatch(/^none, l1: 85 %, interval/)
      await card.getByRole('button', { name: 'View as table' }).click()
      expect(await card.locator('thead').textContent()).toContain('undecided')
    })
  })

  test('exposure › leakage in tokens, costs at the chosen price, what they protect', async () => {
    await withPage('exposure?machine=token-job%2Fas-described&gwei=1', async ({ page }) => {
      const text = await page.locator('main').textContent()
      // One chain is shown, so there is one picture of each regime.
      const pictures = page.locator('figure.card h3', { hasText: /^mixed: worst/ })
      expect(await pictures.count()).toBe(1)
      expect(text).toContain('After the last service, up to 1,050 tokens are still billed')
      expect(text).toContain('none: heartbeat calls cost 2.02x what they protect at 5 gwei')
      const card = page.locator('figure.card', { hasText: 'At 1 gwei a session costs up to' })
      expect(await card.locator('.worst-tick').count()).toBe(5)
      expect(await card.locator('.legend').textContent()).toContain('protected by signs of life')
      await page.getByLabel('Gas price').selectOption('100')
      await page.waitForSelector('text=At 100 gwei a session costs')
    })
  })
})
