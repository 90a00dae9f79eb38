/**
 * `npm run bench:forge`: Foundry's invariant tests and our conformance campaign of the same
 * contracts: calls per second on the sound ones, and the time that each side takes to find each
 * canary by the same claim, one after the other on the same core.
 *
 * `--only <protocol>` measures one, `--part rates` or `--part hunts` half of it, `--slice 1/3` a
 * third of its canaries; `--part check` only looks whether the harness is sound and reaches every
 * action. `--json <file>` keeps the figures, in place of what the file had of the same contracts
 * and canaries; `--readme` writes the tables of that file into bench/README.md.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { HARNESSED_PROTOCOLS } from './internal/forgeHarness.ts'
import { checkHarness, measureProtocol } from './internal/forgeMeasure.ts'
import { mergeIntoFile, type ProtocolRecord, readRecord } from './internal/forgeRecord.ts'
import { recordMarkdown, writeIntoReadme } from './internal/forgeTables.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    canary: { type: 'string', multiple: true },
    core: { type: 'string' },
    part: { type: 'string', default: 'all' },
    slice: { type: 'string', default: '1/1' },
    json: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '10' },
    repetitions: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '3' },
    limit: { type: 'string', default: '60' },
  },
})

/** Where the figures of bench/README.md come from unless `--json` names another file. */
const FIGURES = fileURLToPath(new URL('forge/figures.json', import.meta.url))

if (values.readme) {
  writeIntoReadme(readRecord(values.json ?? FIGURES))
} else {
  const [at = 1, of = 1] = values.slice.split('/')
  const options = {
    // The first core serves most of the system's own work.
    core: Number(values.core ?? availableParallelism() - 1),
    seconds: Number(values.seconds),
    repetitions: Number(values.repetitions),
    seeds: Number(values.seeds),
    limitSeconds: Number(values.limit),
    withShrinking: values.shrink,
    withRates: values.part !== 'hunts',
    canaries: values.part === 'rates' ? [] : (values.canary ?? null),
    slice: { at: Number(at) - 1, of: Number(of) },
  }
  const measured: Record<string, ProtocolRecord> = {}
  for (const protocol of values.only ?? HARNESSED_PROTOCOLS) {
    if (values.part === 'check') {
      await checkHarness(protocol, options)
      continue
    }
    measured[protocol] = await measureProtocol(protocol, options, (record) => {
      if (values.json !== undefined) mergeIntoFile(values.json, { [protocol]: record })
    })
  }
  if (values.part !== 'check') process.stdout.write(`${recordMarkdown(measured)}\n`)
}
