// Auth.js as a Next.js application has it with next-auth v5.

import NextAuth from 'next-auth-5'
import Google from 'next-auth-5/providers/google'
import Nodemailer from 'next-auth-5/providers/nodemailer'
import { adapter } from '../servers/adapters.mjs'
import { mail } from '../servers/mail.mjs'

// A function, because the environment is known when the application runs, not when it is built.
export const { auth, handlers } = NextAuth(() => ({
  adapter: adapter(process.env),
  session: { strategy: process.env.STRATEGY },
  providers: [Google, Nodemailer(mail())],
}))
