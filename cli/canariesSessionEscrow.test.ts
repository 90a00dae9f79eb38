import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('session-escrow')
