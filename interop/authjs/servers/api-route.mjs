// NextAuth.js v4 as an API route of Next.js, on Node's HTTP server.

import nextAuth from 'next-auth-4'
import email from 'next-auth-4/providers/email'
import google from 'next-auth-4/providers/google'
import { adapter } from './adapters.mjs'
import { listen } from './http.mjs'
import { mail } from './mail.mjs'

// It is CommonJS: what it exports by default is a member of what Node imports by default.
const [NextAuth, Email, Google] = [nextAuth, email, google].map((exported) => exported.default)
const { AUTH_GOOGLE_ID, AUTH_GOOGLE_ISSUER, AUTH_GOOGLE_SECRET, STRATEGY } = process.env

/** Options as its documentation has them. */
export const options = {
  adapter: adapter(process.env),
  session: { strategy: STRATEGY },
  providers: [
    Google({
      clientId: AUTH_GOOGLE_ID,
      clientSecret: AUTH_GOOGLE_SECRET,
      issuer: AUTH_GOOGLE_ISSUER,
      wellKnown: `${AUTH_GOOGLE_ISSUER}/.well-known/openid-configuration`,
    }),
    Email(mail()),
  ],
}

const cookies = ({ cookie = '' }) =>
  Object.fromEntries(
    cookie.split('; ').filter(Boolean).map((pair) => {
      const [name, ...value] = pair.split('=')
      return [name, decodeURIComponent(value.join('='))]
    }),
  )

/** What Next.js adds to Node's request and response before it calls an API route. */
const dress = async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, process.env.NEXTAUTH_URL)
  const body = Buffer.concat(await request.toArray()).toString()
  const isJson = request.headers['content-type']?.includes('json')
  request.body = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
  request.cookies = cookies(request.headers)
  request.query = { ...Object.fromEntries(searchParams), nextauth: pathname.split('/').slice(3) }
  response.status = (status) => Object.assign(response, { statusCode: status })
  response.send = (content) => (typeof content === 'object' ? response.json(content) : response.end(content))
  response.json = (content) => {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(content))
  }
}

/** Serves the route, and an empty front page. */
export const route = (options) =>
  listen(async (request, response) => {
    if (!request.url.startsWith('/api/auth/')) return response.end()
    await dress(request, response)
    await NextAuth(request, response, options)
  })
