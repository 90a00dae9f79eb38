import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('checkpoint-download')
