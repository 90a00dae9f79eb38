/**
 * The lifecycle of checkpoint-download against its words: every action is answered in every state,
 * every refusal has a name and a meaning, and the worked examples of the README come out to the
 * unit.
 */
import { describe, expect, test } from 'vitest'
import { declaredEdges, declaredStates } from '../kit/edges.ts'
import { POLICIES } from '../kit/trace.ts'
import { createCheckpointDownloadMachine } from './machine.ts'
import { REPUTATIONS, termsOfReputation } from './parameters.ts'
import { checkpointDownload } from './protocol.ts'
import { amounts, download, errorOf, MEBIBYTE, payouts, serveAll } from './testDownload.ts'
import { checkpointDownloadErrors } from './words.ts'

const ACTIONS = checkpointDownload.actions.map(({ name }) => name)
const ONLY = {
  'as-described': ['AlreadyPending', 'NoRetry'],
  hardened: ['BeyondSegment', 'WrongCheckpoint'],
}

describe.each(POLICIES)('%s', (policy) => {
  const machine = createCheckpointDownloadMachine(policy)
  const edges = declaredEdges(machine)

  test('every action is answered in every state, last of all without a condition', () => {
    for (const state of Object.values(machine.root.states)) {
      for (const action of ACTIONS) {
        const answers = state.transitions.get(action) ?? []
        expect(answers.length, `${state.key} ${action}`).toBeGreaterThan(0)
        expect(answers.at(-1)?.guard, `${state.key} ${action}`).toBeUndefined()
      }
      expect([...state.transitions.keys()].sort()).toEqual(ACTIONS.toSorted())
    }
  })

  test('refuses with names that have a meaning, and uses every name', () => {
    const used = new Set(edges.flatMap(({ rejection }) => rejection ?? []))
    const other = ONLY[policy === 'hardened' ? 'as-described' : 'hardened']
    const promised = Object.keys(checkpointDownloadErrors).filter((name) => !other.includes(name))
    expect([...used].sort()).toEqual(promised.sort())
  })

  test('has the six states, and no way out of the last two but claims', () => {
    expect(declaredStates(machine)).toEqual([
      'None',
      'Serving',
      'WaitingForPayment',
      'PaymentFailed',
      'Completed',
      'Cancelled',
    ])
    const accepted = edges.filter(({ rejection }) => rejection === null)
    const over = accepted.filter(({ from }) => checkpointDownload.terminalStates.includes(from))
    expect(over.map(({ name }) => name)).toEqual([
      'Completed|claim|Completed',
      'Cancelled|claim|Cancelled',
    ])
  })
})

describe('100 MiB at 0.001 a MiB, served in chunks of a MiB', () => {
  const price = 100_000_000_000_000_000n
  const chunkBytes = MEBIBYTE
  const paidUnits = (payments: ReturnType<typeof serveAll>) =>
    payments.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)

  test('cost 0.01, 0.02, 0.04 and 0.03, at 10, 30, 70 and 100 MiB', () => {
    for (const policy of POLICIES) {
      const run = download({ policy })
      const payments = serveAll(run, { chunkBytes })
      expect(payments).toEqual([
        { atBytes: 10n * MEBIBYTE, amountUnits: 10_000_000_000_000_000n },
        { atBytes: 30n * MEBIBYTE, amountUnits: 20_000_000_000_000_000n },
        { atBytes: 70n * MEBIBYTE, amountUnits: 40_000_000_000_000_000n },
        { atBytes: 100n * MEBIBYTE, amountUnits: 30_000_000_000_000_000n },
      ])
      expect(run.state()).toBe('Completed')
    }
  })

  test('as-described, the fourth is nobody’s business: the file is complete without it', () => {
    const run = download({ policy: 'as-described' })
    const payments = serveAll(run, { chunkBytes, paysTail: false })
    expect(run.state()).toBe('Completed')
    expect(paidUnits(payments)).toBe(price - 30_000_000_000_000_000n)
  })

  test.each(REPUTATIONS)('cost the same for a downloader of reputation: %s', (reputation) => {
    for (const policy of POLICIES) {
      const run = download({ policy, terms: termsOfReputation(reputation) })
      expect(paidUnits(serveAll(run, { chunkBytes }))).toBe(price)
      expect(run.figures().paid0).toBe(price)
    }
  })

  test('take one, three, four, five or a hundred payments by reputation', () => {
    const counts = REPUTATIONS.map((reputation) => {
      const run = download({ policy: 'hardened', terms: termsOfReputation(reputation) })
      return serveAll(run, { chunkBytes }).length
    })
    expect(counts).toEqual([1, 3, 4, 5, 100])
  })
})

