/**
 * A real browser for the tests: the Chromium inside an npm package, or one that the system has.
 *
 * Without any, tests are skipped with a printed reason; in CI that is a failure, as a page that no
 * browser has opened is not known to work.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** A browser, or the reason why there is none. */
export async function openBrowser(): Promise<Browser | string> {
  try {
    const { chromium } = await import('playwright-core')
    const executablePath = await executable()
    if (executablePath === null) throw new Error('no Chromium was found')
    return await chromium.launch({ executablePath, args: FLAGS, headless: true })
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    if (process.env.CI !== undefined) throw error
    process.stderr.write(`browser tests skipped: ${reason}\n`)
    return reason
  }
}

async function executable(): Promise<string | null> {
  const system = SYSTEM.find((path) => existsSync(path))
  if (process.platform !== 'linux' || process.arch !== 'x64') return system ?? null
  const { default: packed } = await import('@sparticuz/chromium')
  return await packed.executablePath()
}

/** A folder for pages, and its removal. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'meterproof-page-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
