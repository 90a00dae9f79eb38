/**
 * One download for tests of the model: opened, then driven by attempts, or served honestly to the
 * end. The first seeder of its terms is played by `seeder3`, so that roles and names differ.
 */
import { minBig } from '../kit/money.ts'
import { type Cast, type Population, predict, startPopulation } from '../kit/population.ts'
import type { PlannedStep, Policy, StepAccount, Trace, TraceStep } from '../kit/trace.ts'
import {
  checkpointDownloadParameters,
  type DownloadMode,
  downloadTermsDefault,
} from './parameters.ts'
import { checkpointDownload } from './protocol.ts'

export const MEBIBYTE = 1n << 20n
const START = 1_000_000

interface DownloadTerms {
  readonly fileBytes: bigint
  readonly pricePerMebibyteUnits: bigint
  readonly mode: DownloadMode
  readonly firstMebibytes: number
  readonly growthBps: number
}

interface Options {
  readonly policy: Policy
  readonly token?: string
  readonly downloader?: string
  readonly seeders?: readonly string[]
  readonly terms?: Partial<DownloadTerms>
  readonly maxCheckpointMebibytes?: number
  /** Whether it is opened at once; it is when absent. */
  readonly open?: boolean
}

export const errorOf = ({ outcome }: StepAccount) => outcome.error
export const amounts = ({ transfers }: StepAccount) => transfers.map((each) => each.amountUnits)
/** Movements as `to: units`. */
export const payouts = ({ transfers }: StepAccount) =>
  Object.fromEntries(transfers.map(({ to, amountUnits }) => [to, amountUnits]))

function castOf(options: Options, downloader: string, seeders: readonly string[]): Cast {
  const { policy, token = 'plain18', maxCheckpointMebibytes } = options
  const limit = maxCheckpointMebibytes === undefined ? {} : { maxCheckpointMebibytes }
  const played = Object.fromEntries(seeders.map((seeder, at) => [`seeder${at}`, seeder]))
  const terms = { ...downloadTermsDefault, ...options.terms, salt: 0n }
  return {
    protocol: checkpointDownload,
    policy,
    parameters: checkpointDownloadParameters.parse(limit),
    agreements: [{ index: 0, roles: { downloader, ...played }, token, terms }],
  }
}

export function download(options: Options) {
  const { policy, downloader = 'downloader0', seeders = ['seeder3'] } = options
  const terms: DownloadTerms = { ...downloadTermsDefault, ...options.terms }
  const cast = castOf(options, downloader, seeders)
  let population: Population = startPopulation(cast)
  const initial = population.view
  const steps: TraceStep[] = []
  const isHardened = policy === 'hardened'

  const attempt = (by: string, action: string, args: PlannedStep['args'] = {}): StepAccount => {
    const planned = { agreement: 0, action, by, atSeconds: START, args }
    const { account, role, edge, ...after } = predict(cast, population, planned)
    population = after.population
    steps.push({ planned, role, edge, predicted: account, observed: account, gasUsed: 0n })
    return account
  }
  const view = () => population.view.agreements[0] ?? { state: '', figures: {} }
  const figures = () => view().figures
  const figure = (name: string) => figures()[name] ?? 0n
  const state = () => view().state
  const price = (bytes: bigint) => (bytes * terms.pricePerMebibyteUnits) / MEBIBYTE

  const report = (seeder: number, bytes: bigint) => {
    const by = isHardened ? (seeders[seeder] ?? 'stranger') : downloader
    return attempt(by, 'reportProgress', { seeder, bytes })
  }
  /** Pays so much honestly; as-described it is confirmed at once. */
  const pay = (amountUnits: bigint) => {
    const checkpoint = Number(figure('checkpoint'))
    if (isHardened) return attempt(downloader, 'pay', { checkpoint, amountUnits })
    const args = { reference: BigInt(checkpoint), amountUnits, sentUnits: amountUnits }
    const said = attempt(downloader, 'pay', args)
    attempt(seeders[0] ?? '', 'confirm')
    return said
  }
  const payDue = () => pay(figure('due'))
  /** Gives the downloader more tokens. */
  const enrich = (units: bigint) => {
    const { balances } = population.view
    const [token = ''] = Object.keys(balances)
    const held = balances[token] ?? {}
    const richer = { ...held, [downloader]: (held[downloader] ?? 0n) + units }
    population = {
      ...population,
      view: { ...population.view, balances: { ...balances, [token]: richer } },
    }
  }
  /** The run as claims see it; the model is its only witness. */
  const trace = (): Trace => {
    const { protocol, ...rest } = cast
    return { protocol: protocol.id, ...rest, initial, steps }
  }

  if (options.open !== false) attempt(downloader, 'open')
  const looks = { figures, figure, state, price, trace }
  return { policy, downloader, terms, seeders, attempt, report, pay, payDue, enrich, ...looks }
}

/** Serves the whole file in turns of so many bytes, pays what falls due, and completes. */
export function serveAll(
  run: ReturnType<typeof download>,
  options: { readonly chunkBytes: bigint; readonly paysTail?: boolean },
) {
  const { chunkBytes, paysTail = true } = options
  const { terms, seeders, figure } = run
  const payments: { readonly atBytes: bigint; readonly amountUnits: bigint }[] = []
  const settle = (amountUnits: bigint) => {
    if (amountUnits === 0n) return
    payments.push({ atBytes: figure('total'), amountUnits })
    run.pay(amountUnits)
  }
  settle(figure('due'))
  for (let turn = 0; figure('total') < terms.fileBytes; turn += 1) {
    const seeder = turn % seeders.length
    const reach = figure('threshold') + figure('segment') - 1n
    const most = terms.mode === 'upfront' ? terms.fileBytes : minBig(terms.fileBytes, reach)
    const bytes = minBig(chunkBytes, most - figure('total'))
    const { outcome } = run.report(seeder, figure(`delivered${seeder}`) + bytes)
    if (!outcome.accepted) throw new Error(`an honest report is accepted, not ${outcome.error}`)
    settle(figure('due'))
  }
  const billsTail = paysTail && run.policy === 'as-described' && terms.mode !== 'upfront'
  if (billsTail) settle(run.price(terms.fileBytes - figure('billed')))
  run.attempt(run.downloader, 'complete')
  return payments
}