describe('what is reported beyond a checkpoint', () => {
  const over = 13n * MEBIBYTE

  test.each([
    ['hardened', [13n, 17n, 40n, 30n]],
    ['as-described', [10n, 20n, 40n, 27n]],
  ] as const)('%s: 13 MiB at first, then chunks of a MiB to the end', (policy, thousandths) => {
    const run = download({ policy })
    run.report(0, over)
    const payments = serveAll(run, { chunkBytes: MEBIBYTE })
    expect(payments.map(({ amountUnits }) => amountUnits)).toEqual(
      thousandths.map((each) => each * 1_000_000_000_000_000n),
    )
  })

  test('hardened is billed with it, and the next one stays where it was', () => {
    const run = download({ policy: 'hardened' })
    run.report(0, over)
    expect(run.figures()).toMatchObject({ due: run.price(over), checkpoint: 0n })
    expect(amounts(run.payDue())).toEqual([run.price(over), run.price(over)])
    expect(run.figures()).toMatchObject({ billed: over, threshold: 30n * MEBIBYTE, due: 0n })
  })

  test('as-described is never billed, and moves all that follow', () => {
    const run = download({ policy: 'as-described' })
    run.report(0, over)
    expect(run.figures().due).toBe(run.price(10n * MEBIBYTE))
    run.payDue()
    expect(run.figures()).toMatchObject({ billed: over, threshold: 33n * MEBIBYTE })
  })

  test('hardened may not reach the checkpoint after the next', () => {
    const run = download({ policy: 'hardened' })
    expect(errorOf(run.report(0, 30n * MEBIBYTE))).toBe('BeyondSegment')
    expect(errorOf(run.report(0, 30n * MEBIBYTE - 1n))).toBe(null)
    run.payDue()
    expect(run.state()).toBe('Serving')
    run.report(0, 30n * MEBIBYTE)
    expect(run.figures()).toMatchObject({ due: run.price(30n * MEBIBYTE) - run.figure('paid0') })
  })

  test('as-described may be all of it, hardened never two capped segments', () => {
    const run = download({ policy: 'as-described' })
    run.report(0, 100n * MEBIBYTE)
    expect(run.figures().due).toBe(run.price(10n * MEBIBYTE))
    const capped = download({ policy: 'hardened', terms: { firstMebibytes: 70 } })
    expect(capped.figures()).toMatchObject({ segment: 50n * MEBIBYTE, threshold: 50n * MEBIBYTE })
    expect(errorOf(capped.report(0, 100n * MEBIBYTE))).toBe('BeyondSegment')
    expect(errorOf(capped.report(0, 100n * MEBIBYTE - 1n))).toBe(null)
  })
})

