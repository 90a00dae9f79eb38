/**
 * A Foundry project around an exported test: the test, its configuration, and a copy of every
 * source that it needs, so that it compiles without a network.
 */
import { readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { contractsRoot } from '../../contracts/internal/contractsRoot.ts'
import {
  importClosure,
  type SourceFile,
  solidityFiles,
} from '../../contracts/internal/importClosure.ts'
import type { ExportedRun } from './exportedRun.ts'
import { foundryTest } from './foundryTest.ts'

const CONFIGURATION = `[profile.default]
src = "contracts"
test = "test"
libs = ["lib"]
remappings = ["@openzeppelin/=lib/@openzeppelin/"]
auto_detect_remappings = false
evm_version = "cancun"
optimizer = true
optimizer_runs = 200
`

/** Where a source stands in the project: packages under `lib`, all else under `contracts`. */
const placeOf = (name: string) => (/^\.?\w/.test(name) ? `contracts/${name}` : `lib/${name}`)

/**
 * Files of the project by path.
 *
 * @param fileName of the test, without its ending
 * @param contract path of a user's contract, or null for the one that the trace names
 */
export async function foundryProject(
  run: ExportedRun,
  fileName: string,
  contract: string | null,
): Promise<ReadonlyMap<string, string>> {
  const artifacts = await compileContracts()
  const tokenSource = (name: string) => artifactNamed(artifacts, name).sourceName
  const shipped = (name: string): SourceFile => {
    const path = join(contractsRoot(), name)
    return { name, path, content: readFileSync(path, 'utf8') }
  }
  const { subject, sound, tokens } = run
  const targets = new Map([
    [subject.source, contract === null ? shipped(subject.source) : given(subject.source, contract)],
    ...[sound.sourceName, ...tokens.map((token) => tokenSource(token.contract))].map(
      (name): [string, SourceFile] => [name, shipped(name)],
    ),
  ])
  const sources = importClosure([...targets.values()], {})
  const test = foundryTest(run, {
    underTest: `../${placeOf(subject.source)}`,
    sound: `../${placeOf(sound.sourceName)}`,
    tokenPath: (name) => `../${placeOf(tokenSource(name))}`,
  })
  return new Map([
    [`test/${fileName}.t.sol`, test],
    ['foundry.toml', CONFIGURATION],
    ...[...sources].map(([name, content]): [string, string] => [placeOf(name), content]),
  ])
}

/** A user's file, or the one in a user's folder that was compiled as `name`. */
function given(name: string, contract: string): SourceFile {
  const absolute = resolve(contract)
  const found = statSync(absolute).isDirectory()
    ? solidityFiles(absolute).find((path) => basename(path) === basename(name))
    : absolute
  const path = found ?? absolute
  return { name, path, content: readFileSync(path, 'utf8') }
}
