import { describeCanariesOf } from './testing/describeCanaries.ts'

describeCanariesOf('matchmaking')
