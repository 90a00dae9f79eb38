/**
 * `npm run docs:depth -- <run>… [--bench <file>]`: puts what run records and a measurement beside
 * Foundry say into docs/depth.json and into the table of the README. Nobody types these figures.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { depthRowSchema, depthRows, mergedRows, withDepthTable } from '../reports/depthTable.ts'
import { readRun } from '../reports/readRun.ts'
import { PROTOCOLS } from './catalogue.ts'
import { packageFile } from './packageRoot.ts'

const rowsSchema = z.array(depthRowSchema)
const rateSchema = z.array(z.object({ callsPerCpuSecond: z.number() }))
/** What is read of the file that `bench:forge` writes. */
const benchSchema = z.record(
  z.string(),
  z.object({
    rates: z.array(z.object({ contract: z.string(), ours: rateSchema, foundry: rateSchema })),
  }),
)

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { bench: { type: 'string' } },
})
const [figures, readme] = [packageFile('docs/depth.json'), packageFile('README.md')]
const old = rowsSchema.parse(JSON.parse(readFileSync(figures, 'utf8')))
const more = depthRows(positionals.map(readRun), values.bench ? ratesIn(values.bench) : [])
const places = PROTOCOLS.map(({ id }) => id as string)
const rows = mergedRows(old, more)
  .filter(({ protocol }) => places.includes(protocol))
  .sort((a, b) => places.indexOf(a.protocol) - places.indexOf(b.protocol))
writeFileSync(figures, `${JSON.stringify(rows, null, 2)}\n`)
writeFileSync(readme, withDepthTable(readFileSync(readme, 'utf8'), rows))

function ratesIn(file: string) {
  const measured = benchSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return Object.entries(measured).flatMap(([protocol, { rates }]) =>
    rates
      .filter(({ contract }) => contract.endsWith('Hardened'))
      .map(({ ours, foundry }) => ({
        protocol,
        ours: ours.map(({ callsPerCpuSecond }) => callsPerCpuSecond),
        foundry: foundry.map(({ callsPerCpuSecond }) => callsPerCpuSecond),
      })),
  )
}