describe('a payment', () => {
  test('hardened counts once, for its checkpoint and to the unit', () => {
    const run = download({ policy: 'hardened' })
    run.report(0, 10n * MEBIBYTE)
    const amountUnits = run.price(10n * MEBIBYTE)
    const pay = (checkpoint: number, units: bigint) =>
      run.attempt('downloader0', 'pay', { checkpoint, amountUnits: units })
    expect(errorOf(pay(1, amountUnits))).toBe('WrongCheckpoint')
    expect(errorOf(pay(0, amountUnits - 1n))).toBe('WrongAmount')
    expect(errorOf(pay(0, amountUnits + 1n))).toBe('WrongAmount')
    expect(payouts(pay(0, amountUnits))).toEqual({ escrow: amountUnits, seeder3: amountUnits })
    expect(errorOf(pay(0, amountUnits))).toBe('NotWaiting')
  })

  test('as-described is believed, whatever was sent and however often it was named', () => {
    const run = download({ policy: 'as-described' })
    for (const mebibytes of [10n, 30n, 70n]) {
      run.report(0, mebibytes * MEBIBYTE)
      const amountUnits = run.figures().due ?? 0n
      const args = { reference: 7n, amountUnits, sentUnits: 0n }
      expect(payouts(run.attempt('downloader0', 'pay', args))).toEqual({})
      expect(errorOf(run.attempt('downloader0', 'pay', args))).toBe('AlreadyPending')
      expect(errorOf(run.attempt('seeder3', 'confirm'))).toBe(null)
    }
    expect(run.figures()).toMatchObject({ checkpoint: 3n, paid0: 0n, billed: 70n * MEBIBYTE })
  })

  test('is taken when it is due; as-described also for the end of a file that is there', () => {
    const early = { reference: 1n, checkpoint: 0, amountUnits: 1n, sentUnits: 1n }
    for (const policy of POLICIES) {
      const run = download({ policy, terms: { fileBytes: 5n * MEBIBYTE } })
      run.report(0, 5n * MEBIBYTE - 1n)
      expect(errorOf(run.attempt('downloader0', 'pay', early))).toBe('NotWaiting')
      run.report(0, 5n * MEBIBYTE)
      const isHardened = policy === 'hardened'
      expect(run.state()).toBe(isHardened ? 'WaitingForPayment' : 'Serving')
      expect(errorOf(run.pay(run.price(5n * MEBIBYTE)))).toBe(null)
      expect(run.state()).toBe('Serving')
      expect(errorOf(run.attempt('downloader0', 'pay', early))).toBe('NotWaiting')
    }
  })

  test('that moves nothing failed: hardened tries again or leaves, as-described is stuck', () => {
    for (const policy of POLICIES) {
      const run = download({ policy, downloader: 'downloader1' })
      run.report(0, 10n * MEBIBYTE)
      const failed = run.payDue()
      expect(failed.transfers).toEqual([])
      expect(failed.logs.map(({ name }) => name)).toEqual(['PaymentFailed'])
      const amountUnits = run.price(10n * MEBIBYTE)
      expect(run.figures().due).toBe(amountUnits)
      const args = { checkpoint: 0, amountUnits }
      const again = run.attempt('downloader1', 'retryPayment', args)
      const left = run.attempt('seeder3', 'cancel')
      const isHardened = policy === 'hardened'
      expect([errorOf(again), errorOf(left)]).toEqual(
        isHardened ? [null, null] : ['NoRetry', 'NotCancellable'],
      )
      expect(run.state()).toBe(isHardened ? 'Cancelled' : 'PaymentFailed')
    }
  })

  test('as-described for the end of the file may fail too, and is due from then on', () => {
    const terms = { fileBytes: MEBIBYTE }
    const run = download({ policy: 'as-described', downloader: 'downloader1', terms })
    run.report(0, MEBIBYTE)
    run.pay(run.price(MEBIBYTE))
    expect(run.state()).toBe('PaymentFailed')
    expect(run.figures()).toMatchObject({ due: run.price(MEBIBYTE), pending: 0n })
  })

  test('hardened that failed goes on like any other once it moves', () => {
    const run = download({ policy: 'hardened', downloader: 'downloader1' })
    run.report(0, 10n * MEBIBYTE)
    run.payDue()
    const amountUnits = run.price(10n * MEBIBYTE)
    run.enrich(amountUnits)
    const args = { checkpoint: 0, amountUnits }
    const retried = run.attempt('downloader1', 'retryPayment', args)
    expect(payouts(retried)).toEqual({ escrow: amountUnits, seeder3: amountUnits })
    expect(run.state()).toBe('Serving')
  })

  test('of which less arrives than was sent is refused', () => {
    for (const policy of POLICIES) {
      const run = download({ policy, token: 'feeOnTransfer' })
      run.report(0, 10n * MEBIBYTE)
      expect(errorOf(run.payDue())).toBe('DepositShort')
      expect(run.state()).toBe('WaitingForPayment')
    }
  })

  test('that cannot be pushed waits for its seeder, and what waits adds up', () => {
    const run = download({ policy: 'hardened', token: 'refusesProviders' })
    const first = run.price(10n * MEBIBYTE)
    const both = run.price(30n * MEBIBYTE)
    run.report(0, 10n * MEBIBYTE)
    expect(payouts(run.payDue())).toEqual({ escrow: first })
    run.report(0, 30n * MEBIBYTE)
    run.payDue()
    expect(run.figures()).toMatchObject({ paid0: both, claim0: both })
    expect(errorOf(run.attempt('seeder3', 'claim', { to: 'seeder3' }))).toBe('ClaimFailed')
    const claimed = run.attempt('seeder3', 'claim', { to: 'downloader1' })
    expect(payouts(claimed)).toEqual({ downloader1: both })
  })

  test('may be claimed for a participant who bears the name of another’s role', () => {
    const terms = { mode: 'upfront' } as const
    const run = download({ policy: 'hardened', token: 'refusesPayers', terms })
    const price = run.price(100n * MEBIBYTE)
    run.payDue()
    expect(payouts(run.attempt('seeder3', 'cancel'))).toEqual({})
    expect(run.figures()).toMatchObject({ locked: 0n, claimDownloader: price })
    const claimed = run.attempt('downloader0', 'claim', { to: 'seeder0' })
    expect(payouts(claimed)).toEqual({ seeder0: price })
    const args = { agreement: 0, owner: 'downloader0', to: 'seeder0', amountUnits: price }
    expect(claimed.logs).toEqual([{ name: 'Claimed', args }])
  })
})

