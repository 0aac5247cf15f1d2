// Servers side by side on one host, one database and one secret: whoever signs in at one is signed in at all of them.

import assert from 'node:assert/strict'
import { play } from './browser.mjs'
import { session, sessionCookies, signIn, signOut } from './doors.mjs'
import { input } from './outside.mjs'

const { next, people, provider, servers, strategy } = input
const [ours] = servers

/** Where a session cannot be used any more that was ended at a server. Sealed ones are ended by our store alone. */
const knowing = (origin) => {
  if (strategy === 'Database') return servers
  return origin === ours ? [ours] : []
}

/** Signs in at one, is known at all, and signs out at another. */
const visit = async (page, one, other, { person, name }) => {
  await signIn(page, one, { provider, person })
  for (const origin of servers) {
    const { image, ...shown } = await session(page, origin)
    assert.deepEqual(shown, { name, email: person }, `${origin} knows who came in at ${one}`)
  }
  await page.goto(next)
  assert.equal(await page.locator('main').innerText(), name, 'a page that is made on the server knows, too')

  const copied = await sessionCookies(page, ours)
  assert.ok(copied.length)
  await signOut(page, other)
  assert.deepEqual(await sessionCookies(page, ours), [])
  for (const origin of servers) assert.equal(await session(page, origin), null)

  for (const origin of knowing(other)) {
    await page.context().addCookies(copied)
    assert.equal(await session(page, origin), null, `${origin} knows what was ended at ${other}`)
    await page.context().clearCookies()
  }
}

/** A member of a list that goes round. */
const at = (list, position) => list[position % list.length]

// In the first round each server meets somebody new, in the second one somebody whom another one has met before, which
// has nothing to do with where sessions are.
const rounds = strategy === 'Database' ? [0, 1] : [0]

await play(`beside-${input.name}`, async (page) => {
  for (const round of rounds) {
    for (const door of servers.keys()) {
      await visit(page, servers[door], at(servers, door + 1), at(people, door + round))
    }
  }
})
