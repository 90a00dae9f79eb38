/**
 * Where on chain a figure of the picture is read: which view call, and which word of its answer.
 *
 * Only a binding knows how words become figures, so it is asked: one word after the other is set,
 * and what then shows that very number is read from there. A figure that is worked out from several
 * words, or translated, has no such place and cannot be asserted.
 */
import { type Abi, type AbiParameter, type Address, type Hex, toFunctionSelector } from 'viem'
import { uintWord } from '../../contracts/bindings/abi.ts'
import type { RunBinding, Stage, ViewCall } from '../../contracts/bindings/binding.ts'
import type { WorldView } from '../../models/kit/trace.ts'

/** One word of the answer to a view call. */
export interface Place {
  readonly target: Address
  readonly data: Hex
  readonly word: number
}

export interface Reader {
  figure(agreement: number, name: string): Place | null
  account(token: string, name: string): Place | null
  /** The word that holds the state of an agreement, and the number that means `state`. */
  state(agreement: number, state: string): { readonly place: Place; readonly value: bigint } | null
}

/** Numbers that no figure shows by chance: it must show both when the word does. */
const PROBES = [7_919n, 104_729n] as const
/** States are numbered from 0; no machine has more. */
const STATES_MAX = 32

export function readerOf(options: {
  readonly bound: Pick<RunBinding, 'views' | 'observe'>
  readonly stage: Stage
  readonly abi: Abi
}): Reader {
  const { bound } = options
  const places = bound.views.flatMap((view) => placesOf(view, options) ?? [])
  const isWhole = bound.views.every((view) => placesOf(view, options) !== null)
  if (!isWhole) return { figure: () => null, account: () => null, state: () => null }
  const seen = (at: number, value: bigint): WorldView => {
    const words = places.map((_, index) => uintWord(index === at ? value : 0n))
    return bound.observe(`0x${words.join('')}`, null).view
  }
  const pictures = places.map((_, at) => PROBES.map((value) => seen(at, value)))
  const found = (pick: (view: WorldView) => bigint | undefined): Place | null => {
    const isShown = (views: readonly WorldView[]) =>
      views.every((view, index) => pick(view) === PROBES[index])
    return places[pictures.findIndex(isShown)] ?? null
  }
  return {
    figure: (agreement, name) => found((view) => view.agreements[agreement]?.figures[name]),
    account: (token, name) => found((view) => view.accounts?.[token]?.[name]),
    state(agreement, state) {
      const stateOf = (view: WorldView | undefined) => view?.agreements[agreement]?.state
      const unknown = (views: readonly WorldView[]) =>
        views.every((view, index) => stateOf(view)?.endsWith(String(PROBES[index])))
      const at = pictures.findIndex(unknown)
      const place = places[at]
      if (place === undefined) return null
      const numbers = Array.from({ length: STATES_MAX }, (_, number) => BigInt(number))
      const value = numbers.find((number) => stateOf(seen(at, number)) === state)
      return value === undefined ? null : { place, value }
    },
  }
}

/** The words of a view's answer; null for one that is not of a fixed length. */
function placesOf(
  { target, data }: ViewCall,
  { stage, abi }: { readonly stage: Stage; readonly abi: Abi },
): Place[] | null {
  const isToken = Object.values(stage.tokens).includes(target)
  const view = abi.find(
    (item) => item.type === 'function' && toFunctionSelector(item) === data.slice(0, 10),
  )
  const outputs = view?.type === 'function' ? view.outputs : null
  const count = outputs === null ? (isToken ? 1 : null) : wordsOf(outputs)
  if (count === null) return null
  return Array.from({ length: count }, (_, word) => ({ target, data, word }))
}

type Parameter = AbiParameter & { readonly components?: readonly AbiParameter[] }

/** Words of static values; null when there is a dynamic one. */
function wordsOf(parameters: readonly Parameter[]): number | null {
  let count = 0
  for (const parameter of parameters) {
    const { type, components } = parameter
    if (type === 'bytes' || type === 'string' || type.endsWith('[]')) return null
    const [, element = type, length = '1'] = /^(.*)\[(\d+)\]$/.exec(type) ?? []
    const isNested = length !== '1' || element !== type
    const one = isNested ? [{ ...parameter, type: element }] : (components ?? [])
    const words = isNested || type === 'tuple' ? wordsOf(one) : 1
    if (words === null) return null
    count += words * Number(length)
  }
  return count
}