describe('several seeders', () => {
  const seeders = ['seeder5', 'seeder0', 'seeder3']

  test('hardened: one checkpoint for all, each paid for what it delivered', () => {
    const run = download({ policy: 'hardened', seeders })
    const shares = [5n * MEBIBYTE + 1n, 2n * MEBIBYTE - 1n, 3n * MEBIBYTE]
    for (const [at, bytes] of shares.entries()) run.report(at, bytes)
    const units = shares.map(run.price)
    const due = units.reduce((sum, each) => sum + each, 0n)
    expect(run.price(10n * MEBIBYTE) - due).toBe(1n)
    expect(payouts(run.payDue())).toEqual({
      escrow: due,
      seeder5: units[0],
      seeder0: units[1],
      seeder3: units[2],
    })
  })

  test('as-described: the odd unit goes to the last one', () => {
    const run = download({ policy: 'as-described', seeders })
    const shares = [5n * MEBIBYTE + 1n, 2n * MEBIBYTE - 1n, 3n * MEBIBYTE]
    for (const [at, bytes] of shares.entries()) run.report(at, bytes)
    run.payDue()
    expect(run.figure('paid2')).toBe(run.price(3n * MEBIBYTE) + 1n)
  })

  test('hardened: each reports for itself; as-described: the downloader for all', () => {
    for (const policy of POLICIES) {
      const run = download({ policy, seeders })
      const args = { seeder: 0, bytes: 1n }
      const errors = ['seeder0', 'seeder5', 'downloader0'].map((by) =>
        errorOf(run.attempt(by, 'reportProgress', args)),
      )
      expect(errors).toEqual(
        policy === 'hardened'
          ? ['NotSeeder', null, 'NotSeeder']
          : ['NotDownloader', 'NotDownloader', null],
      )
      const nobody = { seeder: 3, bytes: 1n }
      expect(errorOf(run.attempt('stranger', 'reportProgress', nobody))).toBe('UnknownSeeder')
    }
  })

  test('hardened upfront: paid from the lock as they deliver, what is left returns', () => {
    const run = download({ policy: 'hardened', seeders, terms: { mode: 'upfront' } })
    const price = run.price(100n * MEBIBYTE)
    expect(payouts(run.payDue())).toEqual({ escrow: price })
    expect(run.figures()).toMatchObject({ locked: price, paid0: 0n, billed: 0n, threshold: 0n })
    const first = run.price(40n * MEBIBYTE)
    expect(payouts(run.report(1, 40n * MEBIBYTE))).toEqual({ seeder0: first })
    run.report(2, 7n)
    const left = price - first - run.price(7n)
    expect(payouts(run.attempt('seeder5', 'cancel'))).toEqual({ downloader0: left })
    expect(run.figures()).toMatchObject({ locked: 0n, due: 0n, pending: 0n })
  })

  test('as-described upfront: equal parts at once, before anything is delivered', () => {
    const run = download({ policy: 'as-described', seeders, terms: { mode: 'upfront' } })
    const price = run.price(100n * MEBIBYTE)
    run.payDue()
    const part = price / 3n
    expect([0, 1, 2].map((at) => run.figure(`paid${at}`))).toEqual([part, part, price - 2n * part])
  })
})

