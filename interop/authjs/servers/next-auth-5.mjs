// The route handlers that a Next.js application exports with next-auth v5.

import NextAuth from 'next-auth-5'
import Google from 'next-auth-5/providers/google'
import { NextRequest } from 'next/server'
import { adapter } from './adapters.mjs'
import { serve } from './http.mjs'

const { handlers } = NextAuth({
  adapter: adapter(process.env),
  session: { strategy: process.env.STRATEGY },
  providers: [Google],
})

serve((request) => handlers[request.method](new NextRequest(request)))
