// The smallest application, whichever adapter it is made with: a stranger becomes a member, an administrator, and a
// stranger again.

import assert from 'node:assert/strict'
import { pick, play } from './browser.mjs'
import { ask, input } from './outside.mjs'

/** A page for those who may not see it is a 403, and a browser notes that. */
const expected = (complaint) => complaint.includes('403 (Forbidden)') || complaint.includes('favicon.ico')

const { origin, person } = input
const text = (page) => page.locator('body').innerText()
const at = (page, path) => page.waitForURL((url) => url.origin === origin && url.pathname === path)

await play(input.name, async (page) => {
  await page.goto('/')
  assert.match(await text(page), /Welcome\n/)
  await page.click('text=Members')
  await at(page, '/auth/signin')
  assert.equal(new URL(page.url()).search, '?callbackUrl=%2Fmembers')

  await page.click('button[data-provider=google]')
  await pick(page, person)
  await at(page, '/members')
  assert.equal(await text(page), 'Hello Ana Restrepo')
  const cookies = await page.context().cookies(origin)
  const session = cookies.find(({ name }) => name === 'authjs.session-token')
  assert.ok(session.httpOnly && session.sameSite === 'Lax')

  await page.goto('/')
  assert.match(await text(page), /Welcome back/)
  assert.equal((await page.goto('/admin')).status(), 403)
  await ask('make-administrator', person)
  assert.equal((await page.goto('/admin')).status(), 200)
  assert.equal(await text(page), 'At your service, Ana Restrepo')

  await page.goto('/')
  await page.click('text=Sign out')
  await at(page, '/auth/signout')
  await page.click('#submitButton')
  await at(page, '/')
  assert.match(await text(page), /Welcome\n/)
  await page.goto('/members')
  assert.equal(new URL(page.url()).pathname, '/auth/signin')
}, { expected })
