/**
 * The exit codes, in one place. 1 only ever means that a verdict was reached and that it is bad; an
 * error of ours must never look like that, and neither must a mistyped flag.
 */
export const EXIT_CODE = {
  held: 0,
  violated: 1,
  inconclusive: 2,
  usage: 64,
  internal: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE]
