/**
 * solc-js behind the two calls that forge makes of a native compiler: `--version` and
 * `--standard-json`. The npm registry has no native solc.
 */
const { readFileSync } = require('node:fs')
const { version, compile } = require('solc')

if (process.argv.includes('--version')) {
  const said = version().replace('.clang', '.g++')
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${said}\n`)
} else {
  process.stdout.write(compile(readFileSync(0, 'utf8')))
}
