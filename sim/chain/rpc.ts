/**
 * A small JSON-RPC client over HTTP keep-alive connections, for a node on this machine.
 *
 * `node:http` is used as it needs half the processor time of `fetch` for answers of 200 KB.
 * Bodies can be handed over as text, so that a caller on a hot path builds them without
 * `JSON.stringify`. There is no retry in here and no bound on concurrency: both belong to the
 * caller, who knows which requests are safe to repeat.
 */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { MeterproofError } from '../../models/kit/error.ts'

/** Longest wait for one answer; a schedule of thousands of calls takes well under a second. */
const ANSWER_TIMEOUT_MS = 120_000
const HEADERS = { 'content-type': 'application/json' } as const

/** Codes of errors that mean: nobody is listening any more, or the connection broke. */
const CONNECTION_LOST = 'MP_RPC_CONNECTION_LOST'

export interface RpcClient {
  readonly port: number
  /**
   * One JSON-RPC request.
   *
   * @typeParam Result trusted to be what the method answers; nothing is checked here
   * @throws MeterproofError `MP_RPC_CONNECTION_LOST`, `MP_RPC_TIMEOUT`, `MP_RPC_MALFORMED` or
   * `MP_RPC_REFUSED` (the node answered with an error)
   */
  request<Result>(method: string, params?: readonly unknown[]): Promise<Result>
  /**
   * As `request`, with the `params` array already encoded as JSON text.
   *
   * @throws MeterproofError as `request`
   */
  requestEncoded<Result>(method: string, paramsJson: string): Promise<Result>
  /**
   * Several requests of one method in one JSON-RPC batch: one HTTP exchange instead of many.
   *
   * @returns for each, in order, its answer, or `MP_RPC_REFUSED` where the node refused
   * @throws MeterproofError as `request` when the exchange itself fails
   */
  requestBatch<Result>(
    method: string,
    paramsJsons: readonly string[],
  ): Promise<readonly PromiseSettledResult<Result>[]>
  /** Closes idle connections. Requests in flight end with `MP_RPC_CONNECTION_LOST`. */
  close(): void
}

export interface RpcClientOptions {
  readonly port: number
  /** @defaultValue '127.0.0.1' */
  readonly host?: string
  /** Wait for one answer, in milliseconds. @defaultValue 120000 */
  readonly timeoutMs?: number
}

interface Answer {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: { readonly code?: number; readonly message?: string; readonly data?: unknown }
}

/** A client for one node; opens connections when they are needed. */
export function createRpcClient(options: RpcClientOptions): RpcClient {
  const { port, host = '127.0.0.1', timeoutMs = ANSWER_TIMEOUT_MS } = options
  const agent = new Agent({ keepAlive: true })

  async function exchange(method: string, body: string): Promise<unknown> {
    const text = await post({ agent, host, port, timeoutMs, method, body: Buffer.from(body) })
    return parse(text, method)
  }

  async function requestEncoded<Result>(method: string, paramsJson: string): Promise<Result> {
    const answer = await exchange(method, requestText(1, method, paramsJson))
    return resultOf(answer as Answer, method) as Result
  }

  async function requestBatch<Result>(method: string, paramsJsons: readonly string[]) {
    const requests = paramsJsons.map((params, index) => requestText(index, method, params))
    const answers = await exchange(method, `[${requests.join(',')}]`)
    if (!Array.isArray(answers)) throw malformed(method, JSON.stringify(answers))
    const byId = new Map((answers as readonly Answer[]).map((answer) => [answer.id, answer]))
    return paramsJsons.map((_, index): PromiseSettledResult<Result> => {
      const answer = byId.get(index)
      if (answer === undefined) throw malformed(method, `no answer with id ${index}`)
      return settled(() => resultOf(answer, method) as Result)
    })
  }

  return {
    port,
    requestEncoded,
    requestBatch,
    request: (method, params = []) => requestEncoded(method, JSON.stringify(params)),
    close: () => agent.destroy(),
  }
}

/** True for a broken or refused connection, after which the node may well be dead. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof MeterproofError && error.code === CONNECTION_LOST
}

interface Post {
  readonly agent: Agent
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly method: string
  readonly body: Buffer
}

function post({ agent, host, port, timeoutMs, method, body }: Post): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, 'content-length': body.length }
    const outgoing = httpRequest({ agent, host, port, method: 'POST', headers, timeout: timeoutMs })
    const fail = (cause: unknown) => reject(connectionLost(method, port, cause))
    outgoing.on('error', fail)
    outgoing.on('timeout', () => {
      reject(
        new MeterproofError('MP_RPC_TIMEOUT', `Anvil did not answer \`${method}\` in time.`, {
          class: 'internal',
          facts: { port, waited: `${timeoutMs} ms` },
          hint: 'Run `meterproof doctor`.',
        }),
      )
      outgoing.destroy()
    })
    outgoing.on('response', (incoming) => collect(incoming, resolve, fail))
    outgoing.end(body)
  })
}

function collect(
  incoming: IncomingMessage,
  resolve: (text: string) => void,
  fail: (cause: unknown) => void,
): void {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => resolve(Buffer.concat(chunks).toString()))
  // An answer that breaks off in the middle comes as an error of the response, not of the request.
  incoming.on('error', fail)
}

function connectionLost(method: string, port: number, cause: unknown): MeterproofError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new MeterproofError(CONNECTION_LOST, `The connection to Anvil broke at \`${method}\`.`, {
    class: 'internal',
    facts: { port, reason },
    hint: 'Anvil may have died; run `meterproof doctor`.',
    cause,
  })
}

function requestText(id: number, method: string, paramsJson: string): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${paramsJson}}`
}

function settled<Result>(compute: () => Result): PromiseSettledResult<Result> {
  try {
    return { status: 'fulfilled', value: compute() }
  } catch (reason) {
    return { status: 'rejected', reason }
  }
}

function resultOf(answer: Answer, method: string): unknown {
  if (answer.error === undefined) return answer.result
  const { code = 0, message = '', data } = answer.error
  throw new MeterproofError('MP_RPC_REFUSED', `Anvil refused \`${method}\`.`, {
    class: 'internal',
    facts: {
      code,
      message: excerpt(message),
      ...(data === undefined ? {} : { data: excerpt(JSON.stringify(data)) }),
    },
  })
}

function parse(text: string, method: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw malformed(method, text, cause)
  }
}

function malformed(method: string, text: string, cause?: unknown): MeterproofError {
  return new MeterproofError('MP_RPC_MALFORMED', `Anvil's answer to \`${method}\` is malformed.`, {
    class: 'internal',
    facts: { answer: excerpt(text) },
    cause,
  })
}

function excerpt(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`
}
