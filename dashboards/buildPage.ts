/**
 * Builds the page in memory: used by the script that writes the template, and by the test that
 * compares.
 */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const HERE = dirname(fileURLToPath(import.meta.url))
/** The committed result. */
export const TEMPLATE_PATH = join(HERE, 'template.html')

/** The whole page as HTML, with places for the data. */
export async function buildPage(): Promise<string> {
  const result = await build({
    configFile: join(HERE, '..', 'vite.config.ts'),
    root: HERE,
    build: { write: false },
  })
  const outputs = Array.isArray(result) ? result : [result]
  for (const output of outputs) {
    if (!('output' in output)) continue
    const page = output.output.find(({ fileName }) => fileName === 'index.html')
    if (page?.type === 'asset') return String(page.source)
  }
  throw new Error('The build gave no index.html.')
}
