// An application on @auth/core itself, the engine below every framework of Auth.js v5.

import { Auth, setEnvDefaults } from '@auth/core'
import Google from '@auth/core/providers/google'
import Nodemailer from '@auth/core/providers/nodemailer'
import { adapter } from './adapters.mjs'
import { serve } from './http.mjs'
import { mail } from './mail.mjs'

const config = {
  adapter: adapter(process.env),
  session: { strategy: process.env.STRATEGY },
  providers: [Google, Nodemailer(mail())],
}
setEnvDefaults(process.env, config)

serve((request) => Auth(request, config))
