/**
 * Goal: the server shows one folder and nothing else, and says so when a port is taken.
 * Method: raw requests, as `fetch` would tidy up the paths that matter here.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLiveFeed } from './liveFeed.ts'
import { type DirectoryServer, serveDirectory } from './serveDirectory.ts'

let folder = ''
let server: DirectoryServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meterproof-serve-'))
  const root = join(folder, 'run')
  mkdirSync(join(root, 'nested'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'run.json'), '{}')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
  symlinkSync('run', join(folder, 'latest'))
  server = await serveDirectory({ directory: join(folder, 'latest'), port: null })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

function ask(path: string, options: { method?: string; host?: string } = {}): Promise<Answer> {
  const { method = 'GET', host = `127.0.0.1:${server.port}` } = options
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: server.port, path, method, headers: { host } },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += String(chunk)
        })
        response.on('end', () => {
          const type = String(response.headers['content-type'])
          resolve({ status: response.statusCode ?? 0, type, text })
        })
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

test('serve › gives the page for the folder, and files with their types', async () => {
  expect(await ask('/')).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    text: '<!doctype html>',
  })
  expect((await ask('/run.json?x#y')).type).toBe('application/json; charset=utf-8')
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
})

const OUTSIDE = [
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/nested/../../secret.txt',
  '/link.txt',
  '/%00',
  '/%',
  '/nested',
  '/missing.html',
]

test.each(OUTSIDE)('serve › answers %s with 404', async (path) => {
  const { status, text } = await ask(path)

  expect(status).toBe(404)
  expect(text).not.toContain('secret')
})

test('serve › refuses other methods and other host names', async () => {
  expect((await ask('/', { method: 'POST' })).status).toBe(405)
  expect((await ask('/', { host: 'rebound.example' })).status).toBe(403)
})

test('serve › takes another port when its own is taken, unless one was asked for', async () => {
  const asked = serveDirectory({ directory: folder, port: server.port })
  await expect(asked).rejects.toMatchObject({ code: 'MP_SERVE_PORT_IN_USE', class: 'usage' })

  const other = await serveDirectory({ directory: folder, port: null })
  expect(other.port).not.toBe(server.port)
  await other.close()
})

test('serve › follows a run whose folder is not there yet, and then shows the folder', async () => {
  const later = join(folder, 'later')
  const feed = createLiveFeed({ command: 'run', seed: 7, protocols: [], policies: [] }, () => 0)
  const live = await serveDirectory({ directory: later, port: null, live: feed })
  const get = async (path: string) => {
    const response = await fetch(new URL(path, live.url))
    return { status: response.status, text: await response.text() }
  }
  try {
    expect(await get('/run.json')).toMatchObject({ status: 404 })
    expect((await get('/')).text).toContain("connect-src 'self'")
    expect(JSON.parse((await get('/live.json')).text)).toMatchObject({ state: 'running', seed: 7 })

    mkdirSync(later)
    writeFileSync(join(later, 'index.html'), 'the report')
    feed.end()

    expect(JSON.parse((await get('/live.json')).text)).toMatchObject({ state: 'finished' })
    expect(await get('/')).toEqual({ status: 200, text: 'the report' })
  } finally {
    await live.close()
  }
})
