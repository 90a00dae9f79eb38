/**
 * Goal: the house rules hold in every file, and every rule can fail.
 * Method: all rules over all files of the project; then each rule on a text that breaks it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { formatComplaint, TIDY_RULES, type TidyFile } from './tidy/tidyRules.ts'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const SKIPPED = ['node_modules', 'dist', '.git', 'reports/out', 'contracts/.cache']
const SKIPPED_MORE = ['contracts/prebuilt', 'contracts/generated.ts']
const TEXT = /\.(ts|js|mjs|sol|md|json|ya?ml|css|html|csv)$|(^|\/)run$/

function projectFiles(folder = ''): TidyFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if ([...SKIPPED, ...SKIPPED_MORE].includes(path)) return []
    if (entry.isDirectory()) return projectFiles(path)
    return TEXT.test(path) ? [{ path, text: readFileSync(join(ROOT, path), 'utf8') }] : []
  })
}

function complaints(files: readonly TidyFile[]): string[] {
  return files.flatMap((file) => TIDY_RULES.flatMap((rule) => rule(file))).map(formatComplaint)
}

test('tidy › every file keeps the house rules', () => {
  const files = projectFiles()

  expect(files.length).toBeGreaterThan(30)
  expect(complaints(files)).toEqual([])
})

const BROKEN: readonly (TidyFile & { readonly complaint: string })[] = [
  {
    path: 'cli/wide.ts',
    text: `const first = 1\n// ${'x'.repeat(98)}\n`,
    complaint: 'cli/wide.ts:2: error: 101 columns, use at most 100',
  },
  {
    path: 'sim/world.ts',
    text: 'const at = Date.now()\n',
    complaint:
      'sim/world.ts:1: error: Date.now in deterministic code, use block time or virtual time',
  },
  {
    path: 'models/kit/money.ts',
    text: 'const odd = Math.random()\n',
    complaint:
      'models/kit/money.ts:1: error: Math.random in deterministic code, use a seeded stream',
  },
  {
    path: 'models/kit/step.ts',
    text: `import type { Lane } ${'from'} '../../sim/chain/lane.ts'\n`,
    complaint: 'models/kit/step.ts:1: error: models imports sim/chain/lane.ts, use only models',
  },
  {
    path: 'reports/html.ts',
    text: `import { main } ${'from'} '../cli/main.ts'\n`,
    complaint: [
      'reports/html.ts:1: error: reports imports cli/main.ts,',
      'use only reports, models/kit/error.ts',
    ].join(' '),
  },
  {
    path: 'cli/later.ts',
    text: `// ${'TO'}DO: think\n`,
    complaint: `cli/later.ts:1: error: ${'TO'}DO without an owner, use ${'TO'}DO(name)`,
  },
  {
    path: 'README.md',
    text: '# One\n\n```sh\n# a comment\n```\n\n# Two\n',
    complaint: 'README.md:7: error: a second title, use ## for a section',
  },
  {
    path: 'NOTES.md',
    text: 'No title.\n',
    complaint: 'NOTES.md:1: error: no title, use one # line',
  },
  {
    path: 'cli/here.ts',
    text: `const path = '/${'home'}/somebody/meterproof'\n`,
    complaint: [
      `cli/here.ts:1: error: '/${'home'}/somebody is a path of one machine,`,
      'use a relative one',
    ].join(' '),
  },
  {
    path: 'package-lock.json',
    text: '{\n "resolved": "https://registry.example/zod.tgz"\n}\n',
    complaint:
      'package-lock.json:2: error: an address of one registry, use npm with the settings in .npmrc',
  },
  {
    path: 'package-lock.json',
    text: '{"packages":{"node_modules/a":{"optionalDependencies":{"b-darwin":"1.0.0"}}}}',
    complaint: [
      'package-lock.json:1: error: node_modules/a may need b-darwin, which is not locked,',
      'use a complete registry',
    ].join(' '),
  },
]

test.each(BROKEN)('tidy › complains: $complaint', ({ path, text, complaint }) => {
  expect(complaints([{ path, text }])).toEqual([complaint])
})

const ALLOWED: readonly TidyFile[] = [
  { path: 'sim/chain/rpc.ts', text: 'setTimeout(give, 5)\nfetch(url)\n' },
  { path: 'sim/chain/lane.test.ts', text: "import { a } from '../../contracts/compile.ts'\n" },
  { path: 'models/kit/trace.ts', text: '// Date.now is refused here\n' },
  { path: 'cli/later.ts', text: `// ${'TO'}DO(ada): think\n` },
  { path: 'cli/program.ts', text: "import { runCheck } from '../property-tests/check.ts'\n" },
]

test.each(ALLOWED)('tidy › lets $path be', (file) => {
  expect(complaints([file])).toEqual([])
})
