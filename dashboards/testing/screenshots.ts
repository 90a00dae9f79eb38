/**
 * Pictures of every view of a run, for the README: `npm run screenshots [run directory] [folder]`.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { VIEW_IDS } from '../viewIds.ts'
import { openBrowser } from './browser.ts'

const [run = 'reports/out/latest', folder = 'docs/screenshots'] = process.argv.slice(2)

/** Parts of views further down, of a machine that shows them best. */
const PARTS = [
  { name: 'service-levels', view: 'latency', machine: 'token-job/hardened', at: 'Service levels' },
  { name: 'costs', view: 'exposure', machine: 'progressive-escrow/hardened', at: 'gwei a session' },
] as const
/** What stands above a part: the bar that stays in place. */
const BAR_PIXELS = 100

const browser = await openBrowser()
if (typeof browser === 'string') throw new Error(browser)
mkdirSync(folder, { recursive: true })
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, colorScheme })
  for (const view of VIEW_IDS) {
    const page = await context.newPage()
    await page.goto(`${pathToFileURL(resolve(run, 'index.html')).href}#/${view}`)
    await page.waitForSelector('.view')
    await page.screenshot({ path: join(folder, `${view}-${colorScheme}.png`) })
    await page.close()
  }
  for (const { name, view, machine, at } of PARTS) {
    const page = await context.newPage()
    await page.goto(`${pathToFileURL(resolve(run, 'index.html')).href}#/${view}`)
    const choice = page.locator('select').first()
    const offered = await choice.locator('option').allTextContents()
    if (offered.includes(machine)) {
      await choice.selectOption({ label: machine })
      const part = page.getByText(at).first()
      await part.evaluate((element, barPixels) => {
        element.scrollIntoView({ block: 'start', behavior: 'instant' })
        window.scrollBy({ top: -barPixels, behavior: 'instant' })
        return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      }, BAR_PIXELS)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
    }
    await page.close()
  }
  await context.close()
}
await browser.close()
