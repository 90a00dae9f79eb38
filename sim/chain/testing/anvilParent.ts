/**
 * A process that starts an Anvil, prints its port and waits, for the tests that end it in each way.
 *
 * Has no handlers for the signals that usually end a process: that is what is tested.
 */
import { startAnvil } from '../anvilProcess.ts'

process.on('SIGUSR2', () => process.exit(0))
process.on('SIGWINCH', () => {
  throw new Error('an uncaught error, on purpose')
})

const anvil = await startAnvil()
process.stdout.write(`${anvil.port}\n`)
