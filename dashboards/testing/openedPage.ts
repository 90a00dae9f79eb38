/**
 * One view of the built page in a real browser, with everything that went wrong on it, and what axe
 * says of it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const AXE_SOURCE = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

export interface Opened {
  readonly page: Page
  /** What went wrong on the page, and every address that it asked for. */
  readonly troubles: string[]
  readonly requests: string[]
}

export type UsePage = (opened: Opened) => Promise<void>

/** Opens a view, hands it to `use`, and closes it whatever happens. */
export async function withOpenedPage(
  browser: Browser,
  options: BrowserContextOptions & { readonly url: string; readonly hash: string },
  use: UsePage,
): Promise<void> {
  const { url, hash, ...rest } = options
  const viewport = { width: 1280, height: 900 }
  const context = await browser.newContext({ viewport, ...rest })
  try {
    const page = await context.newPage()
    const troubles: string[] = []
    const requests: string[] = []
    page.on('pageerror', ({ message }) => troubles.push(message))
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text())
    })
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(`${url}#/${hash}`)
    await page.waitForSelector('.view')
    await use({ page, troubles, requests })
  } finally {
    await context.close()
  }
}

/** What axe finds, one line a rule. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(AXE_SOURCE)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
  })
}
