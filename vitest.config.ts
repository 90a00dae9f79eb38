/**
 * How the tests run: two workers, as most of them keep an Anvil busy, and time enough for that.
 *
 * There are no retries: a test that fails once has found something.
 */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'reports/out/**'],
    globalSetup: ['property-tests/testing/warmCache.ts'],
    maxWorkers: 2,
    // Modules are loaded once a worker: nothing in them changes but caches of what is pure.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    reporters: ['default'],
  },
})
