// Somebody is signed in at NextAuth.js v4, and stays so where our server takes its place.

import assert from 'node:assert/strict'
import { play } from './browser.mjs'
import { session, sessionCookies, signIn, signOut } from './doors.mjs'
import { input } from './outside.mjs'

const [ours, v4] = input.servers
const [{ person, name }] = input.people
const names = (cookies) => cookies.map(({ name }) => name)

await play(`from-v4-${input.name}`, async (page) => {
  await signIn(page, v4, { provider: input.provider, person })
  const copied = await sessionCookies(page, v4)
  assert.deepEqual(names(copied), ['next-auth.session-token'])

  const { image, ...shown } = await session(page, ours)
  assert.deepEqual(shown, { name, email: person })
  assert.deepEqual(names(await sessionCookies(page, ours)), ['authjs.session-token'])
  assert.equal((await session(page, ours)).email, person)

  await signOut(page, ours)
  assert.deepEqual(await sessionCookies(page, ours), [])
  await page.context().addCookies(copied)
  assert.equal(await session(page, ours), null, 'what v4 gave ends with what became of it')
})
