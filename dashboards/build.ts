/** Writes `dashboards/template.html`: what `npm run build:dashboard` does. */
import { writeFileSync } from 'node:fs'
import { buildPage, TEMPLATE_PATH } from './buildPage.ts'

const page = await buildPage()
writeFileSync(TEMPLATE_PATH, page)
process.stderr.write(`wrote dashboards/template.html, ${Math.round(page.length / 1024)} KB\n`)
