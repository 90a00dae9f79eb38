/**
 * A small static file server for reports, on the loopback address only.
 *
 * It serves files below one folder and nothing else: paths are resolved through links before they
 * are compared with the folder, other host names than the local ones are refused (so that a page
 * elsewhere cannot read a report through a name that resolves to 127.0.0.1), and nothing is
 * written.
 */
import { createReadStream, realpathSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { MeterproofError } from '../models/kit/error.ts'
import { LIVE_PATH, type LiveDocument } from '../reports/live.ts'

export const PORT_DEFAULT = 4173
const HOST = '127.0.0.1'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export interface DirectoryServer {
  readonly port: number
  readonly url: string
  /** Ends the server and the connections that are open. */
  close(): Promise<void>
}

/**
 * Serves `directory` until closed.
 *
 * With `live`, the folder need not be there yet: while the run goes on, `/` is the page that
 * follows it and `/live.json` what it has to tell; afterwards the folder is served as usual.
 *
 * @param options.port the port that was asked for; null is {@link PORT_DEFAULT}, or any free one
 * @throws MeterproofError `MP_SERVE_NO_DIRECTORY`, or `MP_SERVE_PORT_IN_USE` for a port asked for
 */
export async function serveDirectory(options: {
  readonly directory: string
  readonly port: number | null
  readonly live?: LiveSource
}): Promise<DirectoryServer> {
  const { live } = options
  const directory = live === undefined ? rootOf(options.directory) : options.directory
  const server = createServer((request, response) => answer({ directory, live }, request, response))
  const port = await listenOnFreePort(server, options.port)
  return {
    port,
    url: `http://${HOST}:${port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** What is served while a run goes on. */
export interface LiveSource {
  document(): LiveDocument
  page(): string
}

interface Served {
  readonly directory: string
  readonly live: LiveSource | undefined
}

function rootOf(directory: string): string {
  try {
    const root = realpathSync(resolve(directory))
    if (statSync(root).isDirectory()) return root
  } catch {
    // Reported below, together with a path that is no folder.
  }
  throw new MeterproofError('MP_SERVE_NO_DIRECTORY', `There is no report at '${directory}'.`, {
    facts: { directory },
    hint: 'Run `meterproof run` first, or name the folder of a run.',
  })
}

async function listenOnFreePort(server: Server, wanted: number | null): Promise<number> {
  try {
    return await listen(server, wanted ?? PORT_DEFAULT)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause
    if (wanted === null) return listen(server, 0)
    const why = code === 'EACCES' ? 'may not be used by this user' : 'is already in use'
    throw new MeterproofError('MP_SERVE_PORT_IN_USE', `Port ${wanted} ${why}.`, {
      facts: { port: wanted, address: HOST },
      hint: 'Choose another --port, or leave it out and Meterproof takes a free one.',
      cause,
    })
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(port, HOST, () => {
      server.removeListener('error', failed)
      const address = server.address()
      done(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}

function answer(served: Served, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Cache-Control', 'no-store')
  const refusal = refusalOf(request)
  const text = refusal === null ? liveText(served.live, request.url ?? '/') : null
  if (text !== null) {
    response.writeHead(200, { 'Content-Type': text.type })
    response.end(request.method === 'HEAD' ? undefined : text.body)
    return
  }
  const file = refusal ?? fileFor(served.directory, request.url ?? '/')
  if (!('path' in file)) {
    response.writeHead(file.status, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end(`${file.sentence}\n`)
    return
  }
  const type = CONTENT_TYPES[extname(file.path).toLowerCase()] ?? 'application/octet-stream'
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': file.bytes })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const stream = createReadStream(file.path)
  stream.on('error', () => response.destroy())
  stream.pipe(response)
}

interface Refusal {
  readonly status: number
  readonly sentence: string
}

const MISSING: Refusal = { status: 404, sentence: 'There is no such file in this report.' }

function refusalOf({ headers, method }: IncomingMessage): Refusal | null {
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '')) {
    return { status: 403, sentence: 'This server answers local requests only.' }
  }
  if (method === 'GET' || method === 'HEAD') return null
  return { status: 405, sentence: 'Only GET and HEAD are answered.' }
}

/** What a run that goes on answers itself; null leaves it to the files. */
function liveText(
  live: LiveSource | undefined,
  url: string,
): { type: string; body: string } | null {
  const path = url.split(/[?#]/, 1)[0] ?? '/'
  if (live === undefined) return null
  const document = live.document()
  if (path === `/${LIVE_PATH}`) {
    return { type: CONTENT_TYPES['.json'] as string, body: `${JSON.stringify(document)}\n` }
  }
  if (path !== '/' || document.state === 'finished') return null
  return { type: CONTENT_TYPES['.html'] as string, body: live.page() }
}

/** The file that a URL means, unless it is missing, malformed or outside of the root. */
function fileFor(directory: string, url: string): { path: string; bytes: number } | Refusal {
  try {
    // Looked up each time, as a run that goes on has not written its folder yet.
    const root = rootOf(directory)
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '/')
    let real = realpathSync(join(root, path))
    if (real !== root && !real.startsWith(root + sep)) return MISSING
    if (statSync(real).isDirectory()) real = realpathSync(join(real, 'index.html'))
    const stats = statSync(real)
    const isServed = stats.isFile() && real.startsWith(root + sep)
    return isServed ? { path: real, bytes: stats.size } : MISSING
  } catch {
    // No such file, or an escape that is none: there is nothing to tell apart for a reader.
    return MISSING
  }
}
