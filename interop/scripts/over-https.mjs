// Over https, behind a proxy with a certificate: what a browser keeps goes nowhere else, though the provider answers by a
// form from another site.

import assert from 'node:assert/strict'
import { arrive, begin, pick, play, signOut } from './browser.mjs'
import { input } from './outside.mjs'

/** What the browser keeps of the site, by name: all of it for https alone. */
const kept = async (page) => {
  const cookies = await page.context().cookies(input.origin)
  for (const { name, secure, path, domain } of cookies) {
    assert.ok(secure && path === '/' && domain === 'localhost', `${name} goes elsewhere`)
  }
  return new Map(cookies.map(({ name, ...attributes }) => [name, attributes]))
}

await play('over-https', async (page) => {
  await begin(page, input.provider)
  const onTheWay = await kept(page)
  assert.ok(onTheWay.get('__Host-authjs.csrf-token').httpOnly)
  for (const [name, { httpOnly }] of onTheWay) assert.ok(/^__(Host|Secure)-/.test(name) && httpOnly, name)
  await pick(page, input.person)
  await arrive(page, input.name)
  await page.click('#theme')
  const signedIn = await kept(page)
  const { httpOnly, sameSite, value } = signedIn.get('__Secure-authjs.session-token')
  assert.ok(httpOnly && sameSite === 'Lax' && value.length >= 43)
  assert.equal(signedIn.get('theme').value, 'light')
  await signOut(page)
  assert.ok(!(await kept(page)).has('__Secure-authjs.session-token'))
}, { ignoreHTTPSErrors: true })
