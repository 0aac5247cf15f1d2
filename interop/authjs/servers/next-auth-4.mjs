// The API route that a Next.js application exports with next-auth v4.

import { options, route } from './api-route.mjs'

route(options)
