// A link that one server sent signs in at any other one, once.

import assert from 'node:assert/strict'
import { play } from './browser.mjs'
import { session, signOut } from './doors.mjs'
import { input } from './outside.mjs'
import { askForMail, follow, mail } from './post.mjs'

const { servers } = input
const person = 'lucia@moreno.example'

/** The same link at another server. */
const at = (origin, link) => link.replace(new URL(link).origin, origin)

/** One server sends a link; another one takes it; nobody takes it again. */
const travels = async (page, sender, taker) => {
  await askForMail(page, sender, person)
  const { link } = await mail(person)
  assert.equal(new URL(link).origin, sender)

  await follow(page, at(taker, link))
  assert.equal(new URL(page.url()).search, '', `${taker} takes a link of ${sender}`)
  for (const origin of servers) assert.equal((await session(page, origin)).email, person)
  await signOut(page, taker)

  for (const origin of [sender, taker]) {
    await follow(page, at(origin, link))
    assert.match(page.url(), /[?&]error=Verification\b/)
    assert.equal(await session(page, origin), null)
  }
}

await play(`magic-links-${input.name}`, async (page) => {
  for (const position of servers.keys()) {
    await travels(page, servers[position], servers[(position + 1) % servers.length])
  }
}, { expected: (complaint) => complaint.includes('status of 403') })
