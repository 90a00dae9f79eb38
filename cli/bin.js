#!/usr/bin/env node
/**
 * The `meterproof` command. A packed install has only `dist/`; a checkout has the sources, which
 * run through tsx, so that nothing has to be built by hand. Must not do anything else.
 */
import { existsSync } from 'node:fs'

const EXIT_INTERNAL = 70

try {
  if (existsSync(new URL('./main.ts', import.meta.url))) {
    const { register } = await import('tsx/esm/api')
    register()
    await import('./main.ts')
  } else {
    await import('../dist/cli/main.js')
  }
} catch (error) {
  process.stderr.write(`Meterproof cannot be loaded: ${error.message}\n`)
  process.stderr.write('Hint: Run `npm ci` again.\n')
  process.exit(EXIT_INTERNAL)
}
