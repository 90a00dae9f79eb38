/**
 * How the dashboard becomes one HTML file that makes no request of its own.
 *
 * `npm run build:dashboard` writes it to `dashboards/template.html`, which is committed, so that a
 * report can be written without a build; a test builds it anew and compares. `reports/html.ts`
 * fills in the record.
 */
import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

const LICENCES = `/*! Meterproof dashboard, MIT. Contains modules of D3, Copyright Mike Bostock,
ISC, and csv-stringify, Copyright Adaltas, MIT. */`

export default defineConfig({
  root: 'dashboards',
  base: './',
  publicDir: false,
  logLevel: 'warn',
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
  build: {
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: { output: { banner: LICENCES } },
  },
})
