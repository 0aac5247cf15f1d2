// The Next.js application with next-auth v5 in it, once it is built.

import next from 'next'
import { join } from 'node:path'
import { listen } from './http.mjs'

const { hostname, port } = new URL(process.env.AUTH_URL)
const application = next({ dir: join(import.meta.dirname, '../next'), dev: false, hostname, port: Number(port) })
await application.prepare()
listen(application.getRequestHandler())
