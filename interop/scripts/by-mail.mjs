// Signing in by mail at our own server: by the link on any device, by the code in the browser that asked.

import assert from 'node:assert/strict'
import { play } from './browser.mjs'
import { session, signOut } from './doors.mjs'
import { input } from './outside.mjs'
import { askForMail, follow, mail } from './post.mjs'

const { origin } = input
const person = 'lucia@moreno.example'

await play('by-mail', async (page) => {
  await askForMail(page, origin, person)
  const { subject, link, text } = await mail(person)
  assert.match(subject, new RegExp(new URL(origin).host))
  const asked = new URL(link)
  assert.equal(asked.searchParams.get('email'), person)

  // Whatever opens the link by itself uses nothing up.
  const opened = await page.request.get(link)
  assert.equal(opened.status(), 200)

  const telephone = await page.context().browser().newContext()
  const there = await telephone.newPage()
  await follow(there, link)
  assert.equal((await session(there, origin)).email, person)
  assert.equal(await session(page, origin), null, 'who asked gets nothing by itself')
  await signOut(there, origin)

  const [code] = text.match(/\b\d{3,} \d{3,}\b/)
  await page.fill('#code', code)
  await page.click('#code-form button')
  await page.locator('[role=alert]').waitFor()
  assert.equal(await session(page, origin), null, 'the code went with the link')

  await askForMail(page, origin, person)
  const next = await mail(person)
  await page.fill('#code', next.text.match(/\b\d{3,} \d{3,}\b/)[0])
  await page.click('#code-form button')
  await page.waitForURL((url) => url.pathname === '/')
  assert.equal((await session(page, origin)).email, person)
  await telephone.close()
})
