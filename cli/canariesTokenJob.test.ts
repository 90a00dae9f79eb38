import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('token-job')