describe('terms', () => {
  const refused = {
    ZeroFile: { fileBytes: 0n },
    ZeroPrice: { pricePerMebibyteUnits: 0n },
    CheckpointTooSmall: { firstMebibytes: 0 },
    InvalidGrowth: { growthBps: 9_999 },
    AmountTooLarge: { fileBytes: (1n << 20n) + 1n, pricePerMebibyteUnits: (1n << 128n) - 1n },
  }

  test.each(Object.entries(refused))('%s', (error, terms) => {
    for (const mode of ['exponential', 'upfront', 'constant'] as const) {
      const run = download({ policy: 'hardened', terms: { ...terms, mode }, open: false })
      expect(errorOf(run.attempt('downloader0', 'open'))).toBe(error)
    }
  })

  test.each([
    [[]],
    [['seeder1', 'seeder1']],
    [['seeder1', 'downloader0']],
    [['escrow']],
    [['nobody']],
    [[0, 1, 2, 3, 4, 5, 6, 7].map((at) => `seeder${at}`).concat('stranger')],
  ])('InvalidSeeders: %j', (seeders) => {
    const run = download({ policy: 'hardened', seeders, open: false })
    expect(errorOf(run.attempt('downloader0', 'open'))).toBe('InvalidSeeders')
  })

  test('less than a unit a MiB and seeder is refused, at that even eight reach the end', () => {
    const seeders = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => `seeder${at}`)
    const tooLittle = { pricePerMebibyteUnits: 7n }
    const refusedRun = download({ policy: 'hardened', seeders, terms: tooLittle, open: false })
    expect(errorOf(refusedRun.attempt('downloader0', 'open'))).toBe('ZeroPrice')
    const terms = { pricePerMebibyteUnits: 8n, mode: 'constant', firstMebibytes: 1 } as const
    const run = download({ policy: 'hardened', seeders, terms })
    const payments = serveAll(run, { chunkBytes: 50_001n })
    expect(run.state()).toBe('Completed')
    expect(payments.every(({ amountUnits }) => amountUnits > 0n)).toBe(true)
  })

  test('a file that costs nothing is served at once, also upfront', () => {
    for (const policy of POLICIES) {
      const terms = { fileBytes: 1n, pricePerMebibyteUnits: 1n, mode: 'upfront' } as const
      const run = download({ policy, terms })
      expect(run.state()).toBe('Serving')
      expect(serveAll(run, { chunkBytes: 1n })).toEqual([])
      expect(run.state()).toBe('Completed')
    }
  })
})
