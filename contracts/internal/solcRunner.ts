/**
 * The only place that talks to solc-js: standard JSON in, contracts or one clear error out.
 *
 * The compiler is loaded at first use: with a warm cache it never is. Its output is parsed with a
 * schema, as it is foreign data. Warnings are not shown: ours are reviewed, a user's own build
 * shows theirs.
 */
import { createRequire } from 'node:module'
import type { Abi } from 'viem'
import { z } from 'zod'
import { MeterproofError } from '../../models/kit/error.ts'

const require = createRequire(import.meta.url)

/**
 * `optimized` is what would be deployed, for gas figures; `quick` compiles several times faster,
 * for contracts whose gas is of no interest (canaries, mutants).
 */
export type CompileProfile = 'optimized' | 'quick'

/** The part of solc's standard JSON input that we use. */
export interface CompilerInput {
  readonly language: 'Solidity'
  readonly sources: Readonly<Record<string, { readonly content: string }>>
  readonly settings: Readonly<Record<string, unknown>>
}

const OPTIMIZERS: Readonly<Record<CompileProfile, unknown>> = {
  optimized: { enabled: true, runs: 200 },
  quick: {
    // Common subexpression elimination alone is two thirds of the time.
    enabled: true,
    runs: 200,
    details: {
      inliner: false,
      jumpdestRemover: true,
      peephole: true,
      orderLiterals: false,
      deduplicate: false,
      cse: false,
      constantOptimizer: false,
      yul: false,
    },
  },
}

const outputSchema = z.object({
  errors: z
    .array(
      z.object({
        severity: z.string(),
        type: z.string(),
        message: z.string(),
        sourceLocation: z.object({ file: z.string(), start: z.number() }).optional(),
      }),
    )
    .default([]),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.custom<Abi>(
            (items) => z.array(z.object({ type: z.string() })).safeParse(items).success,
          ),
          evm: z.object({
            bytecode: z.object({ object: z.string() }),
            deployedBytecode: z.object({ object: z.string() }),
          }),
        }),
      ),
    )
    .default({}),
  /** Syntax trees, where they were asked for. */
  sources: z.record(z.string(), z.object({ ast: z.unknown().optional() })).default({}),
})

/** What solc says of the contracts of each source. */
export type CompilerOutput = z.infer<typeof outputSchema>

/** Version of the compiler, read without loading it. */
export function compilerVersion(): string {
  const manifest: unknown = require('solc/package.json')
  return z.object({ version: z.string() }).parse(manifest).version
}

/**
 * Standard JSON for `files`, with output for `targets` only. Bytecode carries no metadata, so that
 * it depends on the code alone: not on comments, file names or folders.
 */
export function compilerInput(
  files: ReadonlyMap<string, string>,
  targets: readonly string[],
  profile: CompileProfile,
): CompilerInput {
  const names = [...files.keys()].sort()
  const wanted = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object']
  return {
    language: 'Solidity',
    sources: Object.fromEntries(names.map((name) => [name, { content: files.get(name) ?? '' }])),
    settings: {
      evmVersion: 'cancun',
      optimizer: OPTIMIZERS[profile],
      metadata: { appendCBOR: false, bytecodeHash: 'none' },
      outputSelection: Object.fromEntries(
        [...targets].sort().map((name) => [name, { '*': wanted }]),
      ),
    },
  }
}

/** Runs the compiler on sources that may not compile: its errors are part of the answer. */
export function tryCompiler(input: CompilerInput): CompilerOutput {
  return outputSchema.parse(JSON.parse(loadCompiler()(JSON.stringify(input))))
}

/**
 * Runs the compiler.
 *
 * @throws MeterproofError `MP_COMPILE_SOLIDITY` with `file:line:column` of the first error
 */
export function runCompiler(input: CompilerInput): CompilerOutput {
  const output = tryCompiler(input)
  const errors = output.errors.filter((error) => error.severity === 'error')
  const first = errors[0]
  if (first === undefined) return output
  const where = first.sourceLocation
  const place = where === undefined ? undefined : positionOf(input, where.file, where.start)
  throw new MeterproofError(
    'MP_COMPILE_SOLIDITY',
    `${place === undefined ? '' : `${place}: `}${first.type}: ${first.message}`,
    {
      facts: { errors: errors.length, compiler: `solc ${compilerVersion()}` },
      hint: 'Correct the Solidity source and run the command again.',
    },
  )
}

/** The compiler's answer as it is, for who asks for more of it than contracts. */
export function compilerAnswer(input: CompilerInput): unknown {
  return JSON.parse(loadCompiler()(JSON.stringify(input)))
}

/** `file:line:column`, both counted from 1, for a byte offset. */
function positionOf(input: CompilerInput, file: string, start: number): string {
  const before = Buffer.from(input.sources[file]?.content ?? '')
    .subarray(0, start)
    .toString()
  const lines = before.split('\n')
  return `${file}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

type Compile = (input: string) => string
const solcSchema = z.object({
  compile: z.custom<Compile>((member) => typeof member === 'function'),
})
let compile: Compile | undefined

function loadCompiler(): Compile {
  if (compile !== undefined) return compile
  const before = new Set(process.listeners('unhandledRejection'))
  compile = solcSchema.parse(require('solc')).compile
  // The Emscripten runtime installs a process-wide handler that aborts; errors are ours to handle.
  for (const listener of process.listeners('unhandledRejection')) {
    if (!before.has(listener)) process.off('unhandledRejection', listener)
  }
  return compile
}
