/**
 * Facts of the machine and the tools: the only part of a record that may differ between two runs.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, totalmem } from 'node:os'
import type { RunRecord } from '../reports/record.ts'

const require = createRequire(import.meta.url)
const TOOLS = ['@foundry-rs/anvil', 'solc', 'viem', 'xstate', 'fast-check'] as const

/** Version in the package.json of an installed package, found without importing the package. */
function installedVersion(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const text = readFileSync(`${folder}/${name}/package.json`, 'utf8')
      return (JSON.parse(text) as { version: string }).version
    } catch {
      // Not in this folder; the next one up may have it.
    }
  }
  return 'unknown'
}

export async function toolVersions(): Promise<Record<string, string>> {
  return Object.fromEntries(
    TOOLS.map((name) => [name.replace('@foundry-rs/', ''), installedVersion(name)]),
  )
}

export function wallFacts(options: {
  readonly startedAtMs: number
  readonly workers: number
  readonly steps: number
  readonly notes: readonly string[]
}): RunRecord['wall'] {
  const durationMs = Date.now() - options.startedAtMs
  return {
    startedAtIso: new Date(options.startedAtMs).toISOString(),
    durationMs,
    workers: options.workers,
    stepsPerSecond: Math.round((options.steps * 1000) / Math.max(1, durationMs)),
    host: {
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    notes: [...options.notes],
  }
}
