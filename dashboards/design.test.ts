/**
 * Goal: a designer can read every curve and every comparison: by eye, by keyboard, as a table, with
 * one protocol as well as with two.
 * Method: the built page in a real browser over made-up records.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleTwoProtocols } from '../reports/exampleProtocols.ts'
import { exampleWorldRecord } from '../reports/exampleWorld.ts'
import { runHtml } from '../reports/html.ts'
import type { RunRecord } from '../reports/record.ts'
import { openBrowser, temporaryFolder } from './testing/browser.ts'
import { type UsePage, violationsOn, withOpenedPage } from './testing/openedPage.ts'

const browser = await openBrowser()
const folder = temporaryFolder()
const pathOf = (name: string) => join(folder.path, `${name}.html`)

beforeAll(() => {
  const one = exampleWorldRecord()
  const { perGigabyte: _, ...withoutDownloads } = one
  const { curves: __, ...withoutCurves } = one
  const records = { two: exampleTwoProtocols(), one, withoutDownloads, withoutCurves }
  for (const [name, record] of Object.entries<RunRecord>(records)) {
    writeFileSync(pathOf(name), runHtml(record))
  }
})
afterAll(async () => {
  if (typeof browser !== 'string') await browser.close()
  folder.remove()
})

const withPage = (name: string, hash: string, use: UsePage) =>
  withOpenedPage(browser as Browser, { url: pathToFileURL(pathOf(name)).href, hash }, use)

const cardOf = (page: Page, title: string) => page.locator('figure.card', { hasText: title })

/** Labels of one chart that lie on each other, by more than two pixels. */
function overlapsOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.chart.curves')].flatMap((chart) => {
      const labels = [...chart.querySelectorAll('.end-label, .axis text')]
      const boxes = labels.map((label) => ({
        text: label.textContent ?? '',
        rect: label.getBoundingClientRect(),
      }))
      return boxes.flatMap((a, index) =>
        boxes.slice(index + 1).flatMap((b) => {
          const width = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left)
          const height = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top)
          return width > 2 && height > 2 ? [`${a.text} | ${b.text}`] : []
        }),
      )
    }),
  )
}

