import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('progressive-escrow')
