/** Compiles the canaries into the cache, in a process of its own. */
import { compileCanaries } from '../compile.ts'

await compileCanaries()
