import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('payment-channel')
