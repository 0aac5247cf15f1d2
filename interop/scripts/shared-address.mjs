// An address alone opens no account: whoever comes with somebody's address by another way is told so.

import assert from 'node:assert/strict'
import { begin, pick, play, problem, signIn, signOut } from './browser.mjs'
import { input } from './outside.mjs'

await play('shared-address', async (page) => {
  await signIn(page, input)
  await signOut(page)

  await begin(page, input.other)
  await pick(page, input.person)
  assert.match(await problem(page), /^This e-mail address already belongs to an account here, and the provider does not vouch for it\./)

  await signIn(page, input)
})
