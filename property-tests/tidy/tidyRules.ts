/**
 * House rules that no linter of ours knows, as pure functions from a file's text to complaints.
 *
 * Lengths of functions and files, focused tests, default exports and barrel files are Biome's
 * business, see `biome.json`. Here is the rest: whole-line limits in comments and strings too, what
 * a folder may use and import, and what must never be committed.
 */

export interface TidyFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** One complaint. Shown as `path:line: error: what, use what`. */
export interface Complaint {
  readonly path: string
  readonly line: number
  readonly what: string
}

export type TidyRule = (file: TidyFile) => readonly Complaint[]

const COLUMNS_MAX = 100

export function formatComplaint({ path, line, what }: Complaint): string {
  return `${path}:${line}: error: ${what}`
}

/** Complains once for each line that `look` has words for. */
function perLine(file: TidyFile, look: (line: string) => string | null): Complaint[] {
  return file.text.split('\n').flatMap((text, index) => {
    const what = look(text)
    return what === null ? [] : [{ path: file.path, line: index + 1, what }]
  })
}

const isCode = (path: string) => /\.(ts|js|sol)$/.test(path)
const isTest = (path: string) => path.endsWith('.test.ts')

/** Code has at most 100 columns; a line that is one long address is let be. */
export const lineLength: TidyRule = (file) => {
  if (!isCode(file.path)) return []
  return perLine(file, (line) => {
    const columns = [...line].length
    if (columns <= COLUMNS_MAX || /^\W*https?:\S+$/.test(line)) return null
    return `${columns} columns, use at most ${COLUMNS_MAX}`
  })
}

interface Ban {
  readonly pattern: RegExp
  readonly name: string
  readonly instead: string
}

const BANS: readonly Ban[] = [
  { pattern: /\bDate\.now\b/, name: 'Date.now', instead: 'block time or virtual time' },
  { pattern: /\bnew Date\(\)/, name: 'new Date()', instead: 'block time or virtual time' },
  { pattern: /\bperformance\.now\b/, name: 'performance.now', instead: 'virtual time' },
  { pattern: /\bMath\.random\b/, name: 'Math.random', instead: 'a seeded stream' },
  { pattern: /\bset(Timeout|Interval|Immediate)\(/, name: 'a timer', instead: 'the event queue' },
  { pattern: /\bfetch\(/, name: 'fetch', instead: 'sim/chain' },
]

/** The models and the world are deterministic; only the part that talks to Anvil may wait. */
export const bannedGlobals: TidyRule = (file) => {
  const pure = /^(models|sim)\//.test(file.path) && !file.path.startsWith('sim/chain/')
  if (!pure || isTest(file.path) || !isCode(file.path)) return []
  return perLine(file, (line) => {
    if (isComment(line)) return null
    const ban = BANS.find(({ pattern }) => pattern.test(line))
    return ban === undefined ? null : `${ban.name} in deterministic code, use ${ban.instead}`
  })
}

/** What each folder may import, besides itself: folders, or single files. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  models: [],
  contracts: ['models'],
  sim: ['models'],
  reports: ['models/kit/error.ts'],
  // Leaves of the record: pure, and fit for a browser.
  dashboards: [
    'reports/record.ts',
    'reports/traceSchema.ts',
    'reports/json.ts',
    'reports/verdict.ts',
    'reports/stepRows.ts',
    'reports/costs.ts',
    'reports/smallest.ts',
    'reports/gigabyte.ts',
    'reports/leaving.ts',
    'reports/lifecycleGraph.ts',
    'reports/live.ts',
    'reports/ladder.ts',
    'reports/mutationFacts.ts',
    'reports/regression.ts',
    'reports/coverageFacts.ts',
  ],
  'property-tests': ['models', 'contracts', 'sim', 'reports'],
}

/** Tests of the chain run real contracts; tests of reports render real traces. */
const TESTS_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  sim: ['contracts'],
  reports: ['models'],
  dashboards: ['models', 'reports'],
}

/** Imports point one way: models, then contracts and sim, then property-tests, then cli. */
export const importDirection: TidyRule = (file) => {
  const folder = file.path.split('/')[0] ?? ''
  const own = MAY_IMPORT[folder]
  if (own === undefined || !/\.(ts|js)$/.test(file.path)) return []
  const isForTests = isTest(file.path) || file.path.includes('/testing/')
  const allowed = [folder, ...own, ...(isForTests ? (TESTS_MAY_IMPORT[folder] ?? []) : [])]
  return perLine(file, (line) => {
    if (isComment(line)) return null
    const specifier = /(?:\bfrom|\bimport\(?)\s*'(\.[^']*)'/.exec(line)?.[1]
    if (specifier === undefined) return null
    const target = joinPath(file.path, specifier)
    if (allowed.some((entry) => target === entry || target.startsWith(`${entry}/`))) return null
    return `${folder} imports ${target}, use only ${allowed.join(', ')}`
  })
}