describe.skipIf(typeof browser === 'string')('design', () => {
  test('gigabyte › protocols and policies stand side by side in every regime', async () => {
    await withPage('two', 'design', async ({ page, troubles }) => {
      const text = (await page.locator('main').textContent()) ?? ''
      const card = cardOf(page, 'Transactions: 39.8 to 283 (transactions per GB)')

      expect(text).toContain(
        'For a gigabyte without faults session-escrow takes 130 transactions and stands still ' +
          'for 91 s; token-job takes 39.8 transactions and stands still for 1.41 s',
      )
      expect(text).toContain('token-job locks a deposit in an open channel.')
      expect(await card.locator('rect.bar').count()).toBe(20)
      expect(await card.locator('rect.bar.outlined').count()).toBe(10)
      expect(await card.locator('line.bar-interval').count()).toBe(20)
      expect(await page.locator('.chart-scroll').count()).toBeGreaterThan(12)
      expect(text).not.toMatch(/NaN|undefined|Infinity/)
      expect(troubles).toEqual([])
    })
  })

  test('gigabyte › by keyboard, as a table, and at another price of gas', async () => {
    await withPage('two', 'design', async ({ page }) => {
      const card = cardOf(page, 'Standing still for a payment')
      await card.locator('.chart-scroll').focus()
      await page.keyboard.press('ArrowRight')
      expect(await card.locator('.readout').textContent()).toMatch(
        /^none, session-escrow, as-described: 91 s, interval 90\.8 s to 91\.2 s$/,
      )
      await card.getByRole('button', { name: 'View as table' }).click()
      expect(await card.locator('tbody tr').count()).toBe(20)
      await page.getByText('All of it for a gigabyte').click()
      expect(await page.locator('details.card tbody tr').count()).toBe(20)
      expect(await violationsOn(page)).toEqual([])
      expect(await cardOf(page, 'Cost at 20 gwei: 215 to 1,530').count()).toBe(1)
      await page.getByLabel('Gas price').selectOption('100')
      await page.waitForSelector('text=Cost at 100 gwei: 1,070 to 7,640')
    })
  })

  test('gigabyte › a protocol that is alone shows its own numbers', async () => {
    await withPage('one', 'design', async ({ page }) => {
      const text = (await page.locator('main').textContent()) ?? ''
      const card = cardOf(page, 'Transactions: 130 to 283')

      expect(await card.locator('rect.bar').count()).toBe(10)
      expect(text).toContain('session-escrow locks nothing')
      expect(text).not.toContain('token-job')
    })
  })

  test('curves › one picture a policy on one scale, one for all designs', async () => {
    await withPage('withoutDownloads', 'design', async ({ page }) => {
      const titles = await page.locator('figure.card h3').allTextContents()
      const domains = await page
        .locator('.chart.curves')
        .evaluateAll((charts) =>
          charts.map((chart) => chart.querySelector('.axis-y')?.textContent ?? ''),
        )

      expect(titles).toEqual([
        'as-described: up to 100 % (tail left), at best nothing (tail paid)',
        'hardened: nothing, whatever is chosen',
        'as-described: up to 0.1 plain6 (upfront), at best 0.029 plain6 (×1.5)',
        'hardened: up to 0.03 plain6 (×2), at best 0.029 plain6 (×1.5)',
        'All designs: up to 0.64 plain6 (as-described, at checkpoints), ' +
          'at best 0.05 plain6 (hardened, at checkpoints)',
      ])
      expect([domains[0], domains[2]]).toEqual([domains[1], domains[3]])
      expect(await page.locator('main').textContent()).not.toContain('For a gigabyte')
    })
  })

  test('curves › no label lies on another, in any width', async () => {
    await withPage('two', 'design', async ({ page }) => {
      expect(await page.locator('.chart.curves .end-label').count()).toBeGreaterThan(10)
      expect(await overlapsOn(page)).toEqual([])
      // Two designs that fall together have one label.
      expect(await cardOf(page, 'All designs').locator('.end-label').allTextContents()).toEqual([
        '×1',
        '×2',
        '×4',
        '×2, ×4',
      ])
      await page.setViewportSize({ width: 420, height: 900 })
      expect(await overlapsOn(page)).toEqual([])
    })
  })

  test('curves › arrow keys read exact numbers with units, the table has the same', async () => {
    await withPage('one', 'design', async ({ page }) => {
      const unpaid = cardOf(page, 'as-described: up to 100 %')
      await unpaid.locator('.chart-scroll').focus()
      for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowRight')
      expect(await unpaid.locator('.readout').textContent()).toBe(
        'tail left: 100 % (1,000,000 millionths) at 10 MiB (10,485,759 bytes)',
      )
      const choice = cardOf(page, 'All designs')
      await choice.locator('.chart-scroll').focus()
      await page.keyboard.press('ArrowRight')
      expect(await choice.locator('.readout').textContent()).toBe(
        'as-described, at checkpoints, ×1: 0.01 plain6 at 95 payments',
      )
      await choice.getByRole('button', { name: 'View as table' }).click()
      expect(await choice.locator('tbody tr').first().textContent()).toBe(
        'as-describedat checkpoints×19510,000',
      )
      expect(await violationsOn(page)).toEqual([])
    })
  })

  test('curves › of another protocol are a choice away', async () => {
    await withPage('two', 'design', async ({ page }) => {
      await page.getByLabel('Protocol of the curves').selectOption('token-job')
      await page.waitForFunction(() => location.hash.includes('protocol=token-job'))
      expect(await page.locator('main').textContent()).toContain('token-job. An example')
    })
    await withPage('withoutCurves', 'design', async ({ page }) => {
      expect(await page.locator('.chart.curves').count()).toBe(0)
      expect(await page.locator('main').textContent()).toContain('For a gigabyte')
    })
  })
})
