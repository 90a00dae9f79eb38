import { encodeAbiParameters, type Hex, parseAbiParameters } from 'viem'
import { expect, test } from 'vitest'
import type { ViewCall } from './binding.ts'
import { encodeViews } from './encodeViews.ts'

const VIEWS = parseAbiParameters('address[], bytes[]')

test.each([0, 1, 2, 33])('%i reads are laid out as viem lays them out', (count) => {
  const views = Array.from({ length: count }, (_, index): ViewCall => {
    const target: Hex = `0x${(index + 1).toString(16).padStart(40, '0')}`
    return { target, data: `0x${'ab'.repeat(4 + index)}` }
  })
  const targets = views.map(({ target }) => target)
  const datas = views.map(({ data }) => data)
  expect(`0x${encodeViews(views)}`).toBe(encodeAbiParameters(VIEWS, [targets, datas]))
})