// Written in pieces, so that this file does not complain about itself; as is the pattern below.
const NOTE = new RegExp(`\\b(${['TO', 'FIX'].join('DO|')}ME)\\b(\\([\\w-]+\\))?`)

/** A note for later names who wrote it, or it is never found again. */
export const ownedNotes: TidyRule = (file) => {
  if (!isCode(file.path)) return []
  return perLine(file, (line) => {
    const note = NOTE.exec(line)
    if (note === null || note[2] !== undefined) return null
    return `${note[1]} without an owner, use ${note[1]}(name)`
  })
}

/** Markdown has one title. Fenced blocks are skipped, as a shell comment is no title. */
export const oneTitle: TidyRule = (file) => {
  if (!file.path.endsWith('.md')) return []
  let isFenced = false
  const titles = perLine(file, (line) => {
    if (line.startsWith('```')) isFenced = !isFenced
    return !isFenced && /^# /.test(line) ? 'a second title, use ## for a section' : null
  })
  if (titles.length === 0) return [{ path: file.path, line: 1, what: 'no title, use one # line' }]
  return titles.slice(1)
}

const MACHINE_FOLDERS = ['home', 'Users', 'root', 'work', 'tmp', 'farm', 'private/var'].join('|')
const MACHINE_PATH = new RegExp(`(^|["'\`\\s(=:])/(${MACHINE_FOLDERS})/[\\w.-]+`)

/** What only one machine has is no use to anybody else. */
export const noMachinePaths: TidyRule = (file) => {
  if (!/\.(ts|js|sol|md|json|ya?ml)$|(^|\/)run$/.test(file.path)) return []
  return perLine(file, (line) => {
    const path = MACHINE_PATH.exec(line)?.[0]
    return path === undefined ? null : `${path.trim()} is a path of one machine, use a relative one`
  })
}

/** The lock file must work behind any registry. */
export const noRegistryInLock: TidyRule = (file) => {
  if (!file.path.endsWith('package-lock.json')) return []
  return perLine(file, (line) =>
    /"resolved":\s*"(https?|git)/.test(line)
      ? 'an address of one registry, use npm with the settings in .npmrc'
      : null,
  )
}

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * A package for another platform must be in the lock file, or `npm ci` refuses to install; npm
 * leaves it out when the lock is written behind a registry that does not offer it.
 */
export const completeLock: TidyRule = ({ path, text }) => {
  if (!path.endsWith('package-lock.json')) return []
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockedPackage> }
  const locked = Object.keys(packages)
  return Object.entries(packages).flatMap(([dependent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !locked.some((place) => place.endsWith(`node_modules/${name}`)))
      .map((name) => {
        const what = `${dependent} may need ${name}, which is not locked, use a complete registry`
        return { path, line: 1, what }
      }),
  )
}

export const TIDY_RULES: readonly TidyRule[] = [
  lineLength,
  bannedGlobals,
  importDirection,
  ownedNotes,
  oneTitle,
  noMachinePaths,
  noRegistryInLock,
  completeLock,
]

function isComment(line: string): boolean {
  return /^\s*(\/\/|\/?\*)/.test(line)
}

function joinPath(importer: string, specifier: string): string {
  const parts = importer.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
