/**
 * What one worker does with mutants: compiles a few of them in one run, hunts each, and looks
 * whether those that survive were reached at all.
 *
 * A piece is a pure function of its description. The worker keeps its Anvil, prepared with the
 * sound contract and all plans, and what it knows of each code: changes may give the same one.
 */
import { type Hex, keccak256 } from 'viem'
import { z } from 'zod'
import { assert } from '../../models/kit/error.ts'
import type { Policy } from '../../models/kit/trace.ts'
import { playerOf } from '../players.ts'
import { type Compiled, type ContractSources, compileCopies } from './compileMutants.ts'
import { type Hunted, type Hunter, openHunter } from './hunter.ts'
import type { Mutant } from './mutants.ts'
import { mutationPlans } from './mutationPlans.ts'
import type { Edit } from './operator.ts'

/** What all pieces of one contract share. */
export interface MutationSetting {
  readonly protocol: string
  readonly policy: Policy
  readonly sources: ContractSources
  readonly seed: number
  readonly sequences: number
}

export interface MutationPiece {
  readonly setting: MutationSetting
  readonly mutants: readonly Pick<Mutant, 'file' | 'edit' | 'probe'>[]
}

/** What became of one mutant. */
export const triedSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('stillborn'), reason: z.string() }),
  z.strictObject({ status: z.literal('equivalent') }),
  z.strictObject({
    status: z.literal('killed'),
    /** keccak256 of its bytecode: mutants with the same one are the same. */
    code: z.string(),
    by: z.array(z.string()),
    evidence: z.string(),
  }),
  z.strictObject({
    status: z.literal('survived'),
    code: z.string(),
    /** Whether any plan executes what was changed. */
    reached: z.boolean(),
    /** Whether any answer differs from that of the sound contract. */
    differs: z.boolean(),
  }),
])

export type Tried = z.infer<typeof triedSchema>

export interface MutationRunner {
  run(piece: MutationPiece): Promise<readonly Tried[]>
  close(): Promise<void>
}

/** A contract with everything that its mutants need. */
interface Workplace {
  readonly name: string
  readonly original: Hex
  readonly hunter: Hunter
  /** By bytecode. */
  readonly hunted: Map<Hex, Hunted>
  /** By the change that makes a statement fail. */
  readonly reached: Map<string, boolean>
}

/** Runs pieces of one contract after the other; the last one's Anvil stays. */
export function createMutationRunner(): MutationRunner {
  let current: Workplace | null = null
  const close = async () => {
    await current?.hunter.close()
    current = null
  }
  return {
    async run({ setting, mutants }) {
      const name = `${setting.protocol} ${setting.policy} ${setting.seed} ${setting.sequences}`
      if (current?.name !== name) {
        await close()
        current = await openWorkplace(name, setting)
      }
      return runPiece(current, setting.sources, mutants)
    },
    close,
  }
}

async function openWorkplace(name: string, setting: MutationSetting): Promise<Workplace> {
  const { protocol, policy, sources, seed, sequences } = setting
  const player = playerOf(protocol)
  const [compiled] = compileCopies(sources, [{ file: sources.sourceName, edit: null }])
  assert(compiled !== undefined && 'bytecode' in compiled, 'the sound contract compiles')
  const original = compiled.bytecode
  const { plans } = mutationPlans({ player, policy, seed, sequences })
  const hunter = await openHunter({ player, policy, plans, original })
  return { name, original, hunter, hunted: new Map(), reached: new Map() }
}

async function runPiece(
  workplace: Workplace,
  sources: ContractSources,
  mutants: MutationPiece['mutants'],
): Promise<readonly Tried[]> {
  const { original, hunter, hunted } = workplace
  const compiled = compileCopies(sources, mutants)
  for (const each of compiled) {
    if (!('bytecode' in each) || each.bytecode === original || hunted.has(each.bytecode)) continue
    hunted.set(each.bytecode, await hunter.hunt(each.bytecode))
  }
  const living = mutants.filter((_, index) => {
    const each = compiled[index]
    return each !== undefined && 'bytecode' in each && hunted.get(each.bytecode)?.kill === null
  })
  await lookForReached(
    workplace,
    sources,
    living.flatMap(({ file, probe }) => (probe === null ? [] : { file, edit: probe })),
  )
  return mutants.map((mutant, index) => triedOf(workplace, mutant, compiled[index]))
}

/** Tries statements that fail when they are executed, those that are not known yet. */
async function lookForReached(
  { hunter, reached }: Workplace,
  sources: ContractSources,
  probes: readonly { readonly file: string; readonly edit: Edit }[],
): Promise<void> {
  const open = new Map(probes.map((probe) => [probeKey(probe.file, probe.edit), probe]))
  for (const key of reached.keys()) open.delete(key)
  const compiled = compileCopies(sources, [...open.values()])
  for (const [index, key] of [...open.keys()].entries()) {
    const each = compiled[index]
    // Where nothing can be put before a statement it is taken for reached.
    const isReached = each === undefined || !('bytecode' in each)
    reached.set(key, isReached || (await hunter.differs(each.bytecode)))
  }
}

const probeKey = (file: string, { start, end, text }: Edit) => `${file} ${start} ${end} ${text}`

function triedOf(
  { original, hunted, reached }: Workplace,
  { file, probe }: MutationPiece['mutants'][number],
  compiled: Compiled | undefined,
): Tried {
  if (compiled === undefined || 'refusal' in compiled) {
    return { status: 'stillborn', reason: compiled?.refusal ?? '' }
  }
  const { bytecode } = compiled
  if (bytecode === original) return { status: 'equivalent' }
  const found = hunted.get(bytecode)
  assert(found !== undefined, 'every mutant with code was hunted')
  const code = keccak256(bytecode)
  if (found.kill !== null) {
    const { by, evidence } = found.kill
    return { status: 'killed', code, by: [...by], evidence }
  }
  const { differs } = found
  const isReached = probe === null || (reached.get(probeKey(file, probe)) ?? true)
  return { status: 'survived', code, reached: isReached, differs }
}
