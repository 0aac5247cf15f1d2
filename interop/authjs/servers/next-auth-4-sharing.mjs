// The same route with the two settings by which v4 shares sessions with v5 and with us: the name of the cookie, and how a
// JWT is sealed.

import { decode, encode } from '@auth/core/jwt'
import { options, route } from './api-route.mjs'

const name = 'authjs.session-token'

route({
  ...options,
  cookies: { sessionToken: { name, options: { httpOnly: true, sameSite: 'lax', path: '/' } } },
  jwt: {
    encode: (given) => encode({ ...given, salt: name }),
    decode: (given) => decode({ ...given, salt: name }),
  },
})
