// oidc-provider (https://github.com/panva/node-oidc-provider) on loopback. It is told by a line of JSON where it is and
// who its clients are, and says `listening`. Each later line asks it for something, and is answered by a line.

import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import './quiet.mjs'
import { interactions } from './interactions.mjs'
import { newKeys } from './keys.mjs'
import { configured } from './provider.mjs'
import { witness } from './witness.mjs'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const next = async () => (await lines.next()).value
const told = JSON.parse(await next())
const seen = []

/** The provider of now, and what answers for it. */
let provider
let answer

/** Puts a provider with keys of its own in the place of the one before. What people and clients hold stays good. */
const open = () => {
  provider = configured(told, newKeys())
  witness(provider, seen)
  answer = interactions(provider)
}

/** Takes back all that a person has granted to a client: refresh tokens, too. */
const revoke = async ({ person, client }) => {
  const granted = seen.findLast((event) => event.person === person && event.client === client && event.grant)
  await (await provider.Grant.find(granted.grant)).destroy()
  await provider.RefreshToken.revokeByGrantId(granted.grant)
}

/** What can be asked for. */
const services = {
  revoke,
  rotate: () => open(),
  seen: () => seen,
}

open()
const server = createServer((request, response) => answer(request, response))
server.listen(told.port, '127.0.0.1', () => console.log('listening'))

for (let line = await next(); line; line = await next()) {
  const { question, about } = JSON.parse(line)
  const answer = await services[question](about)
  console.log(JSON.stringify(answer ?? null))
}
process.exit()
