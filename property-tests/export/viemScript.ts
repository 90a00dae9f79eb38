/**
 * An exported run as a script for Node that needs viem and an Anvil, and nothing else.
 *
 * It deploys, sends the same transactions in blocks of the same seconds, prints what was predicted
 * beside what happened, and ends with 1 where they part. The chain is put back afterwards.
 */
import { type Abi, decodeFunctionData, type Hex } from 'viem'
import { artifactNamed, compileContracts } from '../../contracts/compile.ts'
import { plainTokenAbi } from '../../contracts/generated.ts'
import { tokenCode } from '../kit/testTokens.ts'
import { addressNames, type ExportedRun } from './exportedRun.ts'
import { VIEM_BODY } from './viemBody.ts'

export async function viemScript(run: ExportedRun): Promise<string> {
  const artifacts = await compileContracts()
  const { file, stage, tokens, subject, constructorData, funded, prelude, kind, fails } = run
  const { finding } = file
  const names = addressNames(run)
  const allNames = [...names].map(([at, name]): [string, string] => [name, at])
  const escrowCode: Hex = `${subject.bytecode}${constructorData.slice(2)}`
  const deployments = [
    ...tokens.map((token) => ({ at: token.address, code: tokenCode(artifacts, token) })),
    { at: stage.escrow, code: escrowCode },
  ]
  const funding = funded.flatMap(({ name, units, approves }) =>
    tokens.map(({ address }) => ({
      ...{ token: address, holder: stage.accounts[name], units, approves },
    })),
  )
  const abi = [...run.abi, ...(plainTokenAbi as Abi)].filter(({ type }) => type === 'function')
  const errors = [...run.abi, ...run.sound.abi].filter(({ type }) => type === 'error')
  const steps = run.steps.map(({ call, text, atSeconds, outcome, checks }) => ({
    ...{ text, atSeconds, from: call.from, to: call.to, ...callOf(run.abi, call.data) },
    expected: outcome,
    checks: checks.map((check) => {
      const { what, value } = check
      if (check.kind === 'word') return { what, value, ...check.place }
      const holder = stage.accounts[check.holder] ?? stage.escrow
      return { what, value, target: stage.tokens[check.token], holder }
    }),
  }))
  const expectation =
    kind === 'prediction'
      ? 'Expected is what the model predicts'
      : 'The model does the same, and the claim is broken: this must not happen again'
  const lines = [
    `// Written by \`meterproof export\`: ${run.title}.`,
    ...(finding === null ? [] : [`// Violated: ${finding.evidence}.`]),
    '//',
    `// ${expectation}; on ${subject.name} the script ends with ${fails ? 1 : 0}.`,
    `// Start a chain with \`anvil --timestamp 1700000000\`, then: node <this file> [url]`,
    "import { createClient, decodeErrorResult, encodeFunctionData } from 'viem'",
    "import { http, publicActions } from 'viem'",
    '',
    `const kind = ${literal(kind)}`,
    `const claim = ${literal(finding?.invariant ?? 'the trace')}`,
    `const chainId = ${stage.chainId}`,
    `const deployer = ${literal(run.deployer)}`,
    `const names = ${literal(Object.fromEntries(allNames))}`,
    `const abi = ${literal(abi)}`,
    `const errors = ${literal(uniqueErrors(errors as Abi))}`,
    `const deployments = ${literal(deployments)}`,
    `const funding = ${literal(funding)}`,
    `const prelude = ${literal(prelude)}`,
    `const steps = ${literal(steps)}`,
    '',
    VIEM_BODY,
  ]
  // Deployed token contracts that are not known by name would be a mistake of ours.
  for (const { contract } of tokens) artifactNamed(artifacts, contract)
  return lines.join('\n')
}

function uniqueErrors(errors: Abi): Abi {
  return errors.filter(
    (item, index) =>
      errors.findIndex((each) => JSON.stringify(each) === JSON.stringify(item)) === index,
  )
}

/** The call by name and arguments where the ABI has it, else its bytes. */
function callOf(abi: Abi, data: Hex) {
  try {
    const decoded = decodeFunctionData({ abi: [...abi, ...(plainTokenAbi as Abi)], data })
    return { functionName: decoded.functionName, args: decoded.args ?? [] }
  } catch {
    return { data }
  }
}

/** A value as JavaScript source. */
function literal(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((each) => literal(each, inner))
    : Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => `${keyText(key)}: ${literal(each, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const oneLine = parts.join(', ')
  if (oneLine.length < 80 && !oneLine.includes('\n')) {
    return parts.length === 0 ? `${open}${close}` : `${open} ${oneLine} ${close}`
  }
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`
}

const keyText = (key: string) => (/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key))
