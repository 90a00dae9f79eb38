import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('attendance-hold')
