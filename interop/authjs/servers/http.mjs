// Node's HTTP server for applications that answer a `Request` with a `Response`.

import { createServer } from 'node:http'
import { Readable } from 'node:stream'

/** Listens where `AUTH_URL` says, and tells who started it. */
export const listen = (listener) => {
  const { port } = new URL(process.env.AUTH_URL)
  createServer(listener).listen(port, '127.0.0.1', () => console.log('listening'))
}

const read = async (message) => {
  const chunks = await message.toArray()
  return chunks.length ? Buffer.concat(chunks) : undefined
}

/** Serves `answer` below the base path, and an empty front page. */
export const serve = (answer) =>
  listen(async (message, response) => {
    const url = new URL(message.url, process.env.AUTH_URL)
    if (!url.pathname.startsWith('/api/auth/')) return response.end()
    const { method, headers } = message
    const given = await answer(new Request(url, { method, headers, body: await read(message) }))
    response.writeHead(given.status, [...given.headers].flat())
    Readable.fromWeb(given.body ?? new Blob().stream()).pipe(response)
  })
