/**
 * Where the Solidity file of a checked contract is on this machine.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { userSource } from '../../contracts/compile.ts'
import { contractsRoot } from '../../contracts/internal/contractsRoot.ts'
import { solidityFiles } from '../../contracts/internal/importClosure.ts'

/**
 * @param source as the checked contract names its file
 * @param contract what a user has given to be checked, or null for ours
 */
export function solidityFileOf(source: string, contract: string | null): string {
  if (contract === null) return join(contractsRoot(), source)
  if (!statSync(contract).isDirectory()) return contract
  return solidityFiles(contract).find((path) => userSource(path).name === source) ?? contract
}
