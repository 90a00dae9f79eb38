/**
 * Pictures of every view of a run, for the README: `npm run screenshots [run directory] [folder]`.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { VIEW_IDS } from '../viewIds.ts'
import { openBrowser } from './browser.ts'

const [run = 'reports/out/latest', folder = 'docs/screenshots'] = process.argv.slice(2)
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
  await context.close()
}
await browser.close()
