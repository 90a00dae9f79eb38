import { expect, test } from 'vitest'
import { createBundler } from './bundler.ts'

/** A bundler whose exchanges the test answers one by one, doubling each number but 13. */
function openBundler() {
  const sent: (readonly number[])[] = []
  const answers: (() => void)[] = []
  const send = createBundler<number, number>((requests) => {
    sent.push(requests)
    return new Promise((resolve) => {
      answers.push(() => resolve(requests.map(doubled)))
    })
  })
  return { send, sent, answers }
}

function doubled(value: number): PromiseSettledResult<number> {
  if (value === 13) return { status: 'rejected', reason: new Error('unlucky') }
  return { status: 'fulfilled', value: 2 * value }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('requests of one turn share two exchanges, and later ones wait for room', async () => {
  const { send, sent, answers } = openBundler()
  const first = [1, 2, 3, 4].map(send)
  await nextTurn()
  const second = [5, 6].map(send)
  await nextTurn()
  expect(sent).toEqual([
    [1, 2],
    [3, 4],
  ])
  answers[0]?.()
  expect(await Promise.all(first.slice(0, 2))).toEqual([2, 4])
  await nextTurn()
  expect(sent[2]).toEqual([5, 6])
  answers[2]?.()
  expect(await Promise.all(second)).toEqual([10, 12])
})

test('an exchange carries at most eight requests', async () => {
  const { send, sent } = openBundler()
  for (let value = 0; value < 40; value += 1) void send(value)
  await nextTurn()
  expect(sent.map(({ length }) => length)).toEqual([8, 8])
})

test('one refused request fails alone', async () => {
  const { send, answers } = openBundler()
  const [refused, also] = [send(13), send(4)] as const
  const failure = expect(refused).rejects.toThrow('unlucky')
  await nextTurn()
  for (const answer of answers) answer()
  await failure
  expect(await also).toBe(8)
})

test('a failed exchange fails all that it carried', async () => {
  const send = createBundler<number, number>(() => Promise.reject(new Error('cut off')))
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(send))
  expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'))
})
